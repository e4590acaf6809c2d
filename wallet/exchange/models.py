"""Offers on their way into a wallet, what came in and is not decided yet, and what issuers are still to be told."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import AutoString, Field

from intaglio.server.tables import moment
from wallet.tables import Table


class ClaimState(StrEnum):
    """How far a claim has come."""

    OFFERED = "offered"  # the learner decides
    AUTHORIZED = "authorized"  # the code was taken, and became a token
    COLLECTED = "collected"  # everything that was offered has come in


class Claim(Table, table=True):
    """An offer that a learner opened. Opening the same one again finds the same row, so that nothing is collected twice.

    `sealed_state` is JSON (`wallet.exchange.states`): the offer, the issuer's metadata, and once there is one the token.
    `busy_until` is set while somebody is collecting; it ends by itself where that somebody is gone.
    """

    __tablename__ = "claims"
    __table_args__ = (UniqueConstraint("holder_id", "offer_digest"),)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    holder_id: UUID = Field(foreign_key="holders.id", index=True, ondelete="CASCADE")
    offer_digest: bytes
    link_digest: bytes = Field(index=True)
    """Of the link that it was opened by: an issuer need not answer any more when the same link is opened again."""
    state: ClaimState = Field(sa_type=AutoString)
    sealed_state: bytes
    busy_until: datetime | None = moment(nullable=True)
    created_at: datetime = moment()
    expires_at: datetime = moment(index=True)


class Notice(Table, table=True):
    """What an issuer is to be told about a credential (OpenID4VCI 1.0, section 11): a request, and a token is in it."""

    __tablename__ = "notices"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    holder_id: UUID = Field(foreign_key="holders.id", index=True, ondelete="CASCADE")
    sealed_request: bytes
    tries: int = 0
    created_at: datetime = moment()


class Arrival(Table, table=True):
    """A credential that came in and could not be confirmed: the learner decides, or it is forgotten when its time is up.

    `sealed_notice` says how its issuer wants to be told what became of it, where it does (`wallet.exchange.notices`).
    """

    __tablename__ = "arrivals"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    holder_id: UUID = Field(foreign_key="holders.id", index=True, ondelete="CASCADE")
    sealed_document: bytes
    sealed_notice: bytes | None = None
    created_at: datetime = moment()
    expires_at: datetime = moment(index=True)
