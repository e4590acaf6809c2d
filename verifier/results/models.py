"""Kept results."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from intaglio.server.tables import moment
from verifier.tables import Table


class KeptResult(Table, table=True):
    """A result that a reader asked to keep. The link holds a token, the row its hash."""

    __tablename__ = "kept_results"
    token_hash: bytes = Field(primary_key=True)
    result: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    kept_at: datetime = moment()
    expires_at: datetime = moment(index=True)
