"""Awards by machine: the same rules, the same job and the same rows as for a teacher who presses the button."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import MalformedInput, Problem
from intaglio.protocols.members import without_none
from intaglio.server.errors import Conflict, NotFound
from intaglio.server.jobs import Jobs
from intaglio.times import format_time
from issuer.access import Machine, Scope
from issuer.achievements.definition import Definition
from issuer.achievements.models import Achievement, AchievementVersion
from issuer.doors.orders import AwardOrder
from issuer.issuance import awarding
from issuer.issuance.awarding import AwardRequest, Press
from issuer.issuance.choices import Choice, choices
from issuer.issuance.models import Award, AwardBatch, CopyForm, CopyKind
from issuer.issuance.sealer import current_copies
from issuer.organizations.audit import note
from issuer.organizations.profiles import district_of
from issuer.roster.models import Learner
from issuer.roster.reach import learners_to_award


def order_award(db: Session, jobs: Jobs, machine: Machine, order: AwardOrder, *, now: datetime) -> tuple[Award, bool]:
    """Award and commit; return the award, and whether it is new. The same order again finds what it made before.

    :raises NotFound: ``award-learner-unknown``, ``award-achievement-unknown``
    :raises MalformedInput: ``award-order``
    :raises Conflict: ``award-press-used`` for an order that another award was made by, ``award-twice``, ``award-gone``
    """
    scope = machine.scope
    before = awarding.batch_of_press(db, scope, order.press)
    if before is not None:
        return _made_by(db, before, order), False
    chosen, learner = _choice(db, scope, order), _learner(db, scope, order, now)
    request = AwardRequest(
        learner.id, order.results_for(chosen.definition), order.narrative, order.evidence, again=order.again
    )
    press = Press(order.press, chosen.achievement.id, chosen.version.id, [request])
    note(
        db,
        action="door.awarded",
        subject=order.press,
        organization_id=scope.organization.id,
        staff_id=None,
        now=now,
        api_key=machine.key_id,
    )
    batch = awarding.award(db, scope, jobs, press, now=now)
    return _made_by(db, batch, order), True


def find_award(db: Session, machine: Machine, award_id: UUID) -> Award:
    """Return an award of the machine's organization.

    :raises NotFound: ``no-such-page``
    """
    award = db.get(Award, award_id)
    if award is None or award.organization_id != machine.organization.id:
        raise NotFound("no-such-page", "There is no such award.")
    return award


def award_json(db: Session, award: Award) -> JsonObject:
    """Return an award as machines read it; once it is sealed, with the school's copy."""
    learner = db.get_one(Learner, award.learner_id)
    copies = {copy.form: copy.document for copy in current_copies(db, award.id, CopyKind.SCHOOL)}
    sealed = copies.get(CopyForm.LDP)
    return without_none(
        id=str(award.id),
        credentialId=award.credential_id,
        achievement=str(award.achievement_id),
        learner=learner.sourced_id,
        level=award.level or None,
        state=award.state,
        status=award.status,
        awardedAt=format_time(award.awarded_at),
        validUntil=format_time(award.valid_until) if award.valid_until else None,
        sealedAt=format_time(award.sealed_at) if award.sealed_at else None,
        problem=Problem(**award.problem).to_json() if award.problem else None,
        verifiableCredential=parse_object(sealed) if sealed else None,
    )


def _choice(db: Session, scope: Scope, order: AwardOrder) -> Choice:
    for found in choices(db, scope):
        if order.achievement in (str(found.achievement.id), found.achievement.code):
            return found
    detail = "It is not published, or not one of this organization or those above it."
    raise NotFound("award-achievement-unknown", detail, pointer="/achievement")


def _learner(db: Session, scope: Scope, order: AwardOrder, now: datetime) -> Learner:
    district = district_of(db, scope.organization)
    wanted = select(Learner.id).where(Learner.district_id == district.id, Learner.sourced_id == order.learner)
    found = learners_to_award(db, scope, list(db.exec(wanted)), now)
    if not found:
        raise NotFound("award-learner-unknown", "The roster has nobody active of this number.", pointer="/learner")
    return found[0]


def _made_by(db: Session, batch: AwardBatch, order: AwardOrder) -> Award:
    awards = db.exec(select(Award).where(Award.batch_id == batch.id)).all()
    if len(awards) == 1:
        achievement, learner = (
            db.get_one(Achievement, awards[0].achievement_id),
            db.get_one(Learner, awards[0].learner_id),
        )
        same = order.achievement in (str(achievement.id), achievement.code) and order.learner == learner.sourced_id
        if same and _says_the_same(db, awards[0], order):
            return awards[0]
    detail = "It made an award of something else, to somebody else, or with another level, evidence or narrative."
    raise Conflict("award-press-used", detail, pointer="/press")


def _says_the_same(db: Session, award: Award, order: AwardOrder) -> bool:
    definition = Definition.from_json(db.get_one(AchievementVersion, award.version_id).definition)
    try:
        results = order.results_for(definition)
    except MalformedInput:
        return False
    return (results, order.narrative, list(order.evidence)) == (award.results, award.narrative, award.evidence)
