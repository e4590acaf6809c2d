"""Who is to blame: from the errors of expansion to a problem and a place in the document."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from intaglio.canonical.context_resolver import ContextResolver
from intaglio.canonical.context_rules import is_keyword_like
from intaglio.canonical.keyword_names import IGNORED, names_for
from intaglio.canonical.located import place_of
from intaglio.documents import JsonObject, as_list, pointer
from intaglio.errors import IntaglioError, MalformedInput

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
    kind, detail = error.problem.kind, error.problem.detail
    places = list(_places(located, ""))
    if kind == "protected-term":
        nulls = (place.pointer for place in places if place.name == "@context" and None in _contexts(place.value))
        return next(nulls, None) if "nullification" in detail else resolver.place
    if kind in {"undefined-term", "undefined-type", "relative-iri"}:
        ignored = names_for(IGNORED, resolver.aliases)
        return next((place.pointer for place in places if place.name in ignored or _is_keyword_like(place)), None)
    if kind == "free-floating-value":
        return next((place.pointer for place in places if place.value == {}), None)
    keyword = next((word for word in detail.replace(".", " ").split() if word.startswith("@")), "")
    names = names_for(keyword, resolver.aliases)
    odd = (place.pointer for place in places if place.name in names and not isinstance(place.value, str))
    return next(odd, resolver.place if "context" in detail else None)


def _contexts(context: Any) -> list[Any]:
    """Return a ``@context`` as a list, null being one of the contexts that there are."""
    return [None] if context is None else as_list(context)


def _is_keyword_like(place: _Place) -> bool:
    return is_keyword_like(place.name) or (isinstance(place.value, str) and is_keyword_like(place.value))


def _places(value: Any, place: str, name: str = "") -> Iterator[_Place]:
    """Yield all members and items of a document, the outer ones first, but not what is in its contexts."""
    if isinstance(value, dict):
        children = [(place + pointer(key), key, member) for key, member in value.items()]
    elif isinstance(value, list):
        children = [(f"{place}/{index}", name, item) for index, item in enumerate(value)]
    else:
        return
    for child_place, child_name, child in children:
        yield _Place(child_place, str(child_name), child)
        if child_name != "@context":
            yield from _places(child, child_place, child_name)
