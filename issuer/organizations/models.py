"""Organizations and the people who work in them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import AutoString, Field

from intaglio.server.tables import moment
from issuer.tables import Table


class Kind(StrEnum):
    """What an organization is. A district or charter keeps the roster of its schools."""

    STATE = "state"
    DISTRICT = "district"
    SCHOOL = "school"


class Role(StrEnum):
    """What somebody does in an organization. It holds for the organizations below it too, except a teacher's."""

    ADMINISTRATOR = "administrator"
    REGISTRAR = "registrar"
    TEACHER = "teacher"


class KeyState(StrEnum):
    """What a key is still good for."""

    ACTIVE = "active"  # seals
    RETIRED = "retired"  # seals no more; what it sealed stays good
    REVOKED = "revoked"  # somebody else may have it: what it sealed proves nothing any more


class Organization(Table, table=True):
    """A state, a district or a school. `slug` is part of its DID and never changes."""

    __tablename__ = "organizations"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: Kind = Field(sa_type=AutoString)
    parent_id: UUID | None = Field(default=None, foreign_key="organizations.id", index=True)
    name: str
    slug: str = Field(unique=True)
    url: str | None = None
    email: str | None = None
    image: bytes | None = None
    image_type: str | None = None
    sourced_id: str | None = Field(default=None, index=True)
    is_test: bool = False
    """It is for trials, for ever: the machines' door seals anything for it, and of badges that name it, its DID says so, and so
    does our verifier. What a door seals as a did:key of its own does not name it."""
    seals_tokens: bool = False
    """It wants the VC-JWT of Open Badges (RS256) beside the linked-data proof."""
    asks_parents: bool = True
    """A parent agrees before a learner of 13 to 17 shares for the first time."""
    created_at: datetime = moment()


class OrganizationKey(Table, table=True):
    """A key of an organization. The private part is where `uri` says, in custody's terms; here is the public one."""

    __tablename__ = "organization_keys"
    __table_args__ = (UniqueConstraint("organization_id", "fragment"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    organization_id: UUID = Field(foreign_key="organizations.id", index=True)
    uri: str
    fragment: str
    algorithm: str
    public_jwk: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    state: KeyState = Field(sa_type=AutoString)
    door: str | None = None
    """The short name of the machines' door that alone seals with it; None for a key that seals awards."""
    listed: bool = True
    """Whether the DID document lists it. One that is not goes by its own did:key."""
    created_at: datetime = moment()
    expires_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)


class Staff(Table, table=True):
    """Somebody who works with the issuer. Signing in is `intaglio.server`'s: it knows the id as the account's."""

    __tablename__ = "staff"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(unique=True)
    """In lower case."""
    name: str
    active: bool = True
    origin_id: UUID | None = Field(default=None, foreign_key="organizations.id")
    """The organization that made the account, and may have seen its first link. None for one made by the command line."""
    created_at: datetime = moment()


class Membership(Table, table=True):
    """What somebody does where, and until when. It is ended, not deleted."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "uq_memberships_current",
            "staff_id",
            "organization_id",
            "role",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    organization_id: UUID = Field(foreign_key="organizations.id", index=True)
    role: Role = Field(sa_type=AutoString)
    began_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)


class ApiKey(Table, table=True):
    """A machine's key to one organization: shown once, kept as a hash."""

    __tablename__ = "api_keys"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    organization_id: UUID = Field(foreign_key="organizations.id", index=True)
    name: str
    key_hash: bytes = Field(unique=True)
    hint: str
    """Its first letters, so that people can tell keys apart."""
    created_by: UUID | None = Field(default=None, foreign_key="staff.id")
    created_at: datetime = moment()
    last_used_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)


class AuditEntry(Table, table=True):
    """Who did what, when. Entries are only ever added. `details` holds ids, no names."""

    __tablename__ = "audit_entries"
    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id", index=True)
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id")
    action: str
    subject: str
    at: datetime = moment()
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
