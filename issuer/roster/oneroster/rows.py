"""Rows of one file, whose cells are read by what they should hold. Everything wrong with a row is noted before it is left."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from issuer.roster.oneroster.findings import Findings
from issuer.roster.oneroster.kinds import KINDS, Severity
from issuer.roster.oneroster.references import Index, State

Columns: TypeAlias = Mapping[str, int]
"""Column name → position."""

_LONGEST_TEXT = 255  # CSV binding 1.2, section 3: at least that much is supported
# Also what turns the direction of writing round, by which one name can be made to look like another (Unicode TR 36, 2.4).
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_GARBLED = re.compile("[ÂÃ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+\Z", re.IGNORECASE)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\Z", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\]+@[^\s@<>\"(),:;\\.]+(\.[^\s@<>\"(),:;\\.]+)+\Z")
_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no"})
_EARLIEST = date(1900, 1, 1)


@dataclass
class Row:
    """One row. `line` is where it begins, counted from 1. `state` becomes worse as errors are found."""

    file: str
    line: int
    cells: list[str]
    columns: Columns
    findings: Findings
    state: State = State.GOOD
    sourced_id: str = ""
    """Set by the reader, before the other cells are read."""

    def find(self, kind: str, column: str | None, value: str | None = None, **parameters: str) -> None:
        """Note a finding about this row; an error spoils the row."""
        self.findings.add(kind, self.file, line=self.line, column=column, value=value, **parameters)
        if KINDS[kind].severity is Severity.ERROR:
            self.state = State.BROKEN

    def has(self, column: str) -> bool:
        """Tell whether the file has a column."""
        return column in self.columns

    def optional(self, column: str) -> str | None:
        """Return a text without blanks around it, in Unicode's composed form, or None where there is none."""
        position = self.columns.get(column)
        text = self.cells[position].strip() if position is not None else ""
        if not text:
            return None
        if text.isascii() and text.isprintable() and len(text) <= _LONGEST_TEXT:
            return text
        return self._checked(column, unicodedata.normalize("NFC", text))

    def text(self, column: str) -> str:
        """Return a text that must be there."""
        text = self.optional(column)
        if text is None:
            self.find("blank", column)
            return ""
        return text

    def identifier(self, column: str = "sourcedId") -> str:
        """Return an identifier that must be there."""
        identifier = self.text(column)
        if _ROUNDED.search(identifier):
            self.find("rounded-number", column, identifier)
        return identifier

    def reference(self, column: str, index: Index) -> str:
        """Return the identifier of a record in another file; the row shares the fate of what it refers to."""
        identifier = self.identifier(column)
        if identifier:
            self.follow(column, identifier, index)
        return identifier

    def optional_reference(self, column: str, index: Index) -> str | None:
        """Return the identifier of a record in another file, or None where there is none."""
        return self.reference(column, index) if self.optional(column) else None

    def references(self, column: str, index: Index) -> tuple[str, ...]:
        """Return the identifiers in a list that is separated by commas, each once."""
        found = tuple(dict.fromkeys(part for one in (self.optional(column) or "").split(",") if (part := one.strip())))
        for identifier in found:
            self.follow(column, identifier, index)
        return found

    def day(self, column: str) -> date | None:
        """Return a date, or None where there is none."""
        return self._day(column, "bad-date")

    def birth_date(self, column: str) -> date | None:
        """Return a date of birth; one that cannot be read counts as unknown."""
        return self._day(column, "bad-birth-date")

    def needed_day(self, column: str) -> date:
        """Return a date that must be there."""
        if self.optional(column) is None:
            self.find("blank", column)
        return self._day(column, "bad-date") or date.min

    def choice(self, column: str, choices: tuple[str, ...]) -> str:
        """Return one of some words, as the standard writes it. Words that begin with ``ext:`` are a school's own."""
        text = self.text(column)
        if text in choices or text.startswith("ext:") or not text:
            return text
        for choice in choices:
            if choice.lower() == text.lower():
                self.findings.add_once("choice-case", self.file, line=self.line, column=column, value=text)
                return choice
        self.find("bad-choice", column, text, choices=", ".join(choices))
        return ""

    def flag(self, column: str, *, default: bool) -> bool:
        """Return a truth value, with the default where there is none."""
        text = (self.optional(column) or "").lower()
        if text and text not in _TRUE | _FALSE:
            self.find("bad-choice", column, text, choices="true, false")
        return text in _TRUE if text else default

    def email(self, column: str) -> str | None:
        """Return an e-mail address; what is none is left out."""
        text = self.optional(column)
        if text is not None and not _EMAIL.match(text):
            self.find("bad-email", column, text)
            return None
        return text

    def is_deleted(self) -> bool:
        """Tell whether the row only says that there is no such record any more.

        In a complete roster ``status`` should be empty, but systems write ``active``, and some of 1.0's time ``inactive``.
        """
        if self.optional("status") is None:
            return False
        return self.choice("status", ("active", "tobedeleted", "inactive")) in ("tobedeleted", "inactive")

    def in_order(self, begin: date | None, end: date | None, column: str) -> None:
        """Note an end before its beginning."""
        if begin and end and end < begin:
            self.find("dates-backwards", column, end.isoformat(), begin=begin.isoformat())

    def follow(self, column: str, identifier: str, index: Index) -> None:
        """Note a reference that leads nowhere; where it leads to a row that is not imported, this one is not either."""
        found = index.find(identifier)
        if found is None:
            if index.complete:
                self.find("dangling", column, identifier, about=index.file)
            return
        line, state = found
        if state is State.BROKEN:
            self.find("left-out", column, identifier, first=str(line), about=index.file)
        elif state is State.DELETED:
            self.find("refers-to-deleted", column, identifier, about=index.file)
        if self.state is State.GOOD:
            self.state = state

    def _day(self, column: str, kind: str) -> date | None:
        text = self.optional(column)
        if text is None:
            return None
        match = _DATE.match(text)
        try:
            day = date.fromisoformat(match[1]) if match else None
        except ValueError:
            day = None
        if day is None or day < _EARLIEST:
            self.find(kind, column, text)
            return None
        return day

    def _checked(self, column: str, text: str) -> str:
        if "\n" in text or "\r" in text:
            self.find("line-break", column, text)
        elif _UNPRINTABLE.search(text):
            self.find("control-character", column)
        elif "\ufffd" in text:
            self.find("lost-letter", column, text)
        elif _GARBLED.search(text):
            self.find("garbled", column, text)
        if len(text) > _LONGEST_TEXT:
            self.find("too-long", column, text, limit=str(_LONGEST_TEXT))
        return text
