"""The last step of every way in: is this account in use, and then the sign-in itself."""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Request
from sqlmodel import Session

from intaglio.server.errors import Refused
from intaglio.server.rates import address_of, clear_tries, count_try
from intaglio.server.sign_ins import SignedIn, sign_in
from intaglio.server.signing_in.accounts import AccountView, active_account, doorway_of
from intaglio.server.signing_in.passwords import check_password
from intaglio.server.signing_in.tries import PER_ACCOUNT, PER_ACCOUNT_AND_DAY, PER_ADDRESS

FRESH = timedelta(minutes=15)
"""Ways to sign in are changed only so soon after signing in: a screen left open is not enough to take an account over."""


OIDC, OIDC_ASKED = "oidc", "oidc-asked"
"""Methods: by the school's sign-in, and by it where it says that it asked the visitor just then."""


def enter(request: Request, db: Session, account_id: UUID, *, method: str, now: datetime) -> AccountView:
    """Sign an account in on this browser, and commit.

    :raises Refused: ``account-closed``
    """
    view = active_account(doorway_of(request).accounts, db, account_id)
    if view is None:
        raise Refused("account-closed", "Nobody signs in to this account any more.")
    sign_in(request, db, account_id, method=method, now=now)
    return view


def enter_by_password(request: Request, db: Session, identifier: str, password: str, *, now: datetime) -> bool:
    """Sign in by what was typed, and commit; False where it is not right, whatever of it is wrong.

    :raises TooMany: ``too-many-tries``
    """
    typed = "".join(character for character in identifier if character.isprintable()).strip()
    who = " ".join(typed.split()).casefold()
    count_try(request, db, PER_ADDRESS, address_of(request), now)
    # Counted for names that nobody has as well, or the limit would tell which ones somebody has.
    for rate in (PER_ACCOUNT, PER_ACCOUNT_AND_DAY):
        count_try(request, db, rate, who, now)
    accounts = doorway_of(request).accounts
    account_id = accounts.find(db, typed)
    right = check_password(db, account_id, password)
    if not right or account_id is None or active_account(accounts, db, account_id) is None:
        return False
    for rate in (PER_ACCOUNT, PER_ACCOUNT_AND_DAY):
        clear_tries(request, db, rate, who)
    sign_in(request, db, account_id, method="password", now=now)
    return True


def is_fresh(signed_in: SignedIn, now: datetime) -> bool:
    """Tell whether somebody signed in just now and was asked who they are: the school's sign-in may let people pass unasked."""
    return signed_in.method != OIDC and now - signed_in.since < FRESH


def require_fresh(signed_in: SignedIn, now: datetime) -> None:
    """Refuse what only somebody may do who signed in just now.

    :raises Refused: ``sign-in-again``
    """
    if not is_fresh(signed_in, now):
        raise Refused("sign-in-again", "Ways to sign in can be changed for 15 minutes after signing in.")
