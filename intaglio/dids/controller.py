"""Controller documents: who may use which key for what (Controlled Identifiers 1.0, section 2; DID Core 1.0, section 5).

The problems raised here name places in the controller document in their sentences, not as pointers: a pointer in a report
is one into the credential.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from intaglio.dids.identifiers import split
from intaglio.dids.material import read_key
from intaglio.documents import JsonObject, as_list, pointer
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput
from intaglio.fetch.rules import show
from intaglio.multikey import PublicKey
from intaglio.times import parse_time

RELATIONSHIPS = ("assertionMethod", "authentication", "capabilityDelegation", "capabilityInvocation", "keyAgreement")
MAX_METHODS = 256
"""The most verification methods of one document: a school that changes its key every month fills this in 21 years."""


@dataclass(frozen=True)
class VerificationMethod:
    """One key, in the words of its controller. From `expires` or `revoked` on, it is not to be used; None means never."""

    id: str
    controller: str
    key: PublicKey
    expires: datetime | None = None
    revoked: datetime | None = None


@dataclass(frozen=True)
class UnreadableMethod:
    """A method that is listed but cannot be used, and what is wrong with it. It spoils only itself."""

    id: str
    error: IntaglioError


@dataclass(frozen=True)
class ControllerDocument:
    """What the controller of `id` says about its keys.

    `relationships` maps a purpose such as ``assertionMethod`` to the absolute identifiers of the methods that are for it.
    `also_known_as` is the controller's own word; the other identifier has to say the same before it counts. `default_method`
    is the method that the bare identifier stands for, where the identifier is itself one key (did:key, did:jwk).
    """

    id: str
    methods: tuple[VerificationMethod, ...]
    unreadable: tuple[UnreadableMethod, ...] = ()
    relationships: Mapping[str, frozenset[str]] = field(default_factory=dict)
    also_known_as: tuple[str, ...] = ()
    default_method: str | None = None

    def find(self, url: str) -> VerificationMethod:
        """Return the method of an absolute identifier, whatever it is for: enough to check a signature, not to believe it.

        :raises MalformedInput: ``bad-identifier`` for the bare identifier of a document that may list many keys.
        :raises InvalidProof: ``method-not-found``
        :raises IntaglioError: what is wrong with the method, where it is listed and cannot be used.
        """
        if url == self.id and self.default_method is None:
            raise MalformedInput("bad-identifier", f"{show(url)} names no key: its part after # is missing.")
        wanted = self.default_method if url == self.id else url
        for method in self.methods:
            if method.id == wanted:
                return method
        for unreadable in self.unreadable:
            if unreadable.id == wanted:
                raise unreadable.error.with_traceback(None)
        raise InvalidProof("method-not-found", f"{show(self.id)} does not list {show(url)}.")

    def method_for(self, url: str, purpose: str) -> VerificationMethod:
        """Return the method of an absolute identifier if its controller gave it this purpose (section 3.3, steps 7 to 10).

        :raises InvalidProof: ``method-not-found``, ``method-not-for-purpose``, and ``method-of-another-controller`` for a key
            that a document lists for somebody else: to list a stranger's key is not to own it, nor the reverse.
        :raises IntaglioError: as `find` does.
        """
        method = self.find(url)
        if split(method.id).controller != self.id or method.controller != self.id:
            detail = (
                f"{show(method.id)} is listed by {show(self.id)}, with {show(method.controller)} as its controller."
            )
            raise InvalidProof("method-of-another-controller", detail)
        if method.id not in self.relationships.get(purpose, ()):
            raise InvalidProof(
                "method-not-for-purpose", f"{show(self.id)} does not list the key under {show(purpose)}."
            )
        return method


def parse(document: JsonObject, expected_id: str, *, default_method: str | None = None) -> ControllerDocument:
    """Read a controller document that is to be the one of `expected_id`.

    Relative references (``#key-1``) are resolved against it, also in did:web documents, whose method asks for absolute ones:
    the base is checked to be the identifier, so there is nothing to confuse.

    :raises MalformedInput: ``controller-document-id`` for the document of another, ``bad-controller-document`` where its
        structure is broken, or one method identifier stands for two keys.
    """
    if document.get("id") != expected_id:
        stated = show(str(document["id"])) if "id" in document else "nobody’s"
        raise MalformedInput("controller-document-id", f"The document of {show(expected_id)} says that it is {stated}.")
    definitions = _definitions(document, expected_id)
    read = [_read_method(identifier, method) for identifier, method in definitions.items()]
    return ControllerDocument(
        id=expected_id,
        methods=tuple(method for method in read if isinstance(method, VerificationMethod)),
        unreadable=tuple(method for method in read if isinstance(method, UnreadableMethod)),
        relationships={name: _related(document, name, expected_id) for name in RELATIONSHIPS},
        also_known_as=tuple(name for name in as_list(document.get("alsoKnownAs")) if isinstance(name, str)),
        default_method=default_method,
    )


def _definitions(document: JsonObject, base: str) -> dict[str, JsonObject]:
    """Return every method that is defined, in the list or inside a relationship, by its absolute identifier."""
    found: dict[str, JsonObject] = {}
    for name in ("verificationMethod", *RELATIONSHIPS):
        for place, item in _items(document, name):
            if isinstance(item, str) and name != "verificationMethod":
                continue
            if not isinstance(item, dict) or not isinstance(item.get("id"), str):
                raise MalformedInput("bad-controller-document", f"{place} is no verification method with an id.")
            identifier = _absolute(item["id"], base)
            # Which of two keys a reader finds under one name must not depend on the reader.
            if found.setdefault(identifier, item) != item:
                raise MalformedInput("bad-controller-document", f"{place} defines {show(identifier)} a second time.")
            if len(found) > MAX_METHODS:
                raise MalformedInput("bad-controller-document", f"It lists more than {MAX_METHODS} keys.")
    return found


def _related(document: JsonObject, name: str, base: str) -> frozenset[str]:
    identifiers = (item if isinstance(item, str) else item["id"] for _, item in _items(document, name))
    return frozenset(_absolute(identifier, base) for identifier in identifiers)


def _items(document: JsonObject, name: str) -> Iterator[tuple[str, Any]]:
    for index, item in enumerate(as_list(document.get(name))):
        yield pointer(name, index), item


def _absolute(reference: str, base: str) -> str:
    return base + reference if reference.startswith("#") else reference


def _read_method(identifier: str, method: JsonObject) -> VerificationMethod | UnreadableMethod:
    try:
        controller = method.get("controller")
        if not isinstance(controller, str) or not controller:
            # It cannot be inferred from the document, as section 2.2 warns.
            raise MalformedInput("bad-verification-method", f"{show(identifier)} does not state its controller.")
        return VerificationMethod(
            id=identifier,
            controller=controller,
            key=read_key(method),
            expires=_read_time(method, "expires"),
            revoked=_read_time(method, "revoked"),
        )
    except IntaglioError as error:
        return UnreadableMethod(identifier, error)


def _read_time(method: JsonObject, name: str) -> datetime | None:
    return parse_time(method[name]) if name in method else None
