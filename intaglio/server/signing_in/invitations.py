"""Links by which somebody signs in for the first time. Each works once, for seven days; a new one ends the older ones."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, delete

from intaglio.server.errors import NotFound
from intaglio.server.secrets import new_token, token_hash
from intaglio.server.tables import Invitation

LIFETIME = timedelta(days=7)


def invite(db: Session, account_id: UUID, *, now: datetime) -> str:
    """Return the token of a new link, ``/welcome/{token}``. The caller commits."""
    db.execute(delete(Invitation).where(col(Invitation.account_id) == account_id))
    token = new_token()
    row = Invitation(token_hash=token_hash(token), account_id=account_id, created_at=now, expires_at=now + LIFETIME)
    db.add(row)
    return token


def invited(db: Session, token: str, *, now: datetime) -> UUID:
    """Return the account that a link leads to.

    :raises NotFound: ``invitation-over`` for a link that was used, has run out, or never was.
    """
    row = db.get(Invitation, token_hash(token))
    if row is None or row.expires_at <= now:
        raise NotFound("invitation-over", "This link was used already, or has run out.")
    return row.account_id


def redeem(db: Session, token: str, *, now: datetime) -> UUID:
    """Use a link up, and return its account. The caller commits; of two at once, the second finds nothing.

    :raises NotFound: ``invitation-over``
    """
    taken = db.execute(
        delete(Invitation)
        .where(col(Invitation.token_hash) == token_hash(token), col(Invitation.expires_at) > now)
        .returning(col(Invitation.account_id))
    ).scalar_one_or_none()
    if taken is None:
        raise NotFound("invitation-over", "This link was used already, or has run out.")
    account_id: UUID = taken
    return account_id
