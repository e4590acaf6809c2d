"""Status lists as the world sees them: signed, kept as bytes, made anew after a change and before they grow too old.

Bitstring Status List 1.0, section 2.2; caching after RFC 9110, section 13, and RFC 9111.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from intaglio.errors import SigningFailed, Unavailable
from intaglio.server.errors import NotFound
from intaglio.status.bitstring import StatusList as Bits
from intaglio.status.credential import list_credential
from issuer.issuance.facts import list_url
from issuer.issuance.models import CopyForm, StatusEntry, StatusList
from issuer.issuance.sealer import SLOW_CLOCK, Sealer
from issuer.organizations.identity import did_of
from issuer.organizations.models import KeyState, Organization, OrganizationKey

LASTS = timedelta(days=7)
"""How long a published list may be relied on, also by readers who cannot reach us any more."""
_REMADE_BEFORE_END = timedelta(days=2)
_TTL = timedelta(minutes=5)
"""For how long readers may keep it without asking again (section 2.2, `ttl`)."""


@dataclass(frozen=True)
class Published:
    """A signed list. `etag` is quoted, as the header has it."""

    content: bytes
    etag: str


def published_list(
    db: Session, sealer: Sealer, organization: Organization, purpose: str, number: int, *, now: datetime
) -> Published:
    """Return a status list as it is published now; it is made and signed if it has to be, which commits.

    :raises NotFound: ``no-such-page``
    :raises Unavailable: ``status-list-unavailable`` where it cannot be signed: an old one would hide what was withdrawn since.
    """
    wanted = select(StatusList).where(
        StatusList.organization_id == organization.id, StatusList.purpose == purpose, StatusList.number == number
    )
    found = db.exec(wanted).first()
    if found is None:
        raise NotFound("no-such-page", "There is no such status list.")
    fresh = _fresh(db, found, now)
    if fresh is not None:
        return fresh
    # Whoever changes an entry writes this row too. So what was changed before this lock is read now, and what is changed
    # after it throws this list away again.
    locked = db.exec(wanted.with_for_update().execution_options(populate_existing=True)).one()
    fresh = _fresh(db, locked, now) or _publish(db, sealer, organization, locked, now)
    db.commit()
    return fresh


def _fresh(db: Session, found: StatusList, now: datetime) -> Published | None:
    if found.published is None or found.etag is None or found.expires_at is None or found.key_id is None:
        return None
    if found.expires_at - now < _REMADE_BEFORE_END:
        return None
    key = db.get_one(OrganizationKey, found.key_id)
    return Published(found.published, found.etag) if key.state != KeyState.REVOKED else None


def _publish(
    db: Session, sealer: Sealer, organization: Organization, status_list: StatusList, now: datetime
) -> Published:
    bits = Bits(status_list.length)
    of_list = select(StatusEntry.index).where(StatusEntry.list_id == status_list.id)
    bits.set_many(db.exec(of_list.where(StatusEntry.is_set)))
    document = list_credential(
        bits,
        url=list_url(sealer.settings, organization, status_list),
        issuer=did_of(sealer.settings, organization),
        purposes=[status_list.purpose],
        valid_from=now - SLOW_CLOCK,
        valid_until=now + LASTS,
        ttl=_TTL // timedelta(milliseconds=1),
    )
    try:
        content, key = sealer.seal_document(db, organization, document, CopyForm.LDP, now=now)
    except SigningFailed as error:
        raise Unavailable("status-list-unavailable", error.problem.title) from error
    status_list.published, status_list.etag = content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    status_list.key_id, status_list.published_at, status_list.expires_at = key.id, now, now + LASTS
    db.add(status_list)
    db.flush()
    return Published(content, status_list.etag)
