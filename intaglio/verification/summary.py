"""One sentence for a person: of all that a report holds, the one thing that they can act on.

Names and identifiers in it are the document's own words: on one line, cut short, and without characters that have no shape.
"""

from typing import Any

from intaglio.documents import JsonObject, as_list
from intaglio.vcdm import holder_of, is_presentation, issuer_of, subjects_of
from intaglio.verification.report import CheckOutcome, Outcome, Report, Role

_ORDER = ("format", "proof", "controller", "holder", "status", "validity", "schema", "issuer")
"""What a reader should hear first: whether it is genuine, then whether it is still good."""
_MAX_TITLE = 80
_MAX_RAW = 500
"""More of a name is not even looked at: it may have megabytes."""


def summary(report: Report) -> str:
    """Return the one sentence that tells a person how things stand with what was verified, and what to do about it."""
    outcome = report.outcome
    if outcome is Outcome.VERIFIED:
        return f"Confirmed: {title_of(report.document)}{_made_by(report.document)}."
    opening = "Not confirmed" if outcome is Outcome.NOT_VERIFIED else "Not certain"
    around: list[Report] = []
    while report.own_outcome is not outcome:
        around.append(report)
        report = next(inner for inner in report.credentials if inner.outcome is outcome and _counts(inner))
    if not around:
        return f"{opening}: {_reason(report)}"
    places = [*(f"in {_which(outer)}" for outer in around), _which(report)]
    return f"{opening}: {', '.join(places)}: {_reason(report)}"


def title_of(document: JsonObject | None) -> str:
    """Return how a document calls itself: its own name, or that of the achievement, or what it is."""
    if document is None:
        return "this document"
    if is_presentation(document):
        return f"a presentation {_how_many(len(as_list(document.get('verifiableCredential'))))}"
    achievements = [subject.get("achievement") for subject in subjects_of(document)]
    named = [document, *(item for item in achievements if isinstance(item, dict))]
    texts = (_shorten(text) for item in named for text in _texts(item.get("name")))
    name = next((text for text in texts if text), None)
    return f"“{name}”" if name else "a credential without a name"


def _which(report: Report) -> str:
    return title_of(report.document) if report.document else f"the one at {_shorten(report.pointer)}"


def _how_many(count: int) -> str:
    match count:
        case 0:
            return "without credentials"
        case 1:
            return "of one credential"
    return f"of {count:,} credentials"


def _texts(value: Any) -> list[str]:
    """Return the texts of a name, which may be one, or several that say their language (VC Data Model 2.0, section 11.1)."""
    texts = [item.get("@value") if isinstance(item, dict) else item for item in as_list(value)]
    return [text for text in texts if isinstance(text, str)]


def _reason(report: Report) -> str:
    wanted = CheckOutcome.FAILED if report.own_outcome is Outcome.NOT_VERIFIED else CheckOutcome.UNKNOWN
    counted = [check for check in report.checks if check.outcome is wanted and check.name in report.required]
    check = min(counted, key=lambda check: _ORDER.index(check.name), default=None)
    if check is None or check.problem is None:
        return "nothing that was asked for could be checked."
    return f"{_lower_first(check.problem.title)} {check.problem.advice}"


def _counts(report: Report) -> bool:
    return report.role is not Role.ENDORSEMENT


def _made_by(document: JsonObject | None) -> str:
    if document is None:
        return ""
    if is_presentation(document):
        holder = holder_of(document)
        return f" by {_shorten(holder)}" if holder else ""
    issuer = issuer_of(document)
    return f", issued by {_shorten(issuer)}" if issuer else ""


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _shorten(text: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text[:_MAX_RAW])
    line = " ".join(shown.split())
    return line if len(line) <= _MAX_TITLE and len(text) <= _MAX_RAW else line[: _MAX_TITLE - 1] + "…"
