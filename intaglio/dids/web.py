"""did:web: an identifier whose document lies on a web site (the did:web Method, section 2.5.2, "Read")."""

import re
from urllib.parse import unquote_to_bytes

from intaglio.dids.controller import ControllerDocument, parse
from intaglio.dids.documents import read_document
from intaglio.errors import MalformedInput, Unavailable
from intaglio.fetch.rules import show
from intaglio.fetch.source import Source

_PREFIX = "did:web:"
_HOST = re.compile(r"([A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:%3[Aa]([1-9][0-9]{0,4}))?\Z")
_SEGMENT = re.compile(rb"[^\x00-\x20\x7f/\\?#%]+\Z")


def resolve(did: str, source: Source) -> ControllerDocument:
    """Return the document of a did:web: what the source has for the DID itself, else what its web site answers.

    :raises MalformedInput: ``bad-identifier``, and as `parse` and `read_document` do.
    :raises Unavailable: where neither is to be had.
    """
    url = document_url(did)
    try:
        document = read_document(source, did)
    except Unavailable:
        document = read_document(source, url)
    return parse(document, did)


def document_url(did: str) -> str:
    """Return where the document of a did:web lies: ``did:web:a.example%3A8443:b`` is at ``https://a.example:8443/b/did.json``.

    Only the colon before a port is decoded. A path may hold other percent-encoded characters, which stay as they are, but
    none that would make it another path on some server (a slash, a dot segment, a second percent sign).

    :raises MalformedInput: ``bad-identifier``, also for an IP address, which section 2.3 forbids, and for an empty part.
    """
    # Step 1: colons part the host from the path; step 2: a port's colon is decoded.
    host_and_port, *path = did.removeprefix(_PREFIX).split(":")
    match = _HOST.match(host_and_port)
    if match is None or ".." in match[1] or _is_address(match[1]):
        raise MalformedInput("bad-identifier", f"{show(did)} does not name a host.")
    if not all(_is_segment(segment) for segment in path):
        raise MalformedInput("bad-identifier", f"{show(did)} does not name a path.")
    # Steps 3 to 5.
    host = match[1].lower() if match[2] is None else f"{match[1].lower()}:{match[2]}"
    return "/".join(["https:/", host, *(path or [".well-known"]), "did.json"])


def _is_address(host: str) -> bool:
    # 127.1 and 0x7f000001 are addresses to a resolver, though not to a parser: no top-level domain is a number.
    last = host.rpartition(".")[2].lower()
    return last.isdigit() or last.startswith("0x")


def _is_segment(segment: str) -> bool:
    decoded = unquote_to_bytes(segment)
    return bool(_SEGMENT.match(decoded)) and decoded not in (b".", b"..")
