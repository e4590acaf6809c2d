"""The engraved seal of a badge: a rosette, and four words, both from the SHA-256 of the credential's ``id``.

The same badge has the same seal in the wallet, on paper, in a share and at the verifier, so that a person recognises *which*
badge this is. It is recognition and proves nothing: whoever copies an ``id`` copies its seal. No text may say that equal seals
mean genuine.

The drawing is a guilloche, the woven line of banknotes: three bands of waves around one centre. The number of crests of the
outline, the weave and the heart each follow bytes of the digest of their own, so that two seals differ at a glance. Changing
how bytes become lines, or the order of the words, changes every seal that was printed: tests pin both.
"""

import hashlib
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

_CENTRE = 200  # in units of the drawing, whose coordinates are whole numbers: that halves its bytes
_PIECES = 4  # of a crest; with exact tangents the error of a piece is below the width of the line
_WORDS = Path(__file__).with_name("seal_words.txt")
_FIRST_WORD = 16  # the byte of the digest that chooses it: words and drawing share none


@dataclass(frozen=True, slots=True)
class _Band:
    """A wave with `crests` crests between two radii (shares of the whole), drawn `copies` times, each turned a little."""

    crests: int
    outer: float
    inner: float
    copies: int
    turn: float


def seal_svg(credential_id: str, *, label: str = "", size: int = 200, small: bool = False) -> Markup:
    """Return the seal as SVG: lines only, in the colour of the text around it, at most 12 kB.

    `size` is in CSS pixels. `small` draws fewer, bolder lines, for 32 to 72 pixels. `label` names it for those who do not see it,
    best with its words; without one it is hidden from them.
    """
    digest = _digest(credential_id)
    drawing = _small_drawing(digest) if small else _drawing(digest)
    names = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    side = 2 * _CENTRE
    return Markup(  # noqa: S704 - figures of our own, and an escaped label
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{size}" height="{size}" fill="none" '
        f'stroke="currentColor" stroke-width="{9 if small else 1.6}" stroke-linejoin="round" {names}>{drawing}</svg>'
    )


def seal_words(credential_id: str, language: str = "en") -> tuple[str, str, str, str]:
    """Return the seal as four words, for those who cannot compare pictures.

    The lists of all languages are aligned: the second word in Spanish is the Spanish for the second word in English, so that
    readers of two languages agree. Languages without a list read English.
    """
    words = _words().get(language) or _words()["en"]
    first, second, third, fourth = _digest(credential_id)[_FIRST_WORD : _FIRST_WORD + 4]
    return words[first], words[second], words[third], words[fourth]


def _digest(credential_id: str) -> bytes:
    return hashlib.sha256(credential_id.encode()).digest()


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """Return the words of each language: 256 of them, one for each value of a byte."""
    languages, *rows = [line.split() for line in _WORDS.read_text(encoding="utf-8").splitlines()]
    return {language: tuple(column) for language, *column in zip(languages, *rows, strict=True)}


def _bands(digest: bytes) -> tuple[_Band, _Band, _Band]:
    """Return the outline, the weave and the heart that the first twelve bytes of a digest ask for."""
    b = digest
    outline = _Band(4 + b[0] % 9, 0.98, 0.62 + b[1] % 5 * 0.05, 2 + b[2] % 4, b[3] / 40)
    weave = _Band(5 + b[4] % 12, 0.76, 0.26 + b[5] % 4 * 0.05, 3 + b[6] % 4, b[7] / 40)
    heart = _Band(3 + b[8] % 7, 0.30, 0.05 + b[9] % 3 * 0.05, 1 + b[10] % 4, b[11] / 40)
    return outline, weave, heart


def _drawing(digest: bytes) -> str:
    return "".join(f'<path d="{_wave(band, copy)}"/>' for band in _bands(digest) for copy in range(band.copies))


def _small_drawing(digest: bytes) -> str:
    """Return what is still seen at 48 pixels: the outline once, the heart once and larger; one of them, both or none filled."""
    outline, weave, heart = _bands(digest)
    edge = _wave(_Band(outline.crests, 0.97, min(outline.inner, 0.78), 1, outline.turn), 0)
    middle = _wave(_Band(heart.crests, 0.5, 0.14, 1, heart.turn), 0)
    if weave.copies % 2:  # a solid body, out of which the heart is cut
        return f'<path fill="currentColor" fill-rule="evenodd" d="{edge}{middle}"/>'
    fill = "currentColor" if heart.copies % 2 else "none"
    return f'<path d="{edge}"/><path fill="{fill}" d="{middle}"/>'


def _wave(band: _Band, copy: int) -> str:
    """Return the path of r(a) = middle + half · cos(crests · (a + turn)) as smooth cubic Béziers, exact at their ends.

    The control points of Hermite's form lie a third of a step along the tangent, the same on both sides of a point: that is what
    the command ``s`` assumes, and saves a third of the numbers.
    """
    middle, half = (band.outer + band.inner) / 2 * _CENTRE, (band.outer - band.inner) / 2 * _CENTRE
    turn = band.turn + copy / band.copies * math.tau / band.crests
    steps = band.crests * _PIECES
    third = math.tau / steps / 3

    def point(step: int) -> tuple[float, float, float, float]:
        """Return a point and the vector from the control point before it."""
        a = step / steps * math.tau
        r = middle + half * math.cos(band.crests * (a + turn))
        slope = -half * band.crests * math.sin(band.crests * (a + turn))
        x, y = r * math.cos(a), r * math.sin(a)
        return x, y, (slope * math.cos(a) - y) * third, (slope * math.sin(a) + x) * third

    x, y, forward_x, forward_y = point(0)
    at_x, at_y = round(_CENTRE + x), round(_CENTRE + y)
    parts = [f"M{at_x} {at_y}"]
    for step in range(1, steps + 1):
        x, y, before_x, before_y = point(step)
        to_x, to_y = round(_CENTRE + x), round(_CENTRE + y)
        control = (round(_CENTRE + x - before_x) - at_x, round(_CENTRE + y - before_y) - at_y)
        end = (to_x - at_x, to_y - at_y)
        if step == 1:
            parts.append("c" + _numbers(round(forward_x), round(forward_y), *control, *end))
        else:
            parts.append("s" + _numbers(*control, *end))
        at_x, at_y = to_x, to_y
    return "".join(parts) + "z"


def _numbers(*values: int) -> str:
    """Write whole numbers as SVG reads them; a minus sign separates by itself."""
    text = str(values[0])
    for value in values[1:]:
        text += str(value) if value < 0 else f" {value}"
    return text
