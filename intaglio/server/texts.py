"""Texts as people type them, before they are kept or sealed."""

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator

# Control characters but for tab and line ends; halves of characters; marks that turn the order of letters around, with which
# a name can be made to read as another one (Unicode Technical Report 36, section 2.10).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_SPACE = re.compile(r"\s+")


def clean_line(text: str) -> str:
    """Return a text on one line: composed (NFC), without what nobody sees, single spaces, none at the ends."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", _UNSEEN.sub("", _SPACE.sub(" ", text)))).strip()


def clean_block(text: str) -> str:
    """Return a text of several lines, with plain line ends, no blanks behind them, and none above or below."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cleaned = (unicodedata.normalize("NFC", _UNSEEN.sub("", line)).rstrip() for line in lines)
    return "\n".join(cleaned).strip("\n")


def _if_text(clean: Callable[[str], str]) -> BeforeValidator:
    def apply(value: Any) -> Any:
        return clean(value) if isinstance(value, str) else value

    return BeforeValidator(apply)


Line = Annotated[str, _if_text(clean_line)]
"""A name, a code, an address: one line."""
Block = Annotated[str, _if_text(clean_block)]
"""A description, criteria in Markdown: many lines."""
