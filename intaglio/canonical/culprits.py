"""Who is to blame: from the errors of expansion to a problem and a place in the document."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from intaglio.canonical.context_resolver import ContextResolver
from intaglio.canonical.context_rules import is_keyword_like
from intaglio.canonical.keyword_names import IGNORED, names_for
from intaglio.canonical.located import inside, place_of
from intaglio.documents import JsonObject, as_list
from intaglio.errors import IntaglioError, MalformedInput

_GUESSED_KEYWORDS = {"@graph", "@id", "@included", "@index", "@language", "@nest", "@reverse", "@type"}
_PROTECTED = {"protected term redefinition", "invalid context nullification"}


class _Place(NamedTuple):
    """One member or item: its pointer, the name of the member that it is or is in, and its value."""

    pointer: str
    name: str
    value: Any


def explain(error: Any) -> IntaglioError:
    """Return what lies at the bottom of one of PyLD's errors: an error of ours, or the code that JSON-LD has for it."""
    code, place = None, None
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, IntaglioError):
            return cause
        if isinstance(cause, RecursionError):
            return MalformedInput("too-deep", "Its contexts nest too deeply.")
        code = getattr(cause, "code", None) or code
        details = getattr(cause, "details", None) or {}
        place = place_of(list(details.values())) or place
        cause = cause.__cause__
    kind = "protected-term" if code in _PROTECTED else "bad-json-ld"
    return MalformedInput(kind, f"JSON-LD error: {code or 'syntax error'}.", pointer=place)


def guess(located: JsonObject, error: IntaglioError, resolver: ContextResolver) -> str | None:
    """Return the likely place of an error that left no located text: the first one where something of its kind stands."""
    looks_guilty, otherwise = _suspicion(error, resolver)
    return next((place.pointer for place in _places(located, "") if looks_guilty(place)), otherwise)


def _suspicion(error: IntaglioError, resolver: ContextResolver) -> tuple[Callable[[_Place], bool], str | None]:
    """Return what to look for, and what to blame where it is not found."""
    kind, detail = error.problem.kind, error.problem.detail
    if kind == "free-floating-value":
        return lambda place: place.value == {}, ""
    if kind == "protected-term":
        return (
            lambda place: "nullification" in detail and place.name == "@context" and _resets(place.value),
            resolver.place,
        )
    if kind == "bad-json-ld" and "context" in detail:
        return lambda _: False, resolver.place
    if kind == "bad-json-ld":
        keyword = next((f"@{word}" for word in re.split("[^a-z]+", detail) if f"@{word}" in _GUESSED_KEYWORDS), "")
        names = names_for(keyword, resolver.aliases)
        return (
            lambda place: place.name in names and not isinstance(place.value, list) and not _is_good_text(place.value),
            None,
        )
    ignored = names_for(IGNORED, resolver.aliases)
    return (
        lambda place: place.name in ignored or is_keyword_like(place.name) or _is_keyword_like_text(place.value),
        None,
    )


def _resets(context: Any) -> bool:
    return context is None or any(item is None or item is False for item in as_list(context))


def _is_good_text(value: Any) -> bool:
    return isinstance(value, str) and not is_keyword_like(value)


def _is_keyword_like_text(value: Any) -> bool:
    return isinstance(value, str) and is_keyword_like(value)


def _places(value: Any, place: str, name: str = "") -> Iterator[_Place]:
    """Yield all members and items of a document, the outer ones first, but not what is in its contexts."""
    if isinstance(value, dict):
        children = [(inside(place, key), key, member) for key, member in value.items()]
    elif isinstance(value, list):
        children = [(inside(place, index), name, item) for index, item in enumerate(value)]
    else:
        return
    for child_place, child_name, child in children:
        yield _Place(child_place, str(child_name), child)
        if child_name != "@context":
            yield from _places(child, child_place, child_name)
