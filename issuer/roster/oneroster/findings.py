"""What was found in a roster, row by row."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from issuer.roster.oneroster.kinds import KINDS, Severity

Gettext: TypeAlias = Callable[[str], str]
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `line` counts from 1, the line with the column names; `parameters` are those of its `Kind.adds`."""

    kind: str
    file: str
    line: int | None = None
    column: str | None = None
    value: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return KINDS[self.kind].severity

    def sentence(self, gettext: Gettext) -> str:
        """Say what is wrong, in the language of `gettext`."""
        return gettext(KINDS[self.kind].sentence) % self._words()

    def advice(self, gettext: Gettext) -> str:
        """Say what to do about it, in the language of `gettext`."""
        return gettext(KINDS[self.kind].advice) % self._words()

    def _words(self) -> dict[str, str]:
        return {"file": self.file, "column": self.column or "", "value": self.value or "", **self.parameters}


class Findings:
    """Collects findings. The same mistake in every row fills neither memory nor page; it is counted all the same."""

    def __init__(self, *, keep: int = 20_000, keep_alike: int = 1_000) -> None:
        self.kept: list[Finding] = []
        self.counts: Counter[str] = Counter()
        """Kind → how often, kept or not."""
        self._keep = keep
        self._keep_alike = keep_alike
        self._alike: Counter[tuple[str, str]] = Counter()
        self._once: set[tuple[str, str, str | None]] = set()

    def add(
        self,
        kind: str,
        file: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        **parameters: str,
    ) -> None:
        """Note a finding. Its value is cut to what a page can show."""
        self.counts[kind] += 1
        self._alike[kind, file] += 1
        if len(self.kept) < self._keep and self._alike[kind, file] <= self._keep_alike:
            self.kept.append(Finding(kind, file, line, column, None if value is None else value[:_SHOWN], parameters))

    def add_once(self, kind: str, file: str, *, line: int, column: str | None, value: str) -> None:
        """Note a harmless finding at its first occurrence in a column of a file; further ones tell nothing new."""
        key = (kind, file, column)
        if key not in self._once:
            self._once.add(key)
            self.add(kind, file, line=line, column=column, value=value)

    @property
    def errors(self) -> int:
        """How many errors there are, kept or not."""
        return self._count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """How many warnings there are, kept or not."""
        return self._count(Severity.WARNING)

    @property
    def left_out(self) -> int:
        """How many were counted and not kept."""
        return self.counts.total() - len(self.kept)

    @property
    def blocked(self) -> bool:
        """Whether something is wrong with a whole file, so that leaving out rows does not help."""
        return any(KINDS[kind].blocks for kind in self.counts)

    def _count(self, severity: Severity) -> int:
        return sum(count for kind, count in self.counts.items() if KINDS[kind].severity is severity)
