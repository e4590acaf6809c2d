"""The tables that every service has, whatever it does: sign-ins, ways to sign in, and what bounds guessing.

An account is a row of the service's own (a member of staff, a learner); here it is known by its id alone.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, MetaData, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are named, so that migrations can name them too."""


def moment(*, nullable: bool = False, index: bool = False) -> Any:
    """Return a column for an aware point in time."""
    return Field(sa_type=DateTime(timezone=True), nullable=nullable, index=index)


class ServerTable(SQLModel):
    """The base of the tables in this module."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


class SignIn(ServerTable, table=True):
    """Somebody who is signed in: the cookie holds a token, the row its hash."""

    __tablename__ = "server_sign_ins"
    token_hash: bytes = Field(primary_key=True)
    account_id: UUID = Field(index=True)
    method: str
    created_at: datetime = moment()
    last_seen_at: datetime = moment()
    expires_at: datetime = moment(index=True)


class Password(ServerTable, table=True):
    """The argon2id hash of an account's password."""

    __tablename__ = "server_passwords"
    account_id: UUID = Field(primary_key=True)
    hash: str
    changed_at: datetime = moment()


class Passkey(ServerTable, table=True):
    """A WebAuthn credential of an account."""

    __tablename__ = "server_passkeys"
    credential_id: bytes = Field(primary_key=True)
    account_id: UUID = Field(index=True)
    public_key: bytes
    sign_count: int = Field(sa_column=Column(BigInteger, nullable=False))
    name: str
    transports: list[str] = Field(sa_column=Column(JSONB, nullable=False))
    created_at: datetime = moment()
    last_used_at: datetime | None = moment(nullable=True)


class ExternalIdentity(ServerTable, table=True):
    """Who an account is at an OpenID Connect provider."""

    __tablename__ = "server_external_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    account_id: UUID = Field(index=True)
    issuer: str
    subject: str
    created_at: datetime = moment()


class Invitation(ServerTable, table=True):
    """A link by which an account is entered for the first time, or again by somebody who lost every other way."""

    __tablename__ = "server_invitations"
    token_hash: bytes = Field(primary_key=True)
    account_id: UUID = Field(index=True)
    created_at: datetime = moment()
    expires_at: datetime = moment(index=True)


class Ceremony(ServerTable, table=True):
    """What has to be remembered between two requests of one visitor: a passkey's challenge, the state of a sign-in."""

    __tablename__ = "server_ceremonies"
    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    kind: str
    data: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    expires_at: datetime = moment(index=True)


class RateWindow(ServerTable, table=True):
    """How often something was tried within one window of time. `key` is a hash: no address or name is kept."""

    __tablename__ = "server_rate_windows"
    key: bytes = Field(primary_key=True)
    started_at: datetime = moment(index=True)
    count: int
