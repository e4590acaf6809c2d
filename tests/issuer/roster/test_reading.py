"""What is wrong with rosters, as they come from real systems and through real spreadsheet programs."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intaglio.errors import MalformedInput
from issuer.roster.oneroster.findings import Finding, Findings
from issuer.roster.oneroster.package import Bounds, Package
from issuer.roster.oneroster.reader import Roster
from issuer.roster.oneroster.records import Class, Enrollment, Record, Role, User
from tests.issuer.roster.rosters import Files, column, encoded, line_of, put, roster, without, zipped


class Read:
    """A roster that was read to its end."""

    def __init__(self, files: Files | dict[str, list[list[str]] | bytes], bounds: Bounds | None = None) -> None:
        self.findings = Findings()
        self.roster = Roster(Package.from_zip(zipped(files)), self.findings, bounds)
        self.records: list[Record] = list(self.roster.records())

    @property
    def kinds(self) -> list[str]:
        """The kinds of all findings, in order."""
        return [finding.kind for finding in self.findings.kept]

    def only(self, kind: str) -> Finding:
        """Return the one finding of a kind."""
        (found,) = [finding for finding in self.findings.kept if finding.kind == kind]
        return found

    def users(self) -> dict[str, User]:
        """Return the users by number."""
        return {record.sourced_id: record for record in self.records if isinstance(record, User)}

    def enrollments(self) -> set[str]:
        """Return the numbers of the enrollments."""
        return {record.sourced_id for record in self.records if isinstance(record, Enrollment)}


def raw(files: Files, name: str, content: bytes) -> dict[str, list[list[str]] | bytes]:
    return {**files, name: content}


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_sound_roster_has_no_findings(version: str) -> None:
    read = Read(roster(version))
    assert read.kinds == []
    assert read.roster.version == version
    assert read.roster.rows["users.csv"] == 8
    learner = read.users()["L00000"]
    assert learner.roles == {Role.STUDENT}
    assert learner.schools == ("S1",)
    assert learner.birth_date == date(2008, 1, 15)
    assert learner.grade == "09"
    assert learner.enabled


def test_both_versions_say_the_same() -> None:
    old, new = roster("1.1"), roster("1.2")
    put(new, "users.csv", "L00000", "preferredGivenName", "")
    assert Read(old).records == Read(new).records


def test_records_come_after_what_they_refer_to() -> None:
    order = list(dict.fromkeys(type(record).__name__ for record in Read(roster()).records))
    assert order == ["Org", "Session", "Course", "Class", "User", "Enrollment"]


# — encodings —


def test_a_byte_order_mark_is_no_finding() -> None:
    files = roster()
    assert Read(raw(files, "users.csv", encoded(files["users.csv"], encoding="utf-8-sig"))).kinds == []


def test_windows_1252_is_named_with_line_and_word() -> None:
    files = roster()
    for row in files["users.csv"]:
        row[:] = [cell.replace("Ç", "C") for cell in row]
    read = Read(raw(files, "users.csv", encoded(files["users.csv"], encoding="cp1252")))
    found = read.only("not-utf8")
    assert (found.file, found.value) == ("users.csv", "José")
    assert found.parameters == {"encoding": "Windows-1252", "at": "2"}
    assert read.findings.blocked


def test_the_bad_letter_is_found_however_far_into_the_file_it_is() -> None:
    files = roster("1.1", learners=4_000)
    put(files, "users.csv", "L03990", "familyName", "Zoë")
    for row in files["users.csv"]:
        row[:] = [cell if cell == "Zoë" else cell.encode("ascii", "replace").decode() for cell in row]
    found = Read(raw(files, "users.csv", encoded(files["users.csv"], encoding="cp1252"))).only("not-utf8")
    assert (found.line, found.value) == (line_of(files, "users.csv", "L03990"), "Zoë")


def test_letters_that_fall_on_the_border_of_two_reads_are_whole() -> None:
    files = roster("1.1", learners=3_000)
    for row in files["users.csv"][1:]:
        row[column(files, "users.csv", "middleName")] = "é" * 60
    assert Read(files).kinds == []


def test_utf_16_is_named() -> None:
    files = roster()
    found = Read(raw(files, "orgs.csv", encoded(files["orgs.csv"], encoding="utf-16"))).only("not-utf8")
    assert found.parameters["encoding"] == "UTF-16"


def test_letters_that_were_lost_or_garbled_before_are_noticed() -> None:
    files = roster()
    put(files, "users.csv", "L00001", "givenName", "Bj\ufffdrn")
    put(files, "users.csv", "L00002", "givenName", "ChloÃ©")
    read = Read(files)
    assert (read.only("lost-letter").line, read.only("garbled").value) == (5, "ChloÃ©")
    assert "L00001" not in read.users()
    assert read.users()["L00002"].given_name == "ChloÃ©"


def test_names_are_composed() -> None:
    files = roster()
    put(files, "users.csv", "L00001", "givenName", "Bjo\u0308rn")
    assert Read(files).users()["L00001"].given_name == "Björn"


@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\u202e", "\u2066"])
def test_characters_that_hide_or_turn_round_are_refused(hidden: str) -> None:
    files = roster()
    put(files, "users.csv", "L00001", "familyName", f"Be{hidden}gay")
    assert Read(files).only("control-character").line == 5


# — form —


@pytest.mark.parametrize(("delimiter", "name"), [(";", ";"), ("\t", "Tab"), ("|", "|")])
def test_another_separator_is_named_and_read(delimiter: str, name: str) -> None:
    files = roster()
    read = Read(raw(files, "users.csv", encoded(files["users.csv"], delimiter=delimiter)))
    assert read.kinds == ["delimiter"]
    assert read.only("delimiter").parameters == {"delimiter": name}
    assert len(read.users()) == 8


def test_the_order_and_the_capitals_of_columns_do_not_matter() -> None:
    files = roster()
    files["orgs.csv"] = [row[::-1] for row in files["orgs.csv"]]
    files["orgs.csv"][0] = [name.upper() for name in files["orgs.csv"][0]]
    assert Read(files).kinds == []


def test_a_misspelled_column_is_named_with_what_it_should_be() -> None:
    files = roster()
    files["users.csv"][0][column(files, "users.csv", "givenName")] = "giveName"
    found = Read(files).only("column-misspelled")
    assert (found.column, found.value) == ("givenName", "giveName")


def test_a_missing_column_stops_its_file_and_causes_no_further_findings() -> None:
    files = roster()
    at = column(files, "users.csv", "sourcedId")
    files["users.csv"] = [[*row[:at], *row[at + 1 :]] for row in files["users.csv"]]
    read = Read(files)
    assert read.kinds == ["column-missing"]
    assert read.findings.blocked


def test_a_column_that_is_there_twice_is_refused() -> None:
    files = roster()
    files["orgs.csv"] = [[*row, row[3]] for row in files["orgs.csv"]]
    assert Read(files).only("column-twice").column == "name"


def test_unknown_columns_are_told_once_and_a_schools_own_not_at_all() -> None:
    files = roster()
    extra = ["shoeSize", "metadata.bus"]
    files["users.csv"] = [[*row, *(extra if n == 0 else ["42", "7"])] for n, row in enumerate(files["users.csv"])]
    read = Read(files)
    assert read.kinds == ["column-unknown"]
    assert read.only("column-unknown").column == "shoeSize"


def test_an_optional_column_that_is_misspelled_is_told_with_what_may_be_meant() -> None:
    files = roster()
    files["users.csv"][0][column(files, "users.csv", "preferredGivenName")] = "prefferedGivenName"
    read = Read(files)
    assert read.kinds == ["column-alike"]
    assert read.only("column-alike").parameters == {"meant": "preferredGivenName"}


def test_separators_at_the_end_of_rows_and_empty_rows_are_harmless() -> None:
    files = roster()
    files["users.csv"] = [files["users.csv"][0], *([*row, "", ""] for row in files["users.csv"][1:]), ["", ""], []]
    assert Read(files).kinds == []


@pytest.mark.parametrize("cells", [5, 30])
def test_a_row_with_too_few_or_too_many_cells_is_named(cells: int) -> None:
    files = roster()
    at = line_of(files, "users.csv", "L00001") - 1
    files["users.csv"][at] = [*files["users.csv"][at], *["x"] * 30][:cells]
    read = Read(files)
    assert read.only("cell-count").parameters == {"count": str(cells), "expected": "23"}
    assert read.kinds == ["cell-count", "left-out"]


def test_a_quotation_mark_that_is_left_open_is_found_where_it_begins() -> None:
    files = roster("1.1")
    text = encoded(files["users.csv"]).decode().replace("Chloé", '"Chloé', 1)
    found = Read(raw(files, "users.csv", text.encode())).findings.kept
    assert [(finding.kind, finding.line) for finding in found if finding.file == "users.csv"] == [("cell-count", 6)]


def test_a_line_break_in_a_cell_is_named() -> None:
    files = roster()
    put(files, "users.csv", "L00001", "familyName", "Begay\nStone")
    found = Read(files).only("line-break")
    assert (found.line, found.column) == (5, "familyName")
    after = Read(files)
    assert after.users().keys() >= {"L00002", "L00003"}


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    files = roster()
    put(files, "users.csv", "L00001", "middleName", "a\nb\nc")
    put(files, "users.csv", "L00002", "familyName", "")
    assert Read(files).only("blank").line == 6 + 2


def test_an_endless_cell_is_refused_without_being_held() -> None:
    files = roster()
    for content in (b'sourcedId,name,type\n"' + b"x" * 200_000, b"sourcedId,name,type\n" + b"x" * 1_100_000):
        read = Read(raw(files, "orgs.csv", content))
        assert read.only("broken-csv").file == "orgs.csv"
        assert read.findings.blocked


def test_an_empty_file_and_a_file_without_rows_are_told_apart() -> None:
    files = roster()
    assert Read(raw(files, "orgs.csv", b"")).only("no-header").file == "orgs.csv"
    files["courses.csv"] = files["courses.csv"][:1]
    assert Read(files).only("no-rows").file == "courses.csv"


def test_a_file_with_more_rows_than_we_read_is_refused() -> None:
    read = Read(roster(learners=30), Bounds(rows=20))
    assert read.findings.blocked
    assert {finding.file for finding in read.findings.kept if finding.kind == "too-many-rows"} == {
        "roles.csv",
        "demographics.csv",
        "users.csv",
        "enrollments.csv",
    }


@pytest.mark.parametrize("content", [b"sourcedId,name,type\n" + b"\n" * 100, b"sourcedId,name,type\n" + b"," * 300])
def test_files_of_nothing_but_ends_of_lines_or_cells_are_not_read_to_their_end(content: bytes) -> None:
    read = Read(raw(roster(), "orgs.csv", content), Bounds(rows=20))
    assert read.findings.counts["too-many-rows"] + read.findings.counts["broken-csv"] >= 1
    assert read.findings.blocked


def _spoiled(content: bytes, edits: list[tuple[int, bytes]]) -> bytes:
    for place, replacement in edits:
        at = place % len(content)
        content = content[:at] + replacement + content[at + 1 :]
    return content


@given(
    file=st.sampled_from(sorted(roster("1.2", learners=2, classes=1))),
    edits=st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=3)), min_size=1, max_size=6),
)
def test_whatever_happens_to_a_file_there_are_findings_and_no_failure(
    file: str, edits: list[tuple[int, bytes]]
) -> None:
    files = {name: encoded(rows) for name, rows in roster("1.2", learners=2, classes=1).items()}
    files[file] = _spoiled(files[file], edits)
    findings = Findings()
    for record in Roster(Package.from_files(files), findings).records():
        assert record.sourced_id
    for finding in findings.kept:
        assert finding.sentence(str)


@given(edits=st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=1)), min_size=1, max_size=4))
def test_whatever_happens_to_an_archive_it_is_read_or_refused(edits: list[tuple[int, bytes]]) -> None:
    content = _spoiled(zipped(roster("1.2", learners=2, classes=1)), edits)
    with suppress(MalformedInput):
        list(Roster(Package.from_upload("roster.zip", content), Findings()).records())


# — cells —


@pytest.mark.parametrize(
    ("file", "number", "name", "value", "kind"),
    [
        ("users.csv", "L00001", "familyName", "", "blank"),
        ("users.csv", "L00001", "familyName", "x" * 256, "too-long"),
        ("users.csv", "L00001", "enabledUser", "perhaps", "bad-choice"),
        ("roles.csv", "R1", "role", "pupil", "bad-choice"),
        ("orgs.csv", "D1", "type", "planet", "bad-choice"),
        ("orgs.csv", "D1", "status", "gone", "bad-choice"),
        ("academicSessions.csv", "Y26", "startDate", "08/18/2025", "bad-date"),
        ("academicSessions.csv", "Y26", "startDate", "2025-02-30", "bad-date"),
        ("academicSessions.csv", "Y26", "startDate", "0025-08-18", "bad-date"),
        ("academicSessions.csv", "Y26", "startDate", "", "blank"),
        ("academicSessions.csv", "Y26", "endDate", "2025-01-01", "dates-backwards"),
        ("enrollments.csv", "E1", "endDate", "2025-01-01", "dates-backwards"),
        ("enrollments.csv", "E1", "endDate", "soon", "bad-date"),
        ("users.csv", "L00001", "sourcedId", "1.23457E+11", "rounded-number"),
        ("roles.csv", "R1", "userSourcedId", "", "blank"),
    ],
)
def test_a_cell_that_cannot_be_is_an_error_with_its_place(
    file: str, number: str, name: str, value: str, kind: str
) -> None:
    files = roster()
    line = line_of(files, file, number)
    put(files, file, number, name, value)
    read = Read(files)
    found = next(finding for finding in read.findings.kept if finding.kind == kind)
    assert (found.file, found.line, found.column) == (file, line, name)
    assert read.findings.errors
    assert not read.findings.blocked
    assert read.roster.skipped[file] >= 1


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    files = roster()
    put(files, "users.csv", "L00001", "familyName", "")
    put(files, "users.csv", "L00001", "givenName", "")
    put(files, "users.csv", "L00001", "enabledUser", "maybe")
    assert Read(files).kinds[:3] == ["blank", "blank", "bad-choice"]


def test_what_only_costs_a_mail_or_an_age_costs_no_learner() -> None:
    files = roster()
    put(files, "users.csv", "L00001", "email", "n/a")
    put(files, "demographics.csv", "L00001", "birthDate", "12/31/2010")
    read = Read(files)
    assert sorted(read.kinds) == ["bad-birth-date", "bad-email"]
    learner = read.users()["L00001"]
    assert (learner.email, learner.birth_date) == (None, None)


def test_other_capitals_are_read_and_told_once() -> None:
    files = roster()
    for row in files["roles.csv"][1:]:
        row[5] = row[5].capitalize()
    read = Read(files)
    assert read.kinds == ["choice-case"]
    assert len(read.users()) == 8


@pytest.mark.parametrize(
    "value", ["2025-08-18T00:00:00Z", "2025-08-18T00:00:00.000Z", "2025-08-18 00:00:00", " 2025-08-18 "]
)
def test_a_date_with_a_time_is_a_date(value: str) -> None:
    files = roster()
    put(files, "enrollments.csv", "E1", "beginDate", value)
    read = Read(files)
    assert read.kinds == []
    found = next(record for record in read.records if isinstance(record, Enrollment) and record.sourced_id == "E1")
    assert found.begins_on == date(2025, 8, 18)


def test_a_districts_own_words_are_taken() -> None:
    files = roster()
    put(files, "orgs.csv", "D1", "type", "ext:cooperative")
    assert Read(files).kinds == []


# — what rows say about one another —


def test_a_number_twice_is_named_with_the_first_line() -> None:
    files = roster()
    files["users.csv"].append(list(files["users.csv"][4]))
    found = Read(files).only("duplicate")
    assert (found.line, found.value, found.parameters) == (10, "L00001", {"first": "5"})


@pytest.mark.parametrize(
    ("file", "number", "name", "target"),
    [
        ("classes.csv", "K1", "schoolSourcedId", "orgs.csv"),
        ("classes.csv", "K1", "courseSourcedId", "courses.csv"),
        ("classes.csv", "K1", "termSourcedIds", "academicSessions.csv"),
        ("roles.csv", "R1", "orgSourcedId", "orgs.csv"),
        ("roles.csv", "R1", "userSourcedId", "users.csv"),
        ("users.csv", "L00001", "primaryOrgSourcedId", "orgs.csv"),
        ("enrollments.csv", "E1", "classSourcedId", "classes.csv"),
        ("enrollments.csv", "E1", "userSourcedId", "users.csv"),
    ],
)
def test_a_reference_that_leads_nowhere_is_named(file: str, number: str, name: str, target: str) -> None:
    files = roster()
    line = line_of(files, file, number)
    put(files, file, number, name, "00917")
    found = Read(files).only("dangling")
    assert (found.file, found.line, found.column, found.value) == (file, line, name, "00917")
    assert found.parameters == {"about": target}


def test_in_1_1_organizations_of_users_are_followed_too() -> None:
    files = roster("1.1")
    put(files, "users.csv", "L00001", "orgSourcedIds", "S1, S9")
    assert Read(files).only("dangling").value == "S9"


def test_somebody_at_several_schools_has_the_first_as_main_one() -> None:
    files = roster("1.1")
    put(files, "users.csv", "L00001", "orgSourcedIds", "D1,S2,S1")
    assert Read(files).users()["L00001"].schools == ("S2", "S1")


def test_in_1_2_the_primary_role_and_the_primary_organization_decide() -> None:
    files = roster()
    files["roles.csv"].append(["R9", "", "", "L00001", "secondary", "student", "", "", "S1", ""])
    put(files, "users.csv", "L00001", "primaryOrgSourcedId", "")
    assert Read(files).users()["L00001"].schools == ("S2", "S1")
    put(files, "users.csv", "L00001", "primaryOrgSourcedId", "S1")
    assert Read(files).users()["L00001"].schools == ("S1", "S2")


def test_one_bad_class_is_one_error_and_its_rows_are_left_out() -> None:
    files = roster(learners=20)
    put(files, "classes.csv", "K1", "title", "")
    read = Read(files)
    assert read.findings.errors == 1
    assert read.findings.counts["left-out"] == 11
    assert read.only("blank").file == "classes.csv"
    assert "E1" not in read.enrollments()
    assert "E0" in read.enrollments()


def test_rows_marked_as_deleted_are_left_out_with_what_refers_to_them() -> None:
    files = roster("1.1")
    put(files, "classes.csv", "K1", "status", "tobedeleted")
    for row in files["orgs.csv"][1:]:
        row[1], row[2] = "active", "2026-01-05T10:00:00.000Z"
    read = Read(files)
    assert read.findings.errors == 0
    assert set(read.kinds) == {"refers-to-deleted"}
    assert {record.sourced_id for record in read.records if isinstance(record, Class)} == {"K0"}
    assert "E1" not in read.enrollments()


def test_a_class_at_something_that_is_no_school_is_an_error() -> None:
    files = roster()
    put(files, "classes.csv", "K1", "schoolSourcedId", "D1")
    assert Read(files).only("not-a-school").value == "D1"


def test_a_learner_of_no_school_is_an_error() -> None:
    files = roster("1.1")
    put(files, "users.csv", "L00001", "orgSourcedIds", "D1")
    assert Read(files).only("no-school").line == 5


def test_a_class_in_no_term_is_told() -> None:
    files = roster()
    put(files, "classes.csv", "K1", "termSourcedIds", "")
    read = Read(files)
    assert read.kinds == ["no-term"]
    assert read.findings.errors == 0


def test_a_class_without_a_course_is_told_and_read() -> None:
    files = roster()
    put(files, "classes.csv", "K1", "courseSourcedId", "")
    read = Read(files)
    assert read.kinds == ["no-course"]
    assert len([record for record in read.records if isinstance(record, Class)]) == 2


def test_guardians_and_others_are_left_out_silently() -> None:
    files = roster("1.1")
    put(files, "users.csv", "L00001", "role", "guardian")
    put(files, "users.csv", "L00001", "familyName", "")
    without(files, "enrollments.csv", "L00001")
    read = Read(files)
    assert read.kinds == []
    assert "L00001" not in read.users()


def test_somebody_without_a_role_is_told() -> None:
    files = roster()
    without(files, "roles.csv", "R1")
    without(files, "enrollments.csv", "L00001")
    assert Read(files).only("no-role").value == "L00001"


def test_enrolled_as_somebody_one_is_not() -> None:
    files = roster()
    put(files, "enrollments.csv", "E1", "role", "teacher")
    put(files, "enrollments.csv", "ET0", "role", "student")
    read = Read(files)
    assert read.only("not-a-teacher").value == "L00001"
    assert read.only("not-a-student").value == "TCH0"
    assert read.enrollments().isdisjoint({"E1", "ET0"})


def test_proctors_and_the_like_get_no_place_in_a_class() -> None:
    files = roster()
    put(files, "enrollments.csv", "E1", "role", "proctor")
    read = Read(files)
    assert read.kinds == []
    assert "E1" not in read.enrollments()


def test_a_student_who_teaches_is_both() -> None:
    files = roster()
    files["roles.csv"].append(["R9", "", "", "L00001", "secondary", "teacher", "", "", "S2", ""])
    assert Read(files).users()["L00001"].roles == {Role.STUDENT, Role.TEACHER}


# — the set of files —


def _without_manifest(files: Files) -> None:
    del files["manifest.csv"]


def _delta(files: Files) -> None:
    put(files, "manifest.csv", "file.users", "value", "delta")


def _strange_mode(files: Files) -> None:
    put(files, "manifest.csv", "file.users", "value", "some")


def _old_version(files: Files) -> None:
    put(files, "manifest.csv", "oneroster.version", "value", "1.0")


def _listed_and_not_there(files: Files) -> None:
    del files["demographics.csv"]


def _there_and_not_listed(files: Files) -> None:
    put(files, "manifest.csv", "file.demographics", "value", "absent")


def _odd_property(files: Files) -> None:
    files["manifest.csv"].append(["vendor.secret", "yes"])


def _no_users(files: Files) -> None:
    for name in ("users", "roles", "demographics", "enrollments"):
        del files[f"{name}.csv"]
        put(files, "manifest.csv", f"file.{name}", "value", "absent")


def _no_courses(files: Files) -> None:
    del files["courses.csv"]
    put(files, "manifest.csv", "file.courses", "value", "absent")


def _no_terms(files: Files) -> None:
    del files["academicSessions.csv"]
    put(files, "manifest.csv", "file.academicSessions", "value", "absent")


def _no_roles(files: Files) -> None:
    del files["roles.csv"]
    put(files, "manifest.csv", "file.roles", "value", "absent")


def _stranger(files: Files) -> None:
    files["lunch.csv"] = [["a"], ["b"]]
    files["results.csv"] = [["sourcedId"], ["1"]]


@pytest.mark.parametrize(
    ("spoil", "kind", "blocked"),
    [
        (_without_manifest, "manifest-missing", False),
        (_delta, "delta", True),
        (_strange_mode, "manifest-mode", True),
        (_old_version, "manifest-version", True),
        (_listed_and_not_there, "file-missing", True),
        (_there_and_not_listed, "file-unlisted", False),
        (_odd_property, "manifest-property", False),
        (_no_users, "file-required", True),
        (_no_courses, "no-courses", False),
        (_no_terms, "file-needed", True),
        (_no_roles, "no-roles", True),
        (_stranger, "file-unknown", False),
    ],
)
def test_the_set_of_files_is_checked(spoil: Callable[[Files], None], kind: str, blocked: bool) -> None:
    files = roster()
    spoil(files)
    read = Read(files)
    assert kind in read.kinds
    assert read.findings.blocked is blocked


@pytest.mark.parametrize("version", ["v1.1", "1.1.1", "1.1"])
def test_ways_to_write_a_version_are_read(version: str) -> None:
    files = roster("1.1")
    put(files, "manifest.csv", "oneroster.version", "value", version)
    read = Read(files)
    assert (read.kinds, read.roster.version) == ([], "1.1")
