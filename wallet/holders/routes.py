"""Making a wallet, the question of age, and what a learner can change about her account."""

from typing import Annotated
from urllib.parse import quote

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from intaglio.server.access import PUBLIC, page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.errors import Conflict
from intaglio.server.features import Feature
from intaglio.server.languages import gettext as _
from intaglio.server.local_paths import local_path
from intaglio.server.pages import render
from intaglio.server.rates import address_of, count_try
from intaglio.server.sign_ins import clear_device, sign_out
from wallet.access import CurrentLearner, LearnerOfAnyAge, keyring_of
from wallet.holders import accounts, gate, registration
from wallet.holders.age import may_have_account
from wallet.holders.forms import Birthday, RegistrationForm, checked_birthday
from wallet.holders.wrapping import Keyring

router = page_router()


@router.get("/register", dependencies=[PUBLIC])
def registration_page(request: Request, db: Db, now: Now, next: str = "/") -> HTMLResponse:  # noqa: A002 - the parameter's name
    """Show the form that makes a wallet."""
    if gate.was_too_young(request, db, now=now):
        return _too_young(request)
    return render(request, "holders/register.html", form=RegistrationForm(), next=local_path(next))


@router.post("/register", dependencies=[PUBLIC])
def register(
    request: Request,
    db: Db,
    now: Now,
    name: Annotated[str, Form()] = "",
    sign_in_name: Annotated[str, Form()] = "",
    born_day: Annotated[str, Form()] = "",
    born_month: Annotated[str, Form()] = "",
    born_year: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 - the field's name
) -> Response:
    """Make a wallet, and go on to choose a way to sign in."""
    count_try(request, db, registration.RATE, address_of(request), now)
    if gate.was_too_young(request, db, now=now):
        return _too_young(request)
    birthday = Birthday(born_year, born_month, born_day)
    form = RegistrationForm(name, sign_in_name, birthday, now.date())
    where = local_path(next)
    if not form.check():
        return render(request, "holders/register.html", status=422, form=form, next=where)
    if form.born is None or not may_have_account(form.born, now.date()):
        gate.remember_too_young(request, db, now=now)
        return _too_young(request)
    try:
        token = registration.register(db, keyring_of(request), form, form.born, now=now)
    except Conflict:
        form.errors["sign_in_name"] = _("Somebody signs in with this name already. Choose another, or sign in.")
        return render(request, "holders/register.html", status=422, form=form, next=where)
    return RedirectResponse(f"/welcome/{token}?next={quote(where)}", status_code=303)


@router.get("/welcome-age")
def age_page(request: Request, learner: LearnerOfAnyAge, next: str = "/") -> Response:  # noqa: A002 - the parameter's name
    """Ask somebody who came by the school's sign-in for the date of birth."""
    if learner.holder.age_known_at is not None:
        return RedirectResponse(local_path(next), status_code=303)
    return render(request, "holders/age.html", birthday=Birthday(), errors={}, next=local_path(next))


@router.post("/welcome-age")
def answer_age(
    request: Request,
    db: Db,
    now: Now,
    learner: LearnerOfAnyAge,
    born_day: Annotated[str, Form()] = "",
    born_month: Annotated[str, Form()] = "",
    born_year: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 - the field's name
) -> Response:
    """Take the answer. Who is too young has no account, and what was made of one is deleted at once."""
    where = local_path(next)
    if learner.holder.age_known_at is not None:
        return RedirectResponse(where, status_code=303)
    errors: dict[str, str] = {}
    birthday = Birthday(born_year, born_month, born_day)
    born = checked_birthday(birthday, now.date(), errors)
    if born is None:
        return render(request, "holders/age.html", status=422, birthday=birthday, errors=errors, next=where)
    keyring = keyring_of(request)
    was_noted = gate.has_noted_school_account(db, keyring, learner.id, now=now)
    if was_noted or not may_have_account(born, now.date()):
        gate.remember_too_young(request, db, now=now)
        gate.remember_school_accounts(db, keyring, learner.id, now=now)
        return _leave(request, db, learner, "holders/too_young.html")
    accounts.know_age(db, learner.holder, born, now=now)
    return RedirectResponse(where, status_code=303)


@router.get("/wallet")
def wallet_page(request: Request, learner: CurrentLearner, saved: bool = False) -> HTMLResponse:  # noqa: FBT001, FBT002
    """Show what a learner can do with the wallet as a whole."""
    flash = ("good", _("Saved.")) if saved else None
    return render(request, "holders/wallet.html", name=learner.name, errors={}, flash=flash)


@router.post("/wallet/name")
def rename(request: Request, db: Db, learner: CurrentLearner, name: Annotated[str, Form()] = "") -> Response:
    """Change the name that the wallet greets its owner by."""
    form = RegistrationForm(name)
    form.check()
    if "name" in form.errors:
        errors = {"name": form.errors["name"]}
        return render(request, "holders/wallet.html", status=422, name=form.name, errors=errors)
    accounts.rename(db, learner.vault, learner.holder, form.name)
    return RedirectResponse("/wallet?saved=true", status_code=303)


@router.get("/wallet/close")
def closing_page(request: Request, learner: CurrentLearner) -> HTMLResponse:
    """Ask once more before a wallet is closed for good."""
    return render(request, "holders/close.html", name=learner.name, errors={})


@router.post("/wallet/close")
def close(request: Request, db: Db, learner: CurrentLearner, agreed: Annotated[str, Form()] = "") -> Response:
    """Delete an account and everything in it."""
    if agreed != "yes":
        errors = {"agreed": _("Tick the box, so that nobody closes a wallet by mistake.")}
        return render(request, "holders/close.html", status=422, name=learner.name, errors=errors)
    return _leave(request, db, learner, "holders/closed.html")


def _leave(request: Request, db: Db, learner: LearnerOfAnyAge, page: str) -> HTMLResponse:
    """Delete an account with what this browser keeps of it, and show a page to whoever had it."""
    sign_out(request, db)
    accounts.delete_holder(db, learner.id)
    request.state.account, request.state.navigation = None, ()
    answer = render(request, page)
    clear_device(answer)
    return answer


def _too_young(request: Request) -> HTMLResponse:
    return render(request, "holders/too_young.html")


def _set_up(app: FastAPI) -> None:
    app.state.keyring = Keyring.of(app.state.settings)


FEATURE = Feature.of("wallet.holders", router, setup=_set_up)
