"""Who may use a route is said by exactly one `Access` among its dependencies; a test refuses a route without one.

::

    Access
    ├── Public        anybody, signed in or not
    ├── AnyAccount    whoever is signed in
    └── …             the services' own: staff of an organization, a machine with a key, a learner

Each has a `name`, from which the table of accesses is generated.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from intaglio.server.clock import Now
from intaglio.server.csrf import require_own_form
from intaglio.server.database import Db
from intaglio.server.errors import SignInNeeded
from intaglio.server.sign_ins import SignedIn, signed_in


class Access:
    """The base of all rules. A subclass is called as a dependency, and raises for whoever it keeps out."""

    name: str


class Public(Access):
    """Anybody may."""

    name = "anybody"

    async def __call__(self) -> None:
        """Keep nobody out."""


class AnyAccount(Access):
    """Whoever is signed in may."""

    name = "signed in"

    def __call__(self, request: Request, db: Db, now: Now) -> SignedIn:
        """Return who is signed in.

        :raises SignInNeeded: ``sign-in-needed``
        """
        return require_sign_in(request, db, now)


PUBLIC: Any = Depends(Public())
"""Write it into a route's ``dependencies``."""
CurrentSignIn = Annotated[SignedIn, Depends(AnyAccount())]


def require_sign_in(request: Request, db: Db, now: Now) -> SignedIn:
    """Return who is signed in.

    :raises SignInNeeded: ``sign-in-needed``
    """
    found = signed_in(request, db, now)
    if found is None:
        raise SignInNeeded("sign-in-needed", "This page is for people who are signed in.")
    return found


def page_router(prefix: str = "") -> APIRouter:
    """Return a router for pages: forms are guarded, and the machines' description leaves them out."""
    return APIRouter(prefix=prefix, dependencies=[Depends(require_own_form)], include_in_schema=False)


def door_router(prefix: str = "") -> APIRouter:
    """Return a router for machines: no cookies count there, so there is nothing that a foreign page could use."""
    return APIRouter(prefix=prefix)
