import asyncio
import csv
import io
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from issuer.access import Scope
from issuer.organizations.models import Kind, Organization, Role, Staff
from issuer.organizations.people import Actor
from issuer.organizations.profiles import ProfileForm, create_organization
from issuer.organizations.staffing import find_or_add_staff, give_role
from issuer.roster import jobs, service
from issuer.roster.models import Learner, RosterImport, SchoolClass
from tests.issuer.roster.rosters import Files, encoded, put, roster, zipped
from tests.services import Browser, UnderTest

TERM = datetime(2026, 1, 20, 15, tzinfo=UTC)


@pytest.fixture
def office(issuer: UnderTest) -> "Office":
    issuer.clock.now = TERM
    return Office(issuer)


class Office:
    """A district's office, its registrar signed in."""

    def __init__(self, issuer: UnderTest) -> None:
        self.issuer = issuer
        with issuer.db() as db:
            self.district = self._organization(db, "Prairie Unified")
            self.registrar = self._staff(db, "robin@prairie.example", self.district, Role.REGISTRAR)
            db.commit()
        self.browser = issuer.visitor().sign_in_as(self.registrar.id)
        self.base = f"/o/{self.district.id}/roster"

    def _organization(self, db: Session, name: str) -> Organization:
        form = ProfileForm(name)
        return create_organization(
            db, self.issuer.settings, form, kind=Kind.DISTRICT, parent=None, staff_id=None, now=TERM
        )

    def _staff(self, db: Session, email: str, where: Organization, role: Role) -> Staff:
        staff, _ = find_or_add_staff(db, email=email, name="Robin Registrar", now=TERM)
        give_role(db, where, staff, role, by=None, now=TERM)
        return staff

    def upload(self, content: bytes, name: str = "roster.zip") -> str:
        """Upload a roster and return the address of its check page."""
        files = {"files": (name, content, "application/zip")}
        answer = self.browser.post_form(f"/roster-uploads/{self.district.id}", files=files)
        assert answer.status_code == 303, re.findall(r'class="error".*', answer.text)
        return str(answer.headers["location"])

    def bring(self, files: Files) -> str:
        """Import a roster through the pages."""
        page = self.upload(zipped(files))
        answer = self.browser.post_form(f"{page}/apply", leave_out="yes", many_leave="yes")
        assert answer.status_code == 303
        return page

    def school(self, number: str) -> Organization:
        """Return the school of a number."""
        with self.issuer.db() as db:
            return db.exec(select(Organization).where(Organization.sourced_id == number)).one()

    def learner(self, number: str) -> Learner:
        """Return the learner of a number."""
        with self.issuer.db() as db:
            return db.exec(select(Learner).where(Learner.sourced_id == number)).one()

    def school_class(self, number: str) -> SchoolClass:
        """Return the class of a number."""
        with self.issuer.db() as db:
            return db.exec(select(SchoolClass).where(SchoolClass.sourced_id == number)).one()

    def teacher(self, number: int) -> Browser:
        """Return the browser of a teacher of the roster."""
        with self.issuer.db() as db:
            found = db.exec(select(Staff).where(Staff.email == f"teacher{number}@prairie.example")).one()
        return self.issuer.visitor().sign_in_as(found.id)


def test_a_registrar_checks_and_imports_a_roster(office: Office) -> None:
    page = office.upload(zipped(roster(learners=6)))
    shown = office.browser.get(page)
    assert shown.status_code == 200
    assert "Ready to import" in shown.text
    assert "Import now" in shown.text
    answer = office.browser.post_form(f"{page}/apply")
    assert answer.status_code == 303
    done = office.browser.get(answer.headers["location"])
    assert "The roster is imported" in done.text
    assert "Import now" not in done.text
    learners = office.browser.get(office.base)
    assert "Nan Alvarez" in learners.text
    assert learners.text.count("/roster/learners/") == 6


def test_the_upload_page_lists_earlier_rosters(office: Office) -> None:
    assert "Earlier rosters" not in office.browser.get(f"{office.base}/import").text
    office.bring(roster())
    office.upload(zipped(roster()), "second.zip")
    page = office.browser.get(f"{office.base}/import").text
    assert "Earlier rosters" in page
    assert "second.zip" in page
    assert "Checked, not imported" in page


def test_several_csv_files_are_taken_as_one_roster(office: Office) -> None:
    files = [("files", (name, encoded(rows), "text/csv")) for name, rows in roster("1.1").items()]
    answer = office.browser.post_form(f"/roster-uploads/{office.district.id}", files=files)
    assert answer.status_code == 303
    assert "Ready to import" in office.browser.get(answer.headers["location"]).text


def test_an_upload_without_a_file_is_answered_beside_the_field(office: Office) -> None:
    answer = office.browser.post_form(f"/roster-uploads/{office.district.id}")
    assert answer.status_code == 422
    assert "Choose a file first." in answer.text


def test_what_is_no_roster_is_answered_beside_the_field(office: Office) -> None:
    files = {"files": ("roster.zip", b"%PDF-1.7 and so on", "application/zip")}
    answer = office.browser.post_form(f"/roster-uploads/{office.district.id}", files=files)
    assert answer.status_code == 422
    assert "This is not a ZIP file that we can read." in answer.text
    with office.issuer.db() as db:
        assert db.exec(select(RosterImport)).all() == []


def test_findings_name_file_line_column_and_remedy(office: Office) -> None:
    files = roster()
    put(files, "users.csv", "L00002", "familyName", "")
    put(files, "users.csv", "L00003", "email", "nobody at all")
    page = office.browser.get(office.upload(zipped(files))).text
    assert "users.csv" in page
    assert "line 6" in page
    assert "“familyName” is empty and must not be." in page
    assert "“nobody at all” is not an e-mail address" in page
    assert "1 error, 2 things to look at." in re.sub(r"\s+", " ", page)


def test_findings_are_searched_filtered_and_sorted(office: Office) -> None:
    files = roster()
    put(files, "users.csv", "L00002", "familyName", "")
    put(files, "users.csv", "L00003", "email", "nobody at all")
    put(files, "orgs.csv", "S1", "type", "School")
    page = office.upload(zipped(files))

    def rows(query: str) -> int:
        return office.browser.get(f"{page}?{query}").text.count('data-label="What to do"')

    assert rows("") == 4
    assert rows("q=nobody") == 1
    assert rows("severity=error") == 1
    assert rows("file=orgs.csv") == 1
    for sort in ("file", "-severity", "severity"):
        assert rows(f"sort={sort}") == 4
    assert "Nothing found" in office.browser.get(f"{page}?q=%25").text


def test_findings_are_downloaded_without_formulas(office: Office) -> None:
    files = roster()
    put(files, "users.csv", "L00003", "email", "=HYPERLINK(0)")
    page = office.upload(zipped(files))
    answer = office.browser.get(f"{page}/findings.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    found = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert found[0] == ["File", "Line", "Column", "Value", "Severity", "What is wrong", "What to do"]
    assert found[1][:5] == ["users.csv", "7", "email", "'=HYPERLINK(0)", "To look at"]


def test_findings_are_told_in_spanish(office: Office) -> None:
    files = roster()
    put(files, "users.csv", "L00002", "familyName", "")
    page = office.upload(zipped(files))
    shown = office.browser.get(f"{page}?lang=es").text
    assert "“familyName” está en blanco" in shown
    assert "Importar ahora" in shown


def test_rows_with_errors_are_left_out_only_when_somebody_says_so(office: Office) -> None:
    files = roster()
    put(files, "users.csv", "L00002", "familyName", "")
    page = office.upload(zipped(files))
    assert "Leave out the 2 rows with errors" in office.browser.get(page).text
    asked = office.browser.post_form(f"{page}/apply")
    assert asked.status_code == 422
    assert "Say that these rows may be left out" in asked.text
    assert "What is wrong" not in asked.text  # its links would lead to the address of the form
    assert office.browser.post_form(f"{page}/apply", leave_out="yes").status_code == 303
    assert "2 rows were left out" in office.browser.get(page).text


def test_many_leaving_learners_are_asked_about(office: Office) -> None:
    office.bring(roster(learners=40))
    page = office.upload(zipped(roster(learners=30)))
    assert "Yes, 10 learners are no longer on the roster" in office.browser.get(page).text
    asked = office.browser.post_form(f"{page}/apply")
    assert asked.status_code == 422
    assert "Say that this is right" in asked.text
    assert office.browser.post_form(f"{page}/apply", many_leave="yes").status_code == 303


def test_a_roster_with_a_wrong_file_offers_no_import(office: Office) -> None:
    files = roster()
    del files["users.csv"]
    page = office.upload(zipped(files))
    shown = office.browser.get(page).text
    assert "This roster cannot be imported yet" in shown
    assert "Import now" not in shown
    assert office.browser.post_form(f"{page}/apply", leave_out="yes").status_code == 409


def test_a_roster_is_put_aside(office: Office) -> None:
    page = office.upload(zipped(roster()))
    answer = office.browser.post_form(f"{page}/discard")
    assert answer.status_code == 303
    assert "The roster was put aside." in office.browser.get(answer.headers["location"]).text
    assert "Nothing was imported" in office.browser.get(page).text
    assert office.browser.post_form(f"{page}/apply").status_code == 409


def test_after_a_day_a_check_cannot_be_imported(office: Office) -> None:
    page = office.upload(zipped(roster()))
    office.issuer.clock.now += timedelta(hours=25)
    browser = office.issuer.visitor().sign_in_as(office.registrar.id)
    assert "Nothing was imported" in browser.get(page).text
    assert browser.post_form(f"{page}/apply").status_code == 409


def test_a_worker_forgets_files_that_nobody_imported(office: Office) -> None:
    office.upload(zipped(roster()))
    office.issuer.clock.now += timedelta(hours=24)
    with office.issuer.db() as db:
        office.issuer.app.state.jobs.defer(db, jobs.EXPIRE, timestamp=1)
        db.commit()
    asyncio.run(office.issuer.app.state.jobs.run_waiting(office.issuer.app))
    with office.issuer.db() as db:
        (found,) = db.exec(select(RosterImport)).all()
    assert (found.state, found.content) == ("expired", None)


def test_a_school_points_to_its_district(office: Office) -> None:
    office.bring(roster())
    page = office.browser.get(f"/o/{office.school('S1').id}/roster/import")
    assert "This is done by the district" in page.text


def test_learners_are_searched_sorted_and_paged(office: Office) -> None:
    office.bring(roster(learners=120, classes=4))
    first = office.browser.get(office.base).text
    assert first.count("/roster/learners/") == 50
    assert office.browser.get(f"{office.base}?page=3").text.count("/roster/learners/") == 20
    assert office.browser.get(f"{office.base}?q=inés").text.count("/roster/learners/") == 12
    assert "L00" not in first
    by_grade = office.browser.get(f"{office.base}?sort=-grade").text
    assert re.findall(r'data-label="Grade">([^<]*)<', by_grade)[0] == "12"
    for sort in ("school", "-name"):
        assert office.browser.get(f"{office.base}?sort={sort}").status_code == 200
    at_one = office.browser.get(f"{office.base}?school={office.school('S1').id}").text
    assert "60 rows" in at_one
    assert "120 rows" in office.browser.get(f"{office.base}?school=elsewhere").text


def test_who_left_is_listed_apart(office: Office) -> None:
    office.bring(roster(learners=6))
    office.bring(roster(learners=5))
    assert "Fátima Fitzgerald" not in office.browser.get(office.base).text
    assert "Fátima Fitzgerald" in office.browser.get(f"{office.base}?state=left").text
    page = office.browser.get(f"{office.base}/learners/{office.learner('L00005').id}").text
    assert "No longer on the roster" in page


def test_classes_say_who_teaches_and_how_many_learn(office: Office) -> None:
    office.bring(roster(learners=7, classes=2))
    page = office.browser.get(f"{office.base}/classes").text
    assert "Advisory 0" in page
    assert "José Kim" in page
    assert re.findall(r'data-label="Learners">([^<]*)<', page) == ["4", "3"]
    for query in ("sort=-terms", "sort=school", f"school={office.school('S2').id}"):
        assert "Advisory 1" in office.browser.get(f"{office.base}/classes?{query}").text
    assert "Advisory 0" not in office.browser.get(f"{office.base}/classes?q=advisory+1").text
    one = office.browser.get(f"{office.base}/classes/{office.school_class('K0').id}").text
    assert "José Kim" in one
    assert one.count("/roster/learners/") == 4


def test_the_office_sees_what_the_roster_says_of_a_learner(office: Office) -> None:
    office.bring(roster())
    page = office.browser.get(f"{office.base}/learners/{office.learner('L00000').id}").text
    for words in ("Nan Alvarez", "learner0@prairie.example", "January 15, 2008", "L00000", "Advisory 0"):
        assert words in page


def test_a_teacher_sees_her_learners_and_classes_and_no_others(office: Office) -> None:
    office.bring(roster(learners=6, classes=2))
    browser, base = office.teacher(0), f"/o/{office.school('S1').id}/roster"
    page = browser.get(base).text
    assert "Your learners" in page
    assert page.count("/roster/learners/") == 3
    assert "Import" not in page
    own, other = office.learner("L00000"), office.learner("L00001")
    shown = browser.get(f"{base}/learners/{own.id}").text
    assert "Nan Alvarez" in shown
    assert "learner0@prairie.example" not in shown
    assert "2008" not in shown
    assert browser.get(f"{base}/learners/{other.id}").status_code == 404
    assert browser.get(f"{base}/classes").text.count("/roster/classes/") == 1
    assert browser.get(f"{base}/classes/{office.school_class('K1').id}").status_code == 404
    assert browser.get(f"{base}?state=left").text.count("/roster/learners/") == 3


def test_a_teachers_sight_ends_with_the_class(office: Office) -> None:
    office.bring(roster(learners=6, classes=2))
    base, own = f"/o/{office.school('S1').id}/roster", office.learner("L00000")
    office.issuer.clock.now = datetime(2026, 6, 6, 0, 0, tzinfo=UTC)
    browser = office.teacher(0)
    assert browser.get(f"{base}/learners/{own.id}").status_code == 404
    assert "/roster/learners/" not in browser.get(base).text


def test_teachers_and_strangers_import_nothing(office: Office) -> None:
    page = office.bring(roster())
    teacher = office.teacher(0)
    base = f"/o/{office.school('S1').id}/roster"
    files = {"files": ("roster.zip", zipped(roster()), "application/zip")}
    assert teacher.get(f"{base}/import").status_code == 403
    assert teacher.post_form(f"/roster-uploads/{office.school('S1').id}", files=files).status_code == 403
    assert teacher.get(page).status_code == 404
    nobody = office.issuer.visitor()
    assert nobody.get(page).status_code == 303
    assert nobody.post_form(f"/roster-uploads/{office.district.id}", files=files).status_code == 401


def test_imports_of_another_district_are_not_there(office: Office) -> None:
    with office.issuer.db() as db:
        other = office._organization(db, "Mesa Charter")
        db.commit()
        actor = Actor(office.registrar.id, "Robin", ())
        scope = Scope(actor, other, frozenset({Role.REGISTRAR}))
        checked = service.check(db, scope, "roster.zip", zipped(roster()), now=TERM)
    for path in ("", "/findings.csv"):
        assert office.browser.get(f"{office.base}/import/{checked.id}{path}").status_code == 404
        assert office.browser.get(f"{office.base}/import/{uuid4()}{path}").status_code == 404
    for action in ("apply", "discard"):
        assert office.browser.post_form(f"{office.base}/import/{checked.id}/{action}").status_code == 404
