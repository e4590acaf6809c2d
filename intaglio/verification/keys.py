"""Which key a proof or token names, and what that proves.

A key proves the issuer only where the issuer's own document lists it. A key out of an address's fragment, out of a token's
header or out of a certificate that came along proves that nothing was changed, and no more: `KeyEvidence.controller` is None.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from intaglio.dids.controller import ControllerDocument
from intaglio.dids.fragment import key_in_fragment
from intaglio.dids.identifiers import split_method
from intaglio.dids.resolver import BareKey, Resolver
from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, Unavailable, Unsupported
from intaglio.multikey import Algorithm, PublicKey
from intaglio.proofs.jose import Jws, algorithm_of


@dataclass(frozen=True, slots=True)
class KeyEvidence:
    """A key, and who vouches for it.

    `method` is the identifier that it goes by. `controller` is the document that lists it, or None; `reason` then says why
    not. `address` is there where an address answered with a bare key, which proves as much as its web site does.
    """

    key: PublicKey
    method: str
    controller: ControllerDocument | None = None
    reason: IntaglioError | None = None
    address: str | None = None


class KeyFinder:
    """Finds keys for one reader."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def for_proof(self, proof: JsonObject) -> KeyEvidence:
        """Return the key of a Data Integrity proof.

        :raises Unavailable: where the address does not answer and carries no key itself.
        :raises IntaglioError: as the resolver does.
        """
        split_method(proof["verificationMethod"])  # it has to name one key; a token's kid may name a page that is one
        return self._by_identifier(proof["verificationMethod"])

    def for_token(self, jws: Jws, signer: str | None, purpose: str) -> KeyEvidence:
        """Return the key of a token: by ``kid``, else by the signer's own document, else the one that it brings along.

        `signer` is the issuer of the credential or the holder of the presentation, as the signed payload names it; where the
        token does not say which of the signer's keys made it, only those for `purpose` come into question.

        :raises InvalidProof: ``key-mismatch`` where ``kid`` and ``jwk`` name different keys.
        :raises MalformedInput: ``no-key`` where there is no trace of one, and what is wrong with it.
        """
        algorithm_of(jws.header)
        brought = _brought_along(jws.header)
        try:
            named = self._named(jws, signer, purpose, brought)
        except (Unavailable, Unsupported) as error:
            if brought is None:
                raise
            return KeyEvidence(brought, "the token's own header", reason=error)
        if brought is not None and named.key != brought:
            raise InvalidProof("key-mismatch", "The key that the token brings along is not the one that it names.")
        return named

    def _named(self, jws: Jws, signer: str | None, purpose: str, brought: PublicKey | None) -> KeyEvidence:
        kid = jws.header.get("kid")
        if kid is not None and not isinstance(kid, str):
            raise MalformedInput("no-key", "The header kid is not a text.", pointer="/kid")
        if kid and kid.startswith(("did:", "https:", "http:")):
            return self._by_identifier(kid)
        if signer is None:
            raise Unsupported("no-key", "The token says neither whose it is nor which key made it.")
        document = self._resolver.resolve(signer)
        if isinstance(document, BareKey):
            return KeyEvidence(document.key, signer, address=signer)
        if kid:
            identifier = f"{document.id}#{kid.removeprefix('#')}"
            return KeyEvidence(document.find(identifier).key, identifier, controller=document)
        return _only_candidate(document, algorithm_of(jws.header), purpose, brought)

    def _by_identifier(self, identifier: str) -> KeyEvidence:
        try:
            document = self._resolver.resolve(identifier.partition("#")[0])
        except (Unavailable, Unsupported) as error:
            key = key_in_fragment(identifier)
            if key is None:
                raise
            return KeyEvidence(key, identifier, reason=error)
        if isinstance(document, BareKey):
            return KeyEvidence(document.key, identifier, address=identifier)
        return KeyEvidence(document.find(identifier).key, identifier, controller=document)


def same_site(one: str, other: str) -> bool:
    """Tell whether two https addresses belong to the same origin (RFC 6454, section 4)."""
    first, second = urlsplit(one), urlsplit(other)
    return first.scheme == second.scheme == "https" and first.netloc.lower() == second.netloc.lower() != ""


def _only_candidate(
    document: ControllerDocument, algorithm: Algorithm, purpose: str, brought: PublicKey | None
) -> KeyEvidence:
    listed = document.relationships.get(purpose, frozenset())
    candidates = [method for method in document.methods if method.key.algorithm is algorithm and method.id in listed]
    if brought is not None:
        candidates = [method for method in candidates if method.key == brought]
    if len(candidates) != 1:
        detail = f"{document.id} lists {len(candidates)} keys that it could be, and the token does not say which."
        raise InvalidProof("no-key", detail)
    return KeyEvidence(candidates[0].key, candidates[0].id, controller=document)


def _brought_along(header: JsonObject) -> PublicKey | None:
    if "jwk" in header:
        return PublicKey.from_jwk(header["jwk"])
    if "x5c" in header:
        return _leaf_key(header["x5c"])
    return None


def _leaf_key(chain: Any) -> PublicKey:
    """Return the key of the first certificate (RFC 7515, section 4.1.6); the chain is not followed, so it vouches for nobody."""
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(chain[0], validate=True))
        return PublicKey.from_cryptography(certificate.public_key())
    except (TypeError, IndexError, KeyError, ValueError, binascii.Error, UnsupportedAlgorithm):
        raise MalformedInput("bad-public-key", "The header x5c holds no certificate.", pointer="/x5c") from None
