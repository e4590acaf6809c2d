"""``eddsa-rdfc-2022`` and ``eddsa-jcs-2022`` (Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 and 3.3)."""

from types import MappingProxyType

from intaglio.canonical import Canonicalizer
from intaglio.multikey import Algorithm
from intaglio.proofs.data_integrity import HashName, Jcs, Rdfc, SignatureSuite

HASHES: MappingProxyType[Algorithm, HashName] = MappingProxyType({Algorithm.ED25519: "sha256"})


def eddsa_rdfc_2022(canonicalizer: Canonicalizer) -> SignatureSuite:
    """Return the suite that signs canonical N-Quads with Ed25519; the one that wallets in the field open today."""
    identity = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}
    return SignatureSuite(identity, Rdfc(canonicalizer), HASHES)


def eddsa_jcs_2022() -> SignatureSuite:
    """Return the suite that signs canonical JSON with Ed25519."""
    return SignatureSuite({"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022"}, Jcs(), HASHES)
