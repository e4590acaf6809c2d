"""The reader's registry of issuers: a file, read again when it changes, so that nothing has to be started anew."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from intaglio.documents import parse_object
from intaglio.verification.policy import Registry

_TRIAL = re.compile(r"did:web:[^:]+:trials:")


class RegistryFile:
    """The registry that a settings file names; without one nobody is recognized, and nobody called unknown either."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read: tuple[int, int] | None = None
        self._registry: Registry | None = None

    def current(self) -> Registry | None:
        """Return the registry as the file has it now, or None where there is no file.

        :raises MalformedInput: ``bad-registry``, or what is wrong with the JSON.
        """
        if self._path is None:
            return None
        state = self._path.stat()
        stamp = (state.st_mtime_ns, state.st_size)
        if stamp != self._read:
            self._registry = Registry.from_json(parse_object(self._path.read_bytes()))
            self._read = stamp
        return self._registry


def host_of(issuer: str) -> str:
    """Return the host of the web site that stands behind an issuer's identifier; empty where none does."""
    if issuer.startswith("did:web:"):
        return unquote(issuer.removeprefix("did:web:").partition(":")[0])
    return urlsplit(issuer).netloc if issuer.startswith("https://") else ""


def is_trial(issuer: str) -> bool:
    """Tell whether an issuer's identifier says that what it issues are trials: our issuer makes such with ``trials`` in them."""
    return _TRIAL.match(issuer) is not None
