"""To award: rows, places in status lists and the job that seals, in one commit. Pressing twice awards once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from intaglio.errors import MalformedInput
from intaglio.server.errors import Conflict, NotFound
from intaglio.server.jobs import Jobs
from issuer.access import Scope
from issuer.achievements.definition import valid_until
from issuer.issuance.choices import Choice, choice, in_words
from issuer.issuance.models import Award, AwardBatch, AwardState, AwardStatus
from issuer.issuance.places import take_places
from issuer.organizations.audit import note
from issuer.roster.models import Learner
from issuer.roster.reach import learners_to_award

SEAL = "issuance.seal"
"""The job that seals the waiting awards of a batch; its argument is ``batch_id``."""
MAX_LEARNERS = 1000
"""In one press. A school's whole year fits."""


@dataclass(frozen=True)
class AwardRequest:
    """An award that somebody asks for: what the learner reached, and what the judgement rests on.

    `results` and `evidence` are as `Award` keeps them. `again` says that an award which the learner has already is meant anew.
    """

    learner_id: UUID
    results: Sequence[Mapping[str, str]] = ()
    narrative: str = ""
    evidence: Sequence[Mapping[str, str]] = ()
    again: bool = False


@dataclass(frozen=True)
class Press:
    """One press of the button. `press` comes with the form; `version_id` is the version that the form was shown for."""

    press: UUID
    achievement_id: UUID
    version_id: UUID
    requests: Sequence[AwardRequest]
    class_id: UUID | None = None


def award(db: Session, scope: Scope, jobs: Jobs, press: Press, *, now: datetime) -> AwardBatch:
    """Award an achievement to the learners of a press, and commit. The same press finds the batch that it made before.

    :raises MalformedInput: ``award-empty``, ``bad-request`` for one learner twice or too many.
    :raises NotFound: ``no-such-page`` where a learner is not in the actor's reach, or the achievement not of this organization.
    :raises Conflict: ``award-twice`` for twins that nobody meant, ``award-gone`` where there is a newer version, or none.
    """
    before = batch_of_press(db, scope, press.press)
    if before is not None:
        return before
    try:
        chosen, learners = _checked(db, scope, press, now)
        occasions = _occasions(db, press)
    except Conflict:
        # The same press may have been faster, on another browser: then it is what it meets.
        before = batch_of_press(db, scope, press.press)
        if before is None:
            raise
        return before
    batch = AwardBatch(
        organization_id=scope.organization.id,
        press=press.press,
        version_id=chosen.version.id,
        class_id=press.class_id,
        staff_id=scope.actor.staff_id,
        created_at=now,
    )
    try:
        db.add(batch)
        db.flush()
        _add_awards(db, batch, chosen, learners, press.requests, occasions, now=now)
    except IntegrityError as error:
        db.rollback()
        return _lost_race(db, scope, press, error)
    jobs.defer(db, SEAL, batch_id=str(batch.id))
    note(
        db,
        action="award.made",
        subject=batch.id,
        organization_id=scope.organization.id,
        staff_id=scope.actor.staff_id,
        now=now,
        version_id=chosen.version.id,
        learners=len(learners),
    )
    db.commit()
    return batch


def batch_of_press(db: Session, scope: Scope, press: UUID) -> AwardBatch | None:
    """Return the batch that a press made before, or None.

    :raises NotFound: ``no-such-page`` for a press of somebody else.
    """
    wanted = select(AwardBatch).where(AwardBatch.organization_id == scope.organization.id, AwardBatch.press == press)
    found = db.exec(wanted).first()
    if found is not None and found.staff_id != scope.actor.staff_id:
        raise NotFound("no-such-page", "Somebody else sent this form.")
    return found


def twins_of(db: Session, achievement_id: UUID, learner_ids: Sequence[UUID]) -> dict[UUID, Award]:
    """Return the newest award of an achievement for each learner who has one that is not withdrawn."""
    wanted = select(Award).where(
        Award.achievement_id == achievement_id,
        col(Award.learner_id).in_(learner_ids),
        Award.status != AwardStatus.REVOKED,
    )
    return {found.learner_id: found for found in db.exec(wanted.order_by(col(Award.occasion)))}


def retry(db: Session, scope: Scope, jobs: Jobs, batch_id: UUID, *, now: datetime) -> None:
    """Have the failed awards of a batch tried again, and commit."""
    failed = select(Award).where(Award.batch_id == batch_id, Award.organization_id == scope.organization.id)
    rows = db.exec(failed.where(Award.state == AwardState.FAILED).with_for_update()).all()
    for row in rows:
        row.state, row.problem = AwardState.WAITING, None
        db.add(row)
    if rows:
        jobs.defer(db, SEAL, batch_id=str(batch_id))
        _note_retry(db, scope, batch_id, len(rows), now)
    db.commit()


def _checked(db: Session, scope: Scope, press: Press, now: datetime) -> tuple[Choice, dict[UUID, Learner]]:
    asked = [request.learner_id for request in press.requests]
    if not asked:
        raise MalformedInput("award-empty", "No learner is marked.")
    if len(set(asked)) < len(asked) or len(asked) > MAX_LEARNERS:
        raise MalformedInput("bad-request", f"Each learner once, and {MAX_LEARNERS:,} at most.")
    chosen = choice(db, scope, press.achievement_id)
    if chosen is None or chosen.version.id != press.version_id:
        raise Conflict("award-gone", "It was changed or retired since this form was opened.")
    learners = {learner.id: learner for learner in learners_to_award(db, scope, asked, now)}
    if len(learners) < len(asked):
        raise NotFound("no-such-page", "One of these learners is not in your classes.")
    return chosen, learners


def _add_awards(
    db: Session,
    batch: AwardBatch,
    chosen: Choice,
    learners: Mapping[UUID, Learner],
    requests: Sequence[AwardRequest],
    occasions: Mapping[UUID, int],
    *,
    now: datetime,
) -> None:
    definition = chosen.definition
    made = [
        Award(
            id=uuid4(),
            organization_id=batch.organization_id,
            batch_id=batch.id,
            achievement_id=chosen.achievement.id,
            version_id=chosen.version.id,
            learner_id=request.learner_id,
            occasion=occasions[request.learner_id],
            subject_name=learners[request.learner_id].display_name,
            results=[dict(result) for result in request.results],
            level=in_words(definition, [dict(result) for result in request.results]),
            narrative=request.narrative,
            evidence=[dict(piece) for piece in request.evidence],
            assessor_id=batch.staff_id,
            awarded_at=now,
            valid_until=valid_until(definition, now),
        )
        # In one order for everybody: two teachers who award the same learners at once wait for each other, not crosswise.
        for request in sorted(requests, key=lambda each: each.learner_id)
    ]
    db.add_all(made)
    db.flush()
    credentials = [(one.credential_id, one.id) for one in made]
    take_places(db, batch.organization_id, definition.status_purpose, credentials, now=now)


def _occasions(db: Session, press: Press) -> dict[UUID, int]:
    """Return the occasion of each award of a press.

    Twins are looked for by the same question that counts. With two questions, a colleague's award between them would be missed by
    the first and counted by the second, and stand there twice. So it has the same occasion as ours, and the database refuses.

    :raises Conflict: ``award-twice``
    """
    asked = [request.learner_id for request in press.requests]
    standing = func.bool_or(col(Award.status) != AwardStatus.REVOKED)
    wanted = select(col(Award.learner_id), func.max(col(Award.occasion)), standing).where(
        Award.achievement_id == press.achievement_id, col(Award.learner_id).in_(asked)
    )
    present = {who: (last, stands) for who, last, stands in db.exec(wanted.group_by(col(Award.learner_id)))}
    meant = {request.learner_id for request in press.requests if request.again}
    unmeant = sum(stands for who, (_last, stands) in present.items() if who not in meant)
    if unmeant:
        raise Conflict("award-twice", f"{unmeant} of the learners have this badge.")
    return {who: present.get(who, (0, False))[0] + 1 for who in asked}


def _lost_race(db: Session, scope: Scope, press: Press, error: IntegrityError) -> AwardBatch:
    """Return what the same press made at the same time, or tell of a colleague who was faster with the same award."""
    present = batch_of_press(db, scope, press.press)
    if present is not None:
        return present
    if "occasion" in str(error.orig):
        raise Conflict("award-twice", "Somebody else awarded it at the same moment.") from None
    raise error


def _note_retry(db: Session, scope: Scope, batch_id: UUID, count: int, now: datetime) -> None:
    note(
        db,
        action="award.retried",
        subject=batch_id,
        organization_id=scope.organization.id,
        staff_id=scope.actor.staff_id,
        now=now,
        learners=count,
    )
