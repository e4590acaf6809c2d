"""Keys for machines, each for one organization: shown once, kept as a hash, given up at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from intaglio.server.errors import NotFound, SignInNeeded
from intaglio.server.secrets import new_token, token_hash
from intaglio.server.texts import clean_line
from issuer.organizations.audit import note
from issuer.organizations.models import ApiKey, Organization

PREFIX = "intaglio_"
"""Makes a key that was published by mistake easy to find."""
_HINT = len(PREFIX) + 4
_USED_EVERY = timedelta(minutes=5)


def create(db: Session, organization: Organization, name: str, *, staff_id: UUID | None, now: datetime) -> str:
    """Make a key, and commit. What is returned can never be shown again."""
    token = PREFIX + new_token()
    key = ApiKey(
        organization_id=organization.id,
        name=clean_line(name),
        key_hash=token_hash(token),
        hint=token[:_HINT],
        created_by=staff_id,
        created_at=now,
    )
    db.add(key)
    note(db, action="machine.added", subject=key.id, organization_id=organization.id, staff_id=staff_id, now=now)
    db.commit()
    return token


def keys_of(db: Session, organization: Organization) -> Sequence[ApiKey]:
    """Return the keys of an organization, the newest first."""
    wanted = select(ApiKey).where(ApiKey.organization_id == organization.id)
    return db.exec(wanted.order_by(col(ApiKey.created_at).desc())).all()


def revoke(db: Session, organization: Organization, key_id: UUID, *, staff_id: UUID | None, now: datetime) -> None:
    """Give up a key, and commit.

    :raises NotFound: ``no-such-page``
    """
    key = db.get(ApiKey, key_id)
    if key is None or key.organization_id != organization.id:
        raise NotFound("no-such-page", "There is no such key.")
    key.revoked_at = key.revoked_at or now
    db.add(key)
    note(db, action="machine.revoked", subject=key.id, organization_id=organization.id, staff_id=staff_id, now=now)
    db.commit()


def key_of(db: Session, authorization: str, now: datetime) -> ApiKey:
    """Return the key in a machine's ``Authorization`` header (RFC 6750, section 2.1), and note that it was used.

    :raises SignInNeeded: ``no-machine-key``
    """
    scheme, _, token = authorization.partition(" ")
    key = db.exec(select(ApiKey).where(ApiKey.key_hash == token_hash(token.strip()))).first()
    if scheme.lower() != "bearer" or key is None or key.revoked_at is not None:
        raise SignInNeeded("no-machine-key", "The request carries no key that is in use here.")
    if key.last_used_at is None or now - key.last_used_at > _USED_EVERY:
        key.last_used_at = now
        db.add(key)
        db.commit()
    return key


def organization_of(db: Session, authorization: str, now: datetime) -> Organization:
    """Return the organization that a machine's ``Authorization`` header stands for.

    :raises SignInNeeded: ``no-machine-key``
    """
    return db.get_one(Organization, key_of(db, authorization, now).organization_id)
