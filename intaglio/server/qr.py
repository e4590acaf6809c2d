"""QR codes (ISO/IEC 18004) for pages and for the terminal."""

from collections.abc import Iterator
from itertools import groupby, zip_longest
from typing import TypeAlias

import qrcode
from markupsafe import Markup, escape
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError

from intaglio.errors import MalformedInput

_QUIET_ZONE = 4  # modules, as the standard asks; without it phones do not find the code on a dark page
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_BLACK_ON_WHITE, _PLAIN = "\x1b[30;107m", "\x1b[0m"
_Modules: TypeAlias = list[list[bool]]


def qr_svg(text: str, *, label: str = "") -> Markup:
    """Return a QR code as SVG: one path, dark on white in every theme, with the quiet zone inside.

    `label` says what the code leads to, for those who do not see it; without one the drawing is hidden from them.

    :raises MalformedInput: ``too-long-for-qr``
    """
    modules = _modules(text)
    side = len(modules)
    path = "".join(f"M{x} {y}h{width}v1h-{width}z" for x, y, width in _runs(modules))
    names = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(  # noqa: S704 - figures of our own, and an escaped label
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" {names}>'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{path}"/></svg>'
    )


def qr_terminal(text: str, *, colours: bool = True) -> str:
    """Return a QR code as lines of half blocks, two rows of modules to a line.

    With `colours` it is black on white whatever the terminal's own are; without, it reads as it should on a light terminal.

    :raises MalformedInput: ``too-long-for-qr``
    """
    modules = _modules(text)
    pairs = zip_longest(modules[::2], modules[1::2], fillvalue=[False] * len(modules))
    lines = ("".join(_BLOCKS[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in pairs)
    return "\n".join(f"{_BLACK_ON_WHITE}{line}{_PLAIN}" if colours else line for line in lines)


def _modules(text: str) -> _Modules:
    """Return the rows of a code of the smallest version that holds the text at medium correction; True is dark."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET_ZONE)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError):  # the package says either, depending on how much too long it is
        raise MalformedInput("too-long-for-qr", f"It has {len(text):,} characters.") from None
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _runs(modules: _Modules) -> Iterator[tuple[int, int, int]]:
    """Give the place and the length of every row of dark modules side by side."""
    for y, row in enumerate(modules):
        x = 0
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                yield x, y, width
            x += width
