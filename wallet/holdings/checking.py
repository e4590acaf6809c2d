"""Is it genuine, and is it still good? Asked before a badge is stored, and again from time to time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from intaglio.errors import Problem
from intaglio.fetch.source import Source
from intaglio.vcdm import is_presentation
from intaglio.verification.policy import Policy, Registry
from intaglio.verification.report import CheckOutcome, Outcome, Report, Role, failed
from intaglio.verification.verify import Verifier
from wallet.holdings.models import Standing

MAX_BYTES = 10 * 1024 * 1024
"""The largest file that is looked at."""
CLOCKS_DIFFER = timedelta(minutes=5)
_TOO_EARLY = frozenset({"not-yet-valid", "status-list-refused"})  # the latter: of a list that is as new as the badge
_GENUINE = frozenset({"format", "proof", "controller"})
_OF_PROBLEMS = {"revoked": Standing.WITHDRAWN, "suspended": Standing.PAUSED, "expired": Standing.EXPIRED}
"""The gravest first."""


class Decision(Enum):
    """What becomes of a credential that came in."""

    KEEP = "keep"
    ASK = "ask"  # the learner decides: it could not be checked, or it is genuine and no longer good
    REFUSE = "refuse"


@dataclass(frozen=True)
class Finding:
    """How a credential stands, the reason where it is not good, and what to do with it."""

    standing: Standing
    decision: Decision
    problem: Problem | None = None

    def to_json(self) -> dict[str, Any] | None:
        """Return the problem for keeping, or None."""
        return {"kind": self.problem.kind, "detail": self.problem.detail} if self.problem else None


def look_at(data: bytes, source: Source, *, now: datetime, registry: Registry | None = None) -> Report:
    """Verify a credential; whatever `data` is, there is a report.

    What begins within the next minutes is as good as begun: a badge is sealed while its wallet waits for it, so its first second
    is after the one in which the wallet asked, and the clocks of two machines are never quite the same.
    """
    report = _verify(data, source, now, registry)
    problem = judge(report).problem
    if problem is not None and problem.kind in _TOO_EARLY:
        later = _verify(data, source, now + CLOCKS_DIFFER, registry)
        report = later if later.verified else report
    if report.document is not None and is_presentation(report.document):
        problem = Problem("not-one-badge", "It is a presentation of several.")
        return Report(Role.CREDENTIAL, (failed("format", problem),), frozenset({"format"}))
    return report


def _verify(data: bytes, source: Source, at: datetime, registry: Registry | None) -> Report:
    return Verifier(Policy(at=at, registry=registry), source=source).verify(data)


def judge(report: Report) -> Finding:
    """Say what a report means for its owner.

    Of several things that speak against a credential the gravest counts: what was withdrawn stays so when its time is over too.
    Where its issuer cannot be asked whether it is genuine, neither its dates nor a pause decide anything.
    """
    if report.outcome is Outcome.VERIFIED:
        return Finding(Standing.GOOD, Decision.KEEP)
    missing = _first_problem(report, CheckOutcome.UNKNOWN)
    if report.outcome is Outcome.UNKNOWN:
        return Finding(Standing.UNSURE, Decision.ASK, missing)
    problem = _gravest_problem(report) or _first_problem(report, CheckOutcome.FAILED)
    if problem is None or not _may_be_genuine(report):
        return Finding(Standing.BROKEN, Decision.REFUSE, _first_problem(report, CheckOutcome.FAILED))
    standing = _OF_PROBLEMS.get(problem.kind, Standing.BROKEN)
    if standing not in (Standing.PAUSED, Standing.EXPIRED):
        return Finding(standing, Decision.REFUSE, problem)
    if not _is_genuine(report):
        return Finding(Standing.UNSURE, Decision.ASK, missing)
    return Finding(standing, Decision.ASK, problem)


def _is_genuine(report: Report) -> bool:
    """Tell whether all that speaks against a credential is its dates and its status: then it is real, and was good once."""
    good = {check.name for check in report.checks if check.outcome is CheckOutcome.PASSED}
    return report.own_outcome is Outcome.NOT_VERIFIED and good >= _GENUINE


def _may_be_genuine(report: Report) -> bool:
    """Tell whether nothing speaks against its being real, though that could perhaps not be asked just now."""
    not_bad = {check.name for check in report.checks if check.outcome is not CheckOutcome.FAILED}
    return report.own_outcome is Outcome.NOT_VERIFIED and not_bad >= _GENUINE


def _gravest_problem(report: Report) -> Problem | None:
    """Return what decides among the problems of a document's own failed checks, or None where none of them is known here."""
    bad = [check for check in report.checks if check.name in report.required and check.outcome is CheckOutcome.FAILED]
    problems = [problem for check in bad for problem in (check.problem, *check.further) if problem is not None]
    return next((problem for kind in _OF_PROBLEMS for problem in problems if problem.kind == kind), None)


def _first_problem(report: Report, outcome: CheckOutcome) -> Problem | None:
    found = next(
        (check.problem for check in report.checks if check.name in report.required and check.outcome is outcome), None
    )
    if found is not None:
        return found
    inner = (_first_problem(part, outcome) for part in report.credentials if part.role is not Role.ENDORSEMENT)
    return next((problem for problem in inner if problem is not None), None)
