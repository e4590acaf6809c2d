"""Public keys as bytes and as text: Multikey, JWK, multibase (Controlled Identifiers 1.0, sections 2.2.2 to 2.4).

Four algorithms are known. A `PublicKey` is immutable, compares by value, and is checked when it is made: a point that is not
on its curve, an Ed25519 point of small order or an RSA modulus of another size never becomes one. (An Ed25519 key that is no
point at all shows itself at the first verification, which fails.)
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from intaglio.errors import MalformedInput, Unsupported

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_INDEX = {character: index for index, character in enumerate(_BASE58)}
_MAX_BASE58 = 512
"""Base58 takes quadratic time to read; the longest text that we expect is a P-384 signature of 132 characters."""
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")
MIN_RSA_BITS, MAX_RSA_BITS = 2048, 8192
_RSA_EXPONENT = 65537
_SMALL_ORDER_Y = frozenset(
    int(y, 16)
    for y in (
        "0",
        "1",
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed",
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffee",
        "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
        "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
    )
)
"""The y coordinates, canonical or not, of the Ed25519 points of order 1, 2, 4 and 8: under such a key one signature fits every
message, and `cryptography` takes them (vc-di-eddsa 1.0, section 4.1.2, asks for this check)."""


class Algorithm(Enum):
    """A kind of key, which here fixes the signature algorithm too; the value is its name on the command line."""

    ED25519 = "ed25519"
    P256 = "p256"
    P384 = "p384"
    RSA = "rsa"


_CURVES: dict[Algorithm, tuple[ec.EllipticCurve, hashes.HashAlgorithm]] = {
    Algorithm.P256: (ec.SECP256R1(), hashes.SHA256()),
    Algorithm.P384: (ec.SECP384R1(), hashes.SHA384()),
}
_MULTICODEC = {Algorithm.ED25519: b"\xed\x01", Algorithm.P256: b"\x80\x24", Algorithm.P384: b"\x81\x24"}
_JWK_CURVES = {"P-256": Algorithm.P256, "P-384": Algorithm.P384}

_Key: TypeAlias = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


@dataclass(frozen=True)
class PublicKey:
    """A public key: its algorithm and its bytes.

    `data` is 32 bytes for Ed25519, the compressed point for P-256 (33) and P-384 (49), DER SubjectPublicKeyInfo for RSA.
    """

    algorithm: Algorithm
    data: bytes

    def __post_init__(self) -> None:
        _ = self._key

    @classmethod
    def from_cryptography(cls, key: object) -> "PublicKey":
        """Take a key of the `cryptography` package.

        :raises Unsupported: ``unknown-key-type`` for curves and kinds that are not ours.
        """
        if isinstance(key, ed25519.Ed25519PublicKey):
            return cls(Algorithm.ED25519, key.public_bytes_raw())
        if isinstance(key, rsa.RSAPublicKey):
            spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
            return cls(Algorithm.RSA, spki)
        if isinstance(key, ec.EllipticCurvePublicKey):
            for algorithm, (curve, _) in _CURVES.items():
                if key.curve.name == curve.name:
                    point = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
                    return cls(algorithm, point)
        raise Unsupported("unknown-key-type", "The key is not Ed25519, P-256, P-384 or RSA.")

    @classmethod
    def from_multikey(cls, text: object) -> "PublicKey":
        """Read a ``publicKeyMultibase``: base58-btc of the multicodec prefix and the key (Controlled Identifiers 1.0, 2.2.2).

        :raises MalformedInput: ``bad-multibase``, ``bad-public-key``
        :raises Unsupported: ``unknown-key-type`` for other multicodecs.
        """
        data = decode_base58btc(text)
        for algorithm, prefix in _MULTICODEC.items():
            if data.startswith(prefix):
                return cls(algorithm, data[len(prefix) :])
        raise Unsupported("unknown-key-type", f"Multicodec prefix 0x{data[:2].hex()} is none of ours.")

    @classmethod
    def from_jwk(cls, jwk: object) -> "PublicKey":
        """Read a public JWK (RFC 7517; RFC 7518, 6.2 and 6.3; RFC 8037, 2). Members that it does not need are ignored.

        :raises MalformedInput: ``bad-public-key``, also for a JWK that carries a private member: a key that was published is
            not a key any more.
        :raises Unsupported: ``unknown-key-type`` for symmetric keys and other curves.
        """
        if not isinstance(jwk, dict):
            raise MalformedInput("bad-public-key", "A JWK must be a JSON object.")
        if "d" in jwk:
            raise MalformedInput("bad-public-key", "The JWK holds the private key.")
        match (jwk.get("kty"), jwk.get("crv")):
            case ("OKP", "Ed25519"):
                return cls(Algorithm.ED25519, _jwk_bytes(jwk, "x"))
            case ("EC", "P-256" | "P-384" as name):
                return _ec_from_jwk(jwk, _JWK_CURVES[name])
            case ("RSA", _):
                return _rsa_from_jwk(jwk)
        kind = f"kty {jwk.get('kty')!r}, crv {jwk.get('crv')!r}"
        raise Unsupported("unknown-key-type", f"A JWK of {kind[:80]} is none of ours.")

    def to_multikey(self) -> str:
        """Return the ``publicKeyMultibase`` of an Ed25519, P-256 or P-384 key.

        :raises Unsupported: ``unknown-key-type`` for RSA, which has no Multikey form.
        """
        if self.algorithm not in _MULTICODEC:
            raise Unsupported("unknown-key-type", "An RSA key has no Multikey form; it is published as a JWK.")
        return encode_base58btc(_MULTICODEC[self.algorithm] + self.data)

    def to_jwk(self) -> dict[str, str]:
        """Return the JWK with just the members that RFC 7638 counts, in their lexical order."""
        key = self._key
        if isinstance(key, ed25519.Ed25519PublicKey):
            return {"crv": "Ed25519", "kty": "OKP", "x": encode_base64url(self.data)}
        if isinstance(key, rsa.RSAPublicKey):
            numbers = key.public_numbers()
            return {"e": _uint(numbers.e), "kty": "RSA", "n": _uint(numbers.n)}
        point, size = key.public_numbers(), (key.curve.key_size + 7) // 8
        name = next(crv for crv, algorithm in _JWK_CURVES.items() if algorithm is self.algorithm)
        return {"crv": name, "kty": "EC", "x": _uint(point.x, size), "y": _uint(point.y, size)}

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Tell whether `signature` is this key's over `message`.

        Ed25519 (RFC 8032); ECDSA with SHA-256 on P-256 and SHA-384 on P-384, the signature r and s in big-endian order side
        by side (64 or 96 bytes, any other length is false); RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, 3.3).
        """
        key = self._key
        try:
            if isinstance(key, ed25519.Ed25519PublicKey):
                key.verify(signature, message)
            elif isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
            else:
                hash_algorithm = _CURVES[self.algorithm][1]
                der = ecdsa_raw_to_der(signature, (key.curve.key_size + 7) // 8)
                key.verify(der, message, ec.ECDSA(hash_algorithm))
        except (InvalidSignature, ValueError):
            return False
        return True

    @cached_property
    def _key(self) -> _Key:
        try:
            if self.algorithm is Algorithm.ED25519:
                return _checked_ed25519(self.data)
            if self.algorithm is Algorithm.RSA:
                return _checked_rsa(serialization.load_der_public_key(self.data))
            return _checked_point(self.algorithm, self.data)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise MalformedInput("bad-public-key", f"Not a {self.algorithm.value} public key: {error}.") from None


def ecdsa_raw_to_der(signature: bytes, size: int) -> bytes:
    """Turn r‖s (each `size` bytes, IEEE P1363) into the DER that `cryptography` takes.

    :raises ValueError: for any other length, which is how a DER signature in the place of a raw one is refused.
    """
    if len(signature) != 2 * size:
        message = f"an ECDSA signature on this curve has {2 * size} bytes"
        raise ValueError(message)
    return utils.encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))


def did_key(key: PublicKey) -> str:
    """Return the did:key of a key (did:key Method, section 3.1.1)."""
    return f"did:key:{key.to_multikey()}"


def did_jwk(key: PublicKey) -> str:
    """Return the did:jwk of a key: base64url of its JWK as UTF-8 JSON (did:jwk Method, "Create")."""
    return f"did:jwk:{encode_base64url(json.dumps(key.to_jwk(), separators=(',', ':')).encode())}"


def default_verification_method(key: PublicKey) -> str:
    """Return the verification method that a key can always go by: of its did:key, or for RSA of its did:jwk."""
    if key.algorithm is Algorithm.RSA:
        return f"{did_jwk(key)}#0"
    return f"{did_key(key)}#{key.to_multikey()}"


def encode_base58btc(data: bytes) -> str:
    """Return multibase base58-btc, with its leading ``z``."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number, digits = int.from_bytes(data), []
    while number:
        number, digit = divmod(number, 58)
        digits.append(_BASE58[digit])
    return "z" + "1" * zeros + "".join(reversed(digits))


def decode_base58btc(text: object) -> bytes:
    """Read multibase base58-btc, which begins with ``z``; no other base is taken for it.

    :raises MalformedInput: ``bad-multibase``
    """
    if not isinstance(text, str) or not text.startswith("z"):
        raise MalformedInput("bad-multibase", "Expected base58-btc, which begins with the letter z.")
    if len(text) > _MAX_BASE58:
        raise MalformedInput("bad-multibase", f"A base58-btc text of {len(text)} characters is no key or signature.")
    digits = text[1:]
    number = 0
    for character in digits:
        if character not in _BASE58_INDEX:
            raise MalformedInput("bad-multibase", f"{character!r} is no base58-btc character.")
        number = number * 58 + _BASE58_INDEX[character]
    zeros = len(digits) - len(digits.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def encode_base64url(data: bytes) -> str:
    """Return base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode_base64url(text: object) -> bytes:
    """Read base64url without padding, strictly: one byte string has one spelling.

    :raises MalformedInput: ``bad-multibase``, also for padding, white space, and stray bits at the end.
    """
    if not isinstance(text, str) or not _BASE64URL.match(text) or len(text) % 4 == 1:
        raise MalformedInput("bad-multibase", "Expected base64url without padding.")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:  # pragma: no cover - the pattern above leaves nothing for it; kept as a lock
        raise MalformedInput("bad-multibase", "Expected base64url without padding.") from error
    if encode_base64url(data) != text:
        raise MalformedInput("bad-multibase", "The last base64url character has stray bits.")
    return data


def _checked_ed25519(data: bytes) -> ed25519.Ed25519PublicKey:
    key = ed25519.Ed25519PublicKey.from_public_bytes(data)
    if int.from_bytes(data, "little") % 2**255 in _SMALL_ORDER_Y:
        message = "a point of small order"
        raise ValueError(message)
    return key


def _checked_point(algorithm: Algorithm, data: bytes) -> ec.EllipticCurvePublicKey:
    curve = _CURVES[algorithm][0]
    if len(data) != (curve.key_size + 7) // 8 + 1:
        message = f"a compressed point has {(curve.key_size + 7) // 8 + 1} bytes"
        raise ValueError(message)
    return ec.EllipticCurvePublicKey.from_encoded_point(curve, data)


def _checked_rsa(key: object) -> rsa.RSAPublicKey:
    if not isinstance(key, rsa.RSAPublicKey):
        message = "not an RSA key"
        raise ValueError(message)  # noqa: TRY004 - the caller turns it into MalformedInput
    if not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS or key.public_numbers().e != _RSA_EXPONENT:
        message = f"an RSA key must have {MIN_RSA_BITS} to {MAX_RSA_BITS} bits and the exponent {_RSA_EXPONENT}"
        raise ValueError(message)
    return key


def _ec_from_jwk(jwk: dict[str, Any], algorithm: Algorithm) -> PublicKey:
    curve = _CURVES[algorithm][0]
    x, y = (_jwk_bytes(jwk, name) for name in "xy")
    if not len(x) == len(y) == (curve.key_size + 7) // 8:
        raise MalformedInput("bad-public-key", f"A coordinate on this curve has {(curve.key_size + 7) // 8} bytes.")
    try:
        numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), curve)
        return PublicKey.from_cryptography(numbers.public_key())
    except ValueError as error:
        raise MalformedInput("bad-public-key", f"Not a point on the curve: {error}.") from None


def _rsa_from_jwk(jwk: dict[str, Any]) -> PublicKey:
    n, e = (int.from_bytes(_jwk_bytes(jwk, name)) for name in "ne")
    if n.bit_length() > MAX_RSA_BITS:
        raise MalformedInput("bad-public-key", f"An RSA key of {n.bit_length()} bits is too large.")
    try:
        return PublicKey.from_cryptography(rsa.RSAPublicNumbers(e, n).public_key())
    except ValueError as error:
        raise MalformedInput("bad-public-key", f"Not an RSA key: {error}.") from None


def _jwk_bytes(jwk: dict[str, Any], name: str) -> bytes:
    try:
        return decode_base64url(jwk.get(name))
    except MalformedInput:
        raise MalformedInput("bad-public-key", f"The JWK member {name} is not base64url without padding.") from None


def _uint(number: int, size: int | None = None) -> str:
    return encode_base64url(number.to_bytes(size or (number.bit_length() + 7) // 8))
