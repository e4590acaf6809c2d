"""Looking at a roster: lists that are searched, sorted and paged by the database, each within the reach of who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, select

from intaglio.server.clock import local_day
from intaglio.server.listing import Listing
from issuer.access import Scope
from issuer.organizations.models import Organization, Staff
from issuer.roster.models import Enrollment, EnrollmentRole, Learner, RosterFinding, SchoolClass
from issuer.roster.oneroster.findings import Finding
from issuer.roster.reach import class_in_reach, holds_on, learner_in_reach

LEARNER_SORTS = ("name", "grade", "school")
CLASS_SORTS = ("title", "terms", "school")
FINDING_SORTS = ("severity", "file")


@dataclass(frozen=True)
class LearnerRow:
    """A learner in a list."""

    learner: Learner
    school: str


@dataclass(frozen=True)
class ClassRow:
    """A class in a list, with who teaches it now and how many learners are in it now."""

    school_class: SchoolClass
    school: str
    teachers: str
    learners: int


def learners(db: Session, scope: Scope, listing: Listing, *, now: datetime) -> tuple[Sequence[LearnerRow], Listing]:
    """Return one page of the learners within reach.

    The filter ``state`` is ``left`` for those who are on the roster no longer, whom only the office sees; ``school`` is an id.
    """
    left = scope.is_office and listing.filters.get("state") == "left"
    here = [learner_in_reach(scope, now), col(Learner.active).is_(not left), *_search_names(listing.query)]
    here += _at_school(Learner, listing.filters)
    total = db.exec(select(func.count()).select_from(Learner).where(*here)).one()
    listing = listing.counted(total)
    names = (col(Learner.family_name), col(Learner.given_name))
    order = {"name": names, "grade": (col(Learner.grade), *names), "school": (col(Organization.name), *names)}
    wanted = select(Learner, Organization.name).join(Organization, col(Organization.id) == col(Learner.school_id))
    wanted = wanted.where(*here).order_by(*_directed(order[listing.sort], listing), col(Learner.id))
    found = db.exec(wanted.offset(listing.offset).limit(listing.limit))
    return [LearnerRow(learner, school) for learner, school in found], listing


def classes(db: Session, scope: Scope, listing: Listing, *, now: datetime) -> tuple[Sequence[ClassRow], Listing]:
    """Return one page of the classes within reach."""
    here = [class_in_reach(scope, now), *_search_classes(listing.query), *_at_school(SchoolClass, listing.filters)]
    total = db.exec(select(func.count()).select_from(SchoolClass).where(*here)).one()
    listing = listing.counted(total)
    title = (col(SchoolClass.title),)
    order = {
        "title": title,
        "terms": (col(SchoolClass.begins_on), *title),
        "school": (col(Organization.name), *title),
    }
    wanted = select(SchoolClass, Organization.name).join(
        Organization, col(Organization.id) == col(SchoolClass.school_id)
    )
    wanted = wanted.where(*here).order_by(*_directed(order[listing.sort], listing), col(SchoolClass.id))
    found = db.exec(wanted.offset(listing.offset).limit(listing.limit)).all()
    return _with_people(db, scope, found, now), listing


def classes_of_learner(db: Session, scope: Scope, learner_id: UUID, *, now: datetime) -> Sequence[SchoolClass]:
    """Return the classes within reach that a learner is in now, by title."""
    studies = aliased(Enrollment)  # of its own: the condition of reach asks about enrollments too
    attended = select(studies.class_id).where(
        studies.learner_id == learner_id, holds_on(studies, local_day(scope, now))
    )
    wanted = select(SchoolClass).where(col(SchoolClass.id).in_(attended), class_in_reach(scope, now))
    wanted = wanted.order_by(col(SchoolClass.title), col(SchoolClass.id))
    return db.exec(wanted).all()


def teachers_of_class(db: Session, scope: Scope, class_id: UUID, *, now: datetime) -> Sequence[str]:
    """Return the names of those who teach a class now."""
    wanted = select(Staff.name).join(Enrollment, col(Enrollment.staff_id) == col(Staff.id))
    wanted = wanted.where(Enrollment.class_id == class_id, holds_on(Enrollment, local_day(scope, now)))
    return sorted(set(db.exec(wanted)))


def schools(db: Session, scope: Scope) -> Sequence[tuple[str, str]]:
    """Return the schools to choose from as pairs of id and name; none where there is only one."""
    wanted = (
        select(Organization).where(Organization.parent_id == scope.organization.id).order_by(col(Organization.name))
    )
    return [(str(school.id), school.name) for school in db.exec(wanted)]


def school_name(db: Session, school_id: UUID) -> str:
    """Return the name of a school."""
    return db.exec(select(Organization.name).where(Organization.id == school_id)).one()


def findings(db: Session, import_id: UUID, listing: Listing) -> tuple[Sequence[Finding], Listing]:
    """Return one page of what was found in a roster; the filters are ``file`` and ``severity``."""
    here: list[ColumnElement[bool]] = [col(RosterFinding.import_id) == import_id]
    here += [col(getattr(RosterFinding, name)) == value for name, value in listing.filters.items()]
    fields = (RosterFinding.value, RosterFinding.column_name, RosterFinding.file, RosterFinding.kind)
    here += [or_(*(col(field).icontains(word, autoescape=True) for field in fields)) for word in listing.query.split()]
    listing = listing.counted(db.exec(select(func.count()).select_from(RosterFinding).where(*here)).one())
    number = col(RosterFinding.number)
    order: dict[str, Sequence[Mapped[Any]]] = {
        "file": (col(RosterFinding.file), col(RosterFinding.line)),
        "severity": (col(RosterFinding.severity), number),
    }
    wanted = select(RosterFinding).where(*here).order_by(*_directed(order[listing.sort], listing), number)
    found = db.exec(wanted.offset(listing.offset).limit(listing.limit))
    return [as_finding(row) for row in found], listing


def all_findings(db: Session, import_id: UUID) -> Sequence[Finding]:
    """Return all that was kept of what was found in a roster."""
    wanted = select(RosterFinding).where(RosterFinding.import_id == import_id).order_by(col(RosterFinding.number))
    return [as_finding(row) for row in db.exec(wanted)]


def files_with_findings(db: Session, import_id: UUID) -> Sequence[str]:
    """Return the names of the files in which something was found."""
    return db.exec(
        select(RosterFinding.file).where(RosterFinding.import_id == import_id).distinct().order_by("file")
    ).all()


def as_finding(row: RosterFinding) -> Finding:
    """Return a stored finding as the reader made it."""
    return Finding(row.kind, row.file, row.line, row.column_name, row.value, row.parameters)


def _search_names(query: str) -> list[ColumnElement[bool]]:
    fields = (
        *(Learner.given_name, Learner.family_name, Learner.preferred_name, Learner.preferred_family_name),
        *(Learner.email, Learner.sourced_id),
    )
    return [or_(*(col(field).icontains(word, autoescape=True) for field in fields)) for word in query.split()]


def _search_classes(query: str) -> list[ColumnElement[bool]]:
    fields = (SchoolClass.title, SchoolClass.code, SchoolClass.terms)
    return [or_(*(col(field).icontains(word, autoescape=True) for field in fields)) for word in query.split()]


def _at_school(table: type[Learner] | type[SchoolClass], filters: Mapping[str, str]) -> list[ColumnElement[bool]]:
    try:
        return [col(table.school_id) == UUID(filters["school"])] if "school" in filters else []
    except ValueError:
        return []


def _directed(columns: Sequence[Mapped[Any]], listing: Listing) -> list[ColumnElement[Any]]:
    return [column.desc() if listing.descending else column.asc() for column in columns]


def _with_people(db: Session, scope: Scope, found: Sequence[tuple[SchoolClass, str]], now: datetime) -> list[ClassRow]:
    ids = [school_class.id for school_class, _ in found]
    here = and_(col(Enrollment.class_id).in_(ids), holds_on(Enrollment, local_day(scope, now)))
    counted = (
        select(Enrollment.class_id, func.count(func.distinct(Enrollment.learner_id)))
        .join(Learner, col(Learner.id) == col(Enrollment.learner_id))
        .where(here, col(Learner.active), Enrollment.role == EnrollmentRole.STUDENT)
        .group_by(col(Enrollment.class_id))
    )
    learners_in = dict(db.exec(counted).all())
    taught = select(Enrollment.class_id, Staff.name).join(Staff, col(Staff.id) == col(Enrollment.staff_id)).where(here)
    teachers: dict[UUID, set[str]] = {}
    for class_id, name in db.exec(taught):
        teachers.setdefault(class_id, set()).add(name)
    return [
        ClassRow(one, school, ", ".join(sorted(teachers.get(one.id, ()))), learners_in.get(one.id, 0))
        for one, school in found
    ]
