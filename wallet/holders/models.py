"""Learners and their keys. Whatever says who somebody is lies encrypted (`wallet.holders.envelope`)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlmodel import Field

from intaglio.server.tables import moment
from wallet.tables import Table


class ServiceKey(Table, table=True):
    """A key of the wallet's own, wrapped. `name` says what for: ``lookup`` makes the hashes that sign-in names are found by."""

    __tablename__ = "service_keys"
    name: str = Field(primary_key=True)
    wrapped_key: bytes


class Holder(Table, table=True):
    """A learner's account. Signing in is `intaglio.server`'s: it knows the id as the account's.

    `sealed_profile` is JSON: ``name``, and ``sign_in_name`` where there is one. `identifier_hash` is a keyed hash of the latter.
    """

    __tablename__ = "holders"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    identifier_hash: bytes | None = Field(default=None, unique=True)
    wrapped_key: bytes
    sealed_profile: bytes
    language: str = "en"
    age_known_at: datetime | None = moment(nullable=True)
    """When the learner was found old enough for an account. Before that, nothing can be done with it."""
    minor_until: date | None = None
    """The first day of the month after the eighteenth birthday, while that lies ahead: all that is kept of a date of birth."""
    created_at: datetime = moment()


class HolderKey(Table, table=True):
    """A key that a learner signs with, known to others by its did:key. The private key lies encrypted, as 32 raw bytes.

    `algorithm` is a value of `intaglio.multikey.Algorithm`.
    """

    __tablename__ = "holder_keys"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    holder_id: UUID = Field(foreign_key="holders.id", index=True, ondelete="CASCADE")
    did: str = Field(unique=True)
    algorithm: str
    sealed_private_key: bytes
    created_at: datetime = moment()
