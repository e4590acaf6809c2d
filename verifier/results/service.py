"""Keeping results, for as long as records of an admission are of use."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete

from intaglio.server.errors import NotFound
from intaglio.server.secrets import new_token, token_hash
from verifier.results.models import KeptResult

LIFETIME = timedelta(days=365)


def keep(db: Session, result: dict[str, Any], *, now: datetime) -> str:
    """Keep a result, and commit; what has run out goes. Returns the token of its link."""
    db.execute(delete(KeptResult).where(col(KeptResult.expires_at) <= now))
    token = new_token()
    db.add(KeptResult(token_hash=token_hash(token), result=result, kept_at=now, expires_at=now + LIFETIME))
    db.commit()
    return token


def kept(db: Session, token: str, *, now: datetime) -> KeptResult:
    """Return a kept result.

    :raises NotFound: ``no-such-page``
    """
    row = db.get(KeptResult, token_hash(token))
    if row is None or row.expires_at <= now:
        raise NotFound("no-such-page", "There is no such note, or its year is over.")
    return row
