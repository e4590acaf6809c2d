"""A first look at a document: how much is in it, and whether it needs a closer one."""

from typing import Any, NamedTuple

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput

MAX_VALUES = 200_000
"""Members and items that a document may have in all; to expand one takes about 1 kB and 20 µs. A large learner record has
20,000."""


class Survey(NamedTuple):
    """The names of all members, the number of values, and whether one is null; what is in contexts is not counted."""

    names: set[str]
    size: int
    has_null: bool

    @classmethod
    def of(cls, document: JsonObject) -> "Survey":
        """Look through a document.

        :raises MalformedInput: ``too-large``; ``not-json`` for values that only Python has.
        """
        names: set[str] = set()
        size, has_null = 0, False
        stack: list[Any] = [document]
        while stack:
            item = stack.pop()
            if isinstance(item, dict):
                names.update(item)
                size += len(item)
                stack.extend(member for name, member in item.items() if name != "@context")
            elif isinstance(item, list):
                size += len(item)
                stack.extend(item)
            elif item is None:
                has_null = True
            elif not isinstance(item, str | int | float):
                raise MalformedInput("not-json", f"JSON has no value of the kind {type(item).__name__}.")
            if size > MAX_VALUES:
                raise MalformedInput("too-large", f"It has more than {MAX_VALUES:,} values.")
        return cls(names, size, has_null)
