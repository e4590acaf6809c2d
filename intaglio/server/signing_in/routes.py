"""Signing in and out."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel

from intaglio.errors import MalformedInput
from intaglio.server.access import PUBLIC, page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.errors import NotFound
from intaglio.server.features import Feature
from intaglio.server.job_kinds import JobContext
from intaglio.server.languages import gettext as _
from intaglio.server.local_paths import local_path
from intaglio.server.outside import network_of
from intaglio.server.pages import render
from intaglio.server.rates import address_of, count_try
from intaglio.server.sign_ins import clear_device, sign_out, signed_in
from intaglio.server.signing_in import account_routes, oidc, passkeys, welcome_routes
from intaglio.server.signing_in.accounts import Accounts, Doorway, active_account, doorway_of, install
from intaglio.server.signing_in.entering import OIDC, OIDC_ASKED, enter, enter_by_password, is_fresh
from intaglio.server.signing_in.oidc_provider import Provider
from intaglio.server.signing_in.sweeping import sweep
from intaglio.server.signing_in.tries import CEREMONIES
from intaglio.server.visitors import visitor_of

router = page_router()
_EARLY_EACH_DAY = "23 3 * * *"


class PasskeyAnswer(BaseModel):
    """What the page's script sends: the authenticator's answer, and where to go on."""

    credential: dict[str, Any]
    next: str = ""


@router.get("/sign-in", dependencies=[PUBLIC])
def sign_in_page(request: Request, db: Db, now: Now, next: str = "") -> Response:  # noqa: A002 - the parameter's name
    """Show the ways to sign in; who did so just now goes on."""
    doorway = doorway_of(request)
    wanted, found = local_path(next, doorway.home), signed_in(request, db, now)
    # Whoever is in no longer would be sent back and forth without end.
    if found is not None and is_fresh(found, now) and active_account(doorway.accounts, db, found.account_id):
        return RedirectResponse(wanted, status_code=303)
    page, visitor = _page(request, wanted), visitor_of(request)
    if found is None and visitor.sign_in_token:  # a sign-in that has ended, here or on another device
        visitor.sign_out()
        clear_device(page)
    return page


@router.post("/sign-in", dependencies=[PUBLIC])
def sign_in_by_password(
    request: Request,
    db: Db,
    now: Now,
    identifier: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002 - the field's name
) -> Response:
    """Sign in by a password."""
    wanted = local_path(next, doorway_of(request).home)
    if enter_by_password(request, db, identifier, password, now=now):
        return RedirectResponse(wanted, status_code=303)
    return _page(request, wanted, identifier=identifier, errors={"": _wrong(request)}, status=422)


@router.post("/sign-in/passkey/options", dependencies=[PUBLIC])
def begin_passkey(request: Request, db: Db, now: Now) -> JSONResponse:
    """Ask the authenticator a question."""
    count_try(request, db, CEREMONIES, address_of(request), now)
    return JSONResponse(passkeys.begin_sign_in(request, db, now=now))


@router.post("/sign-in/passkey", dependencies=[PUBLIC])
def sign_in_by_passkey(request: Request, db: Db, now: Now, answer: PasskeyAnswer) -> JSONResponse:
    """Sign in by the authenticator's answer."""
    account_id = passkeys.finish_sign_in(request, db, answer.credential, now=now)
    enter(request, db, account_id, method="passkey", now=now)
    return JSONResponse({"location": local_path(answer.next, doorway_of(request).home)})


@router.get("/sign-in/oidc", dependencies=[PUBLIC])
def begin_oidc(request: Request, db: Db, now: Now, next: str = "") -> Response:  # noqa: A002 - the parameter's name
    """Send the visitor to the school's own sign-in."""
    count_try(request, db, CEREMONIES, address_of(request), now)
    wanted = local_path(next, doorway_of(request).home)
    again = signed_in(request, db, now) is not None
    address = oidc.begin(request, db, _provider(request), wanted=wanted, now=now, again=again)
    return RedirectResponse(address, status_code=303)


@router.get("/sign-in/oidc/callback", dependencies=[PUBLIC])
def sign_in_by_oidc(request: Request, db: Db, now: Now) -> Response:
    """Take the visitor back from there."""
    count_try(request, db, CEREMONIES, address_of(request), now)
    visit = oidc.finish(request, db, _provider(request), request.query_params, now=now)
    account_id = oidc.account_of(db, doorway_of(request).accounts, visit, now=now)
    enter(request, db, account_id, method=OIDC_ASKED if visit.is_fresh else OIDC, now=now)
    return RedirectResponse(visit.wanted, status_code=303)


@router.post("/sign-out", dependencies=[PUBLIC])
def leave(request: Request, db: Db) -> Response:
    """End the sign-in of this browser."""
    sign_out(request, db)
    answer = RedirectResponse("/sign-in", status_code=303)
    clear_device(answer)
    return answer


def sign_in_feature(
    accounts: Accounts,
    *,
    home: str = "/",
    may_register: bool = False,
    identifier: str = "email",
    shortest_password: int = 12,
    joins_external: bool = True,
) -> Feature:
    """Return the feature for a service's accounts; see `intaglio.server.signing_in.accounts.Doorway` for the rest."""
    doorway = Doorway(accounts, home, may_register, identifier, shortest_password, joins_external)

    def set_up(app: FastAPI) -> None:
        install(app, doorway)
        app.state.oidc_provider = _make_provider(app)
        app.state.jobs.periodic("server.signing_in.sweep", _EARLY_EACH_DAY)(_sweep)

    everything = APIRouter()
    for part in (router, account_routes.router, welcome_routes.router):
        everything.include_router(part)
    return Feature.of("intaglio.server.signing_in", everything, setup=set_up)


def _sweep(job: JobContext) -> None:
    with job.database.session() as db:
        sweep(db, now=job.state.clock())


def _make_provider(app: FastAPI) -> Provider | None:
    settings = app.state.settings
    if settings.oidc_issuer is None:
        return None
    if not settings.oidc_client_id:
        raise MalformedInput("bad-settings", "INTAGLIO_OIDC_ISSUER is of no use without INTAGLIO_OIDC_CLIENT_ID.")
    return Provider(settings, network_of(settings))


def _provider(request: Request) -> Provider:
    provider: Provider | None = request.app.state.oidc_provider
    if provider is None:
        raise NotFound("no-such-page", "No school account is set up here.")
    return provider


def _page(
    request: Request, wanted: str, *, identifier: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> HTMLResponse:
    doorway = doorway_of(request)
    provider = request.app.state.settings.oidc_name if request.app.state.oidc_provider is not None else ""
    return render(
        request,
        "signing_in/sign_in.html",
        status=status,
        doorway=doorway,
        next=wanted,
        next_quoted=quote(wanted, safe=""),
        provider=provider,
        identifier=identifier,
        errors=errors or {},
    )


def _wrong(request: Request) -> str:
    if doorway_of(request).identifier == "email":
        return _("The e-mail address or the password is not right.")
    return _("The name or the password is not right.")
