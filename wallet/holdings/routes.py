"""A learner's badges, and one of them."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from intaglio.openbadges.contents import contents_of
from intaglio.server.access import PUBLIC, page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.features import Feature
from intaglio.server.languages import gettext as _
from intaglio.server.markdown import to_html
from intaglio.server.pages import render
from intaglio.server.rates import count_try
from intaglio.verification.reading import read
from wallet import means
from wallet.access import CurrentLearner, Learner, visiting_learner
from wallet.exchange.arrivals import waiting
from wallet.holdings import downloads, service
from wallet.holdings.keeping import open_document
from wallet.holdings.refreshing import CHECKS, is_fresh, refresh

router = page_router()
_NEWS: dict[str, tuple[str, Callable[[], str]]] = {
    "new": ("good", lambda: _("This badge is yours now.")),
    "same": ("info", lambda: _("You have this badge already. Nothing was added.")),
    "updated": ("good", lambda: _("Your school sent a newer copy of this badge. It replaced the older one.")),
}


@router.get("/", dependencies=[PUBLIC])
def home(request: Request, db: Db, now: Now, removed: bool = False) -> Response:  # noqa: FBT001, FBT002 - a query's
    """Show a learner's badges; to others, what this is."""
    learner = visiting_learner(request, db, now)
    if learner is None:
        return render(request, "holdings/welcome.html")
    if learner.holder.age_known_at is None:
        return RedirectResponse("/welcome-age", status_code=303)
    badges = service.badges_of(db, learner.vault, learner.id, means.registry_of(request))
    undecided = waiting(db, learner.id, now=now)
    flash = ("info", _("The badge was removed.")) if removed else None
    page = render(request, "holdings/badges.html", badges=badges, undecided=undecided, name=learner.name, flash=flash)
    return _for_reading_offline(page, learner)


@router.get("/badges/{holding_id}")
def badge(request: Request, db: Db, now: Now, learner: CurrentLearner, holding_id: UUID, news: str = "") -> Response:
    """Show one badge, and ask how it stands where that was not done for a while."""
    holding = service.find_holding(db, learner, holding_id)
    if holding.id != holding_id:
        return RedirectResponse(f"/badges/{holding.id}", status_code=303)
    at_hand = means.means_of(request)
    if not is_fresh(holding, now):
        refresh(db, learner.vault, holding, at_hand.source, now=now, registry=at_hand.registry)
    contents = contents_of(read(open_document(learner.vault, holding)).document)
    kind, words = _NEWS.get(news, ("", lambda: ""))
    page = render(
        request,
        "holdings/badge.html",
        holding=holding,
        shown=service.shown(learner.vault, holding, at_hand.registry),
        contents=contents,
        criteria=to_html(contents.criteria),
        narrative=to_html(contents.narrative),
        evidence=[(item, to_html(item.narrative)) for item in contents.evidence],
        finding=service.finding_of(learner.vault, holding),
        flash=(kind, words()) if kind else None,
    )
    return _for_reading_offline(page, learner)


@router.post("/badges/{holding_id}/check")
def check_now(request: Request, db: Db, now: Now, learner: CurrentLearner, holding_id: UUID) -> Response:
    """Ask at once how a badge stands."""
    holding = service.find_holding(db, learner, holding_id)
    count_try(request, db, CHECKS, str(learner.id), now)
    at_hand = means.means_of(request)
    refresh(db, learner.vault, holding, at_hand.source, now=now, registry=at_hand.registry)
    return RedirectResponse(f"/badges/{holding.id}", status_code=303)


@router.get("/badges/{holding_id}/file")
def credential_file(db: Db, learner: CurrentLearner, holding_id: UUID) -> Response:
    """Give the badge itself, byte for byte as it was issued."""
    holding = service.find_holding(db, learner, holding_id)
    return downloads.credential(learner.vault, holding).as_response()


@router.get("/badges/{holding_id}/picture")
def picture(db: Db, learner: CurrentLearner, holding_id: UUID) -> Response:
    """Give the badge as a picture that carries it inside."""
    holding = service.find_holding(db, learner, holding_id)
    return downloads.baked(learner.vault, holding).as_response()


@router.get("/export")
def export(db: Db, learner: CurrentLearner) -> Response:
    """Give everything in the wallet as one ZIP."""
    return downloads.everything(db, learner.vault, learner.id).as_response()


@router.get("/badges/{holding_id}/remove")
def removal_page(request: Request, db: Db, learner: CurrentLearner, holding_id: UUID) -> HTMLResponse:
    """Ask once more before a badge is taken away."""
    holding = service.find_holding(db, learner, holding_id)
    badge = service.shown(learner.vault, holding, means.registry_of(request))
    return render(request, "holdings/remove.html", badge=badge)


@router.post("/badges/{holding_id}/remove")
def remove(db: Db, learner: CurrentLearner, holding_id: UUID, agreed: Annotated[str, Form()] = "") -> Response:
    """Take a badge away."""
    holding = service.find_holding(db, learner, holding_id)
    if agreed != "yes":
        return RedirectResponse(f"/badges/{holding.id}/remove", status_code=303)
    service.remove(db, holding)
    return RedirectResponse("/?removed=true", status_code=303)


def _for_reading_offline(page: HTMLResponse, learner: Learner) -> HTMLResponse:
    """Mark a page that the browser may keep for its owner (`wallet/offline/worker.js`); the mark says nothing to others."""
    page.headers["x-offline"] = learner.vault.digest("offline", learner.id.bytes).hex()[:24]
    return page


def _set_up(app: FastAPI) -> None:
    means.set_up(app)


FEATURE = Feature.of("wallet.holdings", router, setup=_set_up)
