"""Secrets that a service makes for itself, and how tokens are kept."""

import hashlib
import os
import secrets
from pathlib import Path

_BYTES = 32


def new_token() -> str:
    """Return 256 random bits as text for addresses and cookies. It is shown once; only `token_hash` is stored."""
    return secrets.token_urlsafe(_BYTES)


def token_hash(token: str) -> bytes:
    """Return the 32 bytes under which a token is stored: whoever reads the database cannot use what stands in it.

    SHA-256 is enough for tokens of 256 random bits; passwords have a hash of their own.
    """
    return hashlib.sha256(token.encode()).digest()


def stored_secret(path: Path) -> bytes:
    """Return the secret in a file of mode 0600, made at the first call, even where several processes call at once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    made = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(made, path)  # fails where another process was first, unlike a rename
    except FileExistsError:
        pass
    finally:
        made.unlink()
    return path.read_bytes()
