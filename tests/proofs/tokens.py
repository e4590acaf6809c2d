"""Making tokens by hand, good and bad ones: what the library itself would refuse to write."""

import functools
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from intaglio.custody.local import LocalSigner, PrivateKey
from intaglio.multikey import Algorithm, encode_base64url

NAMES = {Algorithm.ED25519: "EdDSA", Algorithm.P256: "ES256", Algorithm.P384: "ES384", Algorithm.RSA: "RS256"}


@functools.cache
def private_key(algorithm: Algorithm) -> PrivateKey:
    match algorithm:
        case Algorithm.ED25519:
            return ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
        case Algorithm.P256:
            return ec.derive_private_key(0xC0FFEE, ec.SECP256R1())
        case Algorithm.P384:
            return ec.derive_private_key(0xC0FFEE, ec.SECP384R1())
        case Algorithm.RSA:
            return rsa.generate_private_key(65537, 2048)


@functools.cache
def signer(algorithm: Algorithm) -> LocalSigner:
    return LocalSigner.over(private_key(algorithm))


def part(value: Any) -> str:
    """Encode one part: bytes as they are, everything else as JSON."""
    return encode_base64url(value if isinstance(value, bytes) else json.dumps(value).encode())


def token(header: Any, payload: Any, algorithm: Algorithm = Algorithm.ED25519, signature: bytes | None = None) -> str:
    """Make a token whose signature is right, whatever header and payload say; or put `signature` in its place."""
    signing_input = f"{part(header)}.{part(payload)}"
    made = signer(algorithm).sign(signing_input.encode()) if signature is None else signature
    return f"{signing_input}.{encode_base64url(made)}"
