"""What a reader is told about one thing: how it stands, in a kind, a sentence, lines and facts.

*Not certain* and *not genuine* never look or read alike, and *withdrawn* is neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from intaglio.errors import Problem
from intaglio.openbadges.contents import Contents
from intaglio.server.languages import _
from intaglio.verification.report import Check, CheckOutcome, Outcome, Report


class Kind(StrEnum):
    """How things stand, in the order from good to bad."""

    GENUINE = "genuine"
    NOT_CERTAIN = "not_certain"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    NOT_CONFIRMED = "not_confirmed"
    NOT_GENUINE = "not_genuine"
    UNREADABLE = "unreadable"


_BY_PROBLEM = {
    "revoked": Kind.WITHDRAWN,
    "suspended": Kind.PAUSED,
    "expired": Kind.EXPIRED,
    "not-yet-valid": Kind.NOT_YET,
}
_BY_CHECK = {"proof": Kind.NOT_GENUINE, "controller": Kind.NOT_GENUINE, "holder": Kind.NOT_CONFIRMED}
_WITHOUT_BLAME = (Kind.NOT_CERTAIN, Kind.UNREADABLE)
ORDER = ("format", "proof", "controller", "holder", "status", "validity", "schema", "issuer")


@dataclass(frozen=True)
class CheckLine:
    """One check as the page shows it: `outcome` is *passed*, *failed* or *unknown*."""

    name: str
    outcome: str
    title: str
    detail: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the page says about one thing. `outcome` chooses the colour: *verified*, *unknown* or *not_verified*."""

    kind: Kind
    outcome: str
    title: str
    sentence: str
    notes: tuple[str, ...]
    checks: tuple[CheckLine, ...]
    badge: Contents | None
    issuer_name: str
    issuer_known: bool
    is_sealed: bool
    is_trial: bool
    inside: tuple["Verdict", ...]
    problems: tuple[Problem, ...]
    facts: tuple[tuple[str, str], ...] = ()
    """What the badge says in a few words, as pairs of a term and a text."""

    def technical(self, digest: str) -> list[tuple[str, str]]:
        """Return what only some want to read, as pairs of a term and a text."""
        badge = self.badge
        pairs = [(_("Fingerprint (SHA-256)"), digest)]
        if badge is not None:
            pairs += [
                (_("Identifier"), badge.credential_id),
                (_("Issuer"), badge.issuer_id),
                (_("Learner"), badge.subject_id or ""),
            ]
        return [(term, text) for term, text in pairs if text]

    @property
    def is_presentation(self) -> bool:
        """Tell whether it is several badges in one."""
        return bool(self.inside) and self.badge is None


def kind_of(report: Report, parts: Sequence[Verdict]) -> Kind:
    """Return how things stand; `parts` are the verdicts on the badges inside.

    *Expired*, *paused* and *withdrawn* say that it is somebody's badge, so they are for what is sealed: dates and lists of a
    document whose seal could not be checked are anybody's words.
    """
    if report.outcome is Outcome.VERIFIED:
        return Kind.GENUINE
    if report.document is None:
        return Kind.UNREADABLE if report.own_outcome is Outcome.NOT_VERIFIED else Kind.NOT_CERTAIN
    if report.own_outcome is Outcome.VERIFIED:
        return max((part.kind for part in parts), key=list(Kind).index, default=Kind.NOT_CERTAIN)
    if report.own_outcome is Outcome.UNKNOWN:
        return Kind.NOT_CERTAIN
    check, problem = deciding(report), reason_of(report)
    late = _BY_PROBLEM.get(problem.kind) if problem else None
    if late is not None:
        return late if is_sealed(report) else Kind.NOT_CERTAIN
    return _BY_CHECK.get(check.name if check else "", Kind.NOT_CONFIRMED)


def is_sealed(report: Report) -> bool:
    """Tell whether the seal and the key behind it were checked and hold: only then is what it says somebody's word."""
    checks = (report.check(name) for name in ("proof", "controller"))
    return all(check is not None and check.outcome is CheckOutcome.PASSED for check in checks)


def deciding(report: Report) -> Check | None:
    """Return the check that a reader should hear of first, among those that kept it from being confirmed."""
    wanted = CheckOutcome.FAILED if report.own_outcome is Outcome.NOT_VERIFIED else CheckOutcome.UNKNOWN
    counted = [check for check in report.checks if check.outcome is wanted and check.name in report.required]
    return min(counted, key=lambda check: ORDER.index(check.name), default=None)


def reason_of(report: Report) -> Problem | None:
    """Return the problem that a reader should hear of first."""
    check = deciding(report)
    return check.problem if check else None


def colour_of(kind: Kind) -> str:
    """Return the outcome that chooses the colour."""
    if kind is Kind.GENUINE:
        return str(Outcome.VERIFIED.value)
    return str((Outcome.UNKNOWN if kind in _WITHOUT_BLAME else Outcome.NOT_VERIFIED).value)
