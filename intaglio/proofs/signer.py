"""What a proof needs of a private key. Custody makes signers; a file, an HSM or a remote signer can stand behind one."""

from typing import Protocol

from intaglio.multikey import Algorithm, PublicKey


class Signer(Protocol):
    """The power to sign with one private key, which never leaves it."""

    @property
    def verification_method(self) -> str:
        """The identifier under which the public key is published, a DID URL or an https URL with a fragment."""
        ...

    @property
    def algorithm(self) -> Algorithm:
        """The kind of key."""
        ...

    @property
    def public_key(self) -> PublicKey:
        """The public half, with which what was signed is verified once more before it leaves."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature over `message`, in the form that `PublicKey.verify` takes.

        ECDSA signatures are deterministic (RFC 6979).

        :raises SigningFailed: where the key cannot be used.
        """
        ...
