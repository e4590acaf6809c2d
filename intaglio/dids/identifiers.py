"""What identifiers look like: DIDs, URLs, and the verification methods that their fragments name."""

import re
from typing import NamedTuple

from intaglio.errors import MalformedInput
from intaglio.fetch.rules import show

MAX_IDENTIFIER = 8192
"""The longest identifier that is read, in characters: a did:jwk of the largest RSA key has about 2,000."""

# RFC 3986, appendix A, without the number sign.
_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]+\Z")
# DID Core 1.0, section 3.1.
_DID = re.compile(r"did:([a-z0-9]+):(?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})\Z")
_ONE_KEY = ("did:key:", "did:jwk:")


class MethodUrl(NamedTuple):
    """A verification method identifier in its two parts; `fragment` is empty where there is none."""

    controller: str
    fragment: str


def split(url: str) -> MethodUrl:
    """Split a verification method identifier (Controlled Identifiers 1.0, section 3.3, steps 2 and 3).

    :raises MalformedInput: ``bad-identifier`` where it has more than one number sign or is too long.
    """
    controller, _, fragment = url.partition("#")
    if len(url) > MAX_IDENTIFIER or "#" in fragment:
        raise MalformedInput("bad-identifier", f"{show(url)} is not a URL with one fragment.")
    return MethodUrl(controller, fragment)


def split_method(url: str) -> MethodUrl:
    """Split what must name one key: it has a fragment, or is itself a key, as a did:key or did:jwk is.

    :raises MalformedInput: ``bad-identifier`` for what names a whole document, and as `split` does.
    """
    parts = split(url)
    if not parts.fragment and not url.startswith(_ONE_KEY):
        raise MalformedInput("bad-identifier", f"{show(url)} names no key: its part after # is missing.")
    return parts


def scheme_of(identifier: str) -> str:
    """Return the scheme of a URI (RFC 3986, section 3.1) without a fragment, in lower case, such as ``https`` or ``did``.

    :raises MalformedInput: ``bad-identifier`` for what is not a URI.
    """
    match = _URI.match(identifier) if len(identifier) <= MAX_IDENTIFIER else None
    if match is None:
        raise MalformedInput("bad-identifier", f"{show(identifier)} is not a URL.")
    return match[1].lower()


def did_method(identifier: str) -> str | None:
    """Return the method name of a plain DID, such as ``web``; None for a DID URL with a path or a query.

    :raises MalformedInput: ``bad-identifier`` for what begins like a DID and is not one.
    """
    plain = re.split(r"[/?]", identifier, maxsplit=1)[0]
    match = _DID.match(plain)
    if match is None:
        raise MalformedInput("bad-identifier", f"{show(identifier)} is not a DID.")
    return match[1] if plain == identifier else None
