"""Who may do what in the wallet: what is in it belongs to one learner, and is looked up among her own rows alone."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, HTTPException, Request
from sqlmodel import Session

from intaglio.server.access import Access, require_sign_in
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.errors import SignInNeeded
from intaglio.server.sign_ins import signed_in
from wallet.holders.accounts import profile_of, vault_of
from wallet.holders.envelope import Vault
from wallet.holders.menu import ACCOUNT_LINKS, NAVIGATION
from wallet.holders.models import Holder
from wallet.holders.wrapping import Keyring

AGE_PATH = "/welcome-age"


@dataclass(frozen=True)
class Learner:
    """Who is at work in the wallet, with the key to her own things for the time of a request."""

    holder: Holder
    vault: Vault = field(repr=False)
    name: str = field(repr=False)

    @property
    def id(self) -> UUID:
        """The account."""
        return self.holder.id


class AnyLearner(Access):
    """A learner who is signed in, even before her age is known."""

    name = "learner"

    def __call__(self, request: Request, db: Db, now: Now) -> Learner:
        """Return who is signed in.

        :raises SignInNeeded: ``sign-in-needed``
        """
        return _enter(request, db, require_sign_in(request, db, now).account_id)


class OldEnough(AnyLearner):
    """A learner who is signed in and known to be old enough."""

    def __call__(self, request: Request, db: Db, now: Now) -> Learner:
        """Return who is signed in; whoever has not been asked yet is sent to the question.

        :raises SignInNeeded: ``sign-in-needed``
        """
        learner = super().__call__(request, db, now)
        if learner.holder.age_known_at is None:
            raise HTTPException(303, "The age is asked first", {"location": AGE_PATH})
        return learner


CurrentLearner = Annotated[Learner, Depends(OldEnough())]
LearnerOfAnyAge = Annotated[Learner, Depends(AnyLearner())]


def visiting_learner(request: Request, db: Session, now: datetime) -> Learner | None:
    """Return who is signed in, on a page that is for anybody, or None."""
    found = signed_in(request, db, now)
    if found is None:
        return None
    try:
        return _enter(request, db, found.account_id)
    except SignInNeeded:
        return None


def keyring_of(request: Request) -> Keyring:
    """Return the wallet's keyring."""
    keyring: Keyring = request.app.state.keyring
    return keyring


def _enter(request: Request, db: Session, account_id: UUID) -> Learner:
    holder = db.get(Holder, account_id)
    if holder is None:
        raise SignInNeeded("sign-in-needed", "This account is no longer there.")
    vault = vault_of(keyring_of(request), holder)
    learner = Learner(holder, vault, profile_of(vault, holder).name)
    account: dict[str, Any] = {"name": learner.name, "links": ACCOUNT_LINKS}
    request.state.account = account
    if holder.age_known_at is not None:
        request.state.navigation = NAVIGATION
    return learner
