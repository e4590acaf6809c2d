"""What the page of one's own account shows, and what is done there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import Request
from sqlmodel import Session, col, select

from intaglio.server.errors import Conflict, NotFound, SignInNeeded
from intaglio.server.rates import count_try
from intaglio.server.secrets import token_hash
from intaglio.server.sign_ins import SignedIn, sign_in, sign_out_everywhere
from intaglio.server.signing_in.accounts import AccountView, active_account, doorway_of
from intaglio.server.signing_in.passkeys import passkeys_of
from intaglio.server.signing_in.passwords import check_password, has_password, set_password
from intaglio.server.signing_in.tries import PER_CHANGE
from intaglio.server.tables import ExternalIdentity, Passkey, SignIn
from intaglio.server.visitors import visitor_of

LONGEST_NAME = 60
_MOST_SIGN_INS = 20


@dataclass(frozen=True)
class PresentSignIn:
    """A browser that is signed in. `is_this` tells the one that asks."""

    method: str
    since: datetime
    last_seen: datetime
    is_this: bool


@dataclass(frozen=True)
class WaysIn:
    """How an account can be signed in to, and where it is."""

    passkeys: Sequence[Passkey]
    has_password: bool
    is_linked: bool
    sign_ins: tuple[PresentSignIn, ...]


def own_account(request: Request, db: Session, account_id: UUID) -> AccountView:
    """Return the account of whoever is signed in, and show its name and menu on the page.

    :raises SignInNeeded: ``sign-in-needed`` where it is no longer in use.
    """
    view = active_account(doorway_of(request).accounts, db, account_id)
    if view is None:
        raise SignInNeeded("sign-in-needed", "This account is no longer in use.")
    request.state.account = {"name": view.name, "links": view.links}
    request.state.navigation = view.navigation
    return view


def ways_in(request: Request, db: Session, account_id: UUID, now: datetime) -> WaysIn:
    """Return what the page lists."""
    own = token_hash(visitor_of(request).sign_in_token or "")
    wanted = select(SignIn).where(SignIn.account_id == account_id, col(SignIn.expires_at) > now)
    rows = db.exec(wanted.order_by(col(SignIn.last_seen_at).desc()).limit(_MOST_SIGN_INS))
    sign_ins = tuple(PresentSignIn(row.method, row.created_at, row.last_seen_at, row.token_hash == own) for row in rows)
    passkeys = passkeys_of(db, account_id)
    return WaysIn(passkeys, has_password(db, account_id), _is_linked(db, account_id), sign_ins)


def is_own_password(request: Request, db: Session, account_id: UUID, password: str, *, now: datetime) -> bool:
    """Tell whether the present password was typed; counted, since a screen left open invites guessing.

    :raises TooMany: ``too-many-tries``
    """
    count_try(request, db, PER_CHANGE, str(account_id), now)
    return check_password(db, account_id, password)


def change_password(request: Request, db: Session, signed_in: SignedIn, password: str, *, now: datetime) -> None:
    """Give the account a new password and commit. All other browsers are signed out; this one gets a new sign-in."""
    set_password(db, signed_in.account_id, password, now=now)
    sign_out_everywhere(db, signed_in.account_id)
    sign_in(request, db, signed_in.account_id, method=signed_in.method, now=now)


def rename_passkey(db: Session, account_id: UUID, credential_id: str, name: str) -> None:
    """Name a passkey, and commit.

    :raises NotFound: ``no-such-page``
    """
    passkey = _own_passkey(db, account_id, credential_id)
    passkey.name = (
        " ".join("".join(char if char.isprintable() else " " for char in name).split())[:LONGEST_NAME] or passkey.name
    )
    db.add(passkey)
    db.commit()


def remove_passkey(db: Session, account_id: UUID, credential_id: str) -> None:
    """Remove a passkey, and commit.

    :raises NotFound: ``no-such-page``
    :raises Conflict: ``last-way-in``
    """
    passkey = _own_passkey(db, account_id, credential_id)
    others = [each for each in passkeys_of(db, account_id) if each is not passkey]
    if not others and not has_password(db, account_id) and not _is_linked(db, account_id):
        raise Conflict("last-way-in", "There would be no way left to sign in.")
    db.delete(passkey)
    db.commit()


def _own_passkey(db: Session, account_id: UUID, credential_id: str) -> Passkey:
    try:
        found = db.get(Passkey, bytes.fromhex(credential_id))
    except ValueError:
        found = None
    if found is None or found.account_id != account_id:
        raise NotFound("no-such-page", "There is no such passkey.")
    return found


def _is_linked(db: Session, account_id: UUID) -> bool:
    return db.exec(select(ExternalIdentity).where(ExternalIdentity.account_id == account_id)).first() is not None
