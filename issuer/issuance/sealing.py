"""The jobs that seal: one transaction for each award, so that a killed process loses none and doubles none.

A transaction holds the award's row, its sealed copies, its claim link and the queued mail; all of it is there, or the award still
waits. Workers beside each other skip what another one has. An award that cannot be sealed is set aside with the reason, in a
transaction of its own, and its neighbours go on.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select, update

from intaglio.errors import IntaglioError, Problem
from intaglio.server.clock import Clock
from intaglio.server.database import Database, is_trouble_of_the_database
from intaglio.server.jobs import Jobs
from issuer.delivery.service import announce
from issuer.issuance.awarding import SEAL
from issuer.issuance.models import Award, AwardState
from issuer.issuance.sealer import Sealer

_LONG = timedelta(minutes=10)
_log = logging.getLogger(__name__)


def seal_waiting(
    database: Database,
    sealer: Sealer,
    jobs: Jobs,
    batch_id: UUID,
    clock: Clock,
    *,
    between: Callable[[], None] = lambda: None,
) -> int:
    """Seal the waiting awards of a batch until none is left that nobody else has; return how many were sealed.

    `between` is called between two awards, when nothing is half done; it may raise to end the work there.
    """
    sealed = 0
    while True:
        between()
        with database.session() as db:
            award = _next_waiting(db, batch_id)
            if award is None:
                return sealed
            sealed += _sealed_or_set_aside(db, sealer, jobs, award, clock)


def _seal(db: Session, sealer: Sealer, jobs: Jobs, award: Award, clock: Clock) -> None:
    now = clock()
    sealer.seal_award(db, award, valid_from=award.awarded_at, now=now)
    announce(db, sealer.settings, jobs, [award.id], now=now)
    db.commit()


def _next_waiting(db: Session, batch_id: UUID) -> Award | None:
    waiting = select(Award).where(Award.batch_id == batch_id, Award.state == AwardState.WAITING)
    return db.exec(waiting.order_by(col(Award.id)).limit(1).with_for_update(skip_locked=True)).first()


def _sealed_or_set_aside(db: Session, sealer: Sealer, jobs: Jobs, award: Award, clock: Clock) -> bool:
    award_id = award.id
    try:
        _seal(db, sealer, jobs, award, clock)
    except IntaglioError as error:
        db.rollback()
        _set_aside(db, award_id, error.problem)
    except Exception as error:
        if is_trouble_of_the_database(error):
            raise  # the job is tried again, and no award is to blame
        # A mistake of ours, met in one row: it is told there, and the others need not wait for us.
        db.rollback()
        _log.exception("award not sealed", extra={"award_id": str(award_id)})
        _set_aside(db, award_id, Problem("our-mistake", f"{type(error).__name__} while sealing."))
    else:
        return True
    return False


def _set_aside(db: Session, award_id: UUID, problem: Problem) -> None:
    said = {"kind": problem.kind, "detail": problem.detail}
    if problem.pointer is not None:
        said["pointer"] = problem.pointer
    mine = update(Award).where(col(Award.id) == award_id, col(Award.state) == AwardState.WAITING)
    db.execute(mine.values(state=AwardState.FAILED, problem=said))
    db.commit()


def resume_forgotten(db: Session, jobs: Jobs, *, now: datetime) -> int:
    """Put the sealing of batches off anew whose awards have waited for long, and commit; return how many batches that were.

    Their job was given up, or it was lost with a queue that was restored from an older backup. One job too many does no harm.
    """
    waiting = select(Award.batch_id).where(Award.state == AwardState.WAITING, col(Award.awarded_at) < now - _LONG)
    batches = db.exec(waiting.distinct()).all()
    for batch_id in batches:
        jobs.defer(db, SEAL, queueing_lock=f"seal {batch_id}", batch_id=str(batch_id))
    db.commit()
    return len(batches)
