"""What the ways to sign in ask a service about its accounts: nothing more than this."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from fastapi import FastAPI, Request
from sqlmodel import Session

from intaglio.server.features import NavItem


@dataclass(frozen=True)
class AccountView:
    """An account as its own pages show it. `identifier` is what is typed to sign in; empty for those who never type one.

    `navigation` and `links` (text and address, for the account's menu) are what the service's other pages show too.
    """

    name: str
    identifier: str
    active: bool
    navigation: tuple[NavItem, ...] = ()
    links: tuple[tuple[str, str], ...] = (("My account", "/account"),)


class Accounts(Protocol):
    """The accounts of a service."""

    def find(self, db: Session, identifier: str) -> UUID | None:
        """Return the account that is signed in to by what was typed, or None."""
        ...

    def describe(self, db: Session, account_id: UUID) -> AccountView | None:
        """Return what is shown of an account, or None where there is none."""
        ...

    def from_external(
        self, db: Session, issuer: str, subject: str, claims: Mapping[str, Any], now: datetime
    ) -> UUID | None:
        """Return the account of somebody who comes from an OpenID Connect provider for the first time, or None.

        `claims` are those of the ID Token, which was validated, and below them those of the user info. Whether an e-mail
        address is proof enough (``email_verified``), and whether an account may be made, is for the service to say. What is
        made is committed by the caller, who also remembers the link.
        """
        ...


@dataclass(frozen=True)
class Doorway:
    """How a service lets people in. `home` is where they go when they wanted nothing in particular.

    `identifier` names what is typed: ``email`` or ``name``. With `may_register`, the sign-in page leads to ``/register``.
    With `joins_external`, an account that is there already is joined to the school account of whoever comes by it for the first
    time; without, each such visitor has an account of their own (`Accounts.from_external`).
    """

    accounts: Accounts
    home: str = "/"
    may_register: bool = False
    identifier: str = "email"
    shortest_password: int = 12
    joins_external: bool = True


def install(app: FastAPI, doorway: Doorway) -> None:
    """Keep the doorway with the application."""
    app.state.doorway = doorway


def doorway_of(request: Request) -> Doorway:
    """Return the doorway of the service that answers a request."""
    doorway: Doorway = request.app.state.doorway
    return doorway


def active_account(accounts: Accounts, db: Session, account_id: UUID) -> AccountView | None:
    """Return an account that may sign in, or None."""
    view = accounts.describe(db, account_id)
    return view if view is not None and view.active else None
