"""The tables of the machines' doors: instances of the VC API, and what came out of them with a status."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import AutoString, Field

from intaglio.server.tables import moment
from issuer.tables import Table


class Identifier(StrEnum):
    """As whom an instance issues."""

    ORGANIZATION = "organization"
    """The organization's did:web; the instance's key is listed in its document."""
    KEY = "key"
    """The key's own did:key, or did:jwk for RSA, which has no did:key."""


class Instance(Table, table=True):
    """A door of the VC API (``/vc-api/{slug}/…``). How it seals never changes; its key changes only where it is given up.

    An instance of an organization that is no trial has no form: it seals nothing, and changes the status of awards.
    """

    __tablename__ = "door_instances"
    __table_args__ = (
        CheckConstraint("form IS NOT NULL OR purpose IS NULL", name="status_of_what_it_seals"),
        CheckConstraint("purpose IN ('revocation', 'suspension')", name="purpose"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    organization_id: UUID = Field(foreign_key="organizations.id", index=True)
    slug: str = Field(unique=True)
    form: str | None = None
    """A name in `issuer.doors.forms.FORMS`."""
    identifier: Identifier = Field(default=Identifier.ORGANIZATION, sa_type=AutoString)
    purpose: str | None = None
    """``revocation`` or ``suspension`` where each credential gets a place in a status list."""
    created_by: UUID | None = Field(default=None, foreign_key="staff.id")
    created_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)
    """Since then it seals nothing; the status of what it sealed can still be changed."""


class IssuedCredential(Table, table=True):
    """A credential with a status, by the name that its machine gave it. What it says is not kept."""

    __tablename__ = "door_credentials"
    __table_args__ = (UniqueConstraint("instance_id", "credential_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    instance_id: UUID = Field(foreign_key="door_instances.id")
    credential_id: str | None = None
    """None where the machine gave it none: then its status stays as it is (VCALM, ``credentialId``)."""
    issued_at: datetime = moment()

    @property
    def entry_name(self) -> str:
        """The name of its place in the status list: machines of two organizations may choose the same id."""
        return f"urn:uuid:{self.id}"
