"""What a credential says, as lines for a person. Nothing is verified here, and nothing is taken for granted.

The words are the issuer's own: whoever shows them has to say so, and to keep them from steering what they are shown on.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

from intaglio.documents import JsonObject, as_list
from intaglio.vcdm import holder_of, is_presentation, issuer_of, subjects_of, types_of


class Line(NamedTuple):
    """One thing that a credential says; `depth` is 0 for its own lines and grows for credentials inside it."""

    label: str
    text: str
    depth: int = 0


Opener: TypeAlias = Callable[[Any], JsonObject | None]
"""Finds the credential in what stands where one should: the object itself, or what a token or an envelope (objects and texts
alone are asked about) holds; None where there is none."""

_MAX_DEPTH = 6
_LEARNERS = frozenset({"AchievementSubject", "ClrSubject"})


def _plain(value: Any) -> JsonObject | None:
    return value if isinstance(value, dict) else None


def describe(document: JsonObject, opened: Opener = _plain, depth: int = 0) -> Iterator[Line]:
    """Yield the lines of a credential or presentation, in the order in which a person asks.

    The document is one that passed `intaglio.documents.parse`; it may have any members, of any kind. There can be as many lines
    as it has values.
    """
    for label, text in _presentation(document) if is_presentation(document) else _credential(document):
        if text:
            yield Line(label, text, depth)
    if depth < _MAX_DEPTH:
        for value in _inside(document):
            inner = opened(value) if isinstance(value, dict | str) else None
            if inner is None:
                yield Line("inside", "something that cannot be opened", depth + 1)
            else:
                yield from describe(inner, opened, depth + 1)


def _presentation(document: JsonObject) -> Iterator[tuple[str, str]]:
    count = len(_inside(document))
    yield "presentation", "of one credential" if count == 1 else f"of {count:,} credentials"
    yield "presented by", _named(document.get("holder"), holder_of(document))


def _credential(document: JsonObject) -> Iterator[tuple[str, str]]:
    yield "name", _text(document.get("name"))
    yield "issued by", _named(document.get("issuer"), issuer_of(document))
    for subject in subjects_of(document):
        yield from _subject(subject)
    yield "valid from", _text(document.get("validFrom", document.get("issuanceDate")))
    yield "valid until", _text(document.get("validUntil", document.get("expirationDate")))
    for evidence in _objects(document.get("evidence")):
        yield "evidence", _joined(*(_text(evidence.get(name)) for name in ("name", "narrative", "id")))
    for entry in _objects(document.get("credentialStatus")):
        lists = (_text(entry.get(name)) for name in ("statusPurpose", "statusListCredential"))
        yield "status kept in", _joined(*lists) or _text(entry.get("id"))


def _subject(subject: JsonObject) -> Iterator[tuple[str, str]]:
    names = [_text(item.get("identityHash")) for item in _objects(subject.get("identifier")) if _is_name(item)]
    label = "learner" if _LEARNERS & set(types_of(subject)) or "achievement" in subject else "about"
    yield label, _joined(_text(subject.get("name")), *names, _text(subject.get("id")))
    yield "comment", _text(subject.get("endorsementComment"))
    for achievement in _objects(subject.get("achievement")):
        yield from _achievement(achievement, subject)
    yield "narrative", _text(subject.get("narrative"))


def _achievement(achievement: JsonObject, subject: JsonObject) -> Iterator[tuple[str, str]]:
    yield "achievement", _joined(_text(achievement.get("name")), _text(achievement.get("achievementType")))
    yield "description", _text(achievement.get("description"))
    for criteria in _objects(achievement.get("criteria")):
        yield "criteria", _joined(_text(criteria.get("narrative")), _text(criteria.get("id")))
    descriptions = _by_id(achievement.get("resultDescription"))
    # Of all rubrics together: badges in the field name a level of another one than their result's.
    levels: dict[str, JsonObject] = {}
    for description in descriptions.values():
        levels |= _by_id(description.get("rubricCriterionLevel"))
    for result in _objects(subject.get("result")):
        yield "result", _result(result, descriptions.get(_text(result.get("resultDescription")), {}), levels)
    for alignment in _objects(achievement.get("alignment")):
        yield "aligned with", _joined(_text(alignment.get("targetName")), _text(alignment.get("targetUrl")))


def _result(result: JsonObject, description: JsonObject, levels: dict[str, JsonObject]) -> str:
    achieved = _text(result.get("achievedLevel"))
    level = levels.get(achieved, {})
    reached = _text(level.get("name")) or _text(level.get("level")) or achieved
    return _joined(_text(description.get("name")), _text(result.get("value")), reached, _text(result.get("status")))


def _inside(document: JsonObject) -> list[Any]:
    carriers = [document] if is_presentation(document) else subjects_of(document)
    return [inner for carrier in carriers for inner in as_list(carrier.get("verifiableCredential"))]


def _by_id(value: Any) -> dict[str, JsonObject]:
    """Return objects by their ids. Gathered once for all who refer to them: thousands may refer to thousands."""
    return {name: item for item in _objects(value) if (name := _text(item.get("id")))}


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
