"""Private keys in this process: what a file holds once it is open, and the throwaway keys of a rehearsal."""

from dataclasses import dataclass, field
from typing import TypeAlias

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from intaglio.multikey import Algorithm, PublicKey, default_verification_method

PrivateKey: TypeAlias = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
RSA_BITS = 3072
"""The size of new RSA keys that are kept."""
_RSA_EXPONENT = 65537


def generate(algorithm: Algorithm, *, rsa_bits: int = RSA_BITS) -> PrivateKey:
    """Return a new private key from the operating system's randomness."""
    match algorithm:
        case Algorithm.ED25519:
            return ed25519.Ed25519PrivateKey.generate()
        case Algorithm.P256:
            return ec.generate_private_key(ec.SECP256R1())
        case Algorithm.P384:
            return ec.generate_private_key(ec.SECP384R1())
        case Algorithm.RSA:
            return rsa.generate_private_key(_RSA_EXPONENT, rsa_bits)


@dataclass(frozen=True)
class LocalSigner:
    """A `intaglio.proofs.signer.Signer` over a key in memory. Its text form never shows the key."""

    key: PrivateKey = field(repr=False)
    verification_method: str
    public_key: PublicKey

    @classmethod
    def over(cls, key: PrivateKey, verification_method: str | None = None) -> "LocalSigner":
        """Make a signer; without a verification method it goes by the key's own did:key (did:jwk for RSA).

        :raises Unsupported: ``unknown-key-type`` for a key that is not of one of the four kinds.
        """
        public_key = PublicKey.from_cryptography(key.public_key())
        return cls(key, verification_method or default_verification_method(public_key), public_key)

    @property
    def algorithm(self) -> Algorithm:
        """The kind of key."""
        return self.public_key.algorithm

    def sign(self, message: bytes) -> bytes:
        """Return the signature, as `intaglio.proofs.signer.Signer.sign` describes; ECDSA by RFC 6979."""
        key = self.key
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return key.sign(message)
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        hash_algorithm = hashes.SHA256() if self.algorithm is Algorithm.P256 else hashes.SHA384()
        der = key.sign(message, ec.ECDSA(hash_algorithm, deterministic_signing=True))
        size = (key.curve.key_size + 7) // 8
        return b"".join(number.to_bytes(size) for number in utils.decode_dss_signature(der))
