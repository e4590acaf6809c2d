"""What the ways to sign in (`intaglio.server.signing_in`) ask the wallet about its accounts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from intaglio.server.languages import current_language
from intaglio.server.signing_in.accounts import AccountView
from wallet.holders import gate
from wallet.holders.accounts import (
    MAX_NAME,
    Profile,
    create_holder,
    find_holder,
    profile_of,
    vault_of,
)
from wallet.holders.age import is_plausible, may_have_account
from wallet.holders.menu import ACCOUNT_LINKS, NAVIGATION
from wallet.holders.models import Holder
from wallet.holders.wrapping import Keyring


class LearnerAccounts:
    """The accounts of learners, for `intaglio.server.signing_in`."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def find(self, db: Session, identifier: str) -> UUID | None:
        """Return the account that is signed in to by this name."""
        holder = find_holder(db, self._keyring, identifier)
        return None if holder is None else holder.id

    def describe(self, db: Session, account_id: UUID) -> AccountView | None:
        """Return what the pages of an account show of it."""
        holder = db.get(Holder, account_id)
        if holder is None:
            return None
        profile = profile_of(vault_of(self._keyring, holder), holder)
        return AccountView(
            name=profile.name,
            identifier=profile.sign_in_name or "",
            active=True,
            navigation=NAVIGATION,
            links=ACCOUNT_LINKS,
        )

    def from_external(
        self, db: Session, issuer: str, subject: str, claims: Mapping[str, Any], now: datetime
    ) -> UUID | None:
        """Make an account for somebody whom the school's sign-in vouches for.

        Where the school tells a date of birth (OpenID Connect Core 1.0, section 5.1), it decides; else it is asked before
        anything can be done. Who is too young gets no account; nor does, for a while, whoever was asked before and said so.
        """
        born = _birthdate(claims, now.date())
        if born is not None and not may_have_account(born, now.date()):
            return None
        if born is None and gate.is_noted(db, self._keyring, issuer, subject, now=now):
            return None
        holder = create_holder(
            db, self._keyring, Profile(_name(claims)), language=current_language(), born=born, now=now
        )
        return holder.id


def _birthdate(claims: Mapping[str, Any], today: date) -> date | None:
    value = claims.get("birthdate")
    try:
        born = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None  # also for 0000-…, which says that the year is not known (the same section)
    return born if born is not None and is_plausible(born, today) else None


def _name(claims: Mapping[str, Any]) -> str:
    given = [claims.get(part) for part in ("given_name", "family_name")]
    texts = [claims.get("name"), " ".join(part for part in given if isinstance(part, str)), claims.get("nickname")]
    found = next((text for text in texts if isinstance(text, str) and text.strip()), "")
    return " ".join(found.split())[:MAX_NAME] or "—"
