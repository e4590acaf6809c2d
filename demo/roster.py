"""The district's roster as its student information system would export it: OneRoster 1.2, bulk CSV in a ZIP."""

import csv
import io
import zipfile
from collections.abc import Iterable

from demo.district import DISTRICT, SCHOOLS, TEACHERS, YEAR, Learner

_BULK = ("academicSessions", "classes", "courses", "demographics", "enrollments", "orgs", "roles", "users")
_OTHERS = (
    "categories",
    "classResources",
    "courseResources",
    "lineItems",
    "lineItemLearningObjectiveIds",
    "lineItemScoreScales",
    "resources",
    "resultLearningObjectiveIds",
    "results",
    "resultScoreScales",
    "scoreScales",
    "userProfiles",
    "userResources",
)
_BEGINS, _ENDS = f"{YEAR - 1}-08-18", f"{YEAR + 1}-06-04"
"""A school year that is on, whenever the demonstration is."""


def export(learners: list[Learner]) -> bytes:
    """Return the ZIP."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in _files(learners).items():
            archive.writestr(f"{name}.csv", _csv(rows))
    return made.getvalue()


def _files(learners: list[Learner]) -> dict[str, list[list[str]]]:
    return {
        "manifest": _manifest(),
        "orgs": _table(
            "sourcedId,name,type,identifier,parentSourcedId",
            [["D1", DISTRICT[0], "district", "", ""]],
            [[f"S{place}", name, "school", f"49000{place}", "D1"] for place, (name, _) in enumerate(SCHOOLS)],
        ),
        "academicSessions": _table(
            "sourcedId,title,type,startDate,endDate,parentSourcedId,schoolYear",
            [["Y1", f"{YEAR - 1}–{YEAR + 1}", "schoolYear", _BEGINS, _ENDS, "", str(YEAR)]],
        ),
        "courses": _table(
            "sourcedId,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
            [["C1", "Y1", "Portrait of a Graduate", "POG", "", "D1", "", ""]],
        ),
        "classes": _table(
            "sourcedId,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,"
            "subjectCodes,periods",
            [
                [f"K-{t.number}", t.class_title, "", "C1", t.number, "scheduled", "", f"S{t.school}", "Y1", "", "", ""]
                for t in TEACHERS
            ],
        ),
        "users": _users(learners),
        "roles": _table(
            "sourcedId,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId",
            [[f"R-{t.number}", t.number, "primary", "teacher", "", "", f"S{t.school}", ""] for t in TEACHERS],
            [[f"R-{one.number}", one.number, "primary", "student", "", "", _school(one), ""] for one in learners],
        ),
        "demographics": _table("sourcedId,birthDate,sex", [[one.number, one.born, ""] for one in learners]),
        "enrollments": _table(
            "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
            [[f"E-{t.number}", f"K-{t.number}", f"S{t.school}", t.number, "teacher", "true", "", ""] for t in TEACHERS],
            [
                [f"E-{one.number}", f"K-{one.teacher.number}", _school(one), one.number, "student", "", _BEGINS, _ENDS]
                for one in learners
            ],
        ),
    }


def _users(learners: list[Learner]) -> list[list[str]]:
    names = (
        "sourcedId,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,"
        "grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,preferredFamilyName,"
        "primaryOrgSourcedId,pronouns"
    )

    def row(number: str, given: str, family: str, email: str, grade: str, school: str) -> list[str]:
        return [
            number,
            "true",
            number.lower(),
            "",
            given,
            family,
            "",
            "",
            email,
            *[""] * 3,
            grade,
            *[""] * 6,
            school,
            "",
        ]

    teachers = [row(t.number, t.given, t.family, t.email, "", f"S{t.school}") for t in TEACHERS]
    return _table(names, teachers, [row(o.number, o.given, o.family, o.email, o.grade, _school(o)) for o in learners])


def _manifest() -> list[list[str]]:
    kinds = {**dict.fromkeys(_BULK, "bulk"), **dict.fromkeys(_OTHERS, "absent")}
    head = [["manifest.version", "1.0"], ["oneroster.version", "1.2"]]
    return [["propertyName", "value"], *head, *([f"file.{name}", kind] for name, kind in sorted(kinds.items()))]


def _table(columns: str, *rows: Iterable[list[str]]) -> list[list[str]]:
    """Return a file: after the record's number, every table has the same two columns, which bulk files leave empty."""
    names = columns.split(",")
    head = [names[0], "status", "dateLastModified", *names[1:]]
    return [head, *([row[0], "", "", *row[1:]] for many in rows for row in many)]


def _school(learner: Learner) -> str:
    return f"S{learner.teacher.school}"


def _csv(rows: list[list[str]]) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made).writerows(rows)
    return made.getvalue().encode()
