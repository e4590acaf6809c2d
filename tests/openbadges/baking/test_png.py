import json
import struct
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.documents import MAX_BYTES
from intaglio.errors import IntaglioError, MalformedInput, Unsupported
from intaglio.openbadges.baking import MAX_PNG_BYTES, bake, unbake
from tests.openbadges.baking.images import IDAT, IEND, IHDR, JSON, JWT, SIGNATURE, chunk, itxt, png


def refusal(image: bytes, kind: type[IntaglioError] = MalformedInput) -> str:
    with pytest.raises(kind) as raised:
        unbake(image)
    return raised.value.problem.kind


@pytest.mark.parametrize("credential", [JWT, JSON, JSON.encode()])
def test_what_is_baked_is_unbaked(credential: str | bytes) -> None:
    expected = credential if isinstance(credential, bytes) else credential.encode()

    assert unbake(bake(png(), credential)) == expected


def test_the_credential_stands_uncompressed_before_the_end_and_nothing_else_changes() -> None:
    assert bake(png(chunk(b"tEXt", b"Title\0A badge")), JWT) == png(
        chunk(b"tEXt", b"Title\0A badge"), itxt(JWT.encode())
    )


def test_a_credential_that_was_there_is_replaced() -> None:
    image = b"".join([SIGNATURE, IHDR, itxt(b"{}"), IDAT, IEND])

    assert bake(image, JWT) == png(itxt(JWT.encode()))


def test_baking_takes_the_place_of_baking() -> None:
    assert bake(bake(png(), JSON), JWT) == bake(png(), JWT)


def test_the_published_json_badge_is_unbaked(vectors: Path) -> None:
    image = vectors / "baked/digital-credentials-public-v__simple-json.png"
    payload = json.loads((vectors / "baked/digital-credentials-public-v__simple-json.png.payload.json").read_bytes())

    assert json.loads(unbake(image.read_bytes())) == payload


def test_the_published_jwt_badge_is_unbaked_and_baked_again_byte_for_byte(vectors: Path) -> None:
    image = (vectors / "baked/digital-credentials-public-v__simple-jwt.png").read_bytes()
    token = unbake(image)

    assert token.count(b".") == 2
    assert bake(image, token) == image


def test_a_language_and_a_translated_keyword_are_passed_over() -> None:
    assert unbake(png(itxt(JWT.encode(), head=b"\0\0en\0Ausweis\0"))) == JWT.encode()


def test_a_compressed_credential_is_read() -> None:
    assert unbake(png(itxt(zlib.compress(JSON.encode()), head=b"\1\0\0\0"))) == JSON.encode()


def test_a_compression_bomb_in_the_credential_is_refused_in_little_memory() -> None:
    image = png(itxt(zlib.compress(bytes(256 * 1024 * 1024), 9), head=b"\1\0\0\0"))
    assert len(image) < 400_000

    tracemalloc.start()
    try:
        kind = refusal(image)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kind == "too-large"
    assert peak < 4 * MAX_BYTES


def test_a_compression_bomb_in_another_chunk_is_not_unpacked() -> None:
    bomb = zlib.compress(bytes(64 * 1024 * 1024), 9)
    image = png(chunk(b"zTXt", b"Comment\0\0" + bomb), itxt(bomb, b"Comment", b"\1\0\0\0"), itxt(JWT.encode()))

    tracemalloc.start()
    try:
        assert unbake(image) == JWT.encode()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 1_000_000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0",
        b"\0\0en\0",
        b"\2\0\0\0{}",
        b"\1\1\0\0" + zlib.compress(b"{}"),
        b"\1\0\0\0{}",
        b"\1\0\0\0" + zlib.compress(b"{}")[:-1],
        b"\1\0\0\0" + zlib.compress(b"{}") + b"\0",
        b"\0\0\0\0\xff\xfe",
    ],
)
def test_a_broken_credential_chunk_is_refused(content: bytes) -> None:
    assert refusal(png(itxt(b"", head=content))) == "baked-malformed"


def test_two_credentials_in_one_image_are_refused_whichever_a_reader_would_take() -> None:
    two = png(itxt(JWT.encode()), itxt(b"{}"))

    assert refusal(two) == "baked-twice"
    with pytest.raises(MalformedInput) as raised:
        bake(two, JWT)
    assert raised.value.problem.kind == "baked-twice"


def test_an_image_without_a_credential_says_so() -> None:
    assert refusal(png()) == "not-baked"


@pytest.mark.parametrize("keyword", [b"OpenBadgeCredential", b"openbadgecredentials", b" openbadgecredential"])
def test_another_keyword_is_not_ours(keyword: bytes) -> None:
    assert refusal(png(itxt(JWT.encode(), keyword))) == "not-baked"


def test_our_keyword_counts_in_no_other_kind_of_chunk() -> None:
    assert refusal(png(chunk(b"tEXt", b"openbadgecredential\0" + JWT.encode()))) == "not-baked"


@pytest.mark.parametrize(
    "old", [itxt(b"{}", b"openbadges"), chunk(b"tEXt", b"openbadges\0https://example.org/assertions/1")]
)
def test_a_badge_of_open_badges_2_is_named_as_such(old: bytes) -> None:
    assert refusal(png(old), Unsupported) == "baked-open-badges-2"
    assert unbake(bake(png(old), JWT)) == JWT.encode()


@pytest.mark.parametrize("length", [*range(8, 60), -1, -2, -12, -13])
def test_a_truncated_image_is_refused(length: int) -> None:
    assert refusal(png(itxt(JWT.encode()))[:length]) == "png-malformed"


def test_a_wrong_checksum_is_refused() -> None:
    good = itxt(JWT.encode())

    assert refusal(png(good[:-1] + bytes([good[-1] ^ 1]))) == "png-malformed"


@pytest.mark.parametrize("length", [2**31, 2**31 - 1, 2**32 - 1, 1000])
def test_a_chunk_that_claims_to_be_longer_than_the_image_is_refused(length: int) -> None:
    liar = struct.pack(">I", length) + itxt(JWT.encode())[4:]

    assert refusal(png(liar)) == "png-malformed"


@pytest.mark.parametrize("after", [b"\0", itxt(JWT.encode()), IEND, b"GIF89a"])
def test_nothing_may_hide_behind_the_end(after: bytes) -> None:
    assert refusal(png() + after) == "png-malformed"


def test_an_end_with_content_is_none() -> None:
    assert refusal(b"".join([SIGNATURE, IHDR, IDAT, chunk(b"IEND", b"x")])) == "png-malformed"


@pytest.mark.parametrize("first", [IDAT, itxt(JWT.encode()), chunk(b"IHDR", b"short"), IEND])
def test_an_image_begins_with_its_header(first: bytes) -> None:
    assert refusal(b"".join([SIGNATURE, first, IHDR, IDAT, itxt(JWT.encode()), IEND])) == "png-malformed"


def test_a_chunk_type_is_four_letters() -> None:
    assert refusal(png(chunk(b"iT\0t", b"x"))) == "png-malformed"


def test_a_million_chunks_are_refused() -> None:
    image = b"".join([SIGNATURE, IHDR, chunk(b"tEXt") * 1_000_000, IEND])

    assert refusal(image) == "png-malformed"


def test_an_image_that_is_too_large_is_neither_read_nor_written() -> None:
    assert refusal(png(bytes(MAX_PNG_BYTES))) == "image-too-large"
    nearly = png(chunk(b"prVt", bytes(MAX_PNG_BYTES - 100)))
    assert len(nearly) < MAX_PNG_BYTES
    with pytest.raises(MalformedInput) as raised:
        bake(nearly, JWT)
    assert raised.value.problem.kind == "image-too-large"


def test_a_credential_that_is_too_large_is_refused() -> None:
    assert refusal(png(itxt(b" {" + b" " * MAX_BYTES + b"}"))) == "too-large"


@given(st.integers(8, 10**6), st.integers(1, 255))
@settings(deadline=None)
def test_no_changed_byte_of_an_image_goes_unnoticed(position: int, flip: int) -> None:
    image = bytearray(png(itxt(JWT.encode())))
    image[max(8, position % len(image))] ^= flip

    assert refusal(bytes(image)) == "png-malformed"


@given(st.lists(st.tuples(st.sampled_from([b"tEXt", b"iTXt", b"IDAT", b"prVt"]), st.binary(max_size=40)), max_size=6))
@settings(deadline=None)
def test_baking_changes_no_other_chunk(chunks: list[tuple[bytes, bytes]]) -> None:
    others = [chunk(kind, data) for kind, data in chunks]

    assert bake(png(*others), JWT) == png(*others, itxt(JWT.encode()))
