"""From a staged roster to the tables, set by set: what is new is added, what differs is changed, what is gone becomes inactive.

A row that says the same as before is not written, so a nightly import of an unchanged roster writes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, TypeAlias
from uuid import UUID

from psycopg import Connection, sql

from issuer.roster.oneroster.reader import Roster
from issuer.roster.oneroster.tables import CLASSES, COURSES, DEMOGRAPHICS, ENROLLMENTS, ROLES, SESSIONS, USERS, Table

Changes: TypeAlias = dict[str, dict[str, int]]
"""What → ``new``, ``changed``, ``unchanged``, ``deactivated`` → how many."""
MakeSchool: TypeAlias = Callable[[str, str], UUID]
"""Makes a school from its number and name, and returns its id."""


@dataclass(frozen=True)
class Target:
    """A table, and how its rows follow from what is staged. `wanted` selects ``sourced_id`` and then `columns`."""

    name: LiteralString
    title: str
    source: Table
    columns: tuple[LiteralString, ...]
    wanted: LiteralString


_TARGETS = (
    Target(
        "academic_sessions",
        "sessions",
        SESSIONS,
        ("title", "kind", "begins_on", "ends_on"),
        "SELECT sourced_id, title, kind, begins_on, ends_on FROM incoming_sessions",
    ),
    Target("courses", "courses", COURSES, ("title", "code"), "SELECT sourced_id, title, code FROM incoming_courses"),
    Target(
        "school_classes",
        "classes",
        CLASSES,
        ("school_id", "course_id", "title", "code", "terms", "begins_on", "ends_on"),
        """
        SELECT c.sourced_id, s.id, k.id, c.title, c.code, coalesce(t.titles, ''), t.begins_on, t.ends_on
        FROM incoming_classes c
        JOIN incoming_schools s ON s.sourced_id = c.school
        LEFT JOIN courses k ON k.district_id = %(district)s AND k.sourced_id = c.course
        LEFT JOIN LATERAL (
            SELECT string_agg(a.title, ', ' ORDER BY a.begins_on, a.title) AS titles,
                   min(a.begins_on) AS begins_on, max(a.ends_on) AS ends_on
            FROM academic_sessions a WHERE a.district_id = %(district)s AND a.sourced_id = ANY (c.sessions)
        ) t ON true
        """,
    ),
    Target(
        "learners",
        "learners",
        USERS,
        (
            *("school_id", "given_name", "family_name", "middle_name", "preferred_name", "preferred_family_name"),
            *("grade", "email", "username", "birth_date"),
        ),
        """
        SELECT p.sourced_id, s.id, p.given_name, p.family_name, p.middle_name, p.preferred_name, p.preferred_family_name,
               p.grade, p.email, p.username, coalesce(p.birth_date, b.birth_date)
        FROM incoming_people p JOIN incoming_schools s ON s.sourced_id = p.schools[1]
        -- What the roster does not say stays: a learner whose age is unknown gets no claim link.
        LEFT JOIN learners b ON b.district_id = %(district)s AND b.sourced_id = p.sourced_id AND (
            NOT %(births)s
            OR EXISTS (SELECT FROM incoming_broken x WHERE x.file = %(births_file)s AND x.sourced_id = p.sourced_id))
        WHERE p.student
        """,
    ),
    Target(
        "enrollments",
        "enrollments",
        ENROLLMENTS,
        ("class_id", "role", "learner_id", "staff_id", "begins_on", "ends_on"),
        """
        SELECT e.sourced_id, c.id, e.role, l.id, t.staff_id, e.begins_on, e.ends_on
        FROM incoming_enrollments e
        JOIN school_classes c ON c.district_id = %(district)s AND c.sourced_id = e.class
        LEFT JOIN learners l ON e.role = 'student' AND l.district_id = %(district)s AND l.sourced_id = e.person
        LEFT JOIN incoming_staff t ON e.role = 'teacher' AND t.sourced_id = e.person AND t.school_id = c.school_id
        WHERE num_nonnulls(l.id, t.staff_id) = 1
        """,
    ),
)

_STAFF: tuple[LiteralString, ...] = (
    """
    INSERT INTO staff (id, email, name, active, origin_id, created_at)
    SELECT DISTINCT ON (lower(email)) gen_random_uuid(), lower(email),
           concat_ws(' ', coalesce(preferred_name, given_name), coalesce(preferred_family_name, family_name)),
           true, %(district)s, %(now)s
    FROM incoming_people WHERE teacher AND enabled AND email IS NOT NULL
    ORDER BY lower(email), sourced_id
    ON CONFLICT (email) DO NOTHING
    """,
    "DROP TABLE IF EXISTS pg_temp.incoming_staff",
    """
    CREATE TEMPORARY TABLE incoming_staff ON COMMIT DROP AS
    WITH RECURSIVE trusted AS (
        SELECT id, parent_id FROM organizations WHERE id = %(district)s
        UNION SELECT o.id, o.parent_id FROM organizations o JOIN trusted t ON o.id = t.parent_id
    )
    SELECT p.sourced_id, s.id AS staff_id, i.id AS school_id
    FROM incoming_people p JOIN staff s ON s.email = lower(p.email) CROSS JOIN incoming_schools i
    WHERE p.teacher AND p.enabled AND (
        s.origin_id IS NULL OR s.origin_id = i.id OR s.origin_id IN (SELECT id FROM trusted)
        OR EXISTS (SELECT FROM memberships m WHERE m.staff_id = s.id AND m.organization_id = i.id AND m.ended_at IS NULL))
    """,
    "ANALYZE incoming_staff",
)
"""At which schools a teacher's account may be used (`issuer.organizations.staffing.take_in` says why not at all): where it is
trusted, and where somebody who may has given it a role before."""
_ELSEWHERE: LiteralString = """
    SELECT p.sourced_id FROM incoming_people p
    WHERE p.teacher AND p.enabled AND p.email IS NOT NULL AND EXISTS (
        SELECT FROM incoming_schools i WHERE
            (i.sourced_id = ANY (p.schools) OR EXISTS (
                SELECT FROM incoming_enrollments e JOIN incoming_classes c ON c.sourced_id = e.class
                WHERE e.role = 'teacher' AND e.person = p.sourced_id AND c.school = i.sourced_id))
            AND NOT EXISTS (SELECT FROM incoming_staff t WHERE t.sourced_id = p.sourced_id AND t.school_id = i.id))
    ORDER BY p.sourced_id
"""

_WANTED_PLACES: LiteralString = """
    CREATE TEMPORARY TABLE wanted_places ON COMMIT DROP AS
    SELECT t.staff_id, s.id AS school_id
    FROM incoming_staff t
    JOIN incoming_people p ON p.sourced_id = t.sourced_id
    JOIN incoming_schools s ON s.sourced_id = ANY (p.schools) AND s.id = t.school_id
    UNION
    SELECT e.staff_id, c.school_id FROM enrollments e JOIN school_classes c ON c.id = e.class_id
    WHERE e.district_id = %(district)s AND e.active AND e.role = 'teacher'
"""
_GIVE_PLACES: LiteralString = """
    WITH given AS (
        INSERT INTO memberships (id, staff_id, organization_id, role, began_at)
        SELECT gen_random_uuid(), staff_id, school_id, 'teacher', %(now)s FROM wanted_places
        ON CONFLICT (staff_id, organization_id, role) WHERE ended_at IS NULL DO NOTHING
        RETURNING staff_id, organization_id
    )
    INSERT INTO roster_teachers (district_id, staff_id, school_id)
    SELECT %(district)s, staff_id, organization_id FROM given
    ON CONFLICT DO NOTHING
"""
_END_PLACES: LiteralString = """
    WITH gone AS (
        DELETE FROM roster_teachers r WHERE r.district_id = %(district)s AND NOT EXISTS (
            SELECT FROM wanted_places w WHERE w.staff_id = r.staff_id AND w.school_id = r.school_id)
        RETURNING staff_id, school_id
    )
    UPDATE memberships m SET ended_at = %(now)s FROM gone
    WHERE m.staff_id = gone.staff_id AND m.organization_id = gone.school_id AND m.role = 'teacher' AND m.ended_at IS NULL
"""

# A school without a district keeps its own roster: then it is one of its schools itself.
_FIND_SCHOOLS: LiteralString = """
    SELECT i.sourced_id, i.name, coalesce(
        (SELECT o.id FROM organizations o WHERE %(district)s IN (o.parent_id, o.id) AND o.kind = 'school'
            AND o.sourced_id = i.sourced_id ORDER BY o.created_at LIMIT 1),
        (SELECT o.id FROM organizations o WHERE %(district)s IN (o.parent_id, o.id) AND o.kind = 'school'
            AND o.sourced_id IS NULL AND lower(o.name) = lower(i.name) ORDER BY o.created_at LIMIT 1))
    FROM incoming_orgs i WHERE i.kind = 'school' ORDER BY i.sourced_id
"""


def merge(
    connection: Connection[Any], roster: Roster, district_id: UUID, make_school: MakeSchool, *, now: datetime
) -> Changes:
    """Bring a staged roster into the tables of a district, inside the caller's transaction; say what it changed."""
    values: dict[str, Any] = {"district": district_id, "now": now}
    values |= {"births": roster.supplies(DEMOGRAPHICS), "births_file": DEMOGRAPHICS.name}
    changes: Changes = {"schools": _match_schools(connection, district_id, make_school)}
    for statement in _STAFF:
        connection.execute(statement, values)
    for (number,) in connection.execute(_ELSEWHERE).fetchall():
        roster.findings.add("teacher-elsewhere", USERS.name, value=number)
    for target in _TARGETS:
        if roster.supplies(target.source):
            changes[target.title] = _merge_table(connection, roster, target, values)
    changes["teachers"] = _merge_places(connection, roster, values)
    return changes


def _match_schools(connection: Connection[Any], district_id: UUID, make_school: MakeSchool) -> dict[str, int]:
    """Find the schools of the roster among the district's organizations, by number, else by name; make those that are new."""
    found = connection.execute(_FIND_SCHOOLS, {"district": district_id}).fetchall()
    schools = [(number, school or make_school(number, name)) for number, name, school in found]
    connection.execute("DROP TABLE IF EXISTS pg_temp.incoming_schools")
    connection.execute("CREATE TEMPORARY TABLE incoming_schools (sourced_id text, id uuid) ON COMMIT DROP")
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO incoming_schools VALUES (%s, %s)", schools)
    connection.execute(
        "UPDATE organizations o SET sourced_id = i.sourced_id FROM incoming_schools i WHERE o.id = i.id AND o.sourced_id IS NULL"
    )
    new = sum(school is None for _, _, school in found)
    return {"new": new, "changed": 0, "unchanged": len(found) - new, "deactivated": 0}


def _merge_table(
    connection: Connection[Any], roster: Roster, target: Target, values: Mapping[str, Any]
) -> dict[str, int]:
    parts = {
        "table": sql.Identifier(target.name),
        "columns": _listed(target.columns),
        "old": _listed(target.columns, "t"),
        "new": _listed(target.columns, "w"),
        "wanted": sql.SQL(target.wanted),
    }
    values = {**values, "file": target.source.name}
    connection.execute("DROP TABLE IF EXISTS pg_temp.wanted")
    make = "CREATE TEMPORARY TABLE wanted (sourced_id, {columns}) ON COMMIT DROP AS {wanted}"
    connection.execute(sql.SQL(make).format(**parts), values)
    connection.execute("ANALYZE wanted")
    total = connection.execute("SELECT count(*) FROM wanted").fetchall()[0][0]
    changed = _run(connection, _CHANGE, parts, values)
    new = _run(connection, _ADD, parts, values)
    keeps_all = target.source in roster.unattributed or (target.source is USERS and ROLES in roster.unattributed)
    gone = 0 if keeps_all else _run(connection, _DEACTIVATE, parts, values)
    return {"new": new, "changed": changed, "unchanged": total - new - changed, "deactivated": gone}


_CHANGE: LiteralString = """
    UPDATE {table} t SET ({columns}, active) = ROW ({new}, true) FROM wanted w
    WHERE t.district_id = %(district)s AND t.sourced_id = w.sourced_id
      AND ROW ({old}, t.active) IS DISTINCT FROM ROW ({new}, true)
"""
_ADD: LiteralString = """
    INSERT INTO {table} (id, district_id, sourced_id, active, {columns})
    SELECT gen_random_uuid(), %(district)s, w.sourced_id, true, {new} FROM wanted w
    WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.district_id = %(district)s AND t.sourced_id = w.sourced_id)
"""
_DEACTIVATE: LiteralString = """
    UPDATE {table} t SET active = false
    WHERE t.district_id = %(district)s AND t.active
      AND NOT EXISTS (SELECT FROM wanted w WHERE w.sourced_id = t.sourced_id)
      AND NOT EXISTS (SELECT FROM incoming_broken b WHERE b.file = %(file)s AND b.sourced_id = t.sourced_id)
"""


def _merge_places(connection: Connection[Any], roster: Roster, values: Mapping[str, Any]) -> dict[str, int]:
    connection.execute("DROP TABLE IF EXISTS pg_temp.wanted_places")
    connection.execute(_WANTED_PLACES, values)
    total = connection.execute("SELECT count(*) FROM wanted_places").fetchall()[0][0]
    new = connection.execute(_GIVE_PLACES, values).rowcount
    certain = not roster.skipped[USERS.name] and not roster.skipped[ROLES.name]
    gone = connection.execute(_END_PLACES, values).rowcount if certain and roster.supplies(USERS) else 0
    return {"new": new, "changed": 0, "unchanged": total - new, "deactivated": gone}


def _run(
    connection: Connection[Any],
    statement: LiteralString,
    parts: Mapping[str, sql.Composable],
    values: Mapping[str, Any],
) -> int:
    return connection.execute(sql.SQL(statement).format(**parts), values).rowcount


def _listed(columns: tuple[LiteralString, ...], table: LiteralString | None = None) -> sql.Composed:
    names = (sql.Identifier(table, column) if table else sql.Identifier(column) for column in columns)
    return sql.SQL(", ").join(names)
