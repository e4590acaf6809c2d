"""What has run out is removed: rows that nobody can use any more, but that say who was here."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from intaglio.server.tables import Ceremony, Invitation, RateWindow, SignIn

_LONGEST_WINDOW = timedelta(days=1)


def sweep(db: Session, *, now: datetime) -> None:
    """Remove sign-ins, links and ceremonies that have run out, and counts of tries older than a day; commit."""
    for table in (SignIn, Ceremony, Invitation):
        db.execute(delete(table).where(col(table.expires_at) <= now))
    db.execute(delete(RateWindow).where(col(RateWindow.started_at) <= now - _LONGEST_WINDOW))
    db.commit()
