"""Awards for staff: the list, one of them, and what is done to it afterwards."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from intaglio.errors import MalformedInput
from intaglio.server.access import page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.errors import Conflict
from intaglio.server.languages import gettext, mark
from intaglio.server.listing import Listing
from intaglio.server.pages import render, said
from issuer.access import Administrator, AnyRole
from issuer.issuance import browsing, resealing, showing, status
from issuer.issuance.status import Change

router = page_router()
_BASE = "/o/{organization_id}/awards"
STATES = {
    "waiting": (mark("Being issued"), "info"),
    "failed": (mark("Not issued"), "bad"),
    "issued": (mark("Issued"), "good"),
    "paused": (mark("Paused"), "unsure"),
    "withdrawn": (mark("Withdrawn"), "bad"),
}
"""For each state its word, and its kind for `mark.html`."""
_SAID = {
    "withdraw": mark("It is withdrawn. Whoever checks it reads so from now on."),
    "pause": mark("It is paused. Whoever checks it reads so from now on."),
    "reinstate": mark("It is good again."),
    "link": mark("There is a new link. The one before works no more."),
    "mailed": mark("There is a new link, and a mail with it is on its way. The link before works no more."),
    "resealing": mark("They are being issued again."),
}


@router.get(_BASE)
def show_list(request: Request, db: Db, now: Now, scope: AnyRole) -> Response:
    """List the awards that somebody may look at."""
    asked = Listing.read(
        request.query_params, sortable=browsing.SORTABLE, filters=("state", "learner_id"), descending=True
    )
    rows, listing = browsing.listed(db, scope, asked, now=now)
    return render(
        request,
        "issuance/list.html",
        scope=scope,
        rows=rows,
        listing=listing,
        states=STATES,
        any=bool(rows) or browsing.has_any(db, scope, now),
        affected=browsing.affected(db, scope),
        flash=said(request, _SAID),
    )


@router.get(f"{_BASE}/seal-again")
def ask_to_reseal(request: Request, db: Db, scope: Administrator) -> Response:
    """Say how many awards stand on a key that was given up, and offer to seal them again."""
    return render(request, "issuance/seal_again.html", scope=scope, affected=browsing.affected(db, scope))


@router.post(f"{_BASE}/seal-again")
def reseal(request: Request, db: Db, now: Now, scope: Administrator) -> Response:
    """Have those awards sealed again."""
    resealing.order_resealing(db, scope, request.app.state.jobs, now=now)
    return RedirectResponse(f"/o/{scope.organization.id}/awards?said=resealing", status_code=303)


@router.get(f"{_BASE}/{{award_id}}")
def show_one(request: Request, db: Db, now: Now, scope: AnyRole, award_id: UUID) -> Response:
    """Show one award: state, history, and the QR code for the learner who stands beside."""
    shown = showing.shown(db, request.app.state.settings, scope, award_id, now=now)
    return render(request, "issuance/award.html", scope=scope, shown=shown, states=STATES, flash=said(request, _SAID))


@router.get(f"{_BASE}/{{award_id}}/status/{{change}}")
def ask_to_change(request: Request, db: Db, now: Now, scope: AnyRole, award_id: UUID, change: Change) -> Response:
    """Ask for the reason, and whether it is really meant."""
    return _ask(request, db, now, scope, award_id, change)


@router.post(f"{_BASE}/{{award_id}}/status/{{change}}")
def change_status(
    request: Request,
    db: Db,
    now: Now,
    scope: AnyRole,
    award_id: UUID,
    change: Change,
    reason: Annotated[str, Form()] = "",
    sure: Annotated[str, Form()] = "",
) -> Response:
    """Withdraw, pause or reinstate an award."""
    shown = showing.shown(db, request.app.state.settings, scope, award_id, now=now)
    if change not in shown.changes:
        raise Conflict("status-not-possible", "It is not for you to do, or it was done already.")
    errors = {} if sure else {"sure": gettext("Say that you are sure.")}
    if not reason.strip():
        errors = {"reason": gettext("Write a reason."), **errors}
    if errors:
        return _ask(request, db, now, scope, award_id, change, reason=reason, errors=errors)
    try:
        status.change(db, award_id, change, reason=reason, staff_id=scope.actor.staff_id, now=now)
    except MalformedInput as error:
        return _ask(request, db, now, scope, award_id, change, errors={"reason": gettext(error.problem.title)})
    return RedirectResponse(f"/o/{scope.organization.id}/awards/{award_id}?said={change}", status_code=303)


def _ask(
    request: Request,
    db: Db,
    now: Now,
    scope: AnyRole,
    award_id: UUID,
    change: Change,
    *,
    reason: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    shown = showing.shown(db, request.app.state.settings, scope, award_id, now=now)
    if change not in shown.changes:
        raise Conflict("status-not-possible", "It is not for you to do, or it was done already.")
    return render(
        request,
        "issuance/change.html",
        status=422 if errors else 200,
        scope=scope,
        shown=shown,
        change=change,
        reason=reason,
        errors=errors or {},
    )
