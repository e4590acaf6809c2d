"""A badge drawn as a card, for badges that bring no picture of their own: paper, ink, its seal, its name and its school."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from intaglio.server import seal
from wallet.holdings.cards import Card
from wallet.holdings.engraving import lines_of

_FONTS = Path(seal.__file__).parent / "static" / "fonts"
_SERIF, _SANS = "fraunces-latin-opsz-normal.woff2", "atkinson-hyperlegible-next-latin-wght-normal.woff2"
_WIDTH, _HEIGHT = 1080, 1350
_SEAL, _TOP, _MARGIN = 620, 130, 90
_FINER = 2
"""Drawn so many times larger, then made smaller: Pillow draws hard edges."""
_PAPER, _INK, _SOFT, _ACCENT, _RULE = "#fbf9f4", "#1d2421", "#56605b", "#1f5c4a", "#d9d4c7"
_LINE = 2.3
_MAX_LINES = 3


def draw_card(card: Card) -> bytes:
    """Return a PNG of 1080 by 1350 pixels."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((28, 28, _WIDTH - 28, _HEIGHT - 28), radius=36, outline=_RULE, width=3)
    image.paste(_seal(card.credential_id), ((_WIDTH - _SEAL) // 2, _TOP))
    y = _TOP + _SEAL + 60
    y = _write(draw, card.name, y, _font(_SERIF, 76, [72, 560]), _INK)
    y = _write(draw, card.issuer_name, y + 14, _font(_SANS, 42, [500]), _INK)
    if card.level_name:
        y = _write(draw, card.level_name, y + 6, _font(_SANS, 36, [400]), _SOFT, lines=1)
    words = " ".join(seal.seal_words(card.credential_id))
    _write(draw, words, _HEIGHT - 110, _font(_SANS, 30, [400]), _SOFT, lines=1)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _seal(credential_id: str) -> Image.Image:
    side = _SEAL * _FINER
    image = Image.new("RGB", (side, side), _PAPER)
    draw = ImageDraw.Draw(image)
    drawing = seal.seal_svg(credential_id)
    for line in lines_of(drawing, side):
        draw.line(line, fill=_ACCENT, width=round(_LINE * _FINER), joint="curve")
    return image.resize((_SEAL, _SEAL), Image.Resampling.LANCZOS)


def _font(name: str, size: int, axes: list[float]) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(_FONTS / name, size)
    font.set_variation_by_axes(axes)
    return font


def _write(
    draw: ImageDraw.ImageDraw,
    text: str,
    top: int,
    font: ImageFont.FreeTypeFont,
    colour: str,
    *,
    lines: int = _MAX_LINES,
) -> int:
    """Write a text in the middle, on at most so many lines, and return where it ends."""
    height = round(font.size * 1.25)
    for line in _broken(text, font, lines):
        draw.text((_WIDTH // 2, top), line, font=font, fill=colour, anchor="ma")
        top += height
    return top


def _broken(text: str, font: ImageFont.FreeTypeFont, most: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= _WIDTH - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] += " …"
    return [_shortened(line, font) for line in kept]


def _shortened(line: str, font: ImageFont.FreeTypeFont) -> str:
    while font.getlength(line) > _WIDTH - 2 * _MARGIN and len(line) > 2:
        line = line[:-2].rstrip() + "…"
    return line
