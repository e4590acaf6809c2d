"""Sharing badges: the learner's pages, and what a reader opens."""

from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import ValidationError

from intaglio.errors import MalformedInput
from intaglio.server.access import PUBLIC, door_router, page_router
from intaglio.server.answers import wants_page
from intaglio.server.clock import Now
from intaglio.server.csrf import require_own_form
from intaglio.server.database import Db
from intaglio.server.errors import NotFound
from intaglio.server.features import Feature
from intaglio.server.pages import render
from intaglio.server.rates import address_of, count_try
from wallet import means
from wallet.access import CurrentLearner, Learner, keyring_of
from wallet.holdings.refreshing import is_fresh, refresh
from wallet.holdings.service import badges_of, shown
from wallet.sharing import presenting, service
from wallet.sharing.consent import may_share, require_consent
from wallet.sharing.forms import OPENINGS, ShareForm
from wallet.sharing.models import Opened
from wallet.sharing.reading import shown_badges

pages = page_router()
door = door_router()
_CHALLENGE = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": presenting.Challenge.model_json_schema()}},
    }
}
_PRIVATE = {"x-robots-tag": "noindex, nofollow, noarchive", "referrer-policy": "no-referrer"}


@pages.get("/shares")
def shares(request: Request, db: Db, now: Now, learner: CurrentLearner) -> HTMLResponse:
    """List what a learner shares and has shared."""
    own = service.shares_of(db, learner.vault, learner.id)
    return render(request, "sharing/shares.html", shares=own, now=now)


@pages.get("/shares/new")
def new_share(
    request: Request, db: Db, now: Now, learner: CurrentLearner, badge: Annotated[list[UUID] | None, Query()] = None
) -> HTMLResponse:
    """Show the form of a new link."""
    days = request.app.state.settings.share_days
    form = ShareForm(badges=[str(one) for one in badge or ()], days=str(days))
    return _form(request, db, now, learner, form)


@pages.post("/shares/new")
def create(
    request: Request,
    db: Db,
    now: Now,
    learner: CurrentLearner,
    badge: Annotated[list[str] | None, Form()] = None,
    audience: Annotated[str, Form()] = "",
    purpose: Annotated[str, Form()] = "",
    days: Annotated[str, Form()] = "",
) -> Response:
    """Make a link."""
    require_consent(request.app.state.settings, learner.holder, now.date())
    form = ShareForm(badge or [], audience, purpose, days)
    if not form.check():
        return _form(request, db, now, learner, form, status=422)
    share_id = service.create(db, learner.vault, learner.id, form.chosen, form.terms, now=now)
    return RedirectResponse(f"/shares/{share_id}", status_code=303)


@pages.get("/shares/{share_id}")
def share(request: Request, db: Db, now: Now, learner: CurrentLearner, share_id: UUID) -> HTMLResponse:
    """Show one link with its QR code, and what happened with it."""
    own = service.find_own(db, learner.vault, learner.id, share_id)
    registry = means.registry_of(request)
    badges = [shown(learner.vault, holding, registry) for holding in own.holdings]
    link = f"{request.app.state.settings.origin}/s/{own.token}"
    return render(request, "sharing/share.html", share=own, badges=badges, link=link, is_open=own.is_open(now))


@pages.post("/shares/{share_id}/end")
def end(db: Db, now: Now, learner: CurrentLearner, share_id: UUID) -> Response:
    """End a link at once."""
    service.end(db, learner.id, share_id, now=now)
    return RedirectResponse(f"/shares/{share_id}", status_code=303)


@pages.get("/s/{token}", dependencies=[PUBLIC])
def shared(request: Request, db: Db, now: Now, token: str) -> Response:
    """Answer whoever opens a link: people with a page that reveals and counts nothing yet, machines with the badges.

    Messengers and mail scanners open links too; only a pressed button, or a program that asks for a presentation by its name,
    is somebody who looks.
    """
    count_try(request, db, OPENINGS, address_of(request), now)
    found = _find_open(request, db, now, token)
    if not wants_page(request) and _asks_for_presentation(request):
        service.note_opening(db, found, Opened.MACHINE, now=now)
        return JSONResponse(presenting.unsigned(found), media_type=presenting.MEDIA_TYPE, headers=_PRIVATE)
    answer = render(request, "sharing/door.html", token=token, count=len(found.holdings), expires_at=found.expires_at)
    answer.headers.update(_PRIVATE)
    return answer


async def _asked(request: Request) -> presenting.Challenge | None:
    """Return a verifier's challenge, or None for a person's form, which must be our own.

    :raises MalformedInput: ``bad-request``
    :raises Refused: ``foreign-form``
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        await require_own_form(request)
        return None
    try:
        return presenting.Challenge.model_validate_json(await request.body())
    except ValidationError:
        raise MalformedInput("bad-request", "Expected a challenge and a domain, both texts.") from None


@door.post("/s/{token}", dependencies=[PUBLIC], openapi_extra=_CHALLENGE)
def open_shared(
    request: Request, db: Db, now: Now, token: str, asked: Annotated[presenting.Challenge | None, Depends(_asked)]
) -> Response:
    """Answer whoever wants to see what is behind a link.

    People, who pressed the button, see the badges and how they stand now. A verifier that sends ``{challenge, domain}`` gets them
    in a presentation that the learner's key signed for just these two.
    """
    count_try(request, db, OPENINGS, address_of(request), now)
    found = _find_open(request, db, now, token)
    if asked is not None:
        presentation = presenting.signed(db, found, asked, now=now)
        service.note_opening(db, found, Opened.MACHINE, now=now)
        return JSONResponse(presentation, media_type=presenting.MEDIA_TYPE, headers=_PRIVATE)
    service.note_opening(db, found, Opened.PAGE, now=now)
    _ask_again(request, db, found, now)
    return _shared_page(request, token, found)


def _find_open(request: Request, db: Db, now: Now, token: str) -> service.OpenShare:
    """Return what a link leads to.

    :raises NotFound: ``share-ended``, also while parents have to agree first, which a setting may say after a link was made.
    """
    found = service.find_open(db, keyring_of(request), token, now=now)
    if not may_share(request.app.state.settings, found.holder, now.date()):
        raise NotFound("share-ended", "The link does not work at present.")
    return found


def _shared_page(request: Request, token: str, found: service.OpenShare) -> HTMLResponse:
    settings = request.app.state.settings
    link = f"{settings.origin}/s/{token}"
    answer = render(
        request,
        "sharing/shared.html",
        share=found,
        badges=shown_badges(found, means.registry_of(request)),
        link=link,
        verifier=f"{settings.verifier_url.rstrip('/')}/#link={quote(link, safe='')}",
    )
    answer.headers.update(_PRIVATE)
    return answer


def _form(request: Request, db: Db, now: Now, learner: Learner, form: ShareForm, *, status: int = 200) -> HTMLResponse:
    badges = badges_of(db, learner.vault, learner.id, means.registry_of(request))
    allowed = may_share(request.app.state.settings, learner.holder, now.date())
    return render(request, "sharing/new.html", form=form, badges=badges, allowed=allowed, status=status)


def _asks_for_presentation(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return any(kind in accepted for kind in ("application/vp", "application/ld+json", "application/json"))


def _ask_again(request: Request, db: Db, found: service.OpenShare, now: datetime) -> None:
    at_hand = means.means_of(request)
    for holding in found.holdings:
        if not is_fresh(holding, now):
            refresh(db, found.vault, holding, at_hand.source, now=now, registry=at_hand.registry)


_everything = APIRouter()
_everything.include_router(pages)
_everything.include_router(door)
FEATURE = Feature.of("wallet.sharing", _everything)
