"""Text for a terminal. What a credential says is somebody else's text: it must not be able to steer the terminal."""

import textwrap
import unicodedata

_WIDTH = 100
_CONTROL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # needed to write Persian, Hindi and others properly


def printable(text: str, limit: int = 2000) -> str:
    """Return `text` on one line, without control and direction characters, cut to `limit` characters."""
    shown = "".join(
        character if unicodedata.category(character) not in _CONTROL or character in _JOINERS else " "
        for character in text[: limit + 1]
    )
    line = " ".join(shown.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def paragraph(text: str, indent: str) -> str:
    """Return `text` wrapped for a terminal, each line indented."""
    return textwrap.fill(
        printable(text), _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
