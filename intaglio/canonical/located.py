"""Texts that know where in the document they stand.

JSON-LD expansion rearranges a document, and a finding in its result says nothing about where the cause stood. So a document
with something wrong in it is expanded a second time as `locate` returns it: each text is a `Located` that carries its JSON
pointer and keeps it through what an expansion does to texts. Each null is a `Null`, which expansion takes for a text and so
does not drop.
"""

from collections.abc import Iterable
from typing import Any, Self

from intaglio.documents import Json, pointer

_MAX_POINTER = 500
"""Characters that the pointer of a parent may have, and the name of a member, for the member to have a pointer of its own."""


class Located(str):
    """A text with the JSON pointer of the place where it stands: as a value, or as the name of the member there."""

    __slots__ = ("pointer",)
    pointer: str

    def __new__(cls, text: str, place: str) -> Self:
        """Make one from a text and its JSON pointer."""
        located = super().__new__(cls, text)
        located.pointer = place
        return located

    def __deepcopy__(self, memo: dict[int, Any]) -> "Located":
        return self

    def __radd__(self, prefix: str) -> "Located":
        return Located(str(prefix) + str(self), self.pointer)

    def split(self, sep: str | None = None, maxsplit: Any = -1) -> list[str]:
        """Split as `str` does, into texts located at the same place."""
        return [Located(part, self.pointer) for part in super().split(sep, maxsplit)]

    def lower(self) -> "Located":
        """Lower as `str` does, at the same place."""
        return Located(super().lower(), self.pointer)


class LocatedFloat(float):
    """A number with a fraction or an exponent, and the JSON pointer of its place."""

    __slots__ = ("pointer",)
    pointer: str

    def __new__(cls, number: float, place: str) -> Self:
        """Make one from a number and its JSON pointer."""
        located = super().__new__(cls, number)
        located.pointer = place
        return located

    def __deepcopy__(self, memo: dict[int, Any]) -> "LocatedFloat":
        return self


class LocatedInteger(int):
    """A whole number, and the JSON pointer of its place."""

    pointer: str

    def __new__(cls, number: int, place: str) -> Self:
        """Make one from a number and its JSON pointer."""
        located = super().__new__(cls, number)
        located.pointer = place
        return located

    def __deepcopy__(self, memo: dict[int, Any]) -> "LocatedInteger":
        return self


class Null(Located):
    """Stands for a null member or item, and stays what it is."""

    __slots__ = ()

    def __new__(cls, place: str) -> Self:
        """Make one from its JSON pointer. The text is one that no IRI, type or keyword can be."""
        null = str.__new__(cls, "\0null")
        null.pointer = place
        return null

    def __radd__(self, prefix: str) -> "Null":
        return self

    def lower(self) -> "Null":
        """Return itself."""
        return self


def locate(value: Json, place: str = "") -> Any:
    """Return a copy of a document in which texts, numbers and nulls know their place.

    Of a context, only the names and the URLs of other contexts do: what terms are mapped to turns up all over the expansion.
    """
    if isinstance(value, dict):
        return dict(_locate_member(name, member, inside(place, name)) for name, member in value.items())
    if isinstance(value, list):
        return [locate(item, inside(place, index)) for index, item in enumerate(value)]
    return Null(place) if value is None else _locate_scalar(value, place)


def _locate_member(name: str, member: Json, place: str) -> tuple[Located, Any]:
    return Located(name, place), _locate_context(member, place) if name == "@context" else locate(member, place)


def _locate_context(value: Json, place: str) -> Any:
    if isinstance(value, list):
        return [_locate_context(item, inside(place, index)) for index, item in enumerate(value)]
    if isinstance(value, dict):
        places = {term: inside(place, term) for term in value}
        return {Located(term, places[term]): _locate_scope(value[term], places[term]) for term in value}
    return _locate_scalar(value, place)


def _locate_scope(definition: Json, place: str) -> Json:
    if isinstance(definition, dict) and "@context" in definition:
        return {**definition, "@context": _locate_context(definition["@context"], inside(place, "@context"))}
    return definition


def inside(parent: str, token: str | int) -> str:
    """Return the place of a member or item, or that of its parent below long names, where pointers would fill the memory."""
    if len(parent) > _MAX_POINTER or (isinstance(token, str) and len(token) > _MAX_POINTER):
        return parent
    return parent + pointer(token)


def _locate_scalar(value: Any, place: str) -> Any:
    if isinstance(value, str):
        return Located(value, place)
    if isinstance(value, float):
        return LocatedFloat(value, place)
    # A bool is an int to Python, and cannot be given a place.
    return LocatedInteger(value, place) if type(value) is int else value


def restore(value: Any) -> Any:
    """Return located JSON with its nulls again, for the values that are kept as JSON."""
    if isinstance(value, Null):
        return None
    if isinstance(value, list):
        return [restore(item) for item in value]
    if isinstance(value, dict):
        return {key: restore(member) for key, member in value.items()}
    return value


def place_of(value: Any) -> str | None:
    """Return the JSON pointer of a located value, or None where it is unknown.

    An object's is told by its members' names, or else the first value in it that knows its place speaks for the whole.
    """
    if isinstance(value, Located | LocatedFloat | LocatedInteger):
        return value.pointer
    if isinstance(value, dict):
        parent = next((name.pointer.rpartition("/")[0] for name in value if isinstance(name, Located)), None)
        return parent if parent is not None else _first_place(value.values())
    return _first_place(value) if isinstance(value, list) else None


def _first_place(values: Iterable[Any]) -> str | None:
    places = (place_of(value) for value in values)
    return next((place for place in places if place is not None), None)
