"""What the issuer remembers of a wallet that collects, for minutes; and what it said about it afterwards."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from intaglio.server.tables import moment
from issuer.tables import Table


class AccessGrant(Table, table=True):
    """An access token: the right to have the awards of one claim link sealed for a key. The row holds the token's hash."""

    __tablename__ = "access_grants"

    token_hash: bytes = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim_codes.id", index=True)
    organization_id: UUID = Field(foreign_key="organizations.id")
    expires_at: datetime = moment(index=True)


class SpentNonce(Table, table=True):
    """A nonce that a key proof has used. Fresh ones need no row: they carry their time and our mark."""

    __tablename__ = "spent_nonces"

    nonce_hash: bytes = Field(primary_key=True)
    expires_at: datetime = moment(index=True)


class Handout(Table, table=True):
    """Credentials that were given to a wallet in one response, and what the wallet said became of them."""

    __tablename__ = "handouts"

    notification_hash: bytes = Field(primary_key=True)
    claim_id: UUID = Field(foreign_key="claim_codes.id", index=True)
    award_ids: list[str] = Field(sa_column=Column(JSONB, nullable=False))
    holder_did: str
    given_at: datetime = moment()
    event: str | None = None
    event_at: datetime | None = moment(nullable=True)
