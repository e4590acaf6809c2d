"""From rows to records, file by file: what each column means, and what rows say about one another."""

from datetime import date

from issuer.roster.oneroster.findings import Findings
from issuer.roster.oneroster.people import Place, Places, follow_places, place_in_roles, places_in_users, schools_of
from issuer.roster.oneroster.records import Class, Course, Enrollment, Org, Role, Session, User
from issuer.roster.oneroster.references import Index, State
from issuer.roster.oneroster.rows import Row
from issuer.roster.oneroster.tables import CLASSES, COURSES, ORGS, ROLES, SESSIONS, USERS, Table

_ORG_KINDS = ("department", "school", "district", "local", "state", "national")
_SESSION_KINDS = ("gradingPeriod", "semester", "schoolYear", "term")
_ENROLLED_AS = ("administrator", "proctor", "student", "teacher", "aide", "guardian", "parent", "relative")


class Builder:
    """Makes records of the rows of one roster. Each method takes a row of one file; the files come in the order of `TABLES`.

    `has_roles_file` says where roles are to be found: in roles.csv (1.2), or in users.csv (1.1). `unattributed` are the files
    with a bad row of which nobody can say whom it is about.
    """

    def __init__(self, indexes: dict[Table, Index], findings: Findings, unattributed: set[Table]) -> None:
        self.has_roles_file = False
        self._indexes = indexes
        self._findings = findings
        self._unattributed = unattributed
        self._schools: set[str] = set()
        self._places = Places()
        self._births: dict[str, date] = {}
        self._roles: dict[str, frozenset[Role]] = {}

    def org(self, row: Row) -> Org:
        """Read an organization."""
        org = Org(
            sourced_id=row.sourced_id,
            name=row.text("name"),
            kind=row.choice("type", _ORG_KINDS),
            identifier=row.optional("identifier"),
        )
        if org.kind == "school":
            self._schools.add(org.sourced_id)
        return org

    def session(self, row: Row) -> Session:
        """Read a term."""
        session = Session(
            sourced_id=row.sourced_id,
            title=row.text("title"),
            kind=row.choice("type", _SESSION_KINDS),
            begins_on=row.needed_day("startDate"),
            ends_on=row.needed_day("endDate"),
        )
        row.in_order(session.begins_on, session.ends_on, "endDate")
        return session

    def course(self, row: Row) -> Course:
        """Read a course."""
        return Course(sourced_id=row.sourced_id, title=row.text("title"), code=row.optional("courseCode"))

    def school_class(self, row: Row) -> Class:
        """Read a class."""
        school = row.reference("schoolSourcedId", self._indexes[ORGS])
        if row.state is State.GOOD and school not in self._schools and self._indexes[ORGS].complete:
            row.find("not-a-school", "schoolSourcedId", school)
        course = row.optional_reference("courseSourcedId", self._indexes[COURSES])
        if course is None:
            row.find("no-course", "courseSourcedId")
        sessions = row.references("termSourcedIds", self._indexes[SESSIONS])
        if not sessions:
            row.find("no-term", "termSourcedIds")
        return Class(
            sourced_id=row.sourced_id,
            title=row.text("title"),
            code=row.optional("classCode"),
            course=course,
            school=school,
            sessions=sessions,
        )

    def role(self, row: Row) -> str | None:
        """Read a role, and return its user, or None where the row does not say."""
        user = row.identifier("userSourcedId")
        place = place_in_roles(row, self._indexes[ORGS])
        if not user:
            return None
        if row.state is State.BROKEN:
            self._places.spoil(user, row.line)
        elif row.state is State.GOOD:
            self._places.add(user, row.line, place)
        return user

    def birth(self, row: Row) -> date | None:
        """Read a date of birth."""
        day = row.birth_date("birthDate")
        if day is not None:
            self._births[row.sourced_id] = day
        return day

    def user(self, row: Row) -> User | None:
        """Read somebody; None for those who are neither student nor teacher."""
        sourced_id = row.sourced_id
        places = self._places_of(row, sourced_id)
        birth_date = self._births.pop(sourced_id, None)
        roles = frozenset(place.role for place in places)
        if not roles:
            return None
        orgs = self._indexes[ORGS]
        user = User(
            sourced_id=sourced_id,
            roles=roles,
            schools=schools_of(row, places, orgs, self._schools),
            given_name=row.text("givenName"),
            family_name=row.text("familyName"),
            middle_name=row.optional("middleName"),
            preferred_given_name=row.optional("preferredGivenName"),
            preferred_family_name=row.optional("preferredFamilyName"),
            grade=row.optional("grades"),
            email=row.email("email"),
            username=row.optional("username"),
            birth_date=birth_date,
            enabled=row.flag("enabledUser", default=True),
        )
        if Role.STUDENT in roles and not user.schools and orgs.complete and row.state is State.GOOD:
            row.find("no-school", None, sourced_id)
        if Role.TEACHER in roles and user.email is None:
            row.find("teacher-without-email", "email", sourced_id)
        if row.state is State.GOOD:
            self._roles[sourced_id] = roles
        return user

    def _places_of(self, row: Row, sourced_id: str) -> tuple[Place, ...]:
        if self.has_roles_file:
            return self._places_in_roles(row, sourced_id)
        if not row.has("role"):
            self._findings.add_once("no-roles", USERS.name, line=1, column="role", value="")
            return ()
        places = places_in_users(row)
        follow_places(row, places, self._indexes[ORGS])
        return places

    def _places_in_roles(self, row: Row, sourced_id: str) -> tuple[Place, ...]:
        places = self._places.take(sourced_id)
        spoiled = self._places.spoiled(sourced_id)
        if spoiled is not None:
            row.find("left-out", None, sourced_id, first=str(spoiled), about=ROLES.name)
            row.state = State.BROKEN
        elif places is None and self._indexes[ROLES].complete:
            row.find("no-role", None, sourced_id)
            row.state = State.BROKEN if ROLES in self._unattributed else row.state
        return places or ()

    def note_unknown_users(self) -> int:
        """Note the rows of roles.csv about nobody in users.csv, and return how many there are."""
        users, unknown = self._indexes[USERS], 0
        for user, line in self._places.untaken().items() if users.complete else ():
            if users.find(user) is None:  # rows that are broken or marked as deleted were not asked for their places
                self._findings.add(
                    "dangling", ROLES.name, line=line, column="userSourcedId", value=user, about=USERS.name
                )
                unknown += 1
        return unknown

    def enrollment(self, row: Row) -> Enrollment | None:
        """Read an enrollment; None for roles that give no place in a class."""
        role = row.choice("role", _ENROLLED_AS)
        user = row.reference("userSourcedId", self._indexes[USERS])
        school_class = row.reference("classSourcedId", self._indexes[CLASSES])
        begins_on, ends_on = row.day("beginDate"), row.day("endDate")
        row.in_order(begins_on, ends_on, "endDate")
        if role not in (Role.STUDENT, Role.TEACHER):
            return None
        if row.state is State.GOOD and Role(role) not in self._roles.get(user, frozenset()):
            self._misfit(row, Role(role), user)
        return Enrollment(
            sourced_id=row.sourced_id,
            school_class=school_class,
            user=user,
            role=Role(role),
            begins_on=begins_on,
            ends_on=ends_on,
        )

    def _misfit(self, row: Row, role: Role, user: str) -> None:
        if not self._indexes[USERS].complete:
            return
        if role is Role.STUDENT:
            row.find("not-a-student", "role", user)
        else:  # an administrator who teaches, an aide; whoever is no teacher anywhere gets no access by it
            row.find("not-a-teacher", "role", user)
            row.state = State.DELETED
