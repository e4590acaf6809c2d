"""The question of age, asked without saying which answer opens. Who was too young cannot simply type another year."""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Request
from sqlmodel import Session, select

from intaglio.server.secrets import token_hash
from intaglio.server.tables import Ceremony, ExternalIdentity
from intaglio.server.visitors import visitor_of
from wallet.holders.accounts import school_account_hash
from wallet.holders.wrapping import Keyring

_KIND = "too-young"
_REMEMBERED = timedelta(hours=24)
_REMEMBERED_OF_ACCOUNT = timedelta(days=90)


def remember_too_young(request: Request, db: Session, *, now: datetime) -> None:
    """Note that this browser was told to ask the school, and commit. No age is noted."""
    _remember(db, _key(request), now + _REMEMBERED)
    db.commit()


def remember_school_accounts(db: Session, keyring: Keyring, account_id: UUID, *, now: datetime) -> None:
    """Note the same of the school accounts that lead to an account, and commit: from any browser, they stay who they are."""
    for one in _school_accounts(db, account_id):
        _remember(db, school_account_hash(db, keyring, one.issuer, one.subject), now + _REMEMBERED_OF_ACCOUNT)
    db.commit()


def is_noted(db: Session, keyring: Keyring, issuer: str, subject: str, *, now: datetime) -> bool:
    """Tell whether a school account was noted within 90 days."""
    return _is_remembered(db, school_account_hash(db, keyring, issuer, subject), now)


def has_noted_school_account(db: Session, keyring: Keyring, account_id: UUID, *, now: datetime) -> bool:
    """Tell whether a school account that leads to an account was noted."""
    return any(is_noted(db, keyring, one.issuer, one.subject, now=now) for one in _school_accounts(db, account_id))


def was_too_young(request: Request, db: Session, *, now: datetime) -> bool:
    """Tell whether this browser was told so within a day."""
    return _is_remembered(db, _key(request), now)


def _school_accounts(db: Session, account_id: UUID) -> list[ExternalIdentity]:
    return list(db.exec(select(ExternalIdentity).where(ExternalIdentity.account_id == account_id)))


def _remember(db: Session, key: bytes, until: datetime) -> None:
    row = db.get(Ceremony, key) or Ceremony(token_hash=key, kind=_KIND, data={}, expires_at=until)
    row.expires_at = until
    db.add(row)


def _is_remembered(db: Session, key: bytes, now: datetime) -> bool:
    row = db.get(Ceremony, key)
    return row is not None and row.kind == _KIND and row.expires_at > now


def _key(request: Request) -> bytes:
    return token_hash(f"{_KIND}\0{visitor_of(request).ensure_token()}")
