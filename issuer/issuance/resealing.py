"""After a key was stolen: awards sealed with it are sealed again, under the key that seals now.

Under a revoked key a verifier can tell no longer which badges are the school's. The new copies have the same id and the same
status, and a newer ``validFrom``. A learner who had collected hers gets a new link: only her wallet can prove its key again.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from intaglio.errors import IntaglioError
from intaglio.server.clock import Clock, local_day
from intaglio.server.database import Database
from intaglio.server.jobs import Jobs
from issuer.access import Scope
from issuer.delivery.families import may_claim
from issuer.delivery.service import replace
from issuer.issuance.models import Award, AwardStatus, CopyKind, SealedCopy
from issuer.issuance.sealer import Sealer, current_copies, set_copies_aside
from issuer.organizations.audit import note
from issuer.organizations.models import KeyState, OrganizationKey
from issuer.roster.models import Learner

RESEAL = "issuance.reseal"
"""The job that seals the affected awards of an organization again; its argument is ``organization_id``."""
_log = logging.getLogger(__name__)


def count_affected(db: Session, organization_id: UUID) -> int:
    """Return how many awards of an organization stand on a key that was given up."""
    return db.exec(select(func.count()).select_from(_affected(organization_id).subquery())).one()


def order_resealing(db: Session, scope: Scope, jobs: Jobs, *, now: datetime) -> None:
    """Have the affected awards sealed again, and commit."""
    organization_id = scope.organization.id
    jobs.defer(db, RESEAL, organization_id=str(organization_id))
    note(
        db,
        action="award.resealing",
        subject=organization_id,
        organization_id=organization_id,
        staff_id=scope.actor.staff_id,
        now=now,
    )
    db.commit()


def reseal_affected(
    database: Database,
    sealer: Sealer,
    jobs: Jobs,
    organization_id: UUID,
    clock: Clock,
    *,
    between: Callable[[], None] = lambda: None,
) -> int:
    """Seal the affected awards again, one transaction each, and return how many were; `between` as for `seal_waiting`.

    :raises IntaglioError: the last thing that went wrong, after the others were done: the job is tried again.
    """
    resealed, left_out, last_error = 0, list[UUID](), None
    while True:
        between()
        with database.session() as db:
            award = _next_affected(db, organization_id, left_out)
            if award is None:
                break
            try:
                _reseal(db, sealer, jobs, award, clock())
                resealed += 1
            except IntaglioError as error:
                db.rollback()
                left_out.append(award.id)
                last_error = error
                _log.warning("award not sealed again", extra={"award_id": str(award.id), "kind": error.problem.kind})
    if last_error is not None:
        raise last_error
    return resealed


def _reseal(db: Session, sealer: Sealer, jobs: Jobs, award: Award, now: datetime) -> None:
    had_learner_copy = bool(current_copies(db, award.id, CopyKind.LEARNER))
    set_copies_aside(db, award.id, now=now)
    sealer.seal_award(db, award, valid_from=now, now=now)
    if had_learner_copy and may_claim(db.get_one(Learner, award.learner_id), local_day(sealer.settings, now)):
        replace(db, sealer.settings, jobs, [award], by_mail=True, now=now)
    db.commit()


def _next_affected(db: Session, organization_id: UUID, left_out: Sequence[UUID]) -> Award | None:
    affected = _affected(organization_id).where(col(Award.id).not_in(left_out))
    return db.exec(affected.order_by(col(Award.id)).limit(1).with_for_update(skip_locked=True)).first()


def _affected(organization_id: UUID) -> SelectOfScalar[Award]:
    under_revoked = (
        select(SealedCopy.id)
        .join(OrganizationKey, col(OrganizationKey.id) == col(SealedCopy.key_id))
        .where(
            SealedCopy.award_id == Award.id,
            col(SealedCopy.replaced_at).is_(None),
            OrganizationKey.state == KeyState.REVOKED,
        )
    )
    mine = select(Award).where(Award.organization_id == organization_id, Award.status != AwardStatus.REVOKED)
    return mine.where(under_revoked.exists())
