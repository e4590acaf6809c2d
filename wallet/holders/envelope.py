"""Encryption at rest: what a learner holds is encrypted with a data key of her own, and that one with the wallet's wrapping key.

AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits for each message. The place of a value, its column and its row's
id, is authenticated along with it: whoever can write to the database cannot pass off one row's value as another's.
"""

import hashlib
import hmac
import json
import secrets
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from intaglio.errors import Unavailable

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE_BYTES = 12


def new_key() -> bytes:
    """Return a new key of 256 random bits."""
    return secrets.token_bytes(KEY_BYTES)


def encrypt(key: bytes, place: str, plain: bytes) -> bytes:
    """Return a version byte, a nonce, and the encrypted bytes with their tag."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def decrypt(key: bytes, place: str, sealed: bytes) -> bytes:
    """Return what was encrypted for this place with this key.

    :raises Unavailable: ``cannot-decrypt``
    """
    version, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        # Of another version, it was encrypted in another way: then the place is as good as wrong.
        place = place if version == _VERSION else ""
        return AESGCM(key).decrypt(nonce, body, place.encode())
    except (InvalidTag, ValueError):
        raise Unavailable("cannot-decrypt", f"A value of {place.partition(' ')[0]} does not open.") from None


class Vault:
    """The data key of one learner, for as long as something is done for her. Its text form shows nothing."""

    __slots__ = ("_digest_key", "_key")

    def __init__(self, key: bytes) -> None:
        # Two uses, two keys: the one that encrypts never makes a digest.
        self._key = _derive(key, b"encrypt")
        self._digest_key = _derive(key, b"digest")

    def seal(self, column: str, row_id: UUID, plain: bytes) -> bytes:
        """Encrypt a value for its place; `column` is written ``table.column``."""
        return encrypt(self._key, _place(column, row_id), plain)

    def open(self, column: str, row_id: UUID, sealed: bytes) -> bytes:
        """Decrypt the value of a place.

        :raises Unavailable: ``cannot-decrypt``
        """
        return decrypt(self._key, _place(column, row_id), sealed)

    def seal_json(self, column: str, row_id: UUID, value: Any) -> bytes:
        """Encrypt a value of our own as JSON."""
        return self.seal(column, row_id, json.dumps(value, ensure_ascii=False).encode())

    def open_json(self, column: str, row_id: UUID, sealed: bytes) -> Any:
        """Decrypt a value that `seal_json` encrypted.

        :raises Unavailable: ``cannot-decrypt``
        """
        return json.loads(self.open(column, row_id, sealed))

    def digest(self, label: str, data: bytes) -> bytes:
        """Return 32 bytes by which equal data of one learner, and of no two, is found again without being readable."""
        return hmac.digest(self._digest_key, label.encode() + b"\0" + data, hashlib.sha256)


def _derive(key: bytes, info: bytes) -> bytes:
    return HKDFExpand(hashes.SHA256(), KEY_BYTES, info).derive(key)


def _place(column: str, row_id: UUID) -> str:
    return f"{column} {row_id}"
