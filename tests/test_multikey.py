import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x25519
from jwcrypto.jwk import JWK

from intaglio.errors import IntaglioError, MalformedInput, Unsupported
from intaglio.multikey import (
    Algorithm,
    PublicKey,
    decode_base58btc,
    decode_base64url,
    default_verification_method,
    did_jwk,
    did_key,
    encode_base58btc,
    encode_base64url,
)

_PRIVATE: dict[Algorithm, Any] = {
    Algorithm.ED25519: ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))),
    Algorithm.P256: ec.derive_private_key(0x1234567, ec.SECP256R1()),
    Algorithm.P384: ec.derive_private_key(0x89ABCDEF, ec.SECP384R1()),
    Algorithm.RSA: rsa.generate_private_key(65537, 2048),
}
_KEYS = {algorithm: PublicKey.from_cryptography(key.public_key()) for algorithm, key in _PRIVATE.items()}
_MULTIKEYS = [Algorithm.ED25519, Algorithm.P256, Algorithm.P384]
_PREFIXES = {Algorithm.ED25519: b"\xed\x01", Algorithm.P256: b"\x80\x24", Algorithm.P384: b"\x81\x24"}

all_algorithms = pytest.mark.parametrize("algorithm", Algorithm)


def _kind_of(attempt: Any, *arguments: Any) -> str:
    with pytest.raises(IntaglioError) as caught:
        attempt(*arguments)
    assert len(str(caught.value)) < 500
    return caught.value.problem.kind


# — formats —


@pytest.mark.parametrize("algorithm", _MULTIKEYS)
def test_a_multikey_is_read_as_it_was_written(algorithm: Algorithm) -> None:
    key = _KEYS[algorithm]
    text = key.to_multikey()
    assert PublicKey.from_multikey(text) == key
    assert decode_base58btc(text) == _PREFIXES[algorithm] + key.data


@all_algorithms
def test_a_jwk_is_read_as_it_was_written(algorithm: Algorithm) -> None:
    key = _KEYS[algorithm]
    assert PublicKey.from_jwk(key.to_jwk()) == key
    assert PublicKey.from_jwk({**key.to_jwk(), "kid": "1", "use": "sig", "x5c": ["?"]}) == key


@all_algorithms
def test_an_independent_library_reads_the_same_key_and_thumbprint(algorithm: Algorithm) -> None:
    key = _KEYS[algorithm]
    theirs = JWK.from_pyca(_PRIVATE[algorithm].public_key())
    exported = theirs.export_public(as_dict=True)
    assert {name: value for name, value in exported.items() if name != "kid"} == key.to_jwk()
    assert PublicKey.from_jwk(exported) == key
    members = json.dumps(key.to_jwk(), separators=(",", ":")).encode()
    assert theirs.thumbprint() == encode_base64url(hashlib.sha256(members).digest())


@all_algorithms
def test_the_members_of_a_jwk_stand_in_the_order_that_a_thumbprint_needs(algorithm: Algorithm) -> None:
    assert list(_KEYS[algorithm].to_jwk()) == sorted(_KEYS[algorithm].to_jwk())


def test_coordinates_keep_their_leading_zeros() -> None:
    # RFC 7518, section 6.2.1.2: the full size of the curve, also where the number is small.
    key = next(
        public
        for scalar in range(1, 2000)
        if (public := ec.derive_private_key(scalar, ec.SECP256R1()).public_key()).public_numbers().x < 2**248
    )
    jwk = PublicKey.from_cryptography(key).to_jwk()
    assert {len(jwk["x"]), len(jwk["y"])} == {43}
    assert PublicKey.from_jwk(jwk) == PublicKey.from_cryptography(key)
    short = encode_base64url(decode_base64url(jwk["x"]).lstrip(b"\0"))
    assert _kind_of(PublicKey.from_jwk, {**jwk, "x": short}) == "bad-public-key"


@pytest.mark.parametrize(
    ("file", "pair", "algorithm"),
    [
        ("vc-di-eddsa/keyPair.json", None, Algorithm.ED25519),
        *(("vc-di-eddsa/proof-set-chain/multiKeyPairs.json", f"keyPair{n}", Algorithm.ED25519) for n in (1, 2, 3, 4)),
        ("vc-di-ecdsa/p256KeyPair.json", None, Algorithm.P256),
        ("vc-di-ecdsa/p384KeyPair.json", None, Algorithm.P384),
    ],
)
def test_the_published_keys_are_read_and_written_as_published(
    vectors: Path, file: str, pair: str | None, algorithm: Algorithm
) -> None:
    document = json.loads((vectors / "w3c" / file).read_text())
    published = (document[pair] if pair else document)["publicKeyMultibase"]
    key = PublicKey.from_multikey(published)
    assert key.algorithm is algorithm
    assert key.to_multikey() == published
    assert did_key(key) == f"did:key:{published}"
    assert default_verification_method(key) == f"did:key:{published}#{published}"


def test_an_rsa_key_goes_by_its_did_jwk() -> None:
    key = _KEYS[Algorithm.RSA]
    encoded = did_jwk(key).removeprefix("did:jwk:")
    assert json.loads(base64.urlsafe_b64decode(encoded + "==")) == key.to_jwk()
    assert default_verification_method(key) == f"did:jwk:{encoded}#0"


def test_an_rsa_key_has_no_multikey() -> None:
    assert _kind_of(_KEYS[Algorithm.RSA].to_multikey) == "unknown-key-type"
    assert _kind_of(did_key, _KEYS[Algorithm.RSA]) == "unknown-key-type"


def test_keys_are_compared_by_value_and_can_be_members_of_a_set() -> None:
    key = _KEYS[Algorithm.P256]
    assert {key, PublicKey.from_jwk(key.to_jwk()), PublicKey.from_multikey(key.to_multikey())} == {key}
    assert key != _KEYS[Algorithm.P384]


# — keys that are none —


@pytest.mark.parametrize("algorithm", _MULTIKEYS)
@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"\0", lambda _: b""])
def test_a_key_of_another_length_is_refused(algorithm: Algorithm, change: Any) -> None:
    text = encode_base58btc(_PREFIXES[algorithm] + change(_KEYS[algorithm].data))
    assert _kind_of(PublicKey.from_multikey, text) == "bad-public-key"


@pytest.mark.parametrize("algorithm", [Algorithm.P256, Algorithm.P384])
@pytest.mark.parametrize("first", [0x00, 0x01, 0x04, 0x05, 0x06, 0xFF])
def test_a_point_that_is_not_compressed_or_is_the_identity_is_refused(algorithm: Algorithm, first: int) -> None:
    for rest in (_KEYS[algorithm].data[1:], bytes(len(_KEYS[algorithm].data) - 1)):
        assert _kind_of(PublicKey, algorithm, bytes([first]) + rest) == "bad-public-key"


def test_an_uncompressed_point_is_refused_even_where_it_is_on_the_curve() -> None:
    public = _PRIVATE[Algorithm.P256].public_key()
    point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    assert _kind_of(PublicKey, Algorithm.P256, point) == "bad-public-key"
    assert _kind_of(PublicKey.from_multikey, encode_base58btc(b"\x80\x24" + point)) == "bad-public-key"


@pytest.mark.parametrize("algorithm", [Algorithm.P256, Algorithm.P384])
def test_a_point_that_is_not_on_the_curve_is_refused(algorithm: Algorithm) -> None:
    jwk = _KEYS[algorithm].to_jwk()
    y = bytearray(decode_base64url(jwk["y"]))
    y[-1] ^= 1
    size = len(y)
    for change in ({"y": encode_base64url(bytes(y))}, {"x": jwk["y"]}, {"x": encode_base64url(b"\xff" * size)}):
        assert _kind_of(PublicKey.from_jwk, {**jwk, **change}) == "bad-public-key"
    zero = encode_base64url(bytes(size))
    assert _kind_of(PublicKey.from_jwk, {**jwk, "x": zero, "y": zero}) == "bad-public-key"
    assert _kind_of(PublicKey, algorithm, b"\2" + b"\xff" * size) == "bad-public-key"


def test_the_key_of_another_curve_under_this_name_is_refused() -> None:
    p256, p384 = _KEYS[Algorithm.P256].to_jwk(), _KEYS[Algorithm.P384].to_jwk()
    assert _kind_of(PublicKey.from_jwk, {**p256, "crv": "P-384"}) == "bad-public-key"
    assert _kind_of(PublicKey.from_jwk, {**p384, "crv": "P-256"}) == "bad-public-key"
    assert _kind_of(PublicKey, Algorithm.P384, _KEYS[Algorithm.P256].data) == "bad-public-key"


def test_a_compressed_coordinate_that_belongs_to_no_point_is_refused() -> None:
    refused = 0
    for x in range(1, 40):
        try:
            PublicKey(Algorithm.P256, b"\2" + x.to_bytes(32))
        except MalformedInput:
            refused += 1
    assert refused > 5


@all_algorithms
@pytest.mark.parametrize("private", ["AQ", "", None, 1])
def test_a_jwk_with_its_private_member_is_no_public_key(algorithm: Algorithm, private: object) -> None:
    assert _kind_of(PublicKey.from_jwk, {**_KEYS[algorithm].to_jwk(), "d": private}) == "bad-public-key"


def test_the_sentence_about_a_private_key_does_not_repeat_it() -> None:
    jwk = json.loads(JWK.from_pyca(_PRIVATE[Algorithm.ED25519]).export_private())
    with pytest.raises(MalformedInput) as caught:
        PublicKey.from_jwk(jwk)
    assert jwk["d"] not in str(caught.value)


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "EC", "crv": "secp256k1", "x": "AQ", "y": "AQ"},
        {"kty": "EC", "crv": "P-521", "x": "AQ", "y": "AQ"},
        {"kty": "EC"},
        {"kty": "OKP", "crv": "X25519", "x": "AQ"},
        {"kty": "OKP", "crv": "Ed448", "x": "AQ"},
        {"kty": "OKP", "crv": "P-256", "x": "AQ"},
        {"kty": "EC", "crv": "Ed25519", "x": "AQ"},
        {"kty": "ec", "crv": "P-256", "x": "AQ", "y": "AQ"},
        {"kty": ["EC"], "crv": {"P-256": 1}},
        {"kty": "x" * 5_000_000},
        {},
    ],
)
def test_a_jwk_of_another_kind_is_not_ours(jwk: object) -> None:
    assert _kind_of(PublicKey.from_jwk, jwk) == "unknown-key-type"


@pytest.mark.parametrize("jwk", [None, "{}", [], 7, b"{}"])
def test_a_jwk_that_is_no_object_is_refused(jwk: object) -> None:
    assert _kind_of(PublicKey.from_jwk, jwk) == "bad-public-key"


@all_algorithms
@pytest.mark.parametrize("value", [None, 1, [], "", "AQ==", "A Q", "+/8", "AQ\n", "é", "A" * 5_000_000])
def test_a_jwk_member_that_is_not_strict_base64url_is_refused(algorithm: Algorithm, value: object) -> None:
    jwk = _KEYS[algorithm].to_jwk()
    for name in jwk.keys() & {"x", "y", "n", "e"}:
        assert _kind_of(PublicKey.from_jwk, {**jwk, name: value}) == "bad-public-key"
        assert _kind_of(PublicKey.from_jwk, {other: jwk[other] for other in jwk if other != name}) == "bad-public-key"


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 17, 65536, 65539, 2**64 + 1])
def test_an_rsa_key_of_another_exponent_is_refused(exponent: int) -> None:
    jwk = {**_KEYS[Algorithm.RSA].to_jwk(), "e": encode_base64url(exponent.to_bytes(9))}
    assert _kind_of(PublicKey.from_jwk, jwk) == "bad-public-key"


@pytest.mark.parametrize("bits", [8, 512, 1024, 2047, 8193, 40_000])
def test_an_rsa_modulus_of_another_size_is_refused(bits: int) -> None:
    number = (1 << (bits - 1)) | 1
    jwk = {**_KEYS[Algorithm.RSA].to_jwk(), "n": encode_base64url(number.to_bytes((bits + 7) // 8))}
    assert _kind_of(PublicKey.from_jwk, jwk) == "bad-public-key"


def test_a_real_rsa_key_of_1024_bits_or_exponent_3_is_refused() -> None:
    weak = rsa.generate_private_key(65537, 1024).public_key()  # noqa: S505 - weak on purpose
    assert _kind_of(PublicKey.from_cryptography, weak) == "bad-public-key"
    low = rsa.generate_private_key(3, 2048).public_key()
    assert _kind_of(PublicKey.from_cryptography, low) == "bad-public-key"


def test_an_rsa_key_is_not_any_other_key_in_der() -> None:
    public = _PRIVATE[Algorithm.P256].public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert _kind_of(PublicKey, Algorithm.RSA, der) == "bad-public-key"
    assert _kind_of(PublicKey, Algorithm.RSA, b"\x30\x00") == "bad-public-key"


@pytest.mark.parametrize(
    "key",
    [
        ec.derive_private_key(7, ec.SECP256K1()).public_key(),
        ec.derive_private_key(7, ec.SECP521R1()).public_key(),
        ed448.Ed448PrivateKey.from_private_bytes(bytes(57)).public_key(),
        x25519.X25519PrivateKey.from_private_bytes(bytes(range(32))).public_key(),
        "a key",
        None,
    ],
)
def test_a_key_object_of_another_kind_is_not_ours(key: object) -> None:
    assert _kind_of(PublicKey.from_cryptography, key) == "unknown-key-type"


@pytest.mark.parametrize(
    "prefix", [b"", b"\xed", b"\xec\x01", b"\xe7\x01", b"\xeb\x01", b"\x80\x26", b"\x12\x00", b"\x00"]
)
def test_another_multicodec_is_not_ours(prefix: bytes) -> None:
    with pytest.raises(Unsupported) as caught:
        PublicKey.from_multikey(encode_base58btc(prefix + bytes(32)))
    assert caught.value.problem.kind == "unknown-key-type"
