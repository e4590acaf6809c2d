"""What a verification found: a frozen tree of checks, and one outcome.

A check that could not be made is *unknown*: never shown as failed, nor as fine. `bool(report)` raises, so that
``if verify(x):`` cannot become a bug.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NoReturn

from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError, InvalidProof, Problem, Unavailable, Unsupported


class CheckOutcome(Enum):
    """What became of one check."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Outcome(Enum):
    """What became of a whole verification; the order is from good to bad."""

    VERIFIED = "verified"
    UNKNOWN = "unknown"
    NOT_VERIFIED = "not_verified"


_BAD = list(Outcome)


class Role(Enum):
    """What a document is to the one that it stands in. What others say of a badge (an endorsement) does not make it bad."""

    CREDENTIAL = "credential"
    PRESENTATION = "presentation"
    ENDORSEMENT = "endorsement"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    `problem` is there where the check did not pass, `further` where it found more than one; `note` says what a reader of a
    passed check should know all the same.
    """

    name: str
    outcome: CheckOutcome
    problem: Problem | None = None
    note: str | None = None
    further: tuple[Problem, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return ``name``, ``outcome``, ``problem`` (or null) and, where there are any, ``note`` and ``further``."""
        members: dict[str, Any] = {
            "name": self.name,
            "outcome": self.outcome.value,
            "problem": self.problem.to_json() if self.problem else None,
        }
        if self.note:
            members["note"] = self.note
        if self.further:
            members["further"] = [problem.to_json() for problem in self.further]
        return members


def passed(name: str, note: str | None = None) -> Check:
    """Return a check that passed."""
    return Check(name, CheckOutcome.PASSED, note=note)


def failed(name: str, problem: Problem, *further: Problem) -> Check:
    """Return a check that failed."""
    return Check(name, CheckOutcome.FAILED, problem, further=further)


def unknown(name: str, problem: Problem, *further: Problem) -> Check:
    """Return a check that could not be made."""
    return Check(name, CheckOutcome.UNKNOWN, problem, further=further)


def from_error(name: str, error: IntaglioError) -> Check:
    """Return the check that an error makes: what is missing or not known here is *unknown*, everything else *failed*."""
    if isinstance(error, Unavailable | Unsupported):
        return unknown(name, error.problem)
    return failed(name, error.problem)


@dataclass(frozen=True, slots=True)
class Report:
    """The checks of one document and the reports of the credentials inside it.

    `required` names the checks that decide: each of them must pass. The others are reported.
    `document` is what was read, for showing it; only `verified_document` hands it out as something to rely on.
    """

    role: Role
    checks: tuple[Check, ...]
    required: frozenset[str]
    credentials: tuple["Report", ...] = ()
    pointer: str = ""
    document: JsonObject | None = field(default=None, repr=False)

    @property
    def outcome(self) -> Outcome:
        """The outcome of this document's own checks and of those inside it, whichever is worse."""
        inner = (report.outcome for report in self.credentials if report.role is not Role.ENDORSEMENT)
        return max((self.own_outcome, *inner), key=_BAD.index)

    @property
    def own_outcome(self) -> Outcome:
        """The outcome of this document's own checks. Absence fails closed: where nothing was required, nothing is verified."""
        counted = [check for check in self.checks if check.name in self.required]
        if not counted or any(check.outcome is CheckOutcome.FAILED for check in counted):
            return Outcome.NOT_VERIFIED
        good = {check.name for check in counted if check.outcome is CheckOutcome.PASSED}
        return Outcome.VERIFIED if self.required <= good else Outcome.UNKNOWN

    @property
    def verified(self) -> bool:
        """Whether everything that was required passed, here and in the credentials inside."""
        return self.outcome is Outcome.VERIFIED

    def verified_document(self) -> JsonObject:
        """Return the document, as something to rely on.

        :raises InvalidProof: ``not-verified`` where it is not.
        """
        if self.document is None or not self.verified:
            raise InvalidProof("not-verified", f"Its outcome is “{self.outcome.value}”.")
        return self.document

    def check(self, name: str) -> Check | None:
        """Return the check of that name, where it was made."""
        return next((check for check in self.checks if check.name == name), None)

    def __bool__(self) -> NoReturn:
        message = "a report is neither true nor false: ask for report.verified or report.outcome"
        raise TypeError(message)
