"""Keys and an honest Open Badge that both sides of a comparison can work with."""

import json
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from intaglio.multikey import PublicKey, default_verification_method, encode_base64url
from tests.conftest import STANDARDS, VECTORS

PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

NOW = "2026-11-22T00:00:00Z"
"""The time at which the peers that know a reference time are asked."""
CREATED = "2026-09-01T08:00:00Z"
CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]


@dataclass(frozen=True)
class KeyPair:
    """A key for tests, in the forms that the peers take."""

    private: PrivateKey

    @cached_property
    def public(self) -> PublicKey:
        """Our own form of the public half."""
        return PublicKey.from_cryptography(self.private.public_key())

    @cached_property
    def verification_method(self) -> str:
        """The method of its did:key, for RSA of its did:jwk."""
        return default_verification_method(self.public)

    @cached_property
    def did(self) -> str:
        """The DID before the fragment of `verification_method`."""
        return self.verification_method.partition("#")[0]

    @cached_property
    def jwk(self) -> dict[str, str]:
        """The private key as a JWK."""
        return {**self.public.to_jwk(), **_private_members(self.private)}

    @cached_property
    def pem(self) -> bytes:
        """The private key as PKCS#8 in PEM."""
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @cached_property
    def public_pem(self) -> bytes:
        """The public key as SubjectPublicKeyInfo in PEM."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@lru_cache
def key_pair(name: str) -> KeyPair:
    """Return the test key ``ed25519``, ``ed25519-other``, ``p256``, ``p384`` or ``rsa``; all but RSA are always the same."""
    match name:
        case "ed25519":
            return KeyPair(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
        case "ed25519-other":
            return KeyPair(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64))))
        case "p256":
            return KeyPair(ec.derive_private_key(0x1234567890ABCDEF << 128, ec.SECP256R1()))
        case "p384":
            return KeyPair(ec.derive_private_key(0x1234567890ABCDEF << 256, ec.SECP384R1()))
        case _:
            return KeyPair(rsa.generate_private_key(65537, 2048))


def open_badge(issuer: str, **members: Any) -> dict[str, Any]:
    """Return an unsigned badge of `issuer`; `members` replace or join its own."""
    achievement = {
        "id": "urn:uuid:6b0f2d8e-5b0d-4d0e-9a5b-0c7b8f1f3b11",
        "type": ["Achievement"],
        "name": "Listens to other views",
        "description": "Asks, waits, and says back what was heard.",
        "criteria": {"narrative": "Three observations by two assessors."},
    }
    subject = {"id": "did:example:learner", "type": ["AchievementSubject"], "achievement": achievement}
    badge = {
        "@context": CONTEXTS,
        "id": "urn:uuid:0b9f2c50-2a86-4bb5-8a2f-6c0a7c1f5d01",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Cedar Hollow School"},
        "validFrom": "2024-09-01T08:00:00Z",
        "credentialSubject": subject,
    }
    return deepcopy({**badge, **members})


def with_achievement(badge: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Return `badge` with members of its achievement replaced or added."""
    subject = badge["credentialSubject"]
    return {**badge, "credentialSubject": {**subject, "achievement": {**subject["achievement"], **members}}}


def status_entry(list_url: str, index: int, **members: Any) -> dict[str, Any]:
    """Return a BitstringStatusListEntry for revocation."""
    entry = {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }
    return {**entry, **members}


@lru_cache
def published_contexts() -> dict[str, Any]:
    """Return every JSON-LD context of the standards folder by its URL, without the variant of 3.0.3 that nobody signs with."""
    folder = STANDARDS / "contexts"
    entries = json.loads((folder / "index.json").read_text())
    return {
        entry["url"]: json.loads((folder / entry["file"]).read_text())
        for entry in entries
        if "VARIANT" not in entry["file"]
    }


@lru_cache
def published_documents() -> dict[str, Any]:
    """Return `published_contexts`, the stored status lists and the Open Badges schemas by their addresses."""
    lists = json.loads((VECTORS / "documents.json").read_text())
    schemas = [json.loads(path.read_text()) for path in (STANDARDS / "jsonschema" / "ob3").glob("*.json")]
    return {
        **published_contexts(),
        **{url: json.loads((VECTORS / file).read_text()) for url, file in lists.items()},
        **{schema["$id"]: schema for schema in schemas if "$id" in schema},
    }


def _private_members(key: PrivateKey) -> dict[str, str]:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return {"d": encode_base64url(key.private_bytes_raw())}
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return {"d": _number(key.private_numbers().private_value, (key.curve.key_size + 7) // 8)}
    numbers = key.private_numbers()
    members = {
        "d": numbers.d,
        "p": numbers.p,
        "q": numbers.q,
        "dp": numbers.dmp1,
        "dq": numbers.dmq1,
        "qi": numbers.iqmp,
    }
    return {name: _number(value) for name, value in members.items()}


def _number(value: int, size: int | None = None) -> str:
    return encode_base64url(value.to_bytes(size or (value.bit_length() + 7) // 8))
