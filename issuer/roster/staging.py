"""A roster's records, brought into temporary tables as fast as PostgreSQL takes them (COPY), in one pass through the files."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, LiteralString

from psycopg import Connection, sql

from issuer.roster.oneroster.reader import Roster
from issuer.roster.oneroster.records import Class, Course, Enrollment, Org, Record, Role, Session, User
from issuer.roster.oneroster.tables import TABLES

_TABLES: dict[LiteralString, tuple[LiteralString, ...]] = {
    "incoming_orgs": ("sourced_id text", "name text", "kind text"),
    "incoming_sessions": ("sourced_id text", "title text", "kind text", "begins_on date", "ends_on date"),
    "incoming_courses": ("sourced_id text", "title text", "code text"),
    "incoming_classes": ("sourced_id text", "title text", "code text", "course text", "school text", "sessions text[]"),
    "incoming_people": (
        *(
            "sourced_id text",
            "student boolean",
            "teacher boolean",
            "schools text[]",
            "given_name text",
            "family_name text",
        ),
        *("middle_name text", "preferred_name text", "preferred_family_name text", "grade text", "email text"),
        *("username text", "birth_date date", "enabled boolean"),
    ),
    "incoming_enrollments": (
        *("sourced_id text", "class text", "person text", "role text", "begins_on date", "ends_on date"),
    ),
    "incoming_broken": ("file text", "sourced_id text"),
}
_TABLE_OF: dict[type[Record], LiteralString] = {
    Org: "incoming_orgs",
    Session: "incoming_sessions",
    Course: "incoming_courses",
    Class: "incoming_classes",
    User: "incoming_people",
    Enrollment: "incoming_enrollments",
}


def stage(connection: Connection[Any], roster: Roster) -> None:
    """Read all of a roster into temporary tables, which end with the transaction.

    ``incoming_broken`` lists the rows with errors, so that nobody is taken for gone because of a mistake in a row.

    :raises MalformedInput: ``roster-damaged``
    """
    for name, columns in _TABLES.items():
        definition = sql.SQL(", ").join(sql.SQL(column) for column in columns)
        table = sql.Identifier(name)
        connection.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(table))
        connection.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(table, definition))
    for kind, records in groupby(roster.records(), type):
        _copy(connection, _TABLE_OF[kind], map(_row, records))
    _copy(connection, "incoming_broken", _broken(roster))
    for name in _TABLES:
        connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))


def _copy(connection: Connection[Any], table: LiteralString, rows: Iterable[Sequence[Any]]) -> None:
    command = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)


def _broken(roster: Roster) -> Iterator[tuple[str, str]]:
    return ((table.name, sourced_id) for table in TABLES for sourced_id in roster.broken(table))


def _row(record: Record) -> Sequence[Any]:
    match record:
        case Org(sourced_id, name, kind, _):
            return sourced_id, name, kind
        case Session(sourced_id, title, kind, begins_on, ends_on):
            return sourced_id, title, kind, begins_on, ends_on
        case Course(sourced_id, title, code):
            return sourced_id, title, code
        case Class(sourced_id, title, code, course, school, sessions):
            return sourced_id, title, code, course, school, list(sessions)
        case Enrollment(sourced_id, school_class, user, role, begins_on, ends_on):
            return sourced_id, school_class, user, role.value, begins_on, ends_on
        case User():
            return _person(record)


def _person(user: User) -> Sequence[Any]:
    return (
        user.sourced_id,
        Role.STUDENT in user.roles,
        Role.TEACHER in user.roles,
        list(user.schools),
        user.given_name,
        user.family_name,
        user.middle_name,
        user.preferred_given_name,
        user.preferred_family_name,
        user.grade,
        user.email,
        user.username,
        user.birth_date,
        user.enabled,
    )
