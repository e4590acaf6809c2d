"""One CSV file (RFC 4180) as rows: its encoding, its separator, its column names, and the number of cells in each row."""

import csv
import difflib
from collections.abc import Iterable, Iterator

from issuer.roster.oneroster.findings import Findings
from issuer.roster.oneroster.package import Bounds, Package
from issuer.roster.oneroster.rows import Columns, Row
from issuer.roster.oneroster.tables import Table
from issuer.roster.oneroster.text import EndlessLine, encoding_of, lines_of

_SEPARATORS = {",": ",", ";": ";", "\t": "Tab", "|": "|"}
_ALIKE = 0.8
_WIDEST = 200
"""Cells in a row. No roster has more, and a file of separators alone would take minutes."""
_OWN_COLUMNS = "metadata"  # CSV binding 1.2, section 4: extensions are columns called metadata.…


class Sheet:
    """A file of a package. `complete` tells, after `rows` came to its end, whether all of it could be read."""

    def __init__(self, package: Package, table: Table, findings: Findings, bounds: Bounds) -> None:
        self.complete = False
        self.count = 0
        """Data rows read, whatever is in them."""
        self._package = package
        self._table = table
        self._findings = findings
        self._bounds = bounds

    def rows(self) -> Iterator[Row]:
        """Yield the rows that have a cell for each column; the others are noted.

        :raises MalformedInput: ``roster-damaged`` where the archive cannot be unpacked
        """
        with self._package.open(self._table.key) as stream:
            encoding = encoding_of(stream)
        if encoding.doubt:
            line, cell = encoding.doubt
            self._find("not-utf8", line, value=cell, encoding=encoding.label, at=str(line))
        with self._package.open(self._table.key) as stream:
            lines = lines_of(stream, encoding)
            try:
                yield from self._read(lines)
            except (csv.Error, EndlessLine):
                self.complete = False
                self._find("broken-csv", self._line)

    def _read(self, lines: Iterator[str]) -> Iterator[Row]:
        self._line = 1
        first = next(lines, "")
        separator = self._separator(first)
        names = next(csv.reader([first], delimiter=separator), [])
        columns = self._columns([name.strip() for name in names])
        if columns is None:
            return
        reader = csv.reader(lines, delimiter=separator)
        for cells in reader:
            self._line, line = reader.line_num + 1, self._line + 1
            if line > self._bounds.rows + 1:  # empty rows count too: a gigabyte of line ends is packed into a megabyte
                self._find("too-many-rows", line, limit=f"{self._bounds.rows:,}")
                return
            if len(cells) > _WIDEST:
                self._find("broken-csv", line)
                return
            if not any(cell.strip() for cell in cells):
                continue
            self.count += 1
            row = Row(self._table.name, line, cells, columns, self._findings)
            self._check_shape(row, names, several_lines=self._line > line)
            yield row
        self.complete = True
        if not self.count:
            self._find("no-rows", 1)

    def _separator(self, first: str) -> str:
        best = max(_SEPARATORS, key=first.count)
        if best == "," or not first.count(best):
            return ","
        self._find("delimiter", 1, delimiter=_SEPARATORS[best])
        return best

    def _columns(self, names: list[str]) -> Columns | None:
        """Find the columns, whatever their order and capitals; None where a needed one is missing."""
        if not any(names):
            self._find("no-header", 1)
            return None
        spelled = {known.lower(): known for known in self._table.known}
        columns: dict[str, int] = {}
        unknown = []
        for position, name in enumerate(names):
            column = spelled.get(name.lower())
            if column is None:
                unknown.append(name)
            elif column in columns:
                self._find("column-twice", 1, column=column)
                return None
            else:
                columns[column] = position
        missing = [column for column in self._table.needed if column not in columns]
        for column in missing:
            self._miss(column, unknown)
        for name in unknown if not missing else ():
            if name and not name.lower().startswith(_OWN_COLUMNS):
                self._note_unknown(name, self._table.known - columns.keys())
        return None if missing else columns

    def _miss(self, column: str, others: list[str]) -> None:
        alike = _most_alike(column, others)
        if alike:
            self._find("column-misspelled", 1, column=column, value=alike)
        else:
            self._find("column-missing", 1, column=column)

    def _note_unknown(self, name: str, absent: Iterable[str]) -> None:
        alike = _most_alike(name, absent)
        if alike:
            self._find("column-alike", 1, column=name[:80], meant=alike)
        else:
            self._find("column-unknown", 1, column=name[:80])

    def _check_shape(self, row: Row, names: list[str], *, several_lines: bool) -> None:
        expected = len(names)
        while len(row.cells) > expected and not row.cells[-1].strip():
            row.cells.pop()  # spreadsheet programs add separators at the end
        if len(row.cells) != expected:
            row.find("cell-count", None, count=str(len(row.cells)), expected=str(expected))
            row.cells = [*row.cells, *[""] * expected][:expected]
        elif several_lines:
            at = next(index for index, cell in enumerate(row.cells) if "\n" in cell or "\r" in cell)
            row.find("line-break", names[at], row.cells[at])

    def _find(
        self, kind: str, line: int, *, column: str | None = None, value: str | None = None, **parameters: str
    ) -> None:
        self._findings.add(kind, self._table.name, line=line, column=column, value=value, **parameters)


def _most_alike(name: str, others: Iterable[str]) -> str | None:
    """Return the name that somebody may have meant, whatever its capitals."""
    spelled = {other.lower(): other for other in sorted(others)}
    found = difflib.get_close_matches(name.lower()[:80], spelled, n=1, cutoff=_ALIKE)
    return spelled[found[0]] if found else None
