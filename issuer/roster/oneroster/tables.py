"""The files and columns of OneRoster (CSV binding 1.1, section 3; 1.2, section 3).

`Table.needed` are the columns that we cannot do without; `Table.known` are all that either version defines, so that a column
which neither does can be reported. Only what this product needs is read: no phone number, no password.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """One file of a roster. `name` is as the standard writes it; `part` is what the manifest calls it."""

    name: str
    needed: tuple[str, ...]
    known: frozenset[str]

    @property
    def key(self) -> str:
        """The name under which a `Package` has it."""
        return self.name.lower()

    @property
    def part(self) -> str:
        """Its name in the manifest's ``file.…`` properties, in small letters."""
        return self.key.removesuffix(".csv")


def _table(name: str, needed: str, others: str = "", *, common: str = "sourcedId status dateLastModified") -> Table:
    return Table(name, tuple(needed.split()), frozenset(f"{common} {needed} {others}".split()))


MANIFEST = _table("manifest.csv", "propertyName value", common="")
ORGS = _table("orgs.csv", "sourcedId name type", "identifier parentSourcedId")
SESSIONS = _table("academicSessions.csv", "sourcedId title type startDate endDate", "parentSourcedId schoolYear")
COURSES = _table(
    "courses.csv",
    "sourcedId title",
    "schoolYearSourcedId courseCode grades orgSourcedId subjects subjectCodes",
)
CLASSES = _table(
    "classes.csv",
    "sourcedId title courseSourcedId schoolSourcedId termSourcedIds",
    "grades classCode classType location subjects subjectCodes periods",
)
ROLES = _table(
    "roles.csv", "sourcedId userSourcedId role orgSourcedId", "roleType beginDate endDate userProfileSourcedId"
)
DEMOGRAPHICS = _table(
    "demographics.csv",
    "sourcedId birthDate",
    "sex americanIndianOrAlaskaNative asian blackOrAfricanAmerican nativeHawaiianOrOtherPacificIslander white "
    "demographicRaceTwoOrMoreRaces hispanicOrLatinoEthnicity countryOfBirthCode stateOfBirthAbbreviation cityOfBirth "
    "publicSchoolResidenceStatus",
)
USERS = _table(
    "users.csv",
    "sourcedId givenName familyName",
    "enabledUser orgSourcedIds role username userIds middleName identifier email sms phone agentSourcedIds grades password "
    "userMasterIdentifier resourceSourcedIds preferredGivenName preferredMiddleName preferredFamilyName primaryOrgSourcedId "
    "pronouns",
)
ENROLLMENTS = _table(
    "enrollments.csv",
    "sourcedId classSourcedId userSourcedId role",
    "schoolSourcedId primary beginDate endDate",
)

TABLES = (ORGS, SESSIONS, COURSES, CLASSES, ROLES, DEMOGRAPHICS, USERS, ENROLLMENTS)
"""In the order of reading: what is referred to comes first."""

_UNREAD_PARTS = """
    categories classresources courseresources lineitemlearningobjectiveids lineitems lineitemscorescales resources
    resultlearningobjectiveids results resultscorescales scorescales userprofiles userresources
"""
UNREAD = frozenset(f"{part}.csv" for part in _UNREAD_PARTS.split())
"""Files of the standard that say nothing we need; their presence is no finding."""
