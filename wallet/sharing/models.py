"""What a learner shows, to whom, for how long, and how often it was looked at."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, Identity
from sqlmodel import AutoString, Field

from intaglio.server.tables import moment
from wallet.tables import Table


class Share(Table, table=True):
    """A link to some badges.

    The link's token is found by its hash. `sealed_details` is JSON: ``audience`` and ``purpose`` in the learner's own words,
    and ``token``, so that its owner, and nobody who reads the database, can show the QR code again.
    """

    __tablename__ = "shares"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    holder_id: UUID = Field(foreign_key="holders.id", index=True, ondelete="CASCADE")
    token_hash: bytes = Field(unique=True)
    sealed_details: bytes
    created_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)


class ShareItem(Table, table=True):
    """One badge of a share. A badge that its owner removes is gone from what was shared too."""

    __tablename__ = "share_items"
    share_id: UUID = Field(foreign_key="shares.id", primary_key=True, ondelete="CASCADE")
    holding_id: UUID = Field(foreign_key="holdings.id", primary_key=True, index=True, ondelete="CASCADE")
    position: int


class Opened(StrEnum):
    """How a share was looked at."""

    PAGE = "page"
    MACHINE = "machine"


class ShareOpening(Table, table=True):
    """A share was opened. When, and how; not by whom, since nobody is asked who they are."""

    __tablename__ = "share_openings"
    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    share_id: UUID = Field(foreign_key="shares.id", index=True, ondelete="CASCADE")
    how: Opened = Field(sa_type=AutoString)
    at: datetime = moment()
