"""Who is what, where: from ``roles.csv`` (1.2), or from two columns of ``users.csv`` (1.1)."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from issuer.roster.oneroster.records import Role
from issuer.roster.oneroster.references import Index
from issuer.roster.oneroster.rows import Row

ROLES_1_1 = ("administrator", "aide", "guardian", "parent", "proctor", "relative", "student", "teacher")
ROLES_1_2 = (
    *ROLES_1_1,
    "counselor",
    "districtAdministrator",
    "principal",
    "siteAdministrator",
    "systemAdministrator",
)
_KEPT = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True)
class Place:
    """One role in one organization. `primary` as ``roleType`` says it."""

    role: Role
    org: str
    primary: bool


class Places:
    """The places of everybody in ``roles.csv``, taken out one by one as ``users.csv`` is read.

    A state has a million of them, and few that differ: equal ones share one object.
    """

    def __init__(self) -> None:
        self._of: dict[str, tuple[Place, ...]] = {}
        self._lines: dict[str, int] = {}
        self._spoiled: dict[str, int] = {}
        self._shared: dict[tuple[Place, ...], tuple[Place, ...]] = {}

    def add(self, user: str, line: int, place: Place | None) -> None:
        """Enter a row; None is a role that does not matter here."""
        self._lines.setdefault(user, line)
        places = self._of.get(user, ())
        if place is not None:
            places = (*places, place)
        self._of[user] = self._shared.setdefault(places, places)

    def spoil(self, user: str, line: int) -> None:
        """Enter a row with an error: nothing is known of that user."""
        self._spoiled[user] = line

    def spoiled(self, user: str) -> int | None:
        """Return the line of a row with an error about a user."""
        return self._spoiled.get(user)

    def take(self, user: str) -> tuple[Place, ...] | None:
        """Return a user's places, once; None where roles.csv says nothing about the user."""
        self._lines.pop(user, None)
        return self._of.pop(user, None)

    def untaken(self) -> dict[str, int]:
        """Return the users that roles.csv names and users.csv does not, with a line of each."""
        return self._lines


def place_in_roles(row: Row, orgs: Index) -> Place | None:
    """Read a row of roles.csv; None for a role that does not matter here."""
    role = _KEPT.get(row.choice("role", ROLES_1_2))
    primary = (row.optional("roleType") or "").lower() == "primary"
    org = row.reference("orgSourcedId", orgs)
    return Place(role, org, primary) if role else None


def places_in_users(row: Row) -> tuple[Place, ...]:
    """Read the columns ``role`` and ``orgSourcedIds`` of a row of users.csv of version 1.1."""
    role = _KEPT.get(row.choice("role", ROLES_1_1))
    orgs = (part.strip() for part in (row.optional("orgSourcedIds") or "").split(","))
    return tuple(Place(role, org, primary=False) for org in orgs if org) if role else ()


def schools_of(row: Row, places: tuple[Place, ...], orgs: Index, schools: AbstractSet[str]) -> tuple[str, ...]:
    """Return the schools among the places, the main one first: what the user's row says, then a primary role, then the order."""
    main = row.optional_reference("primaryOrgSourcedId", orgs)
    ordered = sorted(places, key=lambda place: (place.org != main, not place.primary))
    return tuple(dict.fromkeys(place.org for place in ordered if place.org in schools))


def follow_places(row: Row, places: tuple[Place, ...], orgs: Index) -> None:
    """Note organizations that users.csv of version 1.1 names and orgs.csv does not have."""
    for org in dict.fromkeys(place.org for place in places):
        row.follow("orgSourcedIds", org, orgs)
