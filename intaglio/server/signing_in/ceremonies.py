"""What has to be remembered between two requests of one browser, for five minutes and one use.

A row is found by what comes back (a challenge, a state) together with the browser's own cookie: what an attacker began in his
browser cannot be ended in another's.
"""

from datetime import datetime, timedelta
from typing import Any

from fastapi import Request
from sqlmodel import Session, col, delete

from intaglio.server.secrets import token_hash
from intaglio.server.tables import Ceremony
from intaglio.server.visitors import visitor_of

LIFETIME = timedelta(minutes=5)


def remember(request: Request, db: Session, kind: str, handle: str, data: dict[str, Any], now: datetime) -> None:
    """Remember `data` under a handle that nobody can guess, and commit."""
    row = Ceremony(token_hash=_key(request, kind, handle), kind=kind, data=data, expires_at=now + LIFETIME)
    db.add(row)
    db.commit()


def take(request: Request, db: Session, kind: str, handle: str, now: datetime) -> dict[str, Any] | None:
    """Return what was remembered, forget it, and commit; None where there is nothing, or not for this browser, or too old."""
    taken = db.execute(
        delete(Ceremony)
        .where(col(Ceremony.token_hash) == _key(request, kind, handle))
        .returning(col(Ceremony.data), col(Ceremony.expires_at))
    ).one_or_none()
    db.commit()
    if taken is None or taken.expires_at <= now:
        return None
    data: dict[str, Any] = taken.data
    return data


def _key(request: Request, kind: str, handle: str) -> bytes:
    visitor = visitor_of(request)
    bound = visitor.sign_in_token or visitor.ensure_token()
    return token_hash(f"{kind}\0{bound}\0{handle}")
