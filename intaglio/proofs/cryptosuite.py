"""What a Data Integrity cryptosuite can do (Verifiable Credential Data Integrity 1.0, section 3.1)."""

from typing import Protocol

from intaglio.documents import JsonObject
from intaglio.multikey import PublicKey
from intaglio.proofs.signer import Signer


class Cryptosuite(Protocol):
    """Creates and verifies single proofs; sets and chains of them are the business of `intaglio.proofs.proof_set`."""

    def create_proof(self, document: JsonObject, options: JsonObject, signer: Signer) -> JsonObject:
        """Return `options` with the proof's value added.

        `document` is what the proof is about: without ``proof``, or, in a chain, with the proofs that this one builds on.

        :raises MalformedInput: where the document has no canonical form.
        :raises SigningFailed: where the signer's key is not of this suite.
        """
        ...

    def verify_proof(self, document: JsonObject, proof: JsonObject, key: PublicKey) -> None:
        """Return nothing where the proof holds; there is no result that could be ignored.

        :raises InvalidProof: where it does not.
        :raises MalformedInput: where document or proof break their format.
        """
        ...
