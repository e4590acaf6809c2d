"""Pictures are decoded and written anew; what is no picture, or a trap, gets a clear error."""

import io
import os
import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from intaglio.errors import MalformedInput
from issuer.achievements.images import MAX_STORED_BYTES, MAX_UPLOAD_BYTES, StoredImage, prepare


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(stored: StoredImage) -> Image.Image:
    picture = Image.open(io.BytesIO(stored.content))
    picture.load()
    return picture


def refused(data: bytes) -> str:
    with pytest.raises(MalformedInput) as caught:
        prepare(data)
    return caught.value.problem.kind


RED = Image.new("RGB", (1500, 1000), "red")


def test_a_photograph_keeps_its_pixels_and_nothing_else() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x8825] = {1: "N", 2: (40.0, 46.0, 0.0)}
    stored = prepare(encoded(RED, "JPEG", exif=exif, comment=b"my home", dpi=(300, 300), icc_profile=b"profile"))

    picture = opened(stored)
    assert stored.media_type == "image/jpeg"
    assert picture.size == (683, 1024)
    assert not picture.getexif()
    assert not {"comment", "icc_profile", "exif"} & picture.info.keys()
    assert b"my home" not in stored.content


def test_a_badge_that_was_baked_into_a_picture_does_not_travel_on() -> None:
    text = PngInfo()
    text.add_itxt("openbadgecredential", "{}")
    stored = prepare(encoded(RED, "PNG", pnginfo=text))

    assert stored.media_type == "image/png"
    assert b"openbadgecredential" not in stored.content


def test_webp_becomes_png_and_keeps_what_can_be_seen_through() -> None:
    stored = prepare(encoded(Image.new("RGBA", (200, 100), (255, 0, 0, 40)), "WEBP", lossless=True))

    assert stored.media_type == "image/png"
    assert opened(stored).mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGB", "RGBA"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    assert opened(prepare(encoded(Image.new(mode, (64, 64)), "PNG"))).size == (64, 64)


def test_a_printers_jpeg_becomes_one_for_screens() -> None:
    assert opened(prepare(encoded(Image.new("CMYK", (64, 64)), "JPEG"))).mode == "RGB"


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (64, 64), color) for color in ("red", "blue")]
    stored = prepare(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True))

    assert opened(stored).getpixel((5, 5)) == (255, 0, 0)


def test_a_square_is_cut_from_the_middle() -> None:
    wide = Image.new("RGB", (300, 100), "red")
    wide.paste("blue", (100, 0, 200, 100))

    picture = opened(prepare(encoded(wide, "PNG"), square=True))

    assert picture.size == (100, 100)
    assert picture.getpixel((2, 50)) == (0, 0, 255)


def test_a_picture_of_noise_is_made_smaller_until_it_fits() -> None:
    noise = Image.frombytes("RGB", (1200, 1200), os.urandom(1200 * 1200 * 3))
    stored = prepare(encoded(noise, "WEBP", quality=60))

    assert len(stored.content) <= MAX_STORED_BYTES
    assert opened(stored).width < 1024


def test_the_digest_names_the_content() -> None:
    assert prepare(encoded(RED, "PNG")).digest == prepare(encoded(RED, "PNG")).digest
    assert len(prepare(encoded(RED, "PNG")).digest) == 64


@pytest.mark.parametrize("size", [(5000, 5000), (30_000, 30_000)])
def test_a_small_file_that_unpacks_to_a_giant_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    bomb = encoded(Image.new("1", (64, 64)), "PNG")
    header = b"IHDR" + struct.pack(">II", *size) + bomb[24:29]
    bomb = bomb[:12] + header + struct.pack(">I", zlib.crc32(header)) + bomb[33:]

    assert refused(bomb) == "picture-too-large"


def test_what_has_too_many_bytes_is_refused_unread() -> None:
    assert refused(b"\x89PNG\r\n\x1a\n" + bytes(MAX_UPLOAD_BYTES)) == "picture-too-large"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_damaged_pictures_get_a_clear_error(kind: str) -> None:
    whole = encoded(Image.frombytes("RGB", (99, 99), os.urandom(99 * 99 * 3)), kind)

    for length in (12, 20, 30, 60, len(whole) // 2):
        assert refused(whole[:length]) in ("picture-damaged", "picture-kind")


def test_other_kinds_and_specks_are_refused() -> None:
    assert refused(b"") == "picture-kind"
    assert refused(b"GIF89a" + bytes(100)) == "picture-kind"
    assert refused(b"%PDF-1.7") == "picture-kind"
    assert refused(encoded(Image.new("RGB", (10, 500)), "PNG")) == "picture-kind"


def test_svg_is_rebuilt() -> None:
    stored = prepare(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><!-- note --><rect width="1"/></svg>')

    assert stored.media_type == "image/svg+xml"
    assert b"note" not in stored.content
