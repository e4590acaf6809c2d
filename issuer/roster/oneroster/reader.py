"""A whole roster: its files in the order in which they refer to each other, as typed records.

Nothing of a row is kept but its number, its line and what became of it, so memory grows by some tens of bytes a row and time by
some microseconds.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar

from issuer.roster.oneroster.building import Builder
from issuer.roster.oneroster.findings import Findings
from issuer.roster.oneroster.manifest import Manifest, read_manifest
from issuer.roster.oneroster.package import Bounds, Package
from issuer.roster.oneroster.records import Record
from issuer.roster.oneroster.references import Index, State
from issuer.roster.oneroster.rows import Row
from issuer.roster.oneroster.sheet import Sheet
from issuer.roster.oneroster.tables import (
    CLASSES,
    COURSES,
    DEMOGRAPHICS,
    ENROLLMENTS,
    MANIFEST,
    ORGS,
    ROLES,
    SESSIONS,
    TABLES,
    USERS,
    Table,
)

_R = TypeVar("_R")
_NEEDS = {
    CLASSES: (SESSIONS,),
    ROLES: (USERS,),
    DEMOGRAPHICS: (USERS,),
    ENROLLMENTS: (CLASSES,),
}
"""What a file cannot be read without (CSV binding 1.2, table A1); orgs.csv and users.csv are needed in any case.

The table asks for courses.csv too, but systems leave it out, and a class is a class without.
"""


class Roster:
    """One uploaded roster. `records` is read once; the rest is true when it has come to its end."""

    def __init__(self, package: Package, findings: Findings, bounds: Bounds | None = None) -> None:
        self.findings = findings
        self.rows: Counter[str] = Counter()
        """File name → data rows."""
        self.skipped: Counter[str] = Counter()
        """File name → rows with an error, or that refer to one."""
        self.unattributed: set[Table] = set()
        """Files with a bad row of which we cannot say whom it is about: of nobody it can be said that the file lacks them."""
        self._package = package
        self._bounds = bounds or Bounds()
        self._manifest = Manifest(None, frozenset())
        self._indexes = {table: Index(table.name) for table in TABLES}
        self._builder = Builder(self._indexes, findings, self.unattributed)

    @property
    def version(self) -> str | None:
        """Return ``1.1`` or ``1.2``, or None where the manifest does not say."""
        return self._manifest.version

    def supplies(self, table: Table) -> bool:
        """Tell whether a file is there: what it does not list is then no longer on the roster."""
        return table.name in self._manifest.supplied

    def broken(self, table: Table) -> Iterator[str]:
        """Yield the numbers of a file's rows with errors: they are on the roster, whatever is wrong with them."""
        return self._indexes[table].broken()

    def records(self) -> Iterator[Record]:
        """Yield the records of all rows without errors, each after those it refers to.

        :raises MalformedInput: ``roster-damaged``
        """
        self._manifest = read_manifest(self._package, self.findings, self._bounds)
        self._check_files()
        make = self._builder
        make.has_roles_file = self.supplies(ROLES)
        yield from self._table(ORGS, make.org)
        yield from self._table(SESSIONS, make.session)
        yield from self._table(COURSES, make.course)
        yield from self._table(CLASSES, make.school_class)
        self._read_all(self._table(ROLES, make.role))
        self._read_all(self._table(DEMOGRAPHICS, make.birth))
        yield from self._table(USERS, make.user)
        self.skipped[ROLES.name] += make.note_unknown_users()
        yield from self._table(ENROLLMENTS, make.enrollment)

    def _check_files(self) -> None:
        for table in (ORGS, USERS):
            if not self.supplies(table):
                self.findings.add("file-required", MANIFEST.name, about=table.name)
        if self.supplies(CLASSES) and not self.supplies(COURSES):
            self.findings.add("no-courses", CLASSES.name)
        if self.supplies(USERS) and not self.supplies(DEMOGRAPHICS):
            self.findings.add("no-births", USERS.name)
        for table, needed in _NEEDS.items():
            for other in needed:
                if self.supplies(table) and not self.supplies(other):
                    self.findings.add("file-needed", table.name, about=other.name)

    def _table(self, table: Table, build: Callable[[Row], _R | None]) -> Iterator[_R]:
        """Yield what `build` makes of the good rows; None is a row that says nothing we keep."""
        if not self.supplies(table):
            return
        index = self._indexes[table]
        sheet = Sheet(self._package, table, self.findings, self._bounds)
        for row in sheet.rows():
            built = self._build(row, index, build)
            if row.state is State.BROKEN:
                self.skipped[table.name] += 1
                if not row.sourced_id or (table is ROLES and built is None):
                    self.unattributed.add(table)
            elif row.state is State.GOOD and built is not None:
                yield built
        self.rows[table.name] = sheet.count
        index.complete = sheet.complete

    def _build(self, row: Row, index: Index, build: Callable[[Row], _R | None]) -> _R | None:
        if row.state is State.BROKEN:  # its cells are not where they should be, except perhaps the first
            index.add(row.cells[0].strip(), row.line, State.BROKEN)
            return None
        sourced_id = row.identifier()
        row.sourced_id = sourced_id if row.state is State.GOOD else ""  # a blank or shortened number is nobody's
        earlier = index.find(sourced_id)
        if earlier is not None and sourced_id:
            row.find("duplicate", "sourcedId", sourced_id, first=str(earlier[0]))
            return None
        built = None
        if row.is_deleted():
            row.state = State.DELETED
        else:
            built = build(row)
        index.add(sourced_id, row.line, row.state)
        return built

    @staticmethod
    def _read_all(rows: Iterator[object]) -> None:
        for _ in rows:
            pass
