"""What a source of documents does."""

from dataclasses import dataclass
from typing import Protocol

DEFAULT_MAX_BYTES = 4 * 1024 * 1024
"""A status list of ten million entries that are all in use has about 1.7 MB."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One document, as it was found.

    `url` is where it was found in the end, without a fragment: after redirects it may differ from what was asked.
    `content_type` is the essence of the media type, such as ``application/json``, in lower case; it is empty where nobody
    stated one, as for stored files.
    """

    url: str
    body: bytes
    content_type: str


class Source(Protocol):
    """The power to ask for documents."""

    def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
        """Return the document of a URL, or of a DID.

        `accept` lists the media types that will do, as essences in lower case. What a server answers must be one of them;
        for what the reader stored, the reader vouches. `max_bytes` bounds the document, decompressed.

        :raises Unavailable: whenever there is no such document to be had here, whatever the server did.
        :raises MalformedInput: where the address itself, or the reader's own index of documents, is broken.
        """
        ...
