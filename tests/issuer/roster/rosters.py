"""Rosters of a fictional district, as two well-behaved systems would export them: OneRoster 1.1 and 1.2."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import TypeAlias

Files: TypeAlias = dict[str, list[list[str]]]
"""File name → rows; the first row has the column names."""

_GIVEN = ("Ana", "Björn", "Chloé", "Dmitri", "Emeka", "Fátima", "Grace", "Hiroshi", "Inés", "José")
_FAMILY = (
    "Alvarez",
    "Begay",
    "Çelik",
    "D’Angelo",
    "Evans",
    "Fitzgerald",
    "García",
    "Hoang",
    "Ito",
    "Jones-Núñez",
    "Kim",
)
_USERS_1_1 = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,"
    "identifier,email,sms,phone,agentSourcedIds,grades,password"
)
_USERS_1_2 = (
    "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,"
    "agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,"
    "preferredFamilyName,primaryOrgSourcedId,pronouns"
)


def roster(version: str = "1.2", *, learners: int = 6, classes: int = 2) -> Files:
    """Return a roster with two schools, one teacher for each class, and every learner in one class, in turn."""
    return {
        "manifest.csv": _manifest(version),
        "orgs.csv": _rows(
            "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
            ["D1", "", "", "Prairie Unified", "district", "", ""],
            ["S1", "", "", "Prairie View High School", "school", "490001", "D1"],
            ["S2", "", "", "Cottonwood Middle School", "school", "490002", "D1"],
        ),
        "academicSessions.csv": _rows(
            "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
            ["Y26", "", "", "2025–26", "schoolYear", "2025-08-18", "2026-06-06", "", "2026"],
            ["T1", "", "", "Fall 2025", "semester", "2025-08-18", "2026-01-10", "Y26", "2026"],
            ["T2", "", "", "Spring 2026", "semester", "2026-01-10", "2026-06-06", "Y26", "2026"],
        ),
        "courses.csv": _rows(
            "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
            ["C1", "", "", "Y26", "Portrait of a Graduate", "POG", "09,10", "D1", "", ""],
        ),
        "classes.csv": _rows(
            "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,"
            "termSourcedIds,subjects,subjectCodes,periods",
            *(
                [
                    f"K{number}",
                    "",
                    "",
                    f"Advisory {number}",
                    "",
                    "C1",
                    f"A{number}",
                    "homeroom",
                    "",
                    _school(number),
                    "T1,T2",
                    "",
                    "",
                    "",
                ]
                for number in range(classes)
            ),
        ),
        **_people(version, learners, classes),
        "enrollments.csv": _rows(
            "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
            *([f"ET{k}", "", "", f"K{k}", _school(k), f"TCH{k}", "teacher", "true", "", ""] for k in range(classes)),
            *(
                [
                    f"E{n}",
                    "",
                    "",
                    f"K{n % classes}",
                    _school(n % classes),
                    f"L{n:05}",
                    "student",
                    "",
                    "2025-08-18",
                    "2026-06-06",
                ]
                for n in range(learners)
            ),
        ),
    }


def zipped(files: Mapping[str, Iterable[list[str]] | bytes], folder: str = "") -> bytes:
    """Return the archive of a roster; bytes are taken as they are."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in files.items():
            archive.writestr(folder + name, rows if isinstance(rows, bytes) else encoded(rows))
    return made.getvalue()


def encoded(rows: Iterable[list[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Return rows as a CSV file."""
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerows(rows)
    return made.getvalue().encode(encoding)


def column(files: Files, file: str, name: str) -> int:
    """Return the position of a column."""
    return files[file][0].index(name)


def line_of(files: Files, file: str, number: str) -> int:
    """Return the line of a record, counted as findings count: that of the column names is 1."""
    return next(line for line, row in enumerate(files[file], start=1) if row[0] == number)


def put(files: Files, file: str, number: str, name: str, value: str) -> None:
    """Write into a cell of a record."""
    files[file][line_of(files, file, number) - 1][column(files, file, name)] = value


def without(files: Files, file: str, word: str) -> None:
    """Take all rows out of a file that have a cell which is this word."""
    files[file] = [row for row in files[file] if word not in row]


def _people(version: str, learners: int, classes: int) -> Files:
    births = _rows(
        "sourcedId,status,dateLastModified,birthDate,sex",
        *([f"L{n:05}", "", "", f"{2008 + n % 8}-0{1 + n % 9}-15", ""] for n in range(learners)),
    )
    if version == "1.1":
        rows = [_teacher_1_1(k) for k in range(classes)] + [_learner_1_1(n, classes) for n in range(learners)]
        return {"users.csv": _rows(_USERS_1_1, *rows), "demographics.csv": births}
    rows = [_teacher_1_2(k) for k in range(classes)] + [_learner_1_2(n, classes) for n in range(learners)]
    roles = [[f"RT{k}", "", "", f"TCH{k}", "primary", "teacher", "", "", _school(k), ""] for k in range(classes)]
    roles += [
        [f"R{n}", "", "", f"L{n:05}", "primary", "student", "", "", _school(n % classes), ""] for n in range(learners)
    ]
    names = "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId"
    return {"users.csv": _rows(_USERS_1_2, *rows), "roles.csv": _rows(names, *roles), "demographics.csv": births}


def _teacher_1_1(k: int) -> list[str]:
    name = [_GIVEN[-1 - k % 10], _FAMILY[-1 - k % 11]]
    return [f"TCH{k}", "", "", "true", _school(k), "teacher", f"t{k}", "", *name, "", "", _teacher_mail(k), *[""] * 5]


def _learner_1_1(n: int, classes: int) -> list[str]:
    school = _school(n % classes)
    name = [_GIVEN[n % 10], _FAMILY[n % 11]]
    return [
        f"L{n:05}",
        "",
        "",
        "true",
        school,
        "student",
        f"s{n}",
        "",
        *name,
        "",
        "",
        _mail(n),
        "",
        "",
        "",
        _grade(n),
        "",
    ]


def _teacher_1_2(k: int) -> list[str]:
    name = [_GIVEN[-1 - k % 10], _FAMILY[-1 - k % 11]]
    return [f"TCH{k}", "", "", "true", f"t{k}", "", *name, "", "", _teacher_mail(k), *[""] * 10, _school(k), ""]


def _learner_1_2(n: int, classes: int) -> list[str]:
    preferred = ["Nan", "", ""] if n == 0 else ["", "", ""]
    name = [_GIVEN[n % 10], _FAMILY[n % 11]]
    school = _school(n % classes)
    return [
        f"L{n:05}",
        "",
        "",
        "true",
        f"s{n}",
        "",
        *name,
        "",
        "",
        _mail(n),
        "",
        "",
        "",
        _grade(n),
        "",
        "",
        "",
        *preferred,
        school,
        "",
    ]


def _manifest(version: str) -> list[list[str]]:
    bulk = ["orgs", "academicSessions", "courses", "classes", "users", "enrollments", "demographics"]
    bulk += ["roles"] if version == "1.2" else []
    return [
        ["propertyName", "value"],
        ["manifest.version", "1.0"],
        ["oneroster.version", version],
        *([f"file.{part}", "bulk"] for part in bulk),
        ["file.results", "absent"],
        ["source.systemName", "Fictional SIS"],
    ]


def _rows(names: str, *rows: list[str]) -> list[list[str]]:
    return [names.split(","), *rows]


def _school(number: int) -> str:
    return f"S{1 + number % 2}"


def _mail(n: int) -> str:
    return f"learner{n}@prairie.example"


def _teacher_mail(k: int) -> str:
    return f"teacher{k}@prairie.example"


def _grade(n: int) -> str:
    return f"{9 + n % 4:02}"
