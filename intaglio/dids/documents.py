"""Getting a controller document, or a bare key, from a source."""

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import MalformedInput
from intaglio.fetch.rules import show
from intaglio.fetch.source import Source

MAX_BYTES = 1024 * 1024
_TYPES = (
    "application/json",
    "application/ld+json",
    "application/did",
    "application/did+json",
    "application/did+ld+json",
    "application/cid",
    "application/jwk+json",
)


def read_document(source: Source, url: str) -> JsonObject:
    """Return the JSON object that a source has for a URL or a DID.

    :raises Unavailable: as the source does.
    :raises MalformedInput: ``bad-controller-document`` for what is not a JSON object, and as the source does.
    """
    fetched = source.get(url, accept=_TYPES, max_bytes=MAX_BYTES)
    try:
        return parse_object(fetched.body, max_bytes=MAX_BYTES)
    except MalformedInput as error:
        detail = f"The document of {show(url)} cannot be read. {error.problem.title} {error.problem.detail}"
        raise MalformedInput("bad-controller-document", detail) from None
