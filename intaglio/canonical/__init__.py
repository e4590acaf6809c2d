"""Canonical forms: the exact bytes that are hashed and signed."""

from typing import Protocol

from intaglio.canonical import rdfc
from intaglio.canonical.jsonld import JsonLd
from intaglio.documents import JsonObject
from intaglio.schemas import Contexts


class Canonicalizer(Protocol):
    """Turns a JSON-LD document into the bytes that stand for what it says."""

    def canonicalize(self, document: JsonObject, *, hash_algorithm: str = "sha256") -> bytes:
        """Return the canonical N-Quads of a document (RDF Dataset Canonicalization 1.0), as UTF-8.

        :raises MalformedInput: for whatever a signature could not cover; see `intaglio.canonical.jsonld`.
        """
        ...


class GeneralCanonicalizer:
    """The `Canonicalizer` for any document: PyLD's expansion in safe mode, then RDFC-1.0."""

    def __init__(self, contexts: Contexts) -> None:
        self._json_ld = JsonLd(contexts)

    def canonicalize(self, document: JsonObject, *, hash_algorithm: str = "sha256") -> bytes:
        """Return the canonical N-Quads of a document, as UTF-8. `hash_algorithm` is ``sha256`` or ``sha384``.

        :raises MalformedInput: as `JsonLd.to_quads` does, and ``graph-too-complex``.
        :raises Unsupported: ``context-feature``, ``unknown-hash``
        :raises Unavailable: ``unknown-context``
        """
        quads = self._json_ld.to_quads(document)
        return rdfc.canonicalize(quads, hash_algorithm=hash_algorithm).nquads.encode()
