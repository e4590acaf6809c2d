"""An authenticator in software, for one key: what it makes can be right, or wrong in a way that a test chooses.

After Web Authentication Level 3, sections 5.8.1 (client data), 6.1 (authenticator data) and 6.5 (attestation objects).
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN = "https://issuer.localhost"
RP_ID = "issuer.localhost"
_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


def encode(data: bytes) -> str:
    """Return base64url without padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """A device with one passkey. `counts` false is one that stays at zero, as synchronised passkeys do."""

    origin: str = ORIGIN
    rp_id: str = RP_ID
    verifies_user: bool = True
    counts: bool = True
    cross_origin: bool = False
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    sign_count: int = 0
    user_handle: bytes = b""

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """Make the passkey, as ``navigator.credentials.create`` does."""
        self.user_handle = decode(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + cbor2.dumps(cose)
        data = self._authenticator_data(_ATTESTED, attested)
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client_data = self._client_data("webauthn.create", options["challenge"])
        members = {"attestationObject": encode(statement), "transports": ["internal", "hybrid", "of the future"]}
        return self._answer(client_data, members)

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """Sign in, as ``navigator.credentials.get`` does."""
        data = self._authenticator_data(0, b"")
        client_data = self._client_data("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        members = {
            "authenticatorData": encode(data),
            "signature": encode(signature),
            "userHandle": encode(self.user_handle),
        }
        return self._answer(client_data, members)

    def _answer(self, client_data: bytes, members: dict[str, Any]) -> dict[str, Any]:
        name = encode(self.credential_id)
        response = {"clientDataJSON": encode(client_data), **members}
        return {"id": name, "rawId": name, "type": "public-key", "response": response}

    def _client_data(self, kind: str, challenge: str) -> bytes:
        members = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin}
        return json.dumps(members).encode()

    def _authenticator_data(self, flags: int, attested: bytes) -> bytes:
        self.sign_count += self.counts
        flags |= _PRESENT | (_VERIFIED if self.verifies_user else 0)
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.sign_count.to_bytes(4) + attested
