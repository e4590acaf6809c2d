"""Bounds on everything that can be guessed, counted in the database, so that they hold across machines.

A window begins with the first try and ends after its time; within it so many tries are free. The key is a keyed hash: the table
holds neither addresses nor names.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from fastapi import Request
from sqlalchemy import text
from sqlmodel import Session

from intaglio.server.errors import TooMany

_COUNT = text(
    """
    INSERT INTO server_rate_windows AS w (key, started_at, count) VALUES (:key, :now, 1)
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN w.started_at <= :begin THEN 1 ELSE w.count + 1 END,
      started_at = CASE WHEN w.started_at <= :begin THEN :now ELSE w.started_at END
    RETURNING count, started_at
    """
)


@dataclass(frozen=True)
class Rate:
    """So many tries of one kind within so much time."""

    name: str
    tries: int
    window: timedelta


def count_try(request: Request, db: Session, rate: Rate, who: str, now: datetime) -> None:
    """Count a try by `who` (an address, an account, a code), and commit, so that a failure later does not take it back.

    :raises TooMany: ``too-many-tries``
    """
    key = hmac.digest(request.app.state.settings.secret_bytes, f"rate\0{rate.name}\0{who}".encode(), hashlib.sha256)
    count, started_at = db.execute(_COUNT, {"key": key, "now": now, "begin": now - rate.window}).one()
    db.commit()
    if count > rate.tries:
        left = started_at + rate.window - now
        raise TooMany("too-many-tries", "That was tried too often.", retry_after=max(1, int(left.total_seconds())))


def clear_tries(request: Request, db: Session, rate: Rate, who: str) -> None:
    """Forget the tries of `who` after a success. The caller commits."""
    key = hmac.digest(request.app.state.settings.secret_bytes, f"rate\0{rate.name}\0{who}".encode(), hashlib.sha256)
    db.execute(text("DELETE FROM server_rate_windows WHERE key = :key"), {"key": key})


def address_of(request: Request) -> str:
    """Return the address that a request comes from; an IPv6 network of 64 bits counts as one, since one host has them all."""
    host = request.client.host if request.client else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else host
