"""Ed25519 keys of small order, found by calculation on the curve itself."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from intaglio.errors import IntaglioError
from intaglio.multikey import (
    Algorithm,
    PublicKey,
    encode_base58btc,
    encode_base64url,
)
from tests.proofs.tokens import signer


def _kind_of(attempt: Any, *arguments: Any) -> str:
    with pytest.raises(IntaglioError) as caught:
        attempt(*arguments)
    assert len(str(caught.value)) < 500
    return caught.value.problem.kind


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
    assert not key.verify(signer(Algorithm.ED25519).sign(b"message"), b"message")
