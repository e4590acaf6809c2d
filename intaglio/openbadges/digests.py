"""Whether a document is the one that an issuer meant: ``digestSRI`` and ``digestMultibase`` (VC Data Model 2.0, section 5.3)."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from intaglio.documents import JsonObject, as_list
from intaglio.errors import MalformedInput, Unsupported
from intaglio.multikey import decode_base58btc, decode_base64url

_HASHES: Mapping[str, Callable[[bytes], Any]] = MappingProxyType(
    {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
)
_MULTIHASH: Mapping[bytes, str] = MappingProxyType(
    {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
)
_MAX_DIGESTS = 20
_SRI = re.compile(
    r"(?:(sha256)-([A-Za-z0-9+/_-]{43})=?|(sha384)-([A-Za-z0-9+/_-]{64})|(sha512)-([A-Za-z0-9+/_-]{86})(?:==)?)"
    r"(?:\?[\x21-\x7e]*)?\Z"
)


def states_digest(entry: JsonObject) -> bool:
    """Tell whether an object says what the document that its ``id`` names must hash to."""
    return "digestSRI" in entry or "digestMultibase" in entry


def check_digest(entry: JsonObject, data: bytes) -> None:
    """Compare a document's bytes with each kind of digest that an object states.

    :raises MalformedInput: ``schema-digest`` where they differ.
    :raises Unsupported: ``schema-unknown`` where no digest is of a kind that is known here.
    """
    for member, read in (("digestSRI", _sri), ("digestMultibase", _multibase)):
        if member in entry:
            _check(member, read(entry[member]), data)


def _check(member: str, digests: list[tuple[str, bytes]], data: bytes) -> None:
    if not digests:
        raise Unsupported("schema-unknown", f"Its {member} holds no SHA-256, SHA-384 or SHA-512.")
    # Subresource Integrity, section 3.3.4: only the strongest of the algorithms counts, and any digest of it may match.
    strongest = max(algorithm for algorithm, _ in digests)
    if (strongest, _HASHES[strongest](data).digest()) not in digests:
        raise MalformedInput("schema-digest", f"The document has another {strongest} than its {member} says.")


def _sri(value: Any) -> list[tuple[str, bytes]]:
    """Read what white space parts, without the options, which mean nothing yet (Subresource Integrity, section 3.5)."""
    texts = [text for item in as_list(value)[:_MAX_DIGESTS] if isinstance(item, str) for text in item.split()]
    found = [match for match in map(_SRI.match, texts[:_MAX_DIGESTS]) if match]
    return [(algorithm, _base64(text)) for algorithm, text in (filter(None, match.groups()) for match in found)]


def _base64(text: str) -> bytes:
    return base64.b64decode(text.translate(str.maketrans("-_", "+/")) + "=" * (-len(text) % 4))


def _multibase(value: Any) -> list[tuple[str, bytes]]:
    """Read multihashes in base64url without padding or base58-btc (Controlled Identifiers 1.0, sections 2.4 and 2.5)."""
    found = []
    for text in as_list(value)[:_MAX_DIGESTS]:
        try:
            data = decode_base64url(text[1:]) if isinstance(text, str) and text[:1] == "u" else decode_base58btc(text)
        except MalformedInput:
            continue
        if data[:2] in _MULTIHASH:
            found.append((_MULTIHASH[data[:2]], data[2:]))
    return found
