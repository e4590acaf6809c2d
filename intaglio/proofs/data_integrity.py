"""The part that all cryptosuites with one plain signature share.

Numbers in comments are the steps of vc-di-eddsa 1.0, section 3.2, and vc-di-ecdsa 1.0, section 3.2, which are the same but for
hashes and keys; the JCS variants are sections 3.3 of both.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from intaglio.canonical import Canonicalizer
from intaglio.canonical.jcs import canonicalize as jcs
from intaglio.documents import JsonObject, as_list
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, SigningFailed
from intaglio.multikey import Algorithm, PublicKey, decode_base58btc, encode_base58btc
from intaglio.proofs.signer import Signer
from intaglio.times import parse_time

HashName = Literal["sha256", "sha384"]


class Transformation(Protocol):
    """From a document to the bytes that are hashed."""

    def options(self, options: JsonObject, document: JsonObject) -> JsonObject:
        """Return the proof options as a new proof states them."""
        ...

    def configuration(self, options: JsonObject, document: JsonObject) -> JsonObject:
        """Return the proof options as they are hashed."""
        ...

    def document(self, document: JsonObject, options: JsonObject) -> JsonObject:
        """Return the document as it is hashed."""
        ...

    def canonicalize(self, value: JsonObject, hash_name: HashName) -> bytes:
        """Return the canonical form."""
        ...


@dataclass(frozen=True, slots=True)
class Rdfc:
    """RDF Dataset Canonicalization: the proof's context is always that of the document (section 3.2.5, step 4).

    A proof may repeat it, but not have another: that one would not be signed, and readers of JSON-LD would follow it.
    """

    canonicalizer: Canonicalizer

    def options(self, options: JsonObject, _document: JsonObject) -> JsonObject:
        """Return the options without a context of their own."""
        return {name: value for name, value in options.items() if name != "@context"}

    def configuration(self, options: JsonObject, document: JsonObject) -> JsonObject:
        """Return the options with the document's context.

        :raises InvalidProof: ``proof-context`` where the options have another.
        """
        context = document.get("@context", [])
        if options.get("@context", context) != context:
            raise InvalidProof("proof-context", "The proof has an @context of its own, which nobody signed.")
        return {**options, "@context": context}

    def document(self, document: JsonObject, _options: JsonObject) -> JsonObject:
        """Return the document unchanged."""
        return document

    def canonicalize(self, value: JsonObject, hash_name: HashName) -> bytes:
        """Return canonical N-Quads; for P-384 the blank nodes too are labelled by SHA-384."""
        return self.canonicalizer.canonicalize(value, hash_algorithm=hash_name)


@dataclass(frozen=True, slots=True)
class Jcs:
    """JSON Canonicalization Scheme: the proof repeats the context that it was made with (section 3.3.1, step 2)."""

    def options(self, options: JsonObject, document: JsonObject) -> JsonObject:
        """Return the options with the document's context, where it has one."""
        return {**options, "@context": document["@context"]} if "@context" in document else dict(options)

    def configuration(self, options: JsonObject, _document: JsonObject) -> JsonObject:
        """Return the options unchanged."""
        return options

    def document(self, document: JsonObject, options: JsonObject) -> JsonObject:
        """Return the document as it was signed (section 3.3.2, step 4): contexts may have been added behind the proof's own.

        :raises InvalidProof: ``proof-context`` where the document does not begin with the proof's contexts.
        """
        if "@context" not in options:
            return document
        signed, present = as_list(options["@context"]), as_list(document.get("@context"))
        if present[: len(signed)] != signed:
            raise InvalidProof("proof-context", "The document's @context does not begin with the one that was signed.")
        return {**document, "@context": options["@context"]}

    def canonicalize(self, value: JsonObject, _hash_name: HashName) -> bytes:
        """Return the JCS form (RFC 8785)."""
        return jcs(value)


@dataclass(frozen=True, slots=True)
class HashData:
    """What is signed, with the steps that led there; the published vectors name each of them."""

    canonical_document: bytes
    canonical_options: bytes
    hash_name: HashName

    @property
    def document_hash(self) -> bytes:
        """Hash of the canonical document: 32 or 48 bytes."""
        return hashlib.new(self.hash_name, self.canonical_document).digest()

    @property
    def options_hash(self) -> bytes:
        """Hash of the canonical proof configuration: 32 or 48 bytes."""
        return hashlib.new(self.hash_name, self.canonical_options).digest()

    @property
    def combined(self) -> bytes:
        """The two hashes side by side, that of the options first (section 3.2.4, step 3)."""
        return self.options_hash + self.document_hash


@dataclass(frozen=True, slots=True)
class SignatureSuite:
    """A cryptosuite that signs the hashes of two canonical forms with one key.

    `identity` holds the members by which a proof names its suite: ``type`` and, for Data Integrity proofs, ``cryptosuite``.
    """

    identity: Mapping[str, str]
    transformation: Transformation
    hashes: Mapping[Algorithm, HashName]

    def create_proof(self, document: JsonObject, options: JsonObject, signer: Signer) -> JsonObject:
        """See `Cryptosuite.create_proof` (sections 3.2.1 and 3.3.1)."""
        if signer.algorithm not in self.hashes:
            raise SigningFailed(
                "wrong-key-for-suite", f"{self._name} does not sign with a {signer.algorithm.value} key."
            )
        stated = self.transformation.options({**self.identity, **options}, document)
        data = self.hash_data(document, stated, signer.algorithm)
        return {**stated, "proofValue": encode_base58btc(signer.sign(data.combined))}

    def verify_proof(self, document: JsonObject, proof: JsonObject, key: PublicKey) -> None:
        """See `Cryptosuite.verify_proof` (sections 3.2.2 and 3.3.2)."""
        if key.algorithm not in self.hashes:
            raise InvalidProof("wrong-key-for-suite", f"{self._name} does not go with a {key.algorithm.value} key.")
        # Steps 2 and 3: the options are the proof without its value, the bytes are its value.
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        signature = _decode_proof_value(proof.get("proofValue"))
        # Steps 4 to 7.
        data = self.hash_data(self.transformation.document(document, options), options, key.algorithm)
        if not key.verify(signature, data.combined):
            raise InvalidProof("bad-signature", "The signature does not fit the document and its proof options.")

    def hash_data(self, document: JsonObject, options: JsonObject, algorithm: Algorithm) -> HashData:
        """Transform and hash (sections 3.2.3 to 3.2.5); `options` is the proof without its value.

        :raises MalformedInput: ``proof-suite``, ``bad-time``, and whatever keeps document or options from a canonical form.
        """
        # Section 3.2.5, steps 2 and 3.
        if any(options.get(name) != value for name, value in self.identity.items()):
            raise MalformedInput("proof-suite", f"The proof does not call itself {self._name}.")
        if "created" in options:
            parse_time(options["created"], pointer="/proof/created")
        hash_name = self.hashes[algorithm]
        configuration = self.transformation.configuration(options, document)
        canonical_document = self.transformation.canonicalize(document, hash_name)
        try:
            canonical_options = self.transformation.canonicalize(configuration, hash_name)
        except IntaglioError as error:
            # What was canonicalized began at the proof; the reader's document does not.
            error.problem = replace(error.problem, pointer="/proof" + (error.problem.pointer or ""))
            raise
        return HashData(canonical_document, canonical_options, hash_name)

    @property
    def _name(self) -> str:
        return self.identity.get("cryptosuite", self.identity["type"])


def _decode_proof_value(value: object) -> bytes:
    try:
        return decode_base58btc(value)
    except MalformedInput as error:
        raise MalformedInput("bad-multibase", error.problem.detail, pointer="/proof/proofValue") from None
