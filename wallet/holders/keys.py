"""The keys that learners sign with: made when first needed, encrypted at rest, lent for one piece of work."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from sqlmodel import Session, col, select

from intaglio.custody.local import LocalSigner, PrivateKey, generate
from intaglio.errors import SigningFailed, Unsupported
from intaglio.multikey import Algorithm, PublicKey
from intaglio.proofs.signer import Signer
from wallet.holders.envelope import Vault
from wallet.holders.models import Holder, HolderKey

_PRIVATE = "holder_keys.sealed_private_key"
_BYTES = 32


def dids_of(db: Session, holder_id: UUID) -> frozenset[str]:
    """Return the identifiers that a learner's badges may name her by."""
    return frozenset(db.exec(select(HolderKey.did).where(HolderKey.holder_id == holder_id)))


def keys_named(db: Session, holder_id: UUID, dids: Iterable[str]) -> list[HolderKey]:
    """Return those of a learner's keys that are known by one of these identifiers."""
    query = select(HolderKey).where(HolderKey.holder_id == holder_id, col(HolderKey.did).in_(list(dids)))
    return list(db.exec(query))


@contextmanager
def lent_signer(
    db: Session, vault: Vault, holder_id: UUID, *, now: datetime, algorithm: Algorithm = Algorithm.ED25519
) -> Iterator[Signer]:
    """Lend a learner's signer while the block runs; afterwards it signs no more. A key that is made here is committed.

    :raises Unsupported: ``unknown-key-type`` for kinds of key that learners have none of.
    """
    row = _row(db, holder_id, algorithm) or _make(db, vault, holder_id, algorithm, now)
    secret = vault.open(_PRIVATE, row.id, row.sealed_private_key)
    lent = _Lent(LocalSigner.over(_load(algorithm, secret)))
    try:
        yield lent
    finally:
        lent.take_back()


class _Lent:
    """A signer until it is taken back."""

    def __init__(self, signer: Signer) -> None:
        self._signer: Signer | None = signer
        self.verification_method: str = signer.verification_method
        self.algorithm: Algorithm = signer.algorithm
        self.public_key: PublicKey = signer.public_key

    def sign(self, message: bytes) -> bytes:
        """Sign, as `intaglio.proofs.signer.Signer.sign` describes.

        :raises SigningFailed: ``key-returned``
        """
        if self._signer is None:
            raise SigningFailed("key-returned", "The piece of work that it was lent for is over.")
        return self._signer.sign(message)

    def take_back(self) -> None:
        self._signer = None


def _row(db: Session, holder_id: UUID, algorithm: Algorithm) -> HolderKey | None:
    query = select(HolderKey).where(HolderKey.holder_id == holder_id, HolderKey.algorithm == algorithm.value)
    return db.exec(query.order_by(col(HolderKey.created_at).desc()).limit(1)).first()


def _make(db: Session, vault: Vault, holder_id: UUID, algorithm: Algorithm, now: datetime) -> HolderKey:
    # Two claims at once must not make two keys: whoever is second waits here, and finds the first one's.
    db.exec(select(Holder.id).where(Holder.id == holder_id).with_for_update()).one()
    found = _row(db, holder_id, algorithm)
    if found is None:
        key, row_id = generate(algorithm), uuid4()
        secret = vault.seal(_PRIVATE, row_id, _raw(key))
        did = LocalSigner.over(key).verification_method.partition("#")[0]
        found = HolderKey(
            id=row_id,
            holder_id=holder_id,
            did=did,
            algorithm=algorithm.value,
            sealed_private_key=secret,
            created_at=now,
        )
        db.add(found)
    db.commit()
    return found


def _raw(key: PrivateKey) -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.private_bytes_raw()
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key.private_numbers().private_value.to_bytes(_BYTES)
    raise Unsupported("unknown-key-type", "Learners have Ed25519 and P-256 keys.")


def _load(algorithm: Algorithm, secret: bytes) -> PrivateKey:
    if algorithm is Algorithm.ED25519:
        return ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    return ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1())
