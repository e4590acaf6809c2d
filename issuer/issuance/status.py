"""What becomes of an award afterwards: withdrawn, paused, reinstated. The reason never leaves the issuer.

A badge has one status entry, whose purpose its achievement fixed. With ``revocation`` it can be withdrawn, for good. With
``suspension`` it can be paused and reinstated; withdrawn, it is a pause that nothing ends, because the list has only the one bit.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select, update

from intaglio.errors import MalformedInput
from intaglio.server.errors import Conflict
from intaglio.server.texts import clean_block
from issuer.issuance.models import Award, AwardState, AwardStatus, StatusChange, StatusEntry, StatusList
from issuer.organizations.audit import note

MAX_REASON = 2000


class Change(StrEnum):
    """What can be done to an award."""

    WITHDRAW = "withdraw"
    PAUSE = "pause"
    REINSTATE = "reinstate"


_AFTER = {
    Change.WITHDRAW: AwardStatus.REVOKED,
    Change.PAUSE: AwardStatus.SUSPENDED,
    Change.REINSTATE: AwardStatus.VALID,
}
_POSSIBLE = {
    ("revocation", AwardStatus.VALID): (Change.WITHDRAW,),
    ("suspension", AwardStatus.VALID): (Change.PAUSE, Change.WITHDRAW),
    ("suspension", AwardStatus.SUSPENDED): (Change.REINSTATE, Change.WITHDRAW),
}


def possible(purpose: str, award: Award) -> tuple[Change, ...]:
    """Return what can be done to an award as it is now."""
    if award.state != AwardState.SEALED:
        return ()
    return _POSSIBLE.get((purpose, AwardStatus(award.status)), ())


def change(
    db: Session, award_id: UUID, wanted: Change, *, reason: str, staff_id: UUID | None, now: datetime
) -> StatusChange:
    """Change the status of an award, which the caller has looked up within reach, and commit. The list shows it at once.

    :raises MalformedInput: ``status-reason-missing``
    :raises Conflict: ``status-not-possible``
    """
    words = clean_block(reason)[:MAX_REASON]
    if not words.strip():
        raise MalformedInput("status-reason-missing", "It is empty.")
    award = db.exec(select(Award).where(Award.id == award_id).with_for_update()).one()
    entry = db.exec(select(StatusEntry).where(StatusEntry.award_id == award_id)).one()
    if wanted not in possible(entry.purpose, award):
        raise Conflict("status-not-possible", f"It is {award.status} by now.")
    made = StatusChange(
        award_id=award.id,
        before=AwardStatus(award.status),
        after=_AFTER[wanted],
        reason=words,
        staff_id=staff_id,
        at=now,
    )
    award.status = made.after
    db.add_all((award, made))
    set_entry(db, entry, is_set=made.after is not AwardStatus.VALID)
    note(
        db,
        action=f"award.{wanted}",
        subject=award.id,
        organization_id=award.organization_id,
        staff_id=staff_id,
        now=now,
    )
    db.commit()
    return made


def set_entry(db: Session, entry: StatusEntry, *, is_set: bool) -> None:
    """Set or clear a place, and have its list published anew. The caller commits."""
    entry.is_set = is_set
    db.add(entry)
    db.flush()
    db.execute(update(StatusList).where(col(StatusList.id) == entry.list_id).values(published=None))


def entry_of(db: Session, organization_id: UUID, credential_id: str, purpose: str) -> StatusEntry | None:
    """Return the place of a credential of an organization, or None."""
    wanted = select(StatusEntry).join(StatusList, col(StatusList.id) == col(StatusEntry.list_id))
    mine = wanted.where(StatusList.organization_id == organization_id, StatusEntry.purpose == purpose)
    return db.exec(mine.where(StatusEntry.credential_id == credential_id)).first()
