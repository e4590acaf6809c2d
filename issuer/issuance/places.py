"""Places in status lists: each is given out once, in an order that tells nothing about when or to whom.

A list's random permutation is drawn when the list is made, by the system's generator; taking places moves a counter, in the
transaction of the award that takes them, so that a crash gives them back. (Bitstring Status List 1.0, section 5.3: indexes in
order would show which credentials were issued together.)
"""

import random
from array import array
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from intaglio.status.bitstring import MINIMUM_ENTRIES
from issuer.issuance.models import PlaceOrder, StatusEntry, StatusList

_TAKE = text(
    """
    WITH open_list AS (
      SELECT id, used, least(:wanted, length - used) AS taken FROM status_lists
      WHERE organization_id = :organization AND purpose = :purpose AND used < length
      ORDER BY number LIMIT 1 FOR UPDATE
    )
    UPDATE status_lists AS l SET used = l.used + o.taken FROM open_list AS o JOIN place_orders AS p ON p.list_id = o.id
    WHERE l.id = o.id
    RETURNING l.id, substring(p.places FROM o.used * 4 + 1 FOR o.taken * 4) AS places
    """
)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def take_places(
    db: Session, organization_id: UUID, purpose: str, credentials: Sequence[tuple[str, UUID | None]], *, now: datetime
) -> list[StatusEntry]:
    """Give each credential a place of its own; a credential is its id, and its award where it is one. The caller commits.

    `purpose` is ``revocation`` or ``suspension``. New lists are made as they are needed.
    """
    made: list[StatusEntry] = []
    while len(made) < len(credentials):
        wanted = len(credentials) - len(made)
        row = db.execute(_TAKE, {"wanted": wanted, "organization": organization_id, "purpose": purpose}).one_or_none()
        if row is None:
            _add_list(db, organization_id, purpose, now)
            continue
        for index in _read(bytes(row.places)):
            credential_id, award_id = credentials[len(made)]
            made.append(
                StatusEntry(
                    list_id=row.id, index=index, purpose=purpose, credential_id=credential_id, award_id=award_id
                )
            )
    db.add_all(made)
    db.flush()
    return made


def _add_list(db: Session, organization_id: UUID, purpose: str, now: datetime) -> None:
    # Two who find the last list full wait for each other here; the second one finds the list that the first one made.
    db.execute(_LOCK, {"name": f"status-list {organization_id} {purpose}"})
    lists = select(StatusList).where(StatusList.organization_id == organization_id, StatusList.purpose == purpose)
    present = db.exec(lists.order_by(col(StatusList.number).desc()).limit(1)).first()
    if present is not None and present.used < present.length:
        return
    indexes = array("I", range(MINIMUM_ENTRIES))
    random.SystemRandom().shuffle(indexes)
    made = StatusList(
        organization_id=organization_id,
        purpose=purpose,
        number=present.number + 1 if present else 1,
        length=MINIMUM_ENTRIES,
        created_at=now,
    )
    db.add(made)
    db.flush()
    db.add(PlaceOrder(list_id=made.id, places=_write(indexes)))
    db.flush()


def _write(indexes: "array[int]") -> bytes:
    return b"".join(index.to_bytes(4) for index in indexes)


def _read(places: bytes) -> list[int]:
    return [int.from_bytes(places[start : start + 4]) for start in range(0, len(places), 4)]
