"""The formats of text that the generated schemas name and no pattern can check."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from intaglio.errors import MalformedInput
from intaglio.times import parse_time

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def matches(pattern: str, text: str) -> bool:
    """Tell whether a JSON Schema's ``pattern`` finds itself in a text (validation vocabulary 2020-12, section 6.3.3).

    Only for patterns of our own schemas: anchors, classes and simple repetitions, which take linear time. There ``$`` means
    the very end; Python's would let one line break follow.
    """
    ending = pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern
    return re.search(ending, text) is not None


def is_date(text: str) -> bool:
    """Tell whether a text is a calendar day, as ``2026-06-30``."""
    if not _DATE.match(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_date_time(text: str) -> bool:
    """Tell whether a text is a point in time; its offset may be missing."""
    return _is_time(text, offset_required=False)


def is_date_time_stamp(text: str) -> bool:
    """Tell whether a text is a point in time with its offset."""
    return _is_time(text, offset_required=True)


def _is_time(text: str, *, offset_required: bool) -> bool:
    try:
        parse_time(text, offset_required=offset_required)
    except MalformedInput:
        return False
    return True


FORMATS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {"date": is_date, "local-date-time": is_date_time, "date-time": is_date_time_stamp}
)
"""By the name that a schema's ``format`` gives. ``local-date-time`` is ours: the registry has no name for it."""
