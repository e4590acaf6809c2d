"""The wrapping key, which every learner's data key lies encrypted with. So far it is kept in a file, and never in the database.

Each wrapped key says which wrapping key it needs, so that an old one can be kept beside the new while everything is wrapped
anew (`wallet.holders.rotation`).
"""

import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from intaglio.errors import SigningFailed, Unavailable, Unsupported
from intaglio.server.secrets import stored_secret
from wallet.holders.envelope import KEY_BYTES, decrypt, encrypt
from wallet.settings import WalletSettings

_FINGERPRINT_BYTES = 8
_DEFAULT_FILE = "wallet.wrapping-key"


class Keyring:
    """Wraps with the present wrapping key; unwraps with it and the ones before. Its text form shows nothing."""

    def __init__(self, present: bytes, previous: Iterable[bytes] = ()) -> None:
        self._present = present
        self._keys = {_fingerprint(key): key for key in (*previous, present)}

    @classmethod
    def of(cls, settings: WalletSettings) -> "Keyring":
        """Open the wrapping keys that the settings name; the default one is made at the first start.

        :raises Unsupported: ``unknown-key-uri``
        :raises SigningFailed: ``key-file-missing``, ``key-file-open-to-others``, ``key-file-unreadable``
        """
        uri = settings.wrapping_key_uri
        present = _read(uri) if uri else _checked(stored_secret(settings.data_folder / _DEFAULT_FILE), _DEFAULT_FILE)
        return cls(present, [_read(previous) for previous in settings.previous_wrapping_key_uris])

    def wrap(self, place: str, key: bytes) -> bytes:
        """Return a key, encrypted for a place, behind the fingerprint of the present wrapping key."""
        return _fingerprint(self._present) + encrypt(self._present, place, key)

    def unwrap(self, place: str, wrapped: bytes) -> bytes:
        """Return the key that was wrapped for a place.

        :raises Unavailable: ``wrapping-key-missing`` where its wrapping key is not at hand, ``cannot-decrypt``
        """
        key = self._keys.get(wrapped[:_FINGERPRINT_BYTES])
        if key is None:
            raise Unavailable("wrapping-key-missing", "It was wrapped with a key that the settings do not name.")
        return decrypt(key, place, wrapped[_FINGERPRINT_BYTES:])

    def is_present(self, wrapped: bytes) -> bool:
        """Tell whether a key is wrapped with the present wrapping key."""
        return wrapped.startswith(_fingerprint(self._present))


def _fingerprint(key: bytes) -> bytes:
    return hashlib.sha256(b"intaglio wrapping key\0" + key).digest()[:_FINGERPRINT_BYTES]


def _read(uri: str) -> bytes:
    scheme, _, rest = uri.partition(":")
    if scheme != "file" or not rest:
        raise Unsupported("unknown-key-uri", f"“{uri}” is not of the form file:PATH.")
    path = Path(unquote(rest.removeprefix("//")))
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o177:
                raise SigningFailed("key-file-open-to-others", f"{path} may be read by others; run chmod 600 on it.")
            return _checked(file.read(KEY_BYTES + 1), str(path))
    except OSError as error:
        raise SigningFailed("key-file-missing", f"{path}: {error.strerror}.") from None


def _checked(key: bytes, name: str) -> bytes:
    if len(key) != KEY_BYTES:
        raise SigningFailed("key-file-unreadable", f"{name} does not hold {KEY_BYTES} bytes.")
    return key
