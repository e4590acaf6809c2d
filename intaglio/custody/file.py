"""Private keys in files: PKCS#8 PEM (RFC 5958, RFC 7468), readable by their owner alone, on wish encrypted."""

import os
import stat
from pathlib import Path
from typing import cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from intaglio.custody.local import LocalSigner, PrivateKey, generate
from intaglio.errors import SigningFailed
from intaglio.multikey import Algorithm

_MAX_BYTES = 64 * 1024
_MAX_PASSPHRASE = 1023
"""OpenSSL takes no longer one."""


def create(path: Path, algorithm: Algorithm, passphrase: bytes | None = None) -> LocalSigner:
    """Write a new key to a new file of mode 0600 and return its signer; an existing file is never written over.

    :raises SigningFailed: ``key-file-exists``, ``key-file-unwritable``, ``key-passphrase`` (longer than 1,023 bytes)
    """
    if passphrase and len(passphrase) > _MAX_PASSPHRASE:
        raise SigningFailed("key-passphrase", f"A passphrase has at most {_MAX_PASSPHRASE:,} bytes.")
    key = generate(algorithm)
    encryption = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), 0o600)  # A strict umask may have taken the owner's rights too.
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())  # What a key has signed outlives a power cut; so must the key.
    except FileExistsError:
        raise SigningFailed("key-file-exists", f"{path} is there already.") from None
    except (OSError, ValueError) as error:
        raise SigningFailed("key-file-unwritable", f"{path}: {_reason(error)}.") from None
    return LocalSigner.over(key)


def open_key(path: Path, passphrase: bytes | None = None, verification_method: str | None = None) -> LocalSigner:
    """Open a key file.

    :raises SigningFailed: ``key-file-missing``, ``key-file-open-to-others`` (its mode must be 0600 or 0400),
        ``key-file-unreadable`` (not PKCS#8 PEM), ``key-passphrase`` (missing or wrong).
    :raises Unsupported: ``unknown-key-type`` for keys of other kinds and curves.
    :raises MalformedInput: ``bad-public-key`` for RSA keys that are too short or too long.
    """
    pem = _read_private(path)
    if b"BEGIN PRIVATE KEY" not in pem and b"BEGIN ENCRYPTED PRIVATE KEY" not in pem:
        raise SigningFailed("key-file-unreadable", f"{path} is no PKCS#8 PEM file.")
    encrypted = b"BEGIN ENCRYPTED PRIVATE KEY" in pem
    if encrypted and not passphrase:
        raise SigningFailed("key-passphrase", f"{path} is encrypted.")
    try:
        key = serialization.load_pem_private_key(pem, passphrase if encrypted else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        kind = "key-passphrase" if encrypted else "key-file-unreadable"
        raise SigningFailed(kind, f"{path} cannot be read.") from None
    return LocalSigner.over(cast("PrivateKey", key), verification_method)


def _read_private(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # Asked of the open file, not of its name, which could be exchanged in between.
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o177:
                detail = f"{path} has mode {mode:04o}; run chmod 600 on it."
                raise SigningFailed("key-file-open-to-others", detail)
            return file.read(_MAX_BYTES)
    except (OSError, ValueError) as error:
        raise SigningFailed("key-file-missing", f"{path}: {_reason(error)}.") from None


def _reason(error: OSError | ValueError) -> str:
    # A name that no file can have, with a null byte in it for example, is a ValueError to Python.
    return (error.strerror if isinstance(error, OSError) else None) or "no file can have this name"
