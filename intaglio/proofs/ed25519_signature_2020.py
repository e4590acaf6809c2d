"""``Ed25519Signature2020``: verified, because most badges in the field carry it; never made, because newer suites replace it.

Described in Data Integrity EdDSA Cryptosuites 1.0, appendix "Ed25519Signature2020". It hashes and signs as ``eddsa-rdfc-2022``
does, and differs only in the name that the proof goes by.
"""

from dataclasses import dataclass

from intaglio.canonical import Canonicalizer
from intaglio.documents import JsonObject
from intaglio.errors import Unsupported
from intaglio.multikey import PublicKey
from intaglio.proofs.data_integrity import Rdfc, SignatureSuite
from intaglio.proofs.eddsa import HASHES
from intaglio.proofs.signer import Signer


@dataclass(frozen=True, slots=True)
class Ed25519Signature2020:
    """The suite, without the power to sign."""

    suite: SignatureSuite

    def create_proof(self, _document: JsonObject, _options: JsonObject, _signer: Signer) -> JsonObject:
        """Refuse.

        :raises Unsupported: ``verify-only-suite``, always.
        """
        raise Unsupported("verify-only-suite", "Ed25519Signature2020 is verified but not made any more.")

    def verify_proof(self, document: JsonObject, proof: JsonObject, key: PublicKey) -> None:
        """See `Cryptosuite.verify_proof`."""
        self.suite.verify_proof(document, proof, key)


def ed25519_signature_2020(canonicalizer: Canonicalizer) -> Ed25519Signature2020:
    """Return the suite."""
    return Ed25519Signature2020(SignatureSuite({"type": "Ed25519Signature2020"}, Rdfc(canonicalizer), HASHES))
