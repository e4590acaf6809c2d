"""The cryptosuites that this library knows, by the name a proof goes by."""

from collections.abc import Mapping
from types import MappingProxyType

from intaglio.canonical import Canonicalizer
from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput, Unsupported
from intaglio.proofs.cryptosuite import Cryptosuite
from intaglio.proofs.ecdsa import ecdsa_jcs_2019, ecdsa_rdfc_2019
from intaglio.proofs.ed25519_signature_2020 import ed25519_signature_2020
from intaglio.proofs.eddsa import eddsa_jcs_2022, eddsa_rdfc_2022

SUITE_NAMES = ("eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019")
"""The suites that proofs are made with."""


class Suites:
    """Finds the suite of a proof."""

    def __init__(self, canonicalizer: Canonicalizer) -> None:
        self._data_integrity: Mapping[str, Cryptosuite] = MappingProxyType(
            {
                "eddsa-rdfc-2022": eddsa_rdfc_2022(canonicalizer),
                "eddsa-jcs-2022": eddsa_jcs_2022(),
                "ecdsa-rdfc-2019": ecdsa_rdfc_2019(canonicalizer),
                "ecdsa-jcs-2019": ecdsa_jcs_2019(),
            }
        )
        self._older: Mapping[str, Cryptosuite] = MappingProxyType(
            {"Ed25519Signature2020": ed25519_signature_2020(canonicalizer)}
        )

    def by_name(self, name: str) -> Cryptosuite:
        """Return the suite to make proofs with.

        :raises Unsupported: ``unknown-suite``
        """
        if name not in self._data_integrity:
            raise Unsupported("unknown-suite", f"“{name}” is none of {', '.join(SUITE_NAMES)}.")
        return self._data_integrity[name]

    def of_proof(self, proof: JsonObject) -> Cryptosuite:
        """Return the suite to verify a proof with.

        :raises MalformedInput: ``proof-suite`` where the proof does not say what it is.
        :raises Unsupported: ``unknown-suite`` for a suite that may be fine but is not ours.
        """
        kind, name = proof.get("type"), proof.get("cryptosuite")
        if not isinstance(kind, str) or (kind == "DataIntegrityProof" and not isinstance(name, str)):
            raise MalformedInput(
                "proof-suite", "The proof does not name its type and cryptosuite.", pointer="/proof/type"
            )
        known = self._data_integrity.get(str(name)) if kind == "DataIntegrityProof" else self._older.get(kind)
        if known is None:
            label = name if kind == "DataIntegrityProof" else kind
            raise Unsupported(
                "unknown-suite", f"We cannot check proofs of the kind “{str(label)[:60]}”.", pointer="/proof"
            )
        return known
