"""Which files belong to the roster, and of which version it is (CSV binding 1.2, section 4.1, "manifest.csv")."""

import re
from dataclasses import dataclass

from issuer.roster.oneroster.findings import Findings
from issuer.roster.oneroster.package import Bounds, Package
from issuer.roster.oneroster.sheet import Sheet
from issuer.roster.oneroster.tables import MANIFEST, TABLES, UNREAD

_VERSION = re.compile(r"v?(1\.[12])(\.\d+)?\Z")
_MODES = ("bulk", "delta", "absent")
_FILES = {table.part: table.name for table in TABLES}
_KNOWN = frozenset(_FILES.values())


@dataclass(frozen=True)
class Manifest:
    """What is there to read. `version` is None where nothing says it; `supplied` are names as the standard writes them."""

    version: str | None
    supplied: frozenset[str]


def read_manifest(package: Package, findings: Findings, bounds: Bounds) -> Manifest:
    """Read the manifest and compare it with the files that are there; where they disagree, the files count, as the standard says.

    :raises MalformedInput: ``roster-damaged``
    """
    _note_unknown(package, findings)
    present = frozenset(table.name for table in TABLES if table.key in package.names)
    if MANIFEST.key not in package.names:
        findings.add("manifest-missing", MANIFEST.name)
        return Manifest(None, present)
    reading = _Reading(findings)
    reading.read(Sheet(package, MANIFEST, findings, bounds))
    for name, line in reading.listed.items():
        if name not in present:
            findings.add("file-missing", MANIFEST.name, line=line, about=name)
    for name in sorted(present - reading.listed.keys()):
        findings.add("file-unlisted", name)
    return Manifest(reading.version, present)


class _Reading:
    def __init__(self, findings: Findings) -> None:
        self.version: str | None = None
        self.listed: dict[str, int] = {}
        """File name → line, for the complete files that we read."""
        self._findings = findings

    def read(self, sheet: Sheet) -> None:
        for row in sheet.rows():
            name, value = row.optional("propertyName") or "", row.optional("value") or ""
            if name == "oneroster.version":
                self._take_version(value, row.line)
            elif name.lower().startswith("file."):
                self._take_file(name.lower().removeprefix("file."), value.lower(), row.line)
            elif not name.startswith(("manifest.", "source.")):
                self._findings.add("manifest-property", MANIFEST.name, line=row.line, column="propertyName", value=name)

    def _take_version(self, value: str, line: int) -> None:
        match = _VERSION.match(value)
        if match is None:
            self._findings.add("manifest-version", MANIFEST.name, line=line, column="value", value=value)
        else:
            self.version = match[1]

    def _take_file(self, part: str, mode: str, line: int) -> None:
        name = _FILES.get(part)
        if name is None:
            return  # of results, resources and the like, which are not read; or of a later version
        if mode not in _MODES:
            self._findings.add("manifest-mode", MANIFEST.name, line=line, column="value", value=mode, about=name)
        elif mode == "delta":
            self._findings.add("delta", MANIFEST.name, line=line, column="value", value=mode, about=name)
        if mode in ("bulk", "delta"):
            self.listed[name] = line


def _note_unknown(package: Package, findings: Findings) -> None:
    known = {name.lower() for name in _KNOWN} | {MANIFEST.key} | UNREAD
    for name in sorted({*(package.names - known), *package.others}):
        findings.add("file-unknown", name[:80])
