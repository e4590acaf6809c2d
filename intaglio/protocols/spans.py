"""Where values stand in a JSON text, for taking a signed document out of a message as it was written.

Only for texts that `intaglio.documents.parse` has accepted: nothing is checked a second time.
"""

import json
import re
from collections.abc import Iterator
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""From the first character of a value up to, and without, the one after it."""

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def member_spans(text: str, start: int = 0) -> dict[str, Span]:
    """Return the spans of the members' values of the object that begins at `start`, or after white space there."""
    return dict(_members(text, start))


def item_spans(text: str, start: int) -> list[Span]:
    """Return the spans of the items of the array that begins at `start`, or after white space there."""
    spans = []
    place = _skip(text, _skip(text, start) + 1)
    while text[place] != "]":
        spans.append((place, _end(text, place)))
        place = _after_comma(text, spans[-1][1])
    return spans


def _members(text: str, start: int) -> Iterator[tuple[str, Span]]:
    place = _skip(text, _skip(text, start) + 1)
    while text[place] != "}":
        name, place = _DECODER.raw_decode(text, place)
        begin = _skip(text, _skip(text, place) + 1)
        end = _end(text, begin)
        yield name, (begin, end)
        place = _after_comma(text, end)


def _after_comma(text: str, place: int) -> int:
    place = _skip(text, place)
    return _skip(text, place + 1) if text[place] == "," else place


def _end(text: str, start: int) -> int:
    return _DECODER.raw_decode(text, start)[1]


def _skip(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return place if match is None else match.end()
