"""Who is signed in. A sign-in lives in the database: ending it here ends it everywhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session, col, delete

from intaglio.server.secrets import new_token, token_hash
from intaglio.server.tables import SignIn
from intaglio.server.visitors import visitor_of

_SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class SignedIn:
    """An account that is signed in, and how it did."""

    account_id: UUID
    method: str
    since: datetime


def sign_in(request: Request, db: Session, account_id: UUID, *, method: str, now: datetime) -> None:
    """Sign an account in on this browser, and commit. An earlier sign-in of the same browser ends."""
    visitor, hours = visitor_of(request), request.app.state.settings.session_hours
    _forget(db, visitor.sign_in_token)
    token, until = new_token(), now + timedelta(hours=hours)
    db.add(
        SignIn(
            token_hash=token_hash(token),
            account_id=account_id,
            method=method,
            created_at=now,
            last_seen_at=now,
            expires_at=until,
        )
    )
    db.commit()
    visitor.sign_in(token, seconds=hours * 3600)


def sign_out(request: Request, db: Session) -> None:
    """End the sign-in of this browser, and commit."""
    visitor = visitor_of(request)
    _forget(db, visitor.sign_in_token)
    db.commit()
    visitor.sign_out()


def sign_out_everywhere(db: Session, account_id: UUID) -> None:
    """End all sign-ins of an account. The caller commits."""
    db.execute(delete(SignIn).where(col(SignIn.account_id) == account_id))


def clear_device(answer: Response) -> None:
    """Have the browser forget what an installed wallet kept for reading off line: the next one there may be somebody else."""
    answer.headers["clear-site-data"] = '"storage"'


def signed_in(request: Request, db: Session, now: datetime) -> SignedIn | None:
    """Return who is signed in on the browser that asks, or None."""
    token = visitor_of(request).sign_in_token
    if not token:
        return None
    row = db.get(SignIn, token_hash(token))
    if row is None or row.expires_at <= now:
        return None
    if now - row.last_seen_at > _SEEN_EVERY:
        row.last_seen_at = now
        db.add(row)
        db.commit()
    return SignedIn(row.account_id, row.method, row.created_at)


def _forget(db: Session, token: str | None) -> None:
    if token:
        db.execute(delete(SignIn).where(col(SignIn.token_hash) == token_hash(token)))
