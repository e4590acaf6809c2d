from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.multikey import (
    Algorithm,
    ecdsa_raw_to_der,
)
from tests.proofs.tokens import private_key, signer

_KEYS = {algorithm: signer(algorithm).public_key for algorithm in Algorithm}
all_algorithms = pytest.mark.parametrize("algorithm", Algorithm)


def _sign(algorithm: Algorithm, message: bytes) -> bytes:
    return signer(algorithm).sign(message)


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
    r, s = utils.decode_dss_signature(private_key(algorithm).sign(b"message", ec.ECDSA(other)))
    assert not _KEYS[algorithm].verify(r.to_bytes(size) + s.to_bytes(size), b"message")


def test_an_rsa_signature_of_another_scheme_or_hash_is_refused() -> None:
    key = private_key(Algorithm.RSA)
    pss = key.sign(b"message", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    sha512 = key.sign(b"message", padding.PKCS1v15(), hashes.SHA512())
    for signature in (pss, sha512, bytes(256), b"\xff" * 256):
        assert not _KEYS[Algorithm.RSA].verify(signature, b"message")


def test_an_ed25519_signature_with_its_scalar_raised_by_the_order_is_refused() -> None:
    # RFC 8032, section 5.1.7: s below the order, or every signature has a twin.
    signature = _sign(Algorithm.ED25519, b"message")
    twin = int.from_bytes(signature[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    assert not _KEYS[Algorithm.ED25519].verify(signature[:32] + twin.to_bytes(32, "little"), b"message")


@all_algorithms
@settings(deadline=None)
@given(message=st.binary(max_size=100), data=st.data())
def test_a_signature_with_one_byte_changed_does_not_verify(algorithm: Algorithm, message: bytes, data: Any) -> None:
    signature = bytearray(_sign(algorithm, message))
    place = data.draw(st.integers(0, len(signature) - 1))
    signature[place] ^= data.draw(st.integers(1, 255))
    assert not _KEYS[algorithm].verify(bytes(signature), message)
