"""What a badge says, for its owner and its readers (Open Badges 3.0, appendix B). Nothing is verified here.

A document may have any members of any kind, since wallets hold badges of all the world: whatever is not as the standard has it
is left out, and nothing in it can break a page. Texts are cut, and only web addresses become links.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intaglio.documents import JsonObject, as_list
from intaglio.errors import IntaglioError
from intaglio.times import parse_time
from intaglio.vcdm import is_url, issuer_of, subjects_of, types_of

MAX_TEXT = 10_000
_MAX_LINE = 300
_MAX_ITEMS = 50


@dataclass(frozen=True)
class Link:
    """Words, and the web address behind them where there is one."""

    text: str
    url: str | None = None


@dataclass(frozen=True)
class Result:
    """What was reached. `achieved` of `levels` and `required` count from 1, and are 0 where they are not known."""

    name: str
    value: str
    achieved: int = 0
    levels: int = 0
    required: int = 0


@dataclass(frozen=True)
class Evidence:
    """A piece of work that the judgement rests on."""

    name: str
    narrative: str
    url: str | None


@dataclass(frozen=True)
class Contents:
    """A badge, in the order in which a learner reads it. Times are None where they are missing or no times."""

    credential_id: str
    name: str
    description: str
    issuer_id: str
    issuer_name: str
    issuer_url: str | None
    learner_names: tuple[str, ...]
    subject_id: str | None
    kind: str
    criteria: str
    criteria_url: str | None
    narrative: str
    awarded_at: datetime | None
    valid_from: datetime | None
    valid_until: datetime | None
    judged_by: str
    results: tuple[Result, ...]
    evidence: tuple[Evidence, ...]
    alignments: tuple[Link, ...]
    picture: str | None


def contents_of(document: JsonObject) -> Contents:
    """Return what a credential says."""
    subject = next(iter(subjects_of(document)), {})
    achievement = _first(subject.get("achievement"))
    criteria = _first(achievement.get("criteria"))
    issuer = _first(document.get("issuer"))
    return Contents(
        credential_id=_line(document.get("id")),
        name=_line(document.get("name")) or _line(achievement.get("name")) or _line(subject.get("name")),
        description=_text(achievement.get("description")) or _text(document.get("description")),
        issuer_id=issuer_of(document) or "",
        issuer_name=_line(issuer.get("name")),
        issuer_url=_url(issuer.get("url")),
        learner_names=tuple(_names(subject)),
        subject_id=_line(subject.get("id")) or None,
        kind=next((kind for kind in types_of(document) if kind != "VerifiableCredential"), ""),
        criteria=_text(criteria.get("narrative")),
        criteria_url=_url(criteria.get("id")),
        narrative=_text(subject.get("narrative")),
        awarded_at=_time(document.get("awardedDate")),
        valid_from=_time(document.get("validFrom", document.get("issuanceDate"))),
        valid_until=_time(document.get("validUntil", document.get("expirationDate"))),
        judged_by=_line(_first(subject.get("source")).get("name")),
        results=tuple(_results(subject, achievement)),
        evidence=tuple(_evidence(document)),
        alignments=tuple(_alignments(achievement)),
        picture=_picture(subject) or _picture(achievement),
    )


def _names(subject: JsonObject) -> Iterator[str]:
    if name := _line(subject.get("name")):
        yield name
    for identifier in _objects(subject.get("identifier")):
        if identifier.get("identityType") == "name" and identifier.get("hashed") is False:
            yield _line(identifier.get("identityHash"))


def _results(subject: JsonObject, achievement: JsonObject) -> Iterator[Result]:
    descriptions = {_line(item.get("id")): item for item in _objects(achievement.get("resultDescription"))}
    for result in _objects(subject.get("result")):
        description = descriptions.get(_line(result.get("resultDescription")), {})
        levels = _objects(description.get("rubricCriterionLevel"))
        ids = [_line(level.get("id")) for level in levels]
        reached = _line(result.get("achievedLevel"))
        level = levels[ids.index(reached)] if reached in ids else {}
        words = (
            _line(level.get("name")),
            _line(level.get("level")),
            _line(result.get("value")),
            _line(result.get("status")),
        )
        yield Result(
            name=_line(description.get("name")),
            value=next((word for word in words if word), ""),
            achieved=_place(ids, reached),
            levels=len(ids),
            required=_place(ids, _line(description.get("requiredLevel"))),
        )


def _place(ids: list[str], wanted: str) -> int:
    return ids.index(wanted) + 1 if wanted in ids else 0


def _evidence(document: JsonObject) -> Iterator[Evidence]:
    for item in _objects(document.get("evidence")):
        yield Evidence(_line(item.get("name")), _text(item.get("narrative")), _url(item.get("id")))


def _alignments(achievement: JsonObject) -> Iterator[Link]:
    for item in _objects(achievement.get("alignment")):
        frame, name = _line(item.get("targetFramework")), _line(item.get("targetName"))
        if name:
            yield Link(f"{name} ({frame})" if frame else name, _url(item.get("targetUrl")))


def _picture(item: JsonObject) -> str | None:
    """Return a picture that is in the document itself; what is elsewhere is not fetched, or its server would learn who looks."""
    image = item.get("image")
    address = image.get("id") if isinstance(image, dict) else image
    return address if isinstance(address, str) and address.startswith("data:image/") else None


def _first(value: Any) -> JsonObject:
    return next(iter(_objects(value)), {})


def _objects(value: Any) -> list[JsonObject]:
    return [item for item in as_list(value) if isinstance(item, dict)][:_MAX_ITEMS]


def _url(value: Any) -> str | None:
    return value if isinstance(value, str) and is_url(value) and value.startswith(("https://", "http://")) else None


def _time(value: Any) -> datetime | None:
    try:
        return parse_time(value, pointer="")
    except IntaglioError:
        return None


def _line(value: Any) -> str:
    """Return one line without characters that have no shape: they could turn the words around them."""
    text = _text(value)
    return " ".join("".join(character if character.isprintable() else " " for character in text[:_MAX_LINE]).split())


def _text(value: Any) -> str:
    """Return a text, a number, or the first text of a language value (VC Data Model 2.0, section 11.1)."""
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, list):
        value = next((item.get("@value") if isinstance(item, dict) else item for item in value), "")
    return str(value)[:MAX_TEXT] if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
