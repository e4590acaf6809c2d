"""JCS: the canonical bytes of JSON (RFC 8785).

The writing is done by the package `rfc8785`. Here stands what it leaves open: the depth is bounded, and each thing that it
refuses is named with its place.
"""

import math

import rfc8785

from intaglio.documents import MAX_SAFE_INTEGER, Json, check_depth, walk
from intaglio.errors import MalformedInput


def canonicalize(value: Json) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value: members in UTF-16 order, numbers as ECMAScript writes them.

    :raises MalformedInput: ``number-out-of-range`` for NaN, infinities and integers beyond 2^53 − 1 (RFC 8785, section
        3.2.2.3; RFC 7493, section 2.2), ``lone-surrogate`` (RFC 8785, section 3.2.2.2), ``too-deep``, ``not-json``.
    """
    check_depth(value)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        raise _what_is_wrong(value) from None


def _what_is_wrong(value: Json) -> MalformedInput:
    for place, item in walk(value):
        if isinstance(item, dict):
            if not all(isinstance(key, str) for key in item):
                return MalformedInput("not-json", "A member’s name is not text.", pointer=_writable(place))
            if not all(map(_is_unicode, item)):
                return _lone_surrogate(place)
        elif isinstance(item, str):
            if not _is_unicode(item):
                return _lone_surrogate(place)
        elif isinstance(item, int | float):
            if abs(item) > MAX_SAFE_INTEGER if isinstance(item, int) else not math.isfinite(item):
                detail = "Readers would disagree on this number."
                return MalformedInput("number-out-of-range", detail, pointer=_writable(place))
        elif item is not None and not isinstance(item, list):
            detail = f"JSON has no value of the kind {type(item).__name__}."
            return MalformedInput("not-json", detail, pointer=_writable(place))
    return MalformedInput("not-json", "It has no canonical form.")  # pragma: no cover - kept as a lock


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _lone_surrogate(place: str) -> MalformedInput:
    detail = "Half of a surrogate pair is not a character."
    return MalformedInput("lone-surrogate", detail, pointer=_writable(place))


def _writable(place: str) -> str:
    # A pointer through a member whose own name is broken would be broken text itself.
    return place.encode("utf-8", "replace").decode("utf-8")
