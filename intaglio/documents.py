"""JSON in: the one gate through which bytes from outside become data.

What passes here is I-JSON (RFC 7493): UTF-8, no member twice in an object, no lone surrogate, every number exactly what an
IEEE 754 double can hold. Size and depth are bounded, so that nothing behind this gate has to be afraid of a document.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeAlias

from intaglio.errors import MalformedInput

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Any]
"""A JSON object whose members have not been looked at yet: `Any` is honest here, a precise type would claim a check."""

MAX_BYTES = 10 * 1024 * 1024
"""The largest document that is read, in bytes; a learner record with pictures is about 2 MB."""
MAX_DEPTH = 100
"""The deepest nesting of arrays and objects that is read; the deepest honest record seen is 16."""
MAX_SAFE_INTEGER = 2**53 - 1
"""Beyond this, two readers see two numbers (RFC 7493, section 2.2)."""

_Place: TypeAlias = "tuple[_Place, str | int] | None"
"""Where a value stands, as a chain up to the root: a pointer as text costs as much as all names above it."""
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89A-Fa-f]")


def parse(data: bytes | str, *, max_bytes: int = MAX_BYTES) -> Json:
    """Read one I-JSON text.

    :raises MalformedInput: ``too-large``, ``not-utf8``, ``not-json``, ``duplicate-member``, ``number-out-of-range``,
        ``lone-surrogate`` or ``too-deep``.
    """
    text = _decode(data, max_bytes)
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=_object_without_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite_float,
            parse_int=_safe_integer,
        )
    except RecursionError:
        raise MalformedInput("too-deep", f"Arrays and objects nest more than {MAX_DEPTH} deep.") from None
    except json.JSONDecodeError as error:
        raise MalformedInput("not-json", f"{error.msg}, line {error.lineno}, column {error.colno}.") from None
    check_depth(value)
    # A lone surrogate can only come from an escape: UTF-8 itself cannot carry one.
    if _SURROGATE_ESCAPE.search(text):
        _refuse_lone_surrogates(value)
    return value


def parse_object(data: bytes | str, *, max_bytes: int = MAX_BYTES) -> JsonObject:
    """Like `parse`, for a text whose root must be an object.

    :raises MalformedInput: as `parse` does, and ``not-an-object``.
    """
    value = parse(data, max_bytes=max_bytes)
    if not isinstance(value, dict):
        raise MalformedInput("not-an-object", "The outermost value is not a JSON object.", pointer="")
    return value


def pointer(*tokens: str | int) -> str:
    """Join tokens to a JSON pointer (RFC 6901, section 3): ``pointer("a/b", 0)`` is ``/a~1b/0``."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def as_list(value: Any) -> list[Any]:
    """Return what JSON-LD calls a set: nothing for an absent value, a list as it is, anything else as the only item."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def walk(value: Json) -> Iterator[tuple[str, Json]]:
    """Yield every value in a document with its JSON pointer, parents first. Does not recurse, so depth costs no stack.

    Each pointer is written out, which under a member name of 5 MB takes 5 MB for every value: not for what strangers send.
    """
    for place, item in _traverse(value):
        yield _pointer_to(place), item


def check_depth(value: Json) -> None:
    """Refuse what nests deeper than `MAX_DEPTH`, for documents that did not come through `parse`.

    :raises MalformedInput: ``too-deep``.
    """
    level: list[Json] = [value]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for _, child in _members(item) if isinstance(child, dict | list)]
        if not level:
            return
    raise MalformedInput("too-deep", f"Arrays and objects nest more than {MAX_DEPTH} deep.")


def _traverse(value: Json) -> Iterator[tuple[_Place, Json]]:
    yield None, value
    # Iterators, not values: a list of a million items takes one place on the stack.
    stack: list[tuple[_Place, Iterator[tuple[str | int, Json]]]] = [(None, _members(value))]
    while stack:
        parent, members = stack[-1]
        for token, child in members:
            place = (parent, token)
            yield place, child
            if isinstance(child, dict | list):
                stack.append((place, _members(child)))
                break
        else:
            stack.pop()


def _members(item: Json) -> Iterator[tuple[str | int, Json]]:
    if isinstance(item, dict):
        return iter(item.items())
    return enumerate(item if isinstance(item, list) else [])


def _pointer_to(place: _Place) -> str:
    tokens: list[str | int] = []
    while place is not None:
        place, token = place
        tokens.append(token)
    return pointer(*reversed(tokens))


def _decode(data: bytes | str, max_bytes: int) -> str:
    if len(data) > max_bytes:
        raise MalformedInput("too-large", f"It has {len(data):,} bytes; {max_bytes:,} is the most that is read.")
    if isinstance(data, str):
        # Text from elsewhere can hold what no UTF-8 can, for example names of files read with surrogateescape.
        if _is_broken(data):
            raise MalformedInput("lone-surrogate", "Half of a surrogate pair is not a character.")
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedInput("not-utf8", f"Byte {error.start} does not belong to a UTF-8 text.") from None


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise MalformedInput("duplicate-member", f"The member “{_shorten(twice)}” stands twice in one object.")
    return members


def _refuse_constant(name: str) -> Json:
    raise MalformedInput("number-out-of-range", f"{name} is not a JSON number.")


def _finite_float(literal: str) -> float:
    number = float(literal)
    if not math.isfinite(number):
        raise MalformedInput("number-out-of-range", f"{_shorten(literal)} is larger than any double.")
    return number


def _safe_integer(literal: str) -> int:
    # Twenty characters hold every safe integer; longer literals are not even converted (that takes quadratic time).
    number = int(literal) if len(literal) <= 20 else MAX_SAFE_INTEGER + 1
    if abs(number) > MAX_SAFE_INTEGER:
        raise MalformedInput("number-out-of-range", f"{_shorten(literal)} is beyond 2^53 − 1, where readers disagree.")
    return number


def _refuse_lone_surrogates(value: Json) -> None:
    for place, item in _traverse(value):
        strings = item.keys() if isinstance(item, dict) else [item] if isinstance(item, str) else []
        if any(map(_is_broken, strings)):
            # The pointer of a broken member name would itself be broken text: name its object instead.
            safe = _pointer_to(place).encode("utf-8", "replace").decode("utf-8")
            raise MalformedInput("lone-surrogate", "Half of a surrogate pair is not a character.", pointer=safe)


def _is_broken(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _shorten(text: str) -> str:
    safe = text.encode("utf-8", "replace").decode("utf-8")
    return safe if len(safe) <= 40 else safe[:39] + "…"
