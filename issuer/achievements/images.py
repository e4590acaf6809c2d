"""The picture on a badge, made harmless before it is kept.

Photographs and drawings of pixels are decoded and written anew: what is stored holds the pixels and nothing else, neither the
place where a photograph was taken nor a credential that was baked into it. SVG is rebuilt by `issuer.achievements.drawings`.
"""

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from intaglio.errors import MalformedInput
from issuer.achievements import drawings

MAX_UPLOAD_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 24_000_000
"""What a telephone's photograph has, and 100 MB once it is decoded."""
MAX_STORED_BYTES = 512 * 1024
_LONGEST_SIDES = (1024, 768, 512, 384, 256)
_SMALLEST_SIDE = 32
_FORMATS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff", "WEBP": b"RIFF"}
_JPEG_QUALITY = 86
_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, struct.error, zlib.error)
"""What Pillow's decoders raise for damaged files."""


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A picture as it is kept and served. `digest` is the SHA-256 of `content` in lower-case hexadecimal."""

    media_type: str
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """The name of the picture."""
        return hashlib.sha256(self.content).hexdigest()


def prepare(data: bytes, *, square: bool = False) -> StoredImage:
    """Return an uploaded picture as it may be kept: PNG, JPEG or SVG.

    `square` cuts a picture of pixels to the square in its middle. WebP becomes PNG, since badges are baked into PNG or SVG
    (Open Badges 3.0, section 5.3). Of a moving picture the first frame is kept.

    :raises MalformedInput: ``picture-kind``, ``picture-too-large``, ``picture-damaged``; for SVG also ``picture-active``,
        ``picture-refers``, ``svg-doctype``.
    :raises Unsupported: ``svg-encoding``
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise MalformedInput("picture-too-large", f"It has more than {MAX_UPLOAD_BYTES // 1024**2} MB.")
    kind = next((name for name, signature in _FORMATS.items() if data.startswith(signature)), None)
    if kind is not None:
        return _from_pixels(data, kind, square=square)
    if drawings.looks_like_svg(data):
        return StoredImage("image/svg+xml", drawings.rebuild(data))
    raise MalformedInput("picture-kind", "It is none of PNG, JPEG, WebP and SVG.")


def _from_pixels(data: bytes, kind: str, *, square: bool) -> StoredImage:
    try:
        picture = _decode(data, kind)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels() from None
    except _DAMAGE:
        raise MalformedInput("picture-damaged", f"It begins like {kind}, but does not go on like it.") from None
    if square:
        side = min(picture.size)
        picture = ImageOps.fit(picture, (side, side))
    if min(picture.size) < _SMALLEST_SIDE:
        raise MalformedInput("picture-kind", f"It is less than {_SMALLEST_SIDE} pixels wide or high.")
    # A photograph stays one: as PNG it would be ten times as large. What can be seen through is PNG.
    encoding = "JPEG" if kind == "JPEG" else "PNG"
    for side in _LONGEST_SIDES:
        content = _encode(picture, side, encoding)
        if len(content) <= MAX_STORED_BYTES:
            break
    return StoredImage(f"image/{encoding.lower()}", content)


def _decode(data: bytes, kind: str) -> Image.Image:
    """Return the pixels, upright, as RGB or RGBA. The size that the file states is checked before anything is unpacked."""
    with Image.open(io.BytesIO(data), formats=[kind]) as file:
        if file.width * file.height > MAX_PIXELS:
            raise _too_many_pixels()
        file.draft(
            "RGB", (_LONGEST_SIDES[0] * 2,) * 2
        )  # JPEG only: a large photograph is unpacked at half its size or less
        upright = ImageOps.exif_transpose(file)
        return upright.convert("RGBA" if upright.has_transparency_data else "RGB")


def _encode(picture: Image.Image, longest_side: int, encoding: str) -> bytes:
    smaller = picture.copy()
    smaller.thumbnail((longest_side, longest_side))
    smaller.info.clear()  # Pillow would write comments and colour profiles that it finds there
    out = io.BytesIO()
    if encoding == "JPEG":
        smaller.convert("RGB").save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True, progressive=True)
    else:
        smaller.save(out, "PNG", optimize=True)
    return out.getvalue()


def _too_many_pixels() -> MalformedInput:
    return MalformedInput("picture-too-large", f"It has more than {MAX_PIXELS // 1_000_000} million pixels.")
