"""From any identifier to its controller document, by its scheme and method."""

from intaglio.dids import https, jwk, key, web
from intaglio.dids.controller import ControllerDocument, VerificationMethod, parse
from intaglio.dids.documents import read_document
from intaglio.dids.https import BareKey
from intaglio.dids.identifiers import did_method, scheme_of, split_method
from intaglio.errors import IntaglioError, MalformedInput, Unavailable, Unsupported
from intaglio.fetch.rules import show
from intaglio.fetch.source import Source

__all__ = ["BareKey", "Resolver"]


class Resolver:
    """Resolves identifiers with one source, each of them once; made for one run, since nothing that is remembered expires."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[str, ControllerDocument | BareKey | IntaglioError] = {}

    def resolve(self, controller: str) -> ControllerDocument | BareKey:
        """Return the document of a DID or a URL (without a fragment), or the bare key that an https address answers with.

        Identifiers of other kinds are looked for among the documents that the source holds under their own name.

        :raises MalformedInput: ``bad-identifier`` for what is neither, and what is wrong with the document.
        :raises Unsupported: ``unknown-did-method``, ``unknown-identifier``, ``unknown-key-type``
        :raises Unavailable: where the document is not to be had.
        """
        if controller not in self._known:
            try:
                self._known[controller] = self._resolve(controller)
            except IntaglioError as error:
                self._known[controller] = error
        known = self._known[controller]
        if isinstance(known, IntaglioError):
            raise known.with_traceback(None)
        return known

    def method(self, url: str, purpose: str) -> VerificationMethod:
        """Return the verification method of a URL, if its controller lists it for the purpose.

        This is the whole of Controlled Identifiers 1.0, section 3.3. The bare identifier of a did:key or did:jwk will do,
        since issuers write it and it can only mean the one key.

        :raises MalformedInput: ``bad-identifier`` also for a URL without a fragment: it names a document, not a key.
        :raises InvalidProof: as `ControllerDocument.method_for` does.
        :raises Unsupported: as `resolve` does.
        :raises Unavailable: as `resolve` does.
        """
        document = self.resolve(split_method(url).controller)
        if isinstance(document, BareKey):
            detail = f"{show(document.url)} answers with a key, not with a document."
            raise MalformedInput("bad-controller-document", detail)
        return document.method_for(url, purpose)

    def _resolve(self, controller: str) -> ControllerDocument | BareKey:
        match scheme_of(controller):
            case "did":
                return self._resolve_did(controller)
            case "https" | "http":  # whether http may be asked is the source's to say
                return https.resolve(controller, self._source)
            case scheme:
                detail = f"{show(controller)} is a name of the kind {scheme}, which has no place to look."
                return self._stored(controller, Unsupported("unknown-identifier", detail))

    def _resolve_did(self, did: str) -> ControllerDocument:
        match did_method(did):
            case "key":
                return key.resolve(did)
            case "jwk":
                return jwk.resolve(did)
            case "web":
                return web.resolve(did, self._source)
            case None:
                raise Unsupported(
                    "unknown-identifier", f"{show(did)} is a part of a DID’s document, or a version of it."
                )
            case method:
                return self._stored(did, Unsupported("unknown-did-method", f"did:{method} is none of ours."))

    def _stored(self, identifier: str, otherwise: Unsupported) -> ControllerDocument:
        """Return the document that the source holds under the identifier itself; there is no place to ask for it."""
        try:
            return parse(read_document(self._source, identifier), identifier)
        except Unavailable:
            raise otherwise from None
