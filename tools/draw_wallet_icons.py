"""Draw the wallet's icons: one of our seals, on paper, in the sizes that phones ask for.

``python -m tools.draw_wallet_icons`` writes ``wallet/static/images/wallet-*.png``.
"""

from pathlib import Path

from PIL import Image, ImageDraw

from intaglio.server.seal import seal_svg
from wallet.holdings.engraving import lines_of

_IMAGES = Path(__file__).parent.parent / "wallet" / "static" / "images"
_SEED = "intaglio"
_PAPER, _ACCENT = "#fbf9f4", "#1f5c4a"
_FINER = 4
_ICONS = ((192, "any", 0.92), (512, "any", 0.92), (512, "maskable", 0.7))


def draw(size: int, share: float) -> Image.Image:
    """Return an icon; the seal takes a share of it, less where the system cuts the edges off (“maskable”)."""
    side = size * _FINER
    image = Image.new("RGB", (side, side), _PAPER)
    pen, inner = ImageDraw.Draw(image), int(side * share)
    shift = (side - inner) / 2
    for line in lines_of(seal_svg(_SEED, small=True), inner):
        moved = [(x + shift, y + shift) for x, y in line]
        pen.line(moved, fill=_ACCENT, width=max(1, inner // 46), joint="curve")
    return image.resize((size, size), Image.Resampling.LANCZOS).quantize(32)


if __name__ == "__main__":
    for size, purpose, share in _ICONS:
        draw(size, share).save(_IMAGES / f"wallet-{purpose}-{size}.png", optimize=True)
