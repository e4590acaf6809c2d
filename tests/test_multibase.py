import base64
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.errors import IntaglioError, MalformedInput
from intaglio.multikey import (
    PublicKey,
    decode_base58btc,
    decode_base64url,
    encode_base58btc,
    encode_base64url,
)
from tests.guards import ends


def _kind_of(attempt: Any, *arguments: Any) -> str:
    with pytest.raises(IntaglioError) as caught:
        attempt(*arguments)
    assert len(str(caught.value)) < 500
    return caught.value.problem.kind


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "z"),
        (b"\0", "z1"),
        (b"\0\0\1", "z112"),
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
    ],
)
def test_base58_as_its_published_examples(data: bytes, text: str) -> None:
    assert encode_base58btc(data) == text
    assert decode_base58btc(text) == data


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_base58_is_read_as_it_was_written(data: bytes) -> None:
    text = encode_base58btc(data)
    assert re.fullmatch("z[1-9A-HJ-NP-Za-km-z]*", text)
    assert decode_base58btc(text) == data


@pytest.mark.parametrize(
    "text",
    [
        *("", "Z6Mk", "u7QE", "mAA", "f00", "F00", "MAA", "b32", "0", "6MkrJVnaZ", " z6Mk"),
        *("z0", "zO", "zI", "zl", "z+", "z/", "z 1", "z1\n", "z1=", "zé", "z\0", "z１"),
        *(None, 1, b"z1", ["z1"], {"z": "1"}),
    ],
)
def test_another_base_or_character_is_not_read_as_base58(text: object) -> None:
    assert _kind_of(decode_base58btc, text) == "bad-multibase"
    assert _kind_of(PublicKey.from_multikey, text) == "bad-multibase"


def test_base58_of_five_megabytes_takes_no_quadratic_time() -> None:
    with ends():
        assert _kind_of(decode_base58btc, "z" + "9" * 5_000_000) == "bad-multibase"


@settings(deadline=None)
@given(st.binary())
def test_base64url_is_read_as_it_was_written(data: bytes) -> None:
    text = encode_base64url(data)
    assert text == base64.urlsafe_b64encode(data).decode().rstrip("=")
    assert decode_base64url(text) == data


@pytest.mark.parametrize(
    "text", ["A", "AAAAA", "AQ==", "AQ=", "=", "A Q", "AQ\n", "A\tQ", "+A", "/A", "Aé", "A.Q", "\0", None, 5]
)
def test_what_is_not_strict_base64url_is_refused(text: object) -> None:
    assert _kind_of(decode_base64url, text) == "bad-multibase"


@pytest.mark.parametrize("text", ["AB", "AP", "__", "AAB", "AA_"])
def test_stray_bits_in_the_last_character_give_no_second_spelling(text: str) -> None:
    assert _kind_of(decode_base64url, text) == "bad-multibase"


@settings(deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=0x17F)))
def test_no_two_texts_are_read_as_the_same_bytes(text: str) -> None:
    for decode, encode in ((decode_base64url, encode_base64url), (decode_base58btc, encode_base58btc)):
        try:
            data = decode(text)
        except MalformedInput:
            continue
        assert encode(data) == text
