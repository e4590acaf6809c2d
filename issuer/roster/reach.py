"""Whom a member of staff may see and award, at this time.

The office (administrators and registrars) reaches every learner of its organization; a teacher reaches the learners of the
classes that she teaches now. Reach ends with the enrollment: the teacher's, or the learner's. Whoever is out of reach gets the
answer of somebody who does not exist.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from intaglio.server.clock import local_day
from intaglio.server.errors import NotFound
from issuer.access import Scope
from issuer.organizations.models import Organization
from issuer.roster.models import Enrollment, EnrollmentRole, Learner, SchoolClass


def holds_on(row: type[Enrollment] | type[SchoolClass], day: date) -> ColumnElement[bool]:
    """Return the condition that an enrollment, or a class, is there on a day; `ends_on` is the day after its last."""
    return and_(
        col(row.active),
        or_(col(row.begins_on).is_(None), col(row.begins_on) <= day),
        or_(col(row.ends_on).is_(None), col(row.ends_on) > day),
    )


def class_in_reach(scope: Scope, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a row of `SchoolClass` is one that the actor may look into."""
    here = _class_is_here(scope.organization)
    if scope.is_office:
        return and_(here, col(SchoolClass.active))
    taught = exists().where(
        col(Enrollment.class_id) == col(SchoolClass.id),
        col(Enrollment.role) == EnrollmentRole.TEACHER,
        col(Enrollment.staff_id) == scope.actor.staff_id,
        holds_on(Enrollment, local_day(scope, now)),
    )
    return and_(here, holds_on(SchoolClass, local_day(scope, now)), taught)


def learner_in_reach(scope: Scope, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a row of `Learner` is one whom the actor may look at and award."""
    studies = aliased(Enrollment)
    in_class = exists().where(
        col(studies.learner_id) == col(Learner.id),
        col(studies.role) == EnrollmentRole.STUDENT,
        holds_on(studies, local_day(scope, now)),
        col(studies.class_id) == col(SchoolClass.id),
        class_in_reach(scope, now),
    )
    if not scope.is_office:
        return and_(col(Learner.active), in_class)
    organization_id = scope.organization.id
    return or_(col(Learner.school_id) == organization_id, col(Learner.district_id) == organization_id, in_class)


def may_award(db: Session, scope: Scope, learner_id: UUID, now: datetime) -> bool:
    """Tell whether the actor may award this learner now; the office too awards nobody who has left."""
    wanted = select(Learner.id).where(Learner.id == learner_id, col(Learner.active), learner_in_reach(scope, now))
    return db.exec(wanted).first() is not None


def learners_to_award(db: Session, scope: Scope, learner_ids: Sequence[UUID], now: datetime) -> Sequence[Learner]:
    """Return those of the given learners whom the actor may award, by name."""
    wanted = select(Learner).where(col(Learner.id).in_(learner_ids), col(Learner.active), learner_in_reach(scope, now))
    return db.exec(wanted.order_by(col(Learner.family_name), col(Learner.given_name), col(Learner.id))).all()


def classes_to_award(db: Session, scope: Scope, now: datetime) -> Sequence[SchoolClass]:
    """Return the classes that the actor may award now, by title: for the office, those that are on."""
    wanted = select(SchoolClass).where(class_in_reach(scope, now), holds_on(SchoolClass, local_day(scope, now)))
    return db.exec(wanted.order_by(col(SchoolClass.title), col(SchoolClass.id))).all()


def class_for(db: Session, scope: Scope, class_id: UUID, now: datetime) -> SchoolClass:
    """Return a class that the actor may look into.

    :raises NotFound: ``no-such-page``
    """
    found = db.exec(select(SchoolClass).where(SchoolClass.id == class_id, class_in_reach(scope, now))).first()
    if found is None:
        raise NotFound("no-such-page", "There is no such class.")
    return found


def learner_for(db: Session, scope: Scope, learner_id: UUID, now: datetime) -> Learner:
    """Return a learner whom the actor may look at.

    :raises NotFound: ``no-such-page``
    """
    found = db.exec(select(Learner).where(Learner.id == learner_id, learner_in_reach(scope, now))).first()
    if found is None:
        raise NotFound("no-such-page", "There is no such learner.")
    return found


def learners_of_class(db: Session, scope: Scope, class_id: UUID, now: datetime) -> Sequence[Learner]:
    """Return the learners who are in a class now, by name; the class itself was looked up within reach."""
    in_class = exists().where(
        col(Enrollment.learner_id) == col(Learner.id),
        col(Enrollment.role) == EnrollmentRole.STUDENT,
        col(Enrollment.class_id) == class_id,
        holds_on(Enrollment, local_day(scope, now)),
    )
    wanted = select(Learner).where(in_class, col(Learner.active))
    return db.exec(wanted.order_by(col(Learner.family_name), col(Learner.given_name), col(Learner.id))).all()


def _class_is_here(organization: Organization) -> ColumnElement[bool]:
    return or_(col(SchoolClass.school_id) == organization.id, col(SchoolClass.district_id) == organization.id)
