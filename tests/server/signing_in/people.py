"""Staff who sign in."""

from typing import Any
from uuid import UUID

import httpx2 as httpx

from intaglio.server import csrf
from intaglio.server.signing_in.invitations import invite
from intaglio.server.signing_in.passwords import set_password
from issuer.organizations.models import Staff
from tests.services import Browser, UnderTest

EMAIL = "ada@school.example"
PASSWORD = "kettle window marble thursday"
WRONG = "candle bridge marble thursday"


def add_staff(
    issuer: UnderTest,
    email: str = EMAIL,
    *,
    name: str = "Ada Byron",
    password: str | None = PASSWORD,
    active: bool = True,
) -> UUID:
    """Add a member of staff and return the account."""
    with issuer.db() as db:
        staff = Staff(email=email, name=name, active=active, created_at=issuer.clock())
        db.add(staff)
        db.flush()
        if password is not None:
            set_password(db, staff.id, password, now=issuer.clock())
        db.commit()
        return staff.id


def new_link(issuer: UnderTest, account_id: UUID) -> str:
    """Return the path of a link for somebody's first sign-in."""
    with issuer.db() as db:
        token = invite(db, account_id, now=issuer.clock())
        db.commit()
    return f"/welcome/{token}"


def sign_in(browser: Browser, email: str = EMAIL, password: str = PASSWORD, **more: str) -> httpx.Response:
    """Send the form of the sign-in page."""
    return browser.post_form("/sign-in", identifier=email, password=password, **more)


def is_signed_in(browser: Browser) -> bool:
    """Tell whether the browser may see its account."""
    return browser.get("/account").status_code == 200


def post_json(browser: Browser, url: str, body: Any) -> httpx.Response:
    """Send JSON as the pages' scripts do."""
    headers = {csrf.HEADER: browser.form_token(), "accept": "application/json"}
    return browser.client.post(url, json=body, headers=headers, follow_redirects=False)
