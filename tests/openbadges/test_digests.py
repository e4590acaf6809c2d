import base64
import hashlib
from typing import Any

import pytest

from intaglio.errors import MalformedInput, Unsupported
from intaglio.multikey import encode_base58btc, encode_base64url
from intaglio.openbadges.digests import check_digest, states_digest

DATA = b'{"a": 1}'


def _sri(data: bytes, name: str, *, urlsafe: bool = False) -> str:
    encode = base64.urlsafe_b64encode if urlsafe else base64.b64encode
    return f"{name}-{encode(hashlib.new(name, data).digest()).decode()}"


_MULTIHASHES = {"sha256": b"\x12\x20", "sha384": b"\x20\x30", "sha512": b"\x13\x40"}


@pytest.mark.parametrize("name", _MULTIHASHES)
def test_each_known_hash_is_compared(name: str) -> None:
    multihash = _MULTIHASHES[name] + hashlib.new(name, DATA).digest()
    for member, value in (
        ("digestSRI", _sri(DATA, name)),
        ("digestSRI", _sri(DATA, name).rstrip("=")),
        ("digestSRI", _sri(DATA, name, urlsafe=True)),
        ("digestSRI", _sri(DATA, name) + "?ct=application/json"),
        ("digestSRI", [_sri(DATA, name)]),
        ("digestMultibase", "u" + encode_base64url(multihash)),
        ("digestMultibase", encode_base58btc(multihash)),
        ("digestMultibase", [encode_base58btc(multihash)]),
    ):
        check_digest({member: value}, DATA)
        with pytest.raises(MalformedInput, match="schema is not the one"):
            check_digest({member: value}, DATA + b" ")


def test_any_digest_of_the_strongest_algorithm_may_match() -> None:
    check_digest({"digestSRI": f"{_sri(b'older', 'sha512')}  {_sri(DATA, 'sha512')}"}, DATA)


def test_hostile_a_matching_digest_of_a_weaker_algorithm_does_not_help() -> None:
    with pytest.raises(MalformedInput):
        check_digest({"digestSRI": f"{_sri(DATA, 'sha256')} {_sri(b'another', 'sha512')}"}, DATA)


def test_hostile_one_matching_member_does_not_help_the_other() -> None:
    with pytest.raises(MalformedInput):
        check_digest(
            {"digestSRI": _sri(DATA, "sha256"), "digestMultibase": "u" + encode_base64url(b"\x12\x20" + b"0" * 32)},
            DATA,
        )


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        "",
        [],
        {},
        [None],
        "sha256-",
        "sha256-AAAA",
        "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
        "md5-x sha256",
        "x" * 10_000,
    ],
)
def test_hostile_what_is_no_digest_that_we_know_is_unknown_and_never_passes(value: Any) -> None:
    for member in ("digestSRI", "digestMultibase"):
        with pytest.raises(Unsupported) as caught:
            check_digest({member: value}, DATA)
        assert caught.value.problem.kind == "schema-unknown"


@pytest.mark.parametrize("value", ["uAAAA", "u!!", "z0", "u", encode_base58btc(b"\x11\x14" + b"0" * 20)])
def test_a_multibase_of_another_hash_is_unknown(value: str) -> None:
    with pytest.raises(Unsupported):
        check_digest({"digestMultibase": value}, DATA)


def test_an_object_states_a_digest_by_either_member() -> None:
    assert states_digest({"digestSRI": None})
    assert states_digest({"digestMultibase": "u"})
    assert not states_digest({"id": "x"})
