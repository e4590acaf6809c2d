import base64
import hashlib
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa, utils, x25519
from hypothesis import given
from hypothesis import strategies as st
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
    ecdsa_raw_to_der,
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


def _sign(algorithm: Algorithm, message: bytes) -> bytes:
    key = _PRIVATE[algorithm]
    if algorithm is Algorithm.ED25519:
        return bytes(key.sign(message))
    if algorithm is Algorithm.RSA:
        return bytes(key.sign(message, padding.PKCS1v15(), hashes.SHA256()))
    hash_algorithm = hashes.SHA256() if algorithm is Algorithm.P256 else hashes.SHA384()
    r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(hash_algorithm)))
    size = key.curve.key_size // 8
    return r.to_bytes(size) + s.to_bytes(size)


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


# — Ed25519 keys with a weakness —

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ORDER = 2**252 + 27742317777372353535851937790883648493
_Point = tuple[int, int]


def _add(first: _Point, second: _Point) -> _Point:
    (x1, y1), (x2, y2) = first, second
    k = _D * x1 * x2 * y1 * y2 % _P
    return (x1 * y2 + x2 * y1) * pow(1 + k, -1, _P) % _P, (y1 * y2 + x1 * x2) * pow(1 - k, -1, _P) % _P


def _times(factor: int, point: _Point) -> _Point:
    total = (0, 1)
    while factor:
        if factor & 1:
            total = _add(total, point)
        point, factor = _add(point, point), factor >> 1
    return total


def _x_of(y: int) -> int | None:
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    root = pow(square, (_P + 3) // 8, _P)
    candidates = (root, root * pow(2, (_P - 1) // 4, _P) % _P)
    return next((x for x in candidates if x * x % _P == square), None)


def _small_order_encodings() -> set[bytes]:
    """Every encoding, canonical or not, of a point of order 1, 2, 4 or 8, found by calculation."""
    points = [_times(_ORDER, (x, y)) for y in range(2, 60) if (x := _x_of(y)) is not None]
    ys = {_times(factor, point)[1] for point in points for factor in (1, 2, 4, 8)}
    spellings = {y + extra for y in ys for extra in (0, _P) if y + extra < 2**255}
    return {(y | sign << 255).to_bytes(32, "little") for y in spellings for sign in (0, 1)}


def test_an_ed25519_key_of_small_order_under_which_one_signature_fits_many_messages_is_refused() -> None:
    identity = b"\1" + bytes(31)
    encodings = _small_order_encodings()
    assert identity in encodings
    assert len(encodings) == 14
    for data in encodings:
        # What `cryptography` does: it takes the key, and under some of them this one signature fits whatever is signed.
        theirs = ed25519.Ed25519PublicKey.from_public_bytes(data)
        if data == identity:
            theirs.verify(identity + bytes(32), b"one message")
            theirs.verify(identity + bytes(32), b"and any other")
        assert _kind_of(PublicKey, Algorithm.ED25519, data) == "bad-public-key"
        assert _kind_of(PublicKey.from_multikey, encode_base58btc(b"\xed\x01" + data)) == "bad-public-key"
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(data)}
        assert _kind_of(PublicKey.from_jwk, jwk) == "bad-public-key"


def test_an_ed25519_key_that_is_no_point_of_the_curve_verifies_nothing() -> None:
    # `cryptography` looks at the point only when it verifies; nothing passes then.
    y = next(y for y in range(2, 60) if _x_of(y) is None)
    key = PublicKey(Algorithm.ED25519, y.to_bytes(32, "little"))
    assert not key.verify(b"\1" + bytes(63), b"message")
    assert not key.verify(_sign(Algorithm.ED25519, b"message"), b"message")


# — signatures —


@all_algorithms
def test_a_signature_holds_for_its_message_and_key_alone(algorithm: Algorithm) -> None:
    signature = _sign(algorithm, b"message")
    assert _KEYS[algorithm].verify(signature, b"message")
    assert not _KEYS[algorithm].verify(signature, b"message.")
    assert not _KEYS[algorithm].verify(signature, b"")
    for other in set(Algorithm) - {algorithm}:
        assert not _KEYS[other].verify(signature, b"message")


@all_algorithms
def test_a_signature_of_another_length_is_refused(algorithm: Algorithm) -> None:
    signature = _sign(algorithm, b"message")
    for changed in (b"", signature[:-1], signature + b"\0", b"\0" + signature, signature * 2, signature[:32]):
        assert not _KEYS[algorithm].verify(changed, b"message")


@pytest.mark.parametrize("algorithm", [Algorithm.P256, Algorithm.P384])
def test_an_ecdsa_signature_in_der_is_refused(algorithm: Algorithm) -> None:
    signature = _sign(algorithm, b"message")
    size = len(signature) // 2
    der = ecdsa_raw_to_der(signature, size)
    assert utils.decode_dss_signature(der) == (int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
    assert not _KEYS[algorithm].verify(der, b"message")


@pytest.mark.parametrize(
    ("algorithm", "order"),
    [
        (Algorithm.P256, 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551),
        (
            Algorithm.P384,
            0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
        ),
    ],
)
def test_r_and_s_outside_of_their_range_are_refused(algorithm: Algorithm, order: int) -> None:
    # CVE-2022-21449, "psychic signatures": r = s = 0 verified everything.
    signature = _sign(algorithm, b"message")
    size = len(signature) // 2
    r, s = signature[:size], signature[size:]
    top = b"\xff" * size
    n = order.to_bytes(size)
    for changed in (bytes(2 * size), r + bytes(size), bytes(size) + s, n + n, r + n, n + s, top + top):
        assert not _KEYS[algorithm].verify(changed, b"message")


@pytest.mark.parametrize("algorithm", [Algorithm.P256, Algorithm.P384])
def test_the_wrong_hash_on_a_curve_is_refused(algorithm: Algorithm) -> None:
    other = hashes.SHA384() if algorithm is Algorithm.P256 else hashes.SHA256()
    size = 32 if algorithm is Algorithm.P256 else 48
    r, s = utils.decode_dss_signature(_PRIVATE[algorithm].sign(b"message", ec.ECDSA(other)))
    assert not _KEYS[algorithm].verify(r.to_bytes(size) + s.to_bytes(size), b"message")


def test_an_rsa_signature_of_another_scheme_or_hash_is_refused() -> None:
    key = _PRIVATE[Algorithm.RSA]
    pss = key.sign(b"message", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    sha512 = key.sign(b"message", padding.PKCS1v15(), hashes.SHA512())
    for signature in (pss, sha512, bytes(256), b"\xff" * 256):
        assert not _KEYS[Algorithm.RSA].verify(signature, b"message")


def test_an_ed25519_signature_with_its_scalar_raised_by_the_order_is_refused() -> None:
    # RFC 8032, section 5.1.7: s below the order, or every signature has a twin.
    signature = _sign(Algorithm.ED25519, b"message")
    twin = int.from_bytes(signature[32:], "little") + _ORDER
    assert not _KEYS[Algorithm.ED25519].verify(signature[:32] + twin.to_bytes(32, "little"), b"message")


@all_algorithms
@given(message=st.binary(max_size=100), data=st.data())
def test_a_signature_with_one_byte_changed_does_not_verify(algorithm: Algorithm, message: bytes, data: Any) -> None:
    signature = bytearray(_sign(algorithm, message))
    place = data.draw(st.integers(0, len(signature) - 1))
    signature[place] ^= data.draw(st.integers(1, 255))
    assert not _KEYS[algorithm].verify(bytes(signature), message)


# — base58 and base64url —


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
    began = time.process_time()
    assert _kind_of(decode_base58btc, "z" + "9" * 5_000_000) == "bad-multibase"
    assert time.process_time() - began < 0.5


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


@given(st.text(alphabet=st.characters(max_codepoint=0x17F)))
def test_no_two_texts_are_read_as_the_same_bytes(text: str) -> None:
    for decode, encode in ((decode_base64url, encode_base64url), (decode_base58btc, encode_base58btc)):
        try:
            data = decode(text)
        except MalformedInput:
            continue
        assert encode(data) == text
