"""The link that lets somebody in for the first time: a passkey or a password is chosen, and then the link is used up.

Opening the link changes nothing: mail scanners and previews open links too.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from intaglio.server.access import PUBLIC, page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.errors import NotFound
from intaglio.server.languages import gettext as _
from intaglio.server.local_paths import local_path
from intaglio.server.pages import render
from intaglio.server.sign_ins import sign_out_everywhere
from intaglio.server.signing_in import passkeys
from intaglio.server.signing_in.accounts import AccountView, active_account, doorway_of
from intaglio.server.signing_in.entering import enter
from intaglio.server.signing_in.invitations import invited, redeem
from intaglio.server.signing_in.password_policy import password_problem
from intaglio.server.signing_in.passwords import set_password

router = page_router(prefix="/welcome/{token}")


@router.get("", dependencies=[PUBLIC])
def welcome_page(request: Request, db: Db, now: Now, token: str, next: str = "") -> HTMLResponse:  # noqa: A002
    """Show the ways to choose from."""
    _account_id, view = _guest(request, db, token, now)
    return _page(request, view, token, local_path(next, ""))


@router.post("/password", dependencies=[PUBLIC])
def choose_password(
    request: Request,
    db: Db,
    now: Now,
    token: str,
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002 - the field's name
) -> Response:
    """Take a password, and sign in."""
    _account_id, view = _guest(request, db, token, now)
    about = (view.name, view.identifier, "intaglio")
    problem = password_problem(password, shortest=doorway_of(request).shortest_password, about=about)
    if problem is not None:
        return _page(request, view, token, local_path(next, ""), errors={"password": problem}, status=422)
    account_id = redeem(db, token, now=now)
    set_password(db, account_id, password, now=now)
    sign_out_everywhere(db, account_id)  # whoever needs a new link may have lost an account to somebody else
    enter(request, db, account_id, method="invitation", now=now)
    return RedirectResponse(local_path(next, doorway_of(request).home), status_code=303)


@router.post("/passkey/options", dependencies=[PUBLIC])
def begin_passkey(request: Request, db: Db, now: Now, token: str) -> JSONResponse:
    """Ask the authenticator to make a passkey."""
    account_id, view = _guest(request, db, token, now)
    owner = passkeys.Owner(account_id, view.identifier or view.name, view.name)
    return JSONResponse(passkeys.begin_registration(request, db, owner, now=now))


@router.post("/passkey", dependencies=[PUBLIC])
def choose_passkey(
    request: Request,
    db: Db,
    now: Now,
    token: str,
    credential: Annotated[dict[str, Any], Body()],
    next: Annotated[str, Body()] = "",  # noqa: A002 - the member's name
) -> JSONResponse:
    """Take the passkey that it made, and sign in."""
    account_id, _view = _guest(request, db, token, now)
    name = _("Passkey %(number)s") % {"number": len(passkeys.passkeys_of(db, account_id)) + 1}
    passkeys.finish_registration(request, db, account_id, credential, name=name, now=now)
    redeem(db, token, now=now)
    sign_out_everywhere(db, account_id)
    enter(request, db, account_id, method="invitation", now=now)
    return JSONResponse({"location": local_path(next, doorway_of(request).home)})


def _guest(request: Request, db: Db, token: str, now: Now) -> tuple[UUID, AccountView]:
    account_id = invited(db, token, now=now)
    view = active_account(doorway_of(request).accounts, db, account_id)
    if view is None:
        raise NotFound("invitation-over", "The account that it leads to is no longer in use.")
    return account_id, view


def _page(
    request: Request,
    view: AccountView,
    token: str,
    wanted: str,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    return render(
        request,
        "signing_in/welcome.html",
        status=status,
        view=view,
        token=token,
        next=wanted,
        shortest=doorway_of(request).shortest_password,
        errors=errors or {},
    )
