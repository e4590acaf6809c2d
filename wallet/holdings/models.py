"""What a learner keeps."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import AutoString, Field

from intaglio.server.tables import moment
from wallet.tables import Table


class Form(StrEnum):
    """How a credential is written."""

    LDP = "ldp"  # JSON-LD with its proof inside
    JWT = "jwt"  # a compact token


class Standing(StrEnum):
    """How a badge stood when it was last looked at."""

    GOOD = "good"
    UNSURE = "unsure"  # it could not be checked
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    BROKEN = "broken"  # it no longer holds for another reason, such as a key that its school has given up


class Holding(Table, table=True):
    """A badge in somebody's wallet.

    `sealed_document` is the credential, byte for byte as it was signed; `sealed_card` what lists and headings show of it
    (`wallet.holdings.cards.Card`), and `sealed_finding` the reason for its standing. The digests are keyed: without the
    learner's data key nobody can tell whether a learner has a certain badge. A badge that was replaced is kept and not shown.
    """

    __tablename__ = "holdings"
    __table_args__ = (
        UniqueConstraint("holder_id", "document_digest"),
        Index("ix_holdings_twins", "holder_id", "credential_digest"),
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    holder_id: UUID = Field(foreign_key="holders.id", index=True, ondelete="CASCADE")
    form: Form = Field(sa_type=AutoString)
    credential_digest: bytes
    document_digest: bytes
    sealed_document: bytes
    sealed_card: bytes
    standing: Standing = Field(sa_type=AutoString)
    sealed_finding: bytes | None = None
    checked_at: datetime = moment()
    """When its standing was last found out."""
    asked_at: datetime = moment(index=True)
    """When it was last asked for, whether or not there was an answer."""
    received_at: datetime = moment()
    replaced_by: UUID | None = Field(default=None, foreign_key="holdings.id", index=True, ondelete="CASCADE")
