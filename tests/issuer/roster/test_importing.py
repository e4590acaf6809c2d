from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from intaglio.errors import MalformedInput
from intaglio.server.errors import Conflict, NotFound, Refused
from issuer.access import Scope
from issuer.organizations.models import AuditEntry, Kind, Membership, Organization, OrganizationKey, Role, Staff
from issuer.organizations.profiles import ProfileForm, create_organization
from issuer.roster import service
from issuer.roster.models import (
    AcademicSession,
    Course,
    Enrollment,
    ImportState,
    Learner,
    RosterFinding,
    RosterImport,
    RosterTeacher,
    SchoolClass,
)
from tests.issuer.roster.conftest import District, make_district
from tests.issuer.roster.rosters import column, put, roster, without, zipped

T = TypeVar("T", bound=SQLModel)


def rows(district: District, table: type[T], **where: object) -> list[T]:
    district.db.expire_all()
    wanted = select(table).filter_by(**where)
    return list(district.db.exec(wanted))


def by_number(district: District, table: type[Any], number: str) -> Any:
    (found,) = rows(district, table, sourced_id=number)
    return found


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_roster_becomes_learners_classes_and_enrollments(district: District, version: str) -> None:
    done = district.bring(roster(version, learners=6, classes=2))
    assert done.state == ImportState.APPLIED
    assert done.changes == {
        "schools": {"new": 2, "changed": 0, "unchanged": 0, "deactivated": 0},
        "sessions": {"new": 3, "changed": 0, "unchanged": 0, "deactivated": 0},
        "courses": {"new": 1, "changed": 0, "unchanged": 0, "deactivated": 0},
        "classes": {"new": 2, "changed": 0, "unchanged": 0, "deactivated": 0},
        "learners": {"new": 6, "changed": 0, "unchanged": 0, "deactivated": 0},
        "enrollments": {"new": 8, "changed": 0, "unchanged": 0, "deactivated": 0},
        "teachers": {"new": 2, "changed": 0, "unchanged": 0, "deactivated": 0},
    }
    learner = by_number(district, Learner, "L00004")
    assert (learner.given_name, learner.family_name) == ("Emeka", "Evans")
    assert learner.birth_date == date(2012, 5, 15)
    assert learner.email == "learner4@prairie.example"
    assert learner.username == "s4"
    assert learner.grade == "09"
    (school,) = rows(district, Organization, sourced_id="S1")
    assert learner.school_id == school.id
    school_class = by_number(district, SchoolClass, "K0")
    assert school_class.terms == "Fall 2025, Spring 2026"
    assert (school_class.begins_on, school_class.ends_on) == (date(2025, 8, 18), date(2026, 6, 6))
    assert school_class.course_id == by_number(district, Course, "C1").id
    enrollment = by_number(district, Enrollment, "E4")
    assert (enrollment.class_id, enrollment.learner_id, enrollment.role) == (school_class.id, learner.id, "student")
    assert len(rows(district, AcademicSession)) == 3


def test_the_preferred_name_is_the_one_to_show(district: District) -> None:
    district.bring(roster("1.2"))
    assert by_number(district, Learner, "L00000").display_name == "Nan Alvarez"
    assert by_number(district, Learner, "L00001").display_name == "Björn Begay"


def test_importing_again_changes_nothing(district: District) -> None:
    district.bring(roster())
    again = district.bring(roster())
    assert again.changes is not None
    for what, counts in again.changes.items():
        assert (counts["new"], counts["changed"], counts["deactivated"]) == (0, 0, 0), what
        assert counts["unchanged"] > 0


def test_importing_again_changes_only_what_changed(district: District) -> None:
    district.bring(roster())
    before = {learner.sourced_id: learner.id for learner in rows(district, Learner)}
    files = roster()
    put(files, "users.csv", "L00001", "familyName", "Begay-Stone")
    done = district.bring(files)
    assert done.changes is not None
    assert done.changes["learners"] == {"new": 0, "changed": 1, "unchanged": 5, "deactivated": 0}
    assert {learner.sourced_id: learner.id for learner in rows(district, Learner)} == before
    assert by_number(district, Learner, "L00001").family_name == "Begay-Stone"


def test_a_check_says_exactly_what_the_import_does_and_changes_nothing(district: District) -> None:
    district.bring(roster(learners=6))
    files = roster(learners=8)
    put(files, "users.csv", "L00001", "familyName", "Begay-Stone")
    checked = district.check(files)
    promised = checked.changes
    assert len(rows(district, Learner)) == 6
    assert len(rows(district, Organization, kind="school")) == 2
    done = service.apply(
        district.db,
        district.settings,
        district.scope(),
        checked.id,
        leave_out=False,
        many_leave=False,
        now=district.now,
    )
    assert done.changes == promised
    assert promised is not None
    assert promised["learners"] == {"new": 2, "changed": 1, "unchanged": 5, "deactivated": 0}


def test_who_is_gone_becomes_inactive_and_comes_back(district: District) -> None:
    district.bring(roster(learners=6))
    known = by_number(district, Learner, "L00005").id
    done = district.bring(roster(learners=5))
    assert done.changes is not None
    assert done.changes["learners"]["deactivated"] == 1
    assert by_number(district, Learner, "L00005").active is False
    assert by_number(district, Enrollment, "E5").active is False
    back = district.bring(roster(learners=6))
    assert back.changes is not None
    assert back.changes["learners"]["changed"] == 1
    assert by_number(district, Learner, "L00005").id == known
    assert by_number(district, Learner, "L00005").active is True


def test_a_file_that_is_not_supplied_leaves_its_table_alone(district: District) -> None:
    district.bring(roster())
    files = roster()
    for part in ("classes", "courses", "academicSessions", "enrollments"):
        del files[f"{part}.csv"]
        without(files, "manifest.csv", f"file.{part}")
    done = district.bring(files)
    assert done.changes is not None
    assert "classes" not in done.changes
    assert all(row.active for row in rows(district, SchoolClass))
    assert all(row.active for row in rows(district, Enrollment))


def test_rows_marked_as_deleted_are_taken_as_gone(district: District) -> None:
    district.bring(roster("1.1"))
    files = roster("1.1")
    put(files, "users.csv", "L00005", "status", "tobedeleted")
    done = district.bring(files)
    assert done.changes is not None
    assert done.changes["learners"]["deactivated"] == 1
    assert by_number(district, Learner, "L00005").active is False


def test_teachers_become_staff_with_a_role_at_their_school(district: District) -> None:
    district.bring(roster())
    (teacher,) = rows(district, Staff, email="teacher0@prairie.example")
    (school,) = rows(district, Organization, sourced_id="S1")
    (membership,) = rows(district, Membership, staff_id=teacher.id)
    assert (membership.organization_id, membership.role, membership.ended_at) == (school.id, "teacher", None)
    assert by_number(district, Enrollment, "ET0").staff_id == teacher.id


def test_a_teacher_who_is_gone_loses_class_and_role(district: District) -> None:
    district.bring(roster())
    (teacher,) = rows(district, Staff, email="teacher0@prairie.example")
    files = roster()
    for name in ("users.csv", "roles.csv", "enrollments.csv"):
        without(files, name, "TCH0")
    done = district.bring(files)
    assert done.changes is not None
    assert done.changes["teachers"]["deactivated"] == 1
    (membership,) = rows(district, Membership, staff_id=teacher.id)
    assert membership.ended_at == district.now
    assert by_number(district, Enrollment, "ET0").active is False
    assert rows(district, RosterTeacher, staff_id=teacher.id) == []


def test_a_role_that_was_given_by_hand_is_not_ended(district: District) -> None:
    district.bring(roster())
    (school,) = rows(district, Organization, sourced_id="S2")
    (teacher,) = rows(district, Staff, email="teacher0@prairie.example")
    district.db.add(
        Membership(staff_id=teacher.id, organization_id=school.id, role=Role.TEACHER, began_at=district.now)
    )
    district.db.commit()
    files = roster()
    for name in ("users.csv", "roles.csv", "enrollments.csv"):
        without(files, name, "TCH0")
    district.bring(files)
    present = [row.organization_id for row in rows(district, Membership, staff_id=teacher.id) if row.ended_at is None]
    assert present == [school.id]


def test_a_teacher_without_e_mail_gets_no_account(district: District) -> None:
    files = roster()
    put(files, "users.csv", "TCH0", "email", "")
    checked = district.check(files)
    assert (checked.errors, checked.warnings) == (0, 1)
    district.bring(files)
    assert rows(district, Staff, email="teacher0@prairie.example") == []
    assert rows(district, Enrollment, sourced_id="ET0") == []


def test_a_teacher_who_must_not_sign_in_gets_no_account(district: District) -> None:
    files = roster()
    put(files, "users.csv", "TCH0", "enabledUser", "false")
    district.bring(files)
    assert rows(district, Staff, email="teacher0@prairie.example") == []


def test_new_schools_have_a_key_and_known_ones_keep_their_name(district: District) -> None:
    known = create_organization(
        district.db,
        district.settings,
        ProfileForm(name="prairie view high school"),
        kind=Kind.SCHOOL,
        parent=district.organization,
        staff_id=None,
        now=district.now,
    )
    district.db.commit()
    done = district.bring(roster())
    assert done.changes is not None
    assert done.changes["schools"] == {"new": 1, "changed": 0, "unchanged": 1, "deactivated": 0}
    (found,) = rows(district, Organization, sourced_id="S1")
    assert (found.id, found.name) == (known.id, "prairie view high school")
    (made,) = rows(district, Organization, sourced_id="S2")
    assert made.slug == "cottonwood-middle-school"
    assert len(rows(district, OrganizationKey, organization_id=made.id)) == 1


def test_errors_stop_an_import_until_somebody_says_that_rows_may_be_left_out(district: District) -> None:
    files = roster()
    put(files, "users.csv", "L00002", "familyName", "")
    checked = district.check(files)
    assert checked.errors == 1
    with pytest.raises(Conflict, match="left out"):
        service.apply(
            district.db,
            district.settings,
            district.scope(),
            checked.id,
            leave_out=False,
            many_leave=False,
            now=district.now,
        )
    district.db.rollback()
    done = service.apply(
        district.db, district.settings, district.scope(), checked.id, leave_out=True, many_leave=False, now=district.now
    )
    assert done.changes is not None
    assert done.changes["learners"]["new"] == 5
    assert done.skipped_rows == 2  # the learner, and her enrollment
    assert rows(district, Learner, sourced_id="L00002") == []


def test_a_row_with_an_error_does_not_make_its_learner_inactive(district: District) -> None:
    district.bring(roster())
    files = roster()
    put(files, "users.csv", "L00002", "familyName", "")
    done = district.bring(files, leave_out=True)
    assert done.changes is not None
    assert done.changes["learners"]["deactivated"] == 0
    assert done.changes["enrollments"]["deactivated"] == 0
    assert by_number(district, Learner, "L00002").active


def test_a_role_with_an_error_does_not_make_its_learner_inactive(district: District) -> None:
    district.bring(roster())
    files = roster()
    put(files, "roles.csv", "R2", "orgSourcedId", "S9")
    done = district.bring(files, leave_out=True)
    assert by_number(district, Learner, "L00002").active
    assert done.changes is not None
    assert done.changes["learners"]["deactivated"] == 0


def test_a_row_that_cannot_be_told_apart_makes_nobody_inactive(district: District) -> None:
    district.bring(roster())
    files = roster()
    put(files, "users.csv", "L00002", "sourcedId", "")
    without(files, "roles.csv", "L00002")
    done = district.bring(files, leave_out=True)
    assert done.changes is not None
    assert done.changes["learners"]["deactivated"] == 0


@pytest.mark.parametrize("number", ["1.23457E+11", "x" * 300])
def test_a_number_that_is_lost_makes_nobody_inactive(district: District, number: str) -> None:
    district.bring(roster())
    files = roster()
    put(files, "users.csv", "L00002", "sourcedId", number)
    without(files, "roles.csv", "L00002")
    done = district.bring(files, leave_out=True)
    assert done.changes is not None
    assert done.changes["learners"]["deactivated"] == 0


def test_what_is_wrong_with_a_whole_file_cannot_be_left_out(district: District) -> None:
    files = roster()
    del files["users.csv"]
    checked = district.check(files)
    assert checked.blocked
    assert checked.changes is None
    with pytest.raises(Conflict):
        service.apply(
            district.db,
            district.settings,
            district.scope(),
            checked.id,
            leave_out=True,
            many_leave=True,
            now=district.now,
        )


def test_an_import_that_makes_many_inactive_asks_once_more(district: District) -> None:
    district.bring(roster(learners=40))
    checked = district.check(roster(learners=30))
    assert service.loses_many(checked.changes)
    with pytest.raises(Conflict, match="inactive"):
        service.apply(
            district.db,
            district.settings,
            district.scope(),
            checked.id,
            leave_out=False,
            many_leave=False,
            now=district.now,
        )
    assert len(rows(district, Learner, active=True)) == 40
    service.apply(
        district.db, district.settings, district.scope(), checked.id, leave_out=False, many_leave=True, now=district.now
    )
    assert len(rows(district, Learner, active=True)) == 30


def test_the_file_is_gone_after_the_import(district: District) -> None:
    other, done = district.check(roster()), district.bring(roster())
    (imported,) = rows(district, RosterImport, id=done.id)
    assert imported.content is None
    (replaced,) = rows(district, RosterImport, id=other.id)
    assert (replaced.state, replaced.content) == (ImportState.EXPIRED, None)


def test_the_file_and_what_was_found_are_gone_after_a_day(district: District) -> None:
    files = roster()
    put(files, "users.csv", "L00002", "email", "not an address")
    checked = district.check(files)
    assert len(rows(district, RosterFinding)) == 1
    later = district.now + timedelta(hours=24)
    with pytest.raises(Conflict, match="any more"):
        service.apply(
            district.db, district.settings, district.scope(), checked.id, leave_out=True, many_leave=True, now=later
        )
    district.db.rollback()
    service.expire(district.db, now=later)
    district.db.commit()
    (expired,) = rows(district, RosterImport, id=checked.id)
    assert (expired.state, expired.content) == (ImportState.EXPIRED, None)
    assert rows(district, RosterFinding) == []


def test_only_the_latest_checks_keep_their_files(district: District) -> None:
    for minute in range(5):
        district.now += timedelta(minutes=minute)
        district.check(roster())
    kept = [row.content is not None for row in sorted(rows(district, RosterImport), key=lambda row: row.created_at)]
    assert kept == [False, False, True, True, True]


def test_a_file_is_read_at_the_import_as_it_was_read_at_the_check(district: District) -> None:
    names = {"C:\\exports\\roster.ZIP": "roster.ZIP", "roster.csv\u202e": "roster.csv", "": "roster.zip"}
    for name, kept in names.items():
        checked = service.check(district.db, district.scope(), name, zipped(roster()), now=district.now)
        assert checked.file_name == kept
        assert checked.blocked is kept.endswith(".csv")


def test_an_import_is_made_once(district: District) -> None:
    done = district.bring(roster())
    with pytest.raises(Conflict):
        service.apply(
            district.db, district.settings, district.scope(), done.id, leave_out=True, many_leave=True, now=district.now
        )


def test_a_discarded_check_leaves_nothing(district: District) -> None:
    files = roster()
    put(files, "users.csv", "L00002", "familyName", "")
    checked = district.check(files)
    service.discard(district.db, district.scope(), checked.id, now=district.now)
    (gone,) = rows(district, RosterImport, id=checked.id)
    assert gone.content is None
    assert rows(district, RosterFinding) == []
    service.discard(district.db, district.scope(), checked.id, now=district.now)
    assert len(rows(district, AuditEntry, action="roster.discarded")) == 1


def test_another_district_neither_sees_nor_changes_it(district: District) -> None:
    district.bring(roster())
    checked = district.check(roster())
    other = make_district(district.db, district.settings, "Mesa Charter")
    with pytest.raises(NotFound):
        service.import_for(district.db, other.scope(), checked.id)
    with pytest.raises(NotFound):
        service.import_for(district.db, district.scope(), uuid4())
    other.bring(roster(learners=3))
    assert len(rows(district, Learner, district_id=district.organization.id, active=True)) == 6
    assert len(rows(district, Learner, district_id=other.organization.id, active=True)) == 3
    assert len(service.imports(district.db, other.scope())) == 1


def test_a_school_does_not_import_for_its_district(district: District) -> None:
    district.bring(roster())
    (school,) = rows(district, Organization, sourced_id="S1")
    assert not service.keeps_roster(district.db, school)
    with pytest.raises(Refused):
        service.check(district.db, district.scope(organization=school), "roster.zip", b"", now=district.now)


def test_who_imported_what_is_noted_without_names(district: District) -> None:
    done = district.bring(roster())
    (entry,) = rows(district, AuditEntry, action="roster.imported")
    assert (entry.subject, entry.staff_id) == (str(done.id), district.staff.id)
    assert entry.details == {"left_out": 0}


def test_a_learner_changes_school(district: District) -> None:
    district.bring(roster())
    files = roster()
    put(files, "roles.csv", "R0", "orgSourcedId", "S2")
    put(files, "users.csv", "L00000", "primaryOrgSourcedId", "S2")
    district.bring(files)
    learner = by_number(district, Learner, "L00000")
    (school,) = rows(district, Organization, sourced_id="S2")
    assert learner.school_id == school.id


def test_findings_beyond_the_bound_are_counted(district: District) -> None:
    files = roster(learners=1_200)
    at = column(files, "users.csv", "email")
    for row in files["users.csv"][1:]:
        row[at] = "nobody"
    checked = district.check(files)
    count = district.db.exec(select(func.count()).select_from(RosterFinding)).one()
    assert count == 1_000 + 2  # teachers without an address are told besides
    assert checked.warnings == 1_202 + 2
    assert checked.findings_left_out == 202
    lines = district.db.exec(select(RosterFinding.line).order_by(col(RosterFinding.number)).limit(2)).all()
    assert lines == [2, 2]


def test_a_school_without_a_district_keeps_its_own_roster(district: District) -> None:
    alone = make_district(district.db, district.settings, "Prairie View High School")
    alone.organization.kind = Kind.SCHOOL
    district.db.add(alone.organization)
    district.db.commit()
    files = roster("1.1", classes=1)
    without(files, "orgs.csv", "S2")
    done = alone.bring(files)
    assert done.changes is not None
    assert done.changes["schools"]["unchanged"] == 1
    assert {learner.school_id for learner in rows(district, Learner)} == {alone.organization.id}
    with pytest.raises(MalformedInput, match="another school"):
        alone.check(roster("1.1"))


def test_two_who_import_at_once_import_once(district: District) -> None:
    checked = district.check(roster())
    scope, settings, import_id = district.scope(), district.settings, checked.id
    outcomes: list[str] = []
    start = Barrier(2)

    def run() -> None:
        with Session(district.db.get_bind()) as db:
            own = Scope(scope.actor, db.get_one(Organization, scope.organization.id), scope.roles)
            start.wait()
            try:
                service.apply(db, settings, own, import_id, leave_out=False, many_leave=False, now=district.now)
                outcomes.append("imported")
            except Conflict:
                outcomes.append("refused")

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["imported", "refused"]
    assert len(rows(district, Learner)) == 6


def test_without_demographics_birth_dates_stay(district: District) -> None:
    district.bring(roster())
    born = by_number(district, Learner, "L00004").birth_date
    files = roster()
    del files["demographics.csv"]
    put(files, "manifest.csv", "file.demographics", "value", "absent")
    done = district.bring(files)
    assert done.changes is not None
    assert done.changes["learners"]["changed"] == 0
    assert by_number(district, Learner, "L00004").birth_date == born is not None
    assert [found.kind for found in rows(district, RosterFinding, import_id=done.id)] == ["no-births"]


def test_a_birth_date_that_the_roster_takes_back_goes(district: District) -> None:
    district.bring(roster())
    files = roster()
    without(files, "demographics.csv", "L00004")
    district.bring(files)
    assert by_number(district, Learner, "L00004").birth_date is None


def test_a_teacher_whose_account_another_organization_made_gets_no_role_and_no_class(district: District) -> None:
    far = make_district(district.db, district.settings, "Far Unified")
    foreign = Staff(
        email="teacher0@prairie.example", name="Not Me", origin_id=far.organization.id, created_at=district.now
    )
    district.db.add(foreign)
    district.db.commit()
    done = district.bring(roster())
    found = rows(district, RosterFinding, import_id=done.id)
    assert [(one.kind, one.value) for one in found] == [("teacher-elsewhere", "TCH0")]
    assert not rows(district, Membership, staff_id=foreign.id)
    assert not rows(district, Enrollment, staff_id=foreign.id)
    (school,) = rows(district, Organization, sourced_id="S1")
    district.db.add(
        Membership(staff_id=foreign.id, organization_id=school.id, role=Role.TEACHER, began_at=district.now)
    )
    district.db.commit()
    again = district.bring(roster())
    assert not rows(district, RosterFinding, import_id=again.id)
    assert len(rows(district, Enrollment, staff_id=foreign.id)) == 1


def test_the_accounts_of_a_roster_are_its_districts(district: District) -> None:
    district.bring(roster())
    (made,) = {staff.origin_id for staff in rows(district, Staff) if staff.id != district.staff.id}
    assert made == district.organization.id
