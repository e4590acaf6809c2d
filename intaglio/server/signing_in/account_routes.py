"""One's own account: passkeys, password, and the browsers that are signed in."""

from typing import Annotated, Any

from fastapi import Body, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from intaglio.server.access import CurrentSignIn, page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.languages import gettext as _
from intaglio.server.pages import render
from intaglio.server.sign_ins import clear_device, sign_out_everywhere
from intaglio.server.signing_in import account_pages, passkeys
from intaglio.server.signing_in.accounts import doorway_of
from intaglio.server.signing_in.entering import is_fresh, require_fresh
from intaglio.server.signing_in.password_policy import password_problem
from intaglio.server.signing_in.passwords import has_password
from intaglio.server.visitors import visitor_of

router = page_router()


@router.get("/account")
def account_page(request: Request, db: Db, now: Now, signed_in: CurrentSignIn, done: str = "") -> HTMLResponse:
    """Show the account."""
    return _page(request, db, now, signed_in, done=done)


@router.post("/account/password")
def change_password(
    request: Request,
    db: Db,
    now: Now,
    signed_in: CurrentSignIn,
    present: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
) -> Response:
    """Give the account a new password. The present one is asked for; where there is none, a fresh sign-in."""
    view, errors = account_pages.own_account(request, db, signed_in.account_id), {}
    if not has_password(db, signed_in.account_id):
        require_fresh(signed_in, now)
    elif not account_pages.is_own_password(request, db, signed_in.account_id, present, now=now):
        errors["present"] = _("This is not your present password.")
    about = (view.name, view.identifier, "intaglio")
    problem = password_problem(new, shortest=doorway_of(request).shortest_password, about=about)
    if problem is not None:
        errors["new"] = problem
    if errors:
        return _page(request, db, now, signed_in, errors=errors, status=422)
    account_pages.change_password(request, db, signed_in, new, now=now)
    return RedirectResponse("/account?done=password", status_code=303)


@router.post("/account/passkeys/options")
def begin_passkey(request: Request, db: Db, now: Now, signed_in: CurrentSignIn) -> JSONResponse:
    """Ask the authenticator to make a passkey."""
    require_fresh(signed_in, now)
    view = account_pages.own_account(request, db, signed_in.account_id)
    owner = passkeys.Owner(signed_in.account_id, view.identifier or view.name, view.name)
    return JSONResponse(passkeys.begin_registration(request, db, owner, now=now))


@router.post("/account/passkeys")
def add_passkey(
    request: Request,
    db: Db,
    now: Now,
    signed_in: CurrentSignIn,
    credential: Annotated[dict[str, Any], Body(embed=True)],
) -> JSONResponse:
    """Add the passkey that it made."""
    require_fresh(signed_in, now)
    account_pages.own_account(request, db, signed_in.account_id)
    name = _("Passkey %(number)s") % {"number": len(passkeys.passkeys_of(db, signed_in.account_id)) + 1}
    passkeys.finish_registration(request, db, signed_in.account_id, credential, name=name, now=now)
    db.commit()
    return JSONResponse({"location": "/account?done=passkey"})


@router.post("/account/passkeys/name")
def rename_passkey(
    db: Db, signed_in: CurrentSignIn, passkey: Annotated[str, Form()] = "", name: Annotated[str, Form()] = ""
) -> Response:
    """Name a passkey."""
    account_pages.rename_passkey(db, signed_in.account_id, passkey, name)
    return RedirectResponse("/account?done=name", status_code=303)


@router.post("/account/passkeys/remove")
def remove_passkey(db: Db, now: Now, signed_in: CurrentSignIn, passkey: Annotated[str, Form()] = "") -> Response:
    """Remove a passkey."""
    require_fresh(signed_in, now)
    account_pages.remove_passkey(db, signed_in.account_id, passkey)
    return RedirectResponse("/account?done=removed", status_code=303)


@router.post("/account/sign-out-everywhere")
def leave_everywhere(request: Request, db: Db, signed_in: CurrentSignIn) -> Response:
    """End every sign-in of the account, this one too."""
    sign_out_everywhere(db, signed_in.account_id)
    db.commit()
    visitor_of(request).sign_out()
    answer = RedirectResponse("/sign-in", status_code=303)
    clear_device(answer)
    return answer


def _page(
    request: Request,
    db: Db,
    now: Now,
    signed_in: CurrentSignIn,
    *,
    errors: dict[str, str] | None = None,
    done: str = "",
    status: int = 200,
) -> HTMLResponse:
    view = account_pages.own_account(request, db, signed_in.account_id)
    said = {
        "password": _("Your password is changed. Other browsers were signed out."),
        "passkey": _("Your passkey is added."),
        "name": _("Saved."),
        "removed": _("The passkey is removed. Your device may still list it; you can delete it there."),
    }.get(done)
    settings = request.app.state.settings
    return render(
        request,
        "signing_in/account.html",
        status=status,
        view=view,
        ways=account_pages.ways_in(request, db, signed_in.account_id, now),
        is_fresh=is_fresh(signed_in, now),
        shortest=doorway_of(request).shortest_password,
        provider=settings.oidc_name if settings.oidc_issuer else "",
        joins_external=doorway_of(request).joins_external,
        errors=errors or {},
        flash=("good", said) if said else None,
    )
