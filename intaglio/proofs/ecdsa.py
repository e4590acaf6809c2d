"""``ecdsa-rdfc-2019`` and ``ecdsa-jcs-2019`` (Data Integrity ECDSA Cryptosuites 1.0, sections 3.2 and 3.3).

The curve fixes the hash: SHA-256 goes with P-256 and SHA-384 with P-384, for canonicalization too.
"""

from types import MappingProxyType

from intaglio.canonical import Canonicalizer
from intaglio.multikey import Algorithm
from intaglio.proofs.data_integrity import HashName, Jcs, Rdfc, SignatureSuite

HASHES: MappingProxyType[Algorithm, HashName] = MappingProxyType({Algorithm.P256: "sha256", Algorithm.P384: "sha384"})


def ecdsa_rdfc_2019(canonicalizer: Canonicalizer) -> SignatureSuite:
    """Return the suite that signs canonical N-Quads with ECDSA."""
    identity = {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-rdfc-2019"}
    return SignatureSuite(identity, Rdfc(canonicalizer), HASHES)


def ecdsa_jcs_2019() -> SignatureSuite:
    """Return the suite that signs canonical JSON with ECDSA."""
    return SignatureSuite({"type": "DataIntegrityProof", "cryptosuite": "ecdsa-jcs-2019"}, Jcs(), HASHES)
