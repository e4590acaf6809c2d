"""An organization's keys: renewed, and given up when somebody else may have them."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from intaglio.errors import IntaglioError, SigningFailed
from intaglio.multikey import Algorithm
from intaglio.server.errors import Conflict, NotFound
from issuer.organizations import identity
from issuer.organizations.audit import note
from issuer.organizations.models import KeyState, Organization, OrganizationKey
from issuer.settings import IssuerSettings


def rotate(
    db: Session,
    settings: IssuerSettings,
    organization: Organization,
    algorithm: Algorithm,
    *,
    staff_id: UUID | None,
    now: datetime,
    uri: str | None = None,
) -> OrganizationKey:
    """Begin with a new key, and commit. The old one retires: it stays listed, and what it sealed stays good.

    :raises SigningFailed: what custody raises.
    """
    key = identity.add_key(db, settings, organization, algorithm, now=now, uri=uri)
    _note(db, "key.rotated", key, staff_id, now)
    db.commit()
    return key


def revoke(
    db: Session,
    settings: IssuerSettings,
    organization: Organization,
    key_id: UUID,
    *,
    staff_id: UUID | None,
    now: datetime,
) -> OrganizationKey:
    """Mark a key as one that somebody else may have, and commit. If it was the one that seals, a new one takes its place.

    The old key ends, whether or not there can be a new one. Both change at once where that works, so that nobody who seals at
    this moment finds no key.

    :raises NotFound: ``no-such-page``
    :raises Conflict: ``key-revoked-before``
    :raises SigningFailed: ``key-not-replaced``, when the key was given up and the organization has none to seal with.
    """
    key = find(db, organization, key_id)
    if key.state == KeyState.REVOKED:
        raise Conflict("key-revoked-before", f"{key.fragment} was given up before.")
    was_active = key.state == KeyState.ACTIVE
    key.state, key.revoked_at = KeyState.REVOKED, now
    key.expires_at = key.expires_at or now
    db.add(key)
    _note(db, "key.revoked", key, staff_id, now)
    db.flush()
    failure = _replace(db, settings, organization, key, now) if was_active else None
    db.commit()
    if failure is not None:
        raise SigningFailed("key-not-replaced", failure)
    return key


def find(db: Session, organization: Organization, key_id: UUID) -> OrganizationKey:
    """Return a key of an organization.

    :raises NotFound: ``no-such-page``
    """
    key = db.get(OrganizationKey, key_id)
    if key is None or key.organization_id != organization.id:
        raise NotFound("no-such-page", "There is no such key.")
    return key


def _replace(
    db: Session, settings: IssuerSettings, organization: Organization, key: OrganizationKey, now: datetime
) -> str | None:
    """Make a key that takes the place of one, or return why that does not work, with nothing changed."""
    try:
        with db.begin_nested():
            kind = Algorithm(key.algorithm)
            identity.add_key(db, settings, organization, kind, now=now, door=key.door, listed=key.listed)
    except IntaglioError as error:
        return error.problem.title
    return None


def _note(db: Session, action: str, key: OrganizationKey, staff_id: UUID | None, now: datetime) -> None:
    organization_id = key.organization_id
    note(db, action=action, subject=key.fragment, organization_id=organization_id, staff_id=staff_id, now=now)
