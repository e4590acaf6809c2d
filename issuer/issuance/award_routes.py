"""The way of an award through its pages: choose, enter, check, send; then watch it being issued."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, RedirectResponse, Response

from intaglio.server.access import page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.errors import Conflict, NotFound
from intaglio.server.languages import mark
from intaglio.server.pages import render
from issuer.access import AnyRole, Scope
from issuer.issuance import awarding, browsing
from issuer.issuance.choices import Choice, choice, choices, options
from issuer.issuance.forms import MOST_LEARNERS, AwardForm, as_id
from issuer.issuance.models import AwardBatch
from issuer.roster import reach

router = page_router()
_BASE = "/o/{organization_id}/awards"


async def _sent(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_sent)]


@router.get(f"{_BASE}/new")
def choose(request: Request, db: Db, now: Now, scope: AnyRole) -> Response:
    """Ask what to award to whom; with both known, show the form for it."""
    asked = request.query_params
    offered = choices(db, scope)
    chosen = next((found for found in offered if str(found.achievement.id) == asked.get("achievement")), None)
    if chosen is not None and (asked.get("class_id") or asked.get("learner_id")):
        return _form_page(request, scope, _new_form(db, now, scope, chosen, request))
    return render(
        request,
        "issuance/choose.html",
        scope=scope,
        choices=offered,
        classes=reach.classes_to_award(db, scope, now),
        learner=reach.learner_for(db, scope, as_id(asked["learner_id"]), now) if asked.get("learner_id") else None,
        chosen={"achievement": asked.get("achievement", ""), "class_id": asked.get("class_id", "")},
        missing=bool(asked.get("go")),
    )


@router.post(f"{_BASE}/check")
def check(request: Request, db: Db, now: Now, scope: AnyRole, sent: Sent) -> Response:
    """Check the form, and show what would be awarded, twins marked; or show the form again."""
    form = _read_form(db, now, scope, sent)
    if form.errors or sent.get("back"):
        return _form_page(request, scope, form, status=422 if form.errors else 200)
    return _check_page(request, db, scope, form)


@router.post(_BASE)
def award(request: Request, db: Db, now: Now, scope: AnyRole, sent: Sent) -> Response:
    """Award what was checked. Sending it twice leads to the same page twice."""
    form = _read_form(db, now, scope, sent)
    if form.errors:
        return _form_page(request, scope, form, status=422)
    batch = awarding.batch_of_press(db, scope, form.press) or _try_to_award(request, db, now, scope, form)
    # Asked once more: where everybody has it, the same form may have come twice at the same moment.
    batch = batch or awarding.batch_of_press(db, scope, form.press)
    if batch is None:
        return _check_page(request, db, scope, form, status=409)
    return RedirectResponse(f"/o/{scope.organization.id}/awards/batches/{batch.id}", status_code=303)


def _try_to_award(request: Request, db: Db, now: Now, scope: Scope, form: AwardForm) -> AwardBatch | None:
    """Award to all but the twins who were not meant; None where there is nobody else, or a colleague was faster."""
    press = form.to_press(without=frozenset(browsing.twins(db, form)) - form.again)
    if not press.requests:
        return None
    try:
        return awarding.award(db, scope, request.app.state.jobs, press, now=now)
    except Conflict as error:
        if error.problem.kind != "award-twice":
            raise
        return None


@router.get(f"{_BASE}/batches/{{batch_id}}")
def progress(request: Request, db: Db, now: Now, scope: AnyRole, batch_id: UUID) -> Response:
    """Show how far the awards of one press are."""
    shown = browsing.batch(db, scope, batch_id, now=now)
    sends_mail = request.app.state.settings.smtp_url is not None
    return render(request, "issuance/batch.html", scope=scope, shown=shown, sends_mail=sends_mail)


@router.get(f"{_BASE}/batches/{{batch_id}}/progress")
def progress_numbers(db: Db, now: Now, scope: AnyRole, batch_id: UUID) -> Response:
    """Return the numbers of the page above, for its script."""
    shown = browsing.batch(db, scope, batch_id, now=now)
    return JSONResponse({"done": shown.done, "total": shown.total, "waiting": shown.waiting})


@router.post(f"{_BASE}/batches/{{batch_id}}/retry")
def retry(request: Request, db: Db, now: Now, scope: AnyRole, batch_id: UUID) -> Response:
    """Try again what could not be issued."""
    shown = browsing.batch(db, scope, batch_id, now=now)
    awarding.retry(db, scope, request.app.state.jobs, shown.batch.id, now=now)
    return RedirectResponse(f"/o/{scope.organization.id}/awards/batches/{batch_id}", status_code=303)


def _was_awarded(db: Db, scope: Scope, sent: FormData) -> bool:
    """Tell whether the same form was awarded before: then sending it again leads to what it made."""
    return awarding.batch_of_press(db, scope, as_id(str(sent.get("press", "")))) is not None


def _new_form(db: Db, now: Now, scope: Scope, chosen: Choice, request: Request) -> AwardForm:
    asked = request.query_params
    if asked.get("class_id"):
        school_class = reach.class_for(db, scope, as_id(asked["class_id"]), now)
        learners = reach.learners_of_class(db, scope, school_class.id, now)[:MOST_LEARNERS]
        return AwardForm.new(chosen, learners, school_class, frozenset())
    found = reach.learners_to_award(db, scope, [as_id(asked["learner_id"])], now)
    if not found:
        raise NotFound("no-such-page", "There is no such learner to award.")
    return AwardForm.new(chosen, found, None, frozenset(learner.id for learner in found))


def _read_form(db: Db, now: Now, scope: Scope, sent: FormData) -> AwardForm:
    chosen = choice(db, scope, as_id(str(sent.get("achievement", ""))))
    if chosen is None:
        raise Conflict("award-gone", "It is not awarded any more.")
    # What was entered is about the criteria and levels that were on the page.
    if as_id(str(sent.get("version", ""))) != chosen.version.id and not _was_awarded(db, scope, sent):
        raise Conflict("award-gone", mark("A new version of it was published since this form was opened."))
    if sent.get("class_id"):
        school_class = reach.class_for(db, scope, as_id(str(sent["class_id"])), now)
        learners = reach.learners_of_class(db, scope, school_class.id, now)[:MOST_LEARNERS]
    else:
        school_class = None
        marked = [as_id(str(value)) for value in sent.getlist("learner")][:MOST_LEARNERS]
        learners = reach.learners_to_award(db, scope, marked, now)
    return AwardForm.read(sent, chosen, learners, school_class)


def _form_page(request: Request, scope: Scope, form: AwardForm, *, status: int = 200) -> Response:
    results = [(result, options(result)) for result in form.choice.definition.results]
    return render(request, "issuance/form.html", status=status, scope=scope, form=form, results=results)


def _check_page(request: Request, db: Db, scope: Scope, form: AwardForm, *, status: int = 200) -> Response:
    rows = browsing.check_rows(db, form)
    return render(request, "issuance/check.html", status=status, scope=scope, form=form, rows=rows)
