"""Reading the members of a message: each of the kind it must be, of a bounded size, and named in the error where it is not.

Members that a message does not define are never looked at: every specification here asks that they be ignored. A null counts
as absent, since some servers write every member they know.
"""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from intaglio.documents import JsonObject, pointer
from intaglio.errors import MalformedInput, Unavailable
from intaglio.fetch.rules import parse_target, show

MAX_TEXT = 8192
"""The longest text of a message, in characters; tokens that hold claims have a few thousand."""
MAX_ITEMS = 256
"""The most items of an array, and the most members of a map that a stranger chose."""

_THIS_MACHINE = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?(/|\?|\Z)", re.IGNORECASE)

_Place: TypeAlias = tuple[str | int, ...]


class Members:
    """One object of a message. Everything it finds wrong is a `MalformedInput` of the message's own kind."""

    def __init__(self, value: object, kind: str, place: _Place = ()) -> None:
        self._kind, self._place = kind, place
        if not isinstance(value, dict):
            raise self.wrong("It is not an object.")
        self._members: JsonObject = value

    def __contains__(self, name: str) -> bool:
        return self._members.get(name) is not None

    def wrong(self, detail: str, name: str | None = None) -> MalformedInput:
        """Return the error to raise about this object, or about one member of it."""
        place = self._place if name is None else (*self._place, name)
        return MalformedInput(self._kind, detail, pointer=pointer(*place))

    def text(self, name: str, *, longest: int = MAX_TEXT) -> str:
        """Return a text that must be there, and not be empty."""
        value = self.optional_text(name, longest=longest)
        if not value:
            raise self.wrong(f"The member “{name}” is missing or empty.", name)
        return value

    def optional_text(self, name: str, *, longest: int = MAX_TEXT) -> str | None:
        """Return a text, or None where there is none."""
        value = self._members.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > longest):
            raise self.wrong(f"The member “{name}” is not a text of at most {longest:,} characters.", name)
        return value

    def url(self, name: str) -> str:
        """Return an address that must be there: https, or http to the reader's own machine."""
        return self._checked_url(name, self.text(name))

    def optional_url(self, name: str) -> str | None:
        """Return an address, or None where there is none."""
        value = self.optional_text(name)
        return None if value is None else self._checked_url(name, value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self._members.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(f"The member “{name}” is neither true nor false.", name)
        return default if value is None else value

    def number(self, name: str, *, least: int = 0) -> int | None:
        """Return a whole number from `least` on, or None where there is none."""
        value = self._members.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
            raise self.wrong(f"The member “{name}” is not a whole number from {least} on.", name)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a non-empty array of different texts; nothing where the member is absent."""
        values = self._array(name)
        if not all(isinstance(value, str) and 0 < len(value) <= MAX_TEXT for value in values):
            raise self.wrong(f"The member “{name}” holds something that is not a text.", name)
        if len(set(values)) != len(values):
            raise self.wrong(f"The member “{name}” holds the same text twice.", name)
        return tuple(values)

    def required_texts(self, name: str) -> tuple[str, ...]:
        """Return the same, where it must be there."""
        values = self.texts(name)
        if not values:
            raise self.wrong(f"The member “{name}” is missing.", name)
        return values

    def array(self, name: str) -> tuple[Any, ...]:
        """Return a non-empty array as it is; nothing where the member is absent."""
        return tuple(self._array(name))

    def inner(self, name: str) -> "Members | None":
        """Return an object inside, or None where there is none."""
        return Members(self._members[name], self._kind, (*self._place, name)) if name in self else None

    def inners(self, name: str) -> "tuple[Members, ...]":
        """Return the objects of a non-empty array; nothing where the member is absent."""
        return tuple(
            Members(value, self._kind, (*self._place, name, number)) for number, value in enumerate(self._array(name))
        )

    def named(self) -> "Iterator[tuple[str, Members]]":
        """Yield the members of a map from names to objects."""
        if len(self._members) > MAX_ITEMS:
            raise self.wrong(f"It has more than {MAX_ITEMS} members.")
        for name, value in self._members.items():
            yield name, Members(value, self._kind, (*self._place, name))

    def raw(self, name: str) -> Any:
        """Return a member as it is, None where it is absent."""
        return self._members.get(name)

    def _array(self, name: str) -> list[Any]:
        value = self._members.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not 0 < len(value) <= MAX_ITEMS:
            raise self.wrong(f"The member “{name}” is not an array of 1 to {MAX_ITEMS} items.", name)
        return value

    def _checked_url(self, name: str, value: str) -> str:
        if not is_web_address(value):
            raise self.wrong(f"{show(value)} is not an https address.", name)
        return value


def is_web_address(url: str) -> bool:
    """Tell whether a service may live at an address: https, or http on the reader's own machine, for trying things out.

    http is no hole: where it leads is this machine, and whether even that is asked is for the network's own rules.
    """
    try:
        parse_target(url, allow_http=_THIS_MACHINE.match(url) is not None)
    except (MalformedInput, Unavailable):
        return False
    return True


def without_none(**members: Any) -> JsonObject:
    """Return an object of the members that have a value; an empty tuple counts as none, other tuples become arrays."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in members.items()
        if value is not None and value != ()
    }
