"""What is needed of a verifier's report to write it out: `intaglio.verification.report.Report` has this shape.

Messages stand below the verification that they tell about, so they cannot import it; it is handed in.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from intaglio.documents import JsonObject
from intaglio.errors import Problem


class Word(Protocol):
    """A member of an enumeration."""

    @property
    def value(self) -> str:
        """How it is written."""
        ...


class CheckShape(Protocol):
    """One check of a report: ``passed``, ``failed`` or ``unknown``."""

    @property
    def name(self) -> str:
        """What was checked."""
        ...

    @property
    def outcome(self) -> Word:
        """What became of it."""
        ...

    @property
    def problem(self) -> Problem | None:
        """What is wrong."""
        ...

    @property
    def further(self) -> Sequence[Problem]:
        """What else is wrong."""
        ...

    def to_json(self) -> dict[str, Any]:
        """Return all of it."""
        ...


class ReportShape(Protocol):
    """A report: ``verified``, ``unknown`` or ``not_verified``, on a ``credential``, ``presentation`` or ``endorsement``."""

    @property
    def role(self) -> Word:
        """What the document is to the one around it."""
        ...

    @property
    def outcome(self) -> Word:
        """What became of all of it."""
        ...

    @property
    def verified(self) -> bool:
        """Whether all that was required passed."""
        ...

    @property
    def checks(self) -> Sequence[CheckShape]:
        """The checks of the document itself."""
        ...

    @property
    def required(self) -> frozenset[str]:
        """The names of those that decide."""
        ...

    @property
    def credentials(self) -> "Sequence[ReportShape]":
        """The reports on the credentials inside."""
        ...

    @property
    def pointer(self) -> str:
        """Where the document stands in the one around it."""
        ...

    @property
    def document(self) -> JsonObject | None:
        """What was read."""
        ...
