"""Races of real transactions in PostgreSQL: what comes out is what one after the other would have made.

Who waits for whom is arranged where one order alone does harm; the others are left to chance, and hold in whatever order.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from intaglio.errors import IntaglioError
from issuer.delivery.models import ClaimCode
from issuer.delivery.service import collected
from issuer.issuance.awarding import Press, award
from issuer.issuance.models import Award, CopyForm, SealedCopy
from issuer.issuance.status import Change, change
from issuer.organizations import keys
from issuer.organizations.models import Organization, OrganizationKey
from tests.issuer.classroom import Classroom
from tests.server.postgres.helpers import until

_Answer = TypeVar("_Answer")
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
HOLDER = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


def press_award(room: Classroom, press: Press) -> UUID | str:
    """Award, and return the batch or the kind of the refusal."""
    with room.issuer.db() as db:
        return kind_or(lambda: award(db, room.scope(), room.jobs, press, now=room.now).id)


def change_status(room: Classroom, award_id: UUID, wanted: Change) -> str:
    """Change a status as a page does, which has looked the award up before."""
    with room.issuer.db() as db:
        db.get_one(Award, award_id)

        def do() -> str:
            change(db, award_id, wanted, reason="A reason.", staff_id=None, now=room.now)
            return "done"

        return kind_or(do)


def seal_for_holder(room: Classroom, award_id: UUID) -> bytes | str:
    """Seal the learner's copy as the door does, which has looked the award up before."""
    with room.issuer.db() as db:
        db.get_one(Award, award_id)

        def do() -> bytes:
            copy = room.sealer.seal_for_holder(db, award_id, HOLDER, form=CopyForm.LDP, now=room.now)
            db.commit()
            return bytes(copy.document)

        return kind_or(do)


def give_key_up(room: Classroom) -> None:
    """Give the key up that seals."""
    with room.issuer.db() as db:
        school = db.get_one(Organization, room.world.school.id)
        key = db.exec(select(OrganizationKey).where(OrganizationKey.organization_id == school.id)).one()
        keys.revoke(db, room.issuer.settings, school, key.id, staff_id=None, now=room.now)


def note_collected(room: Classroom, claim_id: UUID, award_id: UUID) -> None:
    """Note that a wallet has an award by a link."""
    with room.issuer.db() as db:
        collected(db, claim_id, [award_id], now=room.now)
        db.commit()


def state_of(room: Classroom, claim_id: UUID) -> str:
    """Return what became of a link."""
    with room.issuer.db() as db:
        return db.get_one(ClaimCode, claim_id).state


def documents(room: Classroom) -> list[bytes]:
    """Return all copies that were ever sealed."""
    with room.issuer.db() as db:
        return [bytes(document) for document in db.exec(select(SealedCopy.document))]


def kind_or(do: Callable[[], _Answer]) -> _Answer | str:
    """Return what a function returns, or the kind of the error that it raises."""
    try:
        return do()
    except IntaglioError as error:
        return error.problem.kind


def at_once(these: Sequence[Callable[[], _Answer]]) -> list[_Answer]:
    """Do all of these in threads that begin together, and return what they return."""
    start = Barrier(len(these))

    def begin(do: Callable[[], _Answer]) -> _Answer:
        start.wait(60)
        return do()

    with ThreadPoolExecutor(len(these)) as pool:
        return list(pool.map(begin, these))


@contextmanager
def beside() -> Iterator[Callable[[Callable[[], _Answer]], "Future[_Answer]"]]:
    """Give what runs a function beside the test."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit


def until_somebody_waits(room: Classroom) -> None:
    """Wait until a transaction in this database waits for another one."""

    def waits() -> bool:
        with room.issuer.db() as db:
            found = db.connection().execute(text(_WAITING))
            return bool(found.scalar_one())

    until(waits)
