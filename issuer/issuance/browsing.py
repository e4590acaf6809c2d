"""Looking at awards: lists and single ones, each within the reach of who asks. Reach ends with the enrollment here too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import Session, col, select

from intaglio.server.clock import local_day
from intaglio.server.errors import NotFound
from intaglio.server.listing import Listing
from issuer.access import Scope
from issuer.achievements.models import AchievementVersion
from issuer.delivery.families import may_claim
from issuer.issuance.awarding import twins_of
from issuer.issuance.choices import in_words
from issuer.issuance.forms import AwardForm, Entry
from issuer.issuance.models import Award, AwardBatch, AwardState, AwardStatus
from issuer.issuance.resealing import count_affected
from issuer.roster.models import Learner, SchoolClass
from issuer.roster.reach import learner_in_reach

SORTABLE = ("awarded", "name", "achievement", "state")
STATES: Mapping[str, ColumnElement[bool]] = {
    "waiting": col(Award.state) == AwardState.WAITING,
    "failed": col(Award.state) == AwardState.FAILED,
    "issued": and_(col(Award.state) == AwardState.SEALED, col(Award.status) == AwardStatus.VALID),
    "paused": col(Award.status) == AwardStatus.SUSPENDED,
    "withdrawn": col(Award.status) == AwardStatus.REVOKED,
}
_NAME = col(AchievementVersion.definition)["name"].astext


@dataclass(frozen=True)
class Row:
    """An award in a list."""

    award: Award
    achievement: str

    @property
    def state(self) -> str:
        """One of `STATES`."""
        if self.award.state != AwardState.SEALED:
            return str(self.award.state)
        words = {AwardStatus.SUSPENDED: "paused", AwardStatus.REVOKED: "withdrawn"}
        return words.get(AwardStatus(self.award.status), "issued")


@dataclass(frozen=True)
class BatchShown:
    """One press of the button, as far as the reader's reach goes."""

    batch: AwardBatch
    achievement: str
    school_class: SchoolClass | None
    awards: Sequence[Award]
    kept: int
    """How many of them the school keeps: the learner is under 13, or of unknown age."""

    @property
    def total(self) -> int:
        """How many awards it made."""
        return len(self.awards)

    @property
    def done(self) -> int:
        """How many are issued."""
        return sum(award.state == AwardState.SEALED for award in self.awards)

    @property
    def failed(self) -> list[Award]:
        """Those that could not be issued."""
        return [award for award in self.awards if award.state == AwardState.FAILED]

    @property
    def waiting(self) -> int:
        """How many are still to come."""
        return sum(award.state == AwardState.WAITING for award in self.awards)


@dataclass(frozen=True)
class CheckRow:
    """A learner on the page that checks: what would be awarded, and what she has already."""

    learner: Learner
    entry: Entry
    level: str
    twin: Award | None


def award_in_reach(scope: Scope, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a row of `Award` is one that the actor may look at."""
    here = col(Award.organization_id) == scope.organization.id
    if scope.is_office:
        return here
    known = select(Learner.id).where(col(Learner.id) == col(Award.learner_id), learner_in_reach(scope, now))
    return and_(here, known.exists())


def award_for(db: Session, scope: Scope, award_id: UUID, now: datetime) -> Award:
    """Return an award that the actor may look at.

    :raises NotFound: ``no-such-page``
    """
    found = db.exec(select(Award).where(Award.id == award_id, award_in_reach(scope, now))).first()
    if found is None:
        raise NotFound("no-such-page", "There is no such badge.")
    return found


def listed(db: Session, scope: Scope, listing: Listing, *, now: datetime) -> tuple[list[Row], Listing]:
    """Return one page of awards. The filters are ``state``, one of `STATES`, and ``learner_id``."""
    wanted = [award_in_reach(scope, now), *_filtered(listing)]
    counted = select(func.count()).select_from(Award).join(AchievementVersion, _of_version()).where(*wanted)
    listing = listing.counted(db.exec(counted).one())
    columns = {
        "awarded": col(Award.awarded_at),
        "name": col(Award.subject_name),
        "achievement": _NAME,
        "state": col(Award.state),
    }
    by = columns[listing.sort]
    found = (
        select(Award, _NAME)
        .join(AchievementVersion, _of_version())
        .where(*wanted)
        .order_by(by.desc() if listing.descending else by.asc(), col(Award.subject_name), col(Award.id))
    )
    return [Row(award, name) for award, name in db.exec(found.offset(listing.offset).limit(listing.limit))], listing


def batch(db: Session, scope: Scope, batch_id: UUID, *, now: datetime) -> BatchShown:
    """Return one press with the awards that the actor may look at.

    :raises NotFound: ``no-such-page`` also where none of them is.
    """
    mine = select(Award).where(Award.batch_id == batch_id, award_in_reach(scope, now))
    awards = db.exec(mine.order_by(col(Award.subject_name), col(Award.id))).all()
    found = db.get(AwardBatch, batch_id)
    if found is None or not awards:
        raise NotFound("no-such-page", "There are no such badges.")
    school_class = db.get(SchoolClass, found.class_id) if found.class_id else None
    learners = db.exec(select(Learner).where(col(Learner.id).in_([award.learner_id for award in awards])))
    kept = sum(not may_claim(learner, local_day(scope, now)) for learner in learners)
    return BatchShown(found, achievement_name(db, found.version_id), school_class, awards, kept)


def achievement_name(db: Session, version_id: UUID) -> str:
    """Return the name of an achievement, as a version has it."""
    return str(db.get_one(AchievementVersion, version_id).definition["name"])


def twins(db: Session, form: AwardForm) -> dict[UUID, Award]:
    """Return what the learners who are marked have already of this achievement."""
    return twins_of(db, form.choice.achievement.id, [learner.id for learner in form.chosen])


def check_rows(db: Session, form: AwardForm) -> list[CheckRow]:
    """Return what would be awarded, learner by learner."""
    known, definition = twins(db, form), form.choice.definition
    rows = []
    for learner, request in zip(form.chosen, form.to_press().requests, strict=True):
        level = in_words(definition, [dict(result) for result in request.results])
        rows.append(CheckRow(learner, form.entry(learner), level, known.get(learner.id)))
    return rows


def has_any(db: Session, scope: Scope, now: datetime) -> bool:
    """Tell whether there is any award that the actor may look at."""
    return db.exec(select(Award.id).where(award_in_reach(scope, now)).limit(1)).first() is not None


def affected(db: Session, scope: Scope) -> int:
    """Return how many awards stand on a key that was given up; the office alone is told."""
    return count_affected(db, scope.organization.id) if scope.is_office else 0


def _of_version() -> ColumnElement[bool]:
    return col(AchievementVersion.id) == col(Award.version_id)


def _filtered(listing: Listing) -> list[ColumnElement[bool]]:
    state = listing.filters.get("state", "")
    found = [STATES[state]] if state in STATES else []
    learner_id = listing.filters.get("learner_id", "")
    try:
        found += [col(Award.learner_id) == UUID(learner_id)] if learner_id else []
    except ValueError:
        found.append(col(Award.id).is_(None))
    for word in listing.query.split():
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        found.append(col(Award.subject_name).ilike(pattern) | _NAME.ilike(pattern))
    return found
