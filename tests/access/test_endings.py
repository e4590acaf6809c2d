"""Access ends with what it stood on: the enrollment, the class, the role, the account, the key."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import httpx2 as httpx
import pytest
from sqlmodel import Session, col, select

from intaglio.server.tables import SignIn
from issuer.organizations import staffing
from issuer.organizations.models import Membership, Organization, Role, Staff
from issuer.roster.models import Enrollment, EnrollmentRole, Learner, SchoolClass
from tests.access.issuer_asks import asker_of
from tests.access.matrix import expected
from tests.access.standing import Outcome, Standing, outcome_of
from tests.access.table import Table

TABLE = Table.read("issuer")
REACHED = [
    door
    for door, rule in TABLE.routes.items()
    if rule.outcomes["teacher"] is Outcome.OK and rule.outcomes["no_class"] is Outcome.NOT_THERE and "/o/" in door
]
"""What the teacher of the class may do, and a colleague may not."""


def _change(db: Session, schools: Standing, model: type, where: object, **values: object) -> None:
    rows = db.exec(select(model).where(where)).all()
    assert rows
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
        db.add(row)
    db.commit()


def _teaching(schools: Standing) -> object:
    teacher = select(Staff.id).where(Staff.email == "tess@prairie.example").scalar_subquery()
    return (col(Enrollment.role) == EnrollmentRole.TEACHER) & (col(Enrollment.staff_id) == teacher)


ENDINGS: dict[str, Callable[[Session, Standing], None]] = {
    "her enrollment ends today": lambda db, schools: _change(
        db, schools, Enrollment, _teaching(schools), ends_on=schools.service.clock.now.date()
    ),
    "her enrollment begins tomorrow": lambda db, schools: _change(
        db, schools, Enrollment, _teaching(schools), begins_on=schools.service.clock.now.date() + timedelta(days=1)
    ),
    "the roster no longer has her enrollment": lambda db, schools: _change(
        db, schools, Enrollment, _teaching(schools), active=False
    ),
    "the class is over": lambda db, schools: _change(
        db, schools, SchoolClass, _is(SchoolClass, schools, "class_id"), ends_on=schools.service.clock.now.date()
    ),
    "the roster no longer has the class": lambda db, schools: _change(
        db, schools, SchoolClass, _is(SchoolClass, schools, "class_id"), active=False
    ),
    "the class moved to another school": lambda db, schools: _change(
        db,
        schools,
        SchoolClass,
        _is(SchoolClass, schools, "class_id"),
        school_id=db.exec(select(Organization.id).where(Organization.name == "Cedar Ridge Academy")).one(),
    ),
}


def _is(model: type, schools: Standing, name: str) -> object:
    return col(model.id) == UUID(schools.ids[name])


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_teachers_reach_ends(schools: Standing, ending: str) -> None:
    assert len(REACHED) >= 10
    with schools.copy():
        with schools.app.state.database.session() as db:
            ENDINGS[ending](db, schools)
        found = {door: outcome_of(schools.ask(door, "teacher", asker_of(door))) for door in REACHED}
    assert found == dict.fromkeys(REACHED, Outcome.NOT_THERE)


@pytest.mark.parametrize("change", ["the learner left the class", "the learner left"])
def test_a_teachers_reach_ends_with_the_learners_place_in_the_class(schools: Standing, change: str) -> None:
    learner = UUID(schools.ids["learner_id"])
    doors = [door for door in REACHED if "{learner_id}" in door or "{award_id}" in door or "{batch_id}" in door]
    with schools.copy():
        with schools.app.state.database.session() as db:
            if change == "the learner left":
                _change(db, schools, Learner, col(Learner.id) == learner, active=False)
            else:
                _change(db, schools, Enrollment, col(Enrollment.learner_id) == learner, active=False)
        found = {door: outcome_of(schools.ask(door, "teacher", asker_of(door))) for door in doors}
    assert len(doors) >= 8
    assert found == dict.fromkeys(doors, Outcome.NOT_THERE)


def _end_role(db: Session, schools: Standing) -> None:
    membership = db.get_one(Membership, UUID(schools.ids["membership_id"]))
    school = db.get_one(Organization, membership.organization_id)
    staffing.end_role(db, school, membership.id, by=None, now=schools.service.clock.now)


def _end_account(db: Session, schools: Standing) -> None:
    _change(db, schools, Staff, col(Staff.email) == "rex@prairie.example", active=False)


def _end_sign_in(db: Session, schools: Standing) -> None:
    _change(db, schools, SignIn, col(SignIn.method) == "test", expires_at=schools.service.clock.now)


@pytest.mark.parametrize("end", [_end_role, _end_account, _end_sign_in])
def test_who_works_here_no_more_is_a_stranger(schools: Standing, end: Callable[[Session, Standing], None]) -> None:
    doors = [door for door in TABLE.routes if expected(TABLE, door)["registrar"] is Outcome.OK and "/o/" in door]
    with schools.copy():
        with schools.app.state.database.session() as db:
            end(db, schools)
        found = {door: outcome_of(schools.ask(door, "registrar", asker_of(door))) for door in doors}
    assert found == dict.fromkeys(doors, Outcome.SIGN_IN)


def test_who_has_another_role_left_keeps_that_one_alone(schools: Standing) -> None:
    with schools.copy():
        with schools.app.state.database.session() as db:
            school = db.get_one(Organization, UUID(schools.ids["organization_id"]))
            registrar = db.exec(select(Staff).where(Staff.email == "rex@prairie.example")).one()
            staffing.give_role(db, school, registrar, Role.TEACHER, by=None, now=schools.service.clock.now)
            _end_role(db, schools)
        assert outcome_of(_ask(schools, "GET /o/{organization_id}")) is Outcome.OK
        assert outcome_of(_ask(schools, "GET /o/{organization_id}/roster/import")) is Outcome.REFUSED
        assert outcome_of(_ask(schools, "GET /o/{organization_id}/awards/{award_id}")) is Outcome.NOT_THERE


def _ask(schools: Standing, door: str) -> httpx.Response:
    return schools.ask(door, "registrar", asker_of(door))
