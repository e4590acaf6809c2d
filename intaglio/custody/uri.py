"""From a key URI to a signer. The scheme says who keeps the key; so far that is a file.

``file:keys/school.pem`` is relative to the working folder, ``file:/etc/intaglio/school.pem`` and
``file:///etc/intaglio/school.pem`` are absolute.
"""

from pathlib import Path
from urllib.parse import unquote

from intaglio.custody import file
from intaglio.custody.local import LocalSigner
from intaglio.errors import Unsupported
from intaglio.multikey import Algorithm


def create_key(uri: str, algorithm: Algorithm, passphrase: bytes | None = None) -> LocalSigner:
    """Make a new key where `uri` says.

    :raises Unsupported: ``unknown-key-uri``
    :raises SigningFailed: as `intaglio.custody.file.create` does.
    """
    return file.create(_path(uri), algorithm, passphrase)


def open_signer(uri: str, passphrase: bytes | None = None, verification_method: str | None = None) -> LocalSigner:
    """Open the key that `uri` names; without a verification method it goes by its own did:key (did:jwk for RSA).

    :raises Unsupported: ``unknown-key-uri``
    :raises SigningFailed: as `intaglio.custody.file.open_key` does.
    """
    return file.open_key(_path(uri), passphrase, verification_method)


def _path(uri: str) -> Path:
    scheme, _, rest = uri.partition(":")
    path = rest.removeprefix("//")
    # After two slashes comes a host (RFC 8089, section 2): file://keys/a.pem is not keys/a.pem here, nor is it on a host keys.
    if scheme != "file" or not path or (path != rest and not path.startswith("/")):
        raise Unsupported("unknown-key-uri", f"“{uri}” is not of the form file:PATH.")
    return Path(unquote(path))
