"""What a credential says, as lines for a person. Nothing is verified here, and nothing is taken for granted.

The words are the issuer's own: whoever shows them has to say so, and to keep them from steering what they are shown on.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from intaglio.documents import JsonObject, as_list
from intaglio.vcdm import holder_of, is_presentation, issuer_of, subjects_of


class Line(NamedTuple):
    """One thing that a credential says; `depth` is 0 for its own lines and grows for credentials inside it."""

    label: str
    text: str
    depth: int = 0


_MAX_INSIDE = 200
_MAX_DEPTH = 6


def describe(document: JsonObject, depth: int = 0) -> list[Line]:
    """Return the lines of a credential or presentation, in the order in which a person asks."""
    lines = _presentation(document) if is_presentation(document) else _credential(document)
    described = [Line(label, text, depth) for label, text in lines if text]
    if depth < _MAX_DEPTH:
        for inner in _inside(document):
            described += describe(inner, depth + 1)
    return described


def _presentation(document: JsonObject) -> Iterator[tuple[str, str]]:
    yield "presentation", f"{len(as_list(document.get('verifiableCredential')))} credentials"
    yield "presented by", holder_of(document) or ""


def _credential(document: JsonObject) -> Iterator[tuple[str, str]]:
    yield "name", _text(document.get("name"))
    yield "issued by", _named(document.get("issuer"), issuer_of(document))
    for subject in subjects_of(document):
        yield from _subject(subject)
    yield "valid from", _text(document.get("validFrom", document.get("issuanceDate")))
    yield "valid until", _text(document.get("validUntil", document.get("expirationDate")))
    for evidence in _objects(document.get("evidence")):
        yield (
            "evidence",
            _joined(_text(evidence.get("name")), _text(evidence.get("narrative")), _text(evidence.get("id"))),
        )
    for entry in _objects(document.get("credentialStatus")):
        yield "can be withdrawn", _joined(_text(entry.get("statusPurpose")), _text(entry.get("statusListCredential")))


def _subject(subject: JsonObject) -> Iterator[tuple[str, str]]:
    names = [_text(item.get("identityHash")) for item in _objects(subject.get("identifier")) if _is_name(item)]
    yield "learner", _joined(_text(subject.get("name")), *names, _text(subject.get("id")))
    yield "comment", _text(subject.get("endorsementComment"))
    achievement = subject.get("achievement")
    for item in _objects(achievement):
        yield from _achievement(item, subject)
    yield "narrative", _text(subject.get("narrative"))


def _achievement(achievement: JsonObject, subject: JsonObject) -> Iterator[tuple[str, str]]:
    yield "achievement", _joined(_text(achievement.get("name")), _text(achievement.get("achievementType")))
    yield "description", _text(achievement.get("description"))
    for criteria in _objects(achievement.get("criteria")):
        yield "criteria", _joined(_text(criteria.get("narrative")), _text(criteria.get("id")))
    descriptions = {
        item["id"]: item for item in _objects(achievement.get("resultDescription")) if _text(item.get("id"))
    }
    for result in _objects(subject.get("result")):
        yield "result", _result(result, descriptions.get(_text(result.get("resultDescription")), {}))
    for alignment in _objects(achievement.get("alignment")):
        yield "aligned with", _joined(_text(alignment.get("targetName")), _text(alignment.get("targetUrl")))


def _result(result: JsonObject, description: JsonObject) -> str:
    levels = {
        level["id"]: level for level in _objects(description.get("rubricCriterionLevel")) if _text(level.get("id"))
    }
    level = levels.get(_text(result.get("achievedLevel")), {})
    reached = _text(level.get("name")) or _text(level.get("level")) or _text(result.get("achievedLevel"))
    return _joined(_text(description.get("name")), _text(result.get("value")), reached, _text(result.get("status")))


def _inside(document: JsonObject) -> list[JsonObject]:
    carriers = [document] if is_presentation(document) else subjects_of(document)
    return [inner for carrier in carriers for inner in _objects(carrier.get("verifiableCredential"))][:_MAX_INSIDE]


def _is_name(identifier: JsonObject) -> bool:
    return identifier.get("identityType") == "name" and identifier.get("hashed") is False


def _named(value: Any, identifier: str | None) -> str:
    name = _text(value.get("name")) if isinstance(value, dict) else ""
    return _joined(name, identifier or "")


def _objects(value: Any) -> list[JsonObject]:
    return [item for item in as_list(value) if isinstance(item, dict)]


def _joined(*texts: str) -> str:
    return " · ".join(text for text in texts if text)


def _text(value: Any) -> str:
    """Return a text, a number, or the first text of a language value; everything else says nothing."""
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, list):
        return next((text for item in value if (text := _text(item))), "")
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
