"""One sentence for a person: of all that a report holds, the one thing that they can act on."""

from intaglio.documents import JsonObject, as_list
from intaglio.vcdm import holder_of, is_presentation, issuer_of, subjects_of
from intaglio.verification.report import CheckOutcome, Outcome, Report, Role

_ORDER = ("format", "proof", "controller", "holder", "status", "validity", "schema", "issuer")
"""What a reader should hear first: whether it is genuine, then whether it is still good."""
_MAX_TITLE = 80


def summary(report: Report) -> str:
    """Return the one sentence that tells a person how things stand with what was verified."""
    title = title_of(report.document)
    if report.outcome is Outcome.VERIFIED:
        return f"Confirmed: {title}{_made_by(report.document)}."
    opening = "Not confirmed" if report.outcome is Outcome.NOT_VERIFIED else "Not certain"
    if report.own_outcome is report.outcome:
        return f"{opening}: {_reason(report)}"
    worst = next(inner for inner in report.credentials if inner.outcome is report.outcome and _counts(inner))
    return f"{opening}: in {title}, {title_of(worst.document)}: {summary(worst).partition(': ')[2]}"


def title_of(document: JsonObject | None) -> str:
    """Return how a document calls itself: its own name, or that of the achievement, or what it is."""
    if document is None:
        return "this document"
    if is_presentation(document):
        return f"a presentation of {len(as_list(document.get('verifiableCredential')))} credentials"
    achievements = [subject.get("achievement") for subject in subjects_of(document)]
    names = [document.get("name"), *(item.get("name") for item in achievements if isinstance(item, dict))]
    name = next((text for text in names if isinstance(text, str) and text.strip()), None)
    return f"“{_shorten(name)}”" if name else "a credential without a name"


def _reason(report: Report) -> str:
    wanted = CheckOutcome.FAILED if report.outcome is Outcome.NOT_VERIFIED else CheckOutcome.UNKNOWN
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
        return f", presented by {holder}" if holder else ""
    return f", issued by {issuer_of(document)}"


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _shorten(text: str) -> str:
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= _MAX_TITLE else line[: _MAX_TITLE - 1] + "…"
