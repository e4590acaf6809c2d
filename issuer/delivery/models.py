"""The tables of delivery: claim links, what each one carries, and the mails that bring them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import Column, LargeBinary
from sqlmodel import AutoString, Field

from intaglio.server.tables import moment
from issuer.tables import Table


class ClaimState(StrEnum):
    """What became of a claim link. That it is too old is not a state: `ClaimCode.expires_at` says so."""

    OFFERED = "offered"
    CLAIMED = "claimed"
    """A wallet has collected all that it carries."""
    REPLACED = "replaced"
    """There is a newer one."""
    LOCKED = "locked"
    """The transaction code was guessed at."""


class MailState(StrEnum):
    """How far a mail is. No mail goes out twice for one link; where that leaves a doubt, a person decides."""

    WAITING = "waiting"
    SENDING = "sending"
    """Handed to the mail server at this moment, or when the power went."""
    SENT = "sent"
    REFUSED = "refused"
    """The mail server said no."""
    UNCERTAIN = "uncertain"
    """It may have gone out or not: the connection or the machine broke off in between."""


class ClaimCode(Table, table=True):
    """A claim link for one learner. Neither the link's code nor the transaction code is stored.

    Both are derived from `id` and the service's secret (`issuer.delivery.codes`), so that the same QR code can be shown again
    and nobody who reads the database can use it.
    """

    __tablename__ = "claim_codes"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    organization_id: UUID = Field(foreign_key="organizations.id", index=True)
    learner_id: UUID = Field(foreign_key="learners.id", index=True)
    code_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    state: ClaimState = Field(default=ClaimState.OFFERED, sa_type=AutoString)
    wrong_tries: int = 0
    """How often a wrong transaction code was given in a row."""
    created_at: datetime = moment()
    expires_at: datetime = moment()
    claimed_at: datetime | None = moment(nullable=True)
    replaced_by: UUID | None = Field(default=None, foreign_key="claim_codes.id")


class ClaimItem(Table, table=True):
    """An award that a claim link carries."""

    __tablename__ = "claim_items"

    claim_id: UUID = Field(foreign_key="claim_codes.id", primary_key=True)
    award_id: UUID = Field(foreign_key="awards.id", primary_key=True, index=True)
    collected_at: datetime | None = moment(nullable=True)
    """When a wallet got it by this link."""


class Mail(Table, table=True):
    """The mail that brings a claim link; there is one at most for each link. The address is the roster's when it is sent."""

    __tablename__ = "mails"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    claim_id: UUID = Field(foreign_key="claim_codes.id", unique=True)
    state: MailState = Field(default=MailState.WAITING, sa_type=AutoString)
    error: str | None = None
    queued_at: datetime = moment()
    began_at: datetime | None = moment(nullable=True)
    sent_at: datetime | None = moment(nullable=True)
