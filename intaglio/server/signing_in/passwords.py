"""Passwords, as argon2id hashes (RFC 9106)."""

import threading
import unicodedata
from datetime import datetime
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session

from intaglio.server.tables import Password

# More work than OWASP's Password Storage Cheat Sheet asks (19 MiB, 2 passes), on one lane: each sign-in takes one core.
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(4)
"""Hashes computed at a time: forty threads of requests would take 1.3 GB."""


def set_password(db: Session, account_id: UUID, password: str, *, now: datetime) -> None:
    """Give an account a password, in the place of an earlier one. The caller commits, and has checked it by the policy."""
    with _AT_ONCE:
        made = _HASHER.hash(_normal(password))
    row = db.get(Password, account_id) or Password(account_id=account_id, hash="", changed_at=now)
    row.hash, row.changed_at = made, now
    db.add(row)


def has_password(db: Session, account_id: UUID) -> bool:
    """Tell whether an account can be signed in to by a password."""
    return db.get(Password, account_id) is not None


def check_password(db: Session, account_id: UUID | None, password: str) -> bool:
    """Tell whether a password is an account's. The caller commits: a hash made with older parameters is made anew.

    For no account, and for one without a password, the same work is done: the time tells nobody who has an account here.
    """
    row = db.get(Password, account_id) if account_id is not None else None
    text = _normal(password)
    if not _matches(row.hash if row is not None else _nobodys_hash(), text) or row is None:
        return False
    if _HASHER.check_needs_rehash(row.hash):
        with _AT_ONCE:
            row.hash = _HASHER.hash(text)
        db.add(row)
    return True


def _matches(made: str, password: str) -> bool:
    try:
        with _AT_ONCE:
            return _HASHER.verify(made, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody has this password, since it is compared with for nobody")


def _normal(password: str) -> str:
    """Return a password as it is hashed: keyboards write one letter in several ways (NIST SP 800-63B-4, section 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
