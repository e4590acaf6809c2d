"""Bringing badges in: by a link or QR code from a school, or from a file."""

from typing import Annotated
from urllib.parse import quote, urlsplit
from uuid import UUID

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from intaglio.errors import IntaglioError, MalformedInput
from intaglio.server.access import PUBLIC, page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.features import Feature
from intaglio.server.languages import current_language
from intaglio.server.pages import render
from intaglio.server.rates import count_try
from wallet import means
from wallet.access import CurrentLearner, Learner, visiting_learner
from wallet.exchange import arrivals, claims, rates
from wallet.exchange.background import tell_issuers, watch
from wallet.exchange.collecting import collect
from wallet.exchange.models import Claim, ClaimState
from wallet.exchange.recognising import Brought, did_web_of, issuer_host, recognise
from wallet.exchange.words import Advice, advice_for
from wallet.holdings.checking import MAX_BYTES

router = page_router()


@router.get("/add")
def adding_page(request: Request, _learner: CurrentLearner) -> HTMLResponse:
    """Show the ways to bring a badge in."""
    return _adding(request)


@router.post("/add")
def add_text(
    request: Request, db: Db, now: Now, learner: CurrentLearner, text: Annotated[str, Form()] = ""
) -> Response:
    """Take what was pasted or scanned: a link to an offer, or a badge itself."""
    try:
        if recognise(text) is Brought.OFFER:
            return _open(request, db, now, learner, text)
        return _bring_in(request, db, now, learner, text.encode())
    except IntaglioError as error:
        return _adding(request, {"text": " ".join(advice_for(error.problem))}, text=text, status=422)


@router.post("/add/file")
def add_file(
    request: Request, db: Db, now: Now, learner: CurrentLearner, file: Annotated[UploadFile, File()]
) -> Response:
    """Take a badge as a file: JSON, a token, or a picture with a badge in it."""
    data = file.file.read(MAX_BYTES + 1)
    try:
        if len(data) > MAX_BYTES:
            raise MalformedInput("too-large", f"It has more than {MAX_BYTES:,} bytes.")
        return _bring_in(request, db, now, learner, data)
    except IntaglioError as error:
        return _adding(request, {"file": " ".join(advice_for(error.problem))}, status=422)


@router.get("/claim", dependencies=[PUBLIC])
def open_link(request: Request, db: Db, now: Now) -> Response:
    """Open what a claim link offers. Who has no wallet yet is asked to make one first; the link waits."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    learner = visiting_learner(request, db, now)
    if learner is None:
        # Nothing is looked up for strangers: the wallet would ask any address for anybody.
        host = issuer_host(str(request.url))
        return render(request, "exchange/visitor.html", next=quote(here, safe=""), host=host)
    if learner.holder.age_known_at is None:
        return RedirectResponse(f"/welcome-age?next={quote(here, safe='')}", status_code=303)
    try:
        return _open(request, db, now, learner, str(request.url))
    except IntaglioError as error:
        return _adding(request, {"": " ".join(advice_for(error.problem))}, status=422)


@router.get("/claim/{claim_id}")
def claim_page(request: Request, db: Db, learner: CurrentLearner, claim_id: UUID) -> Response:
    """Show who offers what, and ask for the numbers from the teacher where they are needed."""
    claim = claims.find_claim(db, learner.id, claim_id)
    if claim.state == ClaimState.COLLECTED:
        progress = claims.progress_of(learner.vault, claim)
        if claims.is_to_collect_again(db, claim, progress):
            return _claiming(request, learner, claim)
        kept = claims.kept_of(db, learner.id, progress)
        return RedirectResponse(f"/badges/{kept[0]}?news=same" if kept else "/", status_code=303)
    return _claiming(request, learner, claim)


@router.post("/claim/{claim_id}")
def accept(
    request: Request, db: Db, now: Now, learner: CurrentLearner, claim_id: UUID, code: Annotated[str, Form()] = ""
) -> Response:
    """Collect what is offered."""
    claim = claims.find_claim(db, learner.id, claim_id)
    count_try(request, db, rates.CODES, str(claim.id), now)
    try:
        collected = collect(db, learner, claim, code, means.means_of(request), now=now)
    except IntaglioError as error:
        return _claiming(request, learner, claim, advice_for(error.problem), status=422)
    tell_issuers(request.app.state.jobs, db)
    if claim.state == ClaimState.COLLECTED and len(collected.landed) == 1:
        return _after(request, collected.landed[0])
    problem = collected.problem and advice_for(collected.problem)
    rows = [(item, _shown_advice(item)) for item in collected.landed]
    return render(request, "exchange/collected.html", rows=rows, problem=problem, claim=claim)


@router.get("/arrivals/{arrival_id}")
def arrival_page(request: Request, db: Db, now: Now, learner: CurrentLearner, arrival_id: UUID) -> Response:
    """Show a badge that could not be confirmed, and ask what shall become of it."""
    arrival = arrivals.find_arrival(db, learner.id, arrival_id, now=now)
    count_try(request, db, rates.OFFERS, str(learner.id), now)
    name, finding = arrivals.look_again(learner.vault, arrival, means.means_of(request).source, now=now)
    return render(
        request,
        "exchange/arrival.html",
        arrival=arrival,
        name=name,
        is_good=finding.problem is None,
        advice=advice_for(finding.problem),
        problem=finding.problem,
    )


@router.post("/arrivals/{arrival_id}/keep")
def keep_arrival(request: Request, db: Db, now: Now, learner: CurrentLearner, arrival_id: UUID) -> Response:
    """Keep it, as its owner wishes."""
    arrival = arrivals.find_arrival(db, learner.id, arrival_id, now=now)
    count_try(request, db, rates.OFFERS, str(learner.id), now)
    kept = arrivals.keep_anyway(db, learner.vault, arrival, means.means_of(request).source, now=now)
    tell_issuers(request.app.state.jobs, db)
    if kept is None:
        return render(request, "exchange/refused.html", advice=advice_for(None), name="", status=422, problem=None)
    return RedirectResponse(f"/badges/{kept.holding.id}?news={kept.twin.value}", status_code=303)


@router.post("/arrivals/{arrival_id}/drop")
def drop_arrival(request: Request, db: Db, now: Now, learner: CurrentLearner, arrival_id: UUID) -> Response:
    """Forget it."""
    arrival = arrivals.find_arrival(db, learner.id, arrival_id, now=now)
    arrivals.turn_down(db, learner.vault, arrival, now=now)
    tell_issuers(request.app.state.jobs, db)
    return RedirectResponse("/", status_code=303)


def _open(request: Request, db: Db, now: Now, learner: Learner, link: str) -> Response:
    count_try(request, db, rates.OFFERS, str(learner.id), now)
    sender = means.means_of(request).sender
    claim = claims.open_offer(db, learner.vault, learner.id, link, sender, language=current_language(), now=now)
    return RedirectResponse(f"/claim/{claim.id}", status_code=303)


def _bring_in(request: Request, db: Db, now: Now, learner: Learner, data: bytes) -> Response:
    count_try(request, db, rates.FILES, str(learner.id), now)
    at_hand = means.means_of(request)
    landed = arrivals.take_in(db, learner.vault, learner.id, data, at_hand.source, now=now, registry=at_hand.registry)
    db.commit()
    return _after(request, landed)


def _after(request: Request, landed: arrivals.Landed) -> Response:
    if landed.kept is not None:
        where = f"/badges/{landed.kept.holding.id}?news={landed.kept.twin.value}"
        return RedirectResponse(where, status_code=303)
    if landed.arrival is not None:
        return RedirectResponse(f"/arrivals/{landed.arrival.id}", status_code=303)
    advice = advice_for(landed.problem)
    return render(request, "exchange/refused.html", advice=advice, name=landed.name, problem=landed.problem, status=422)


def _adding(
    request: Request, errors: dict[str, str] | None = None, *, text: str = "", status: int = 200
) -> HTMLResponse:
    return render(request, "exchange/add.html", errors=errors or {}, text=text, status=status)


def _claiming(
    request: Request, learner: Learner, claim: Claim, advice: Advice | None = None, *, status: int = 200
) -> HTMLResponse:
    progress = claims.progress_of(learner.vault, claim)
    registry = means.registry_of(request)
    issuer = progress.offer.credential_issuer
    return render(
        request,
        "exchange/claim.html",
        claim=claim,
        progress=progress,
        host=urlsplit(issuer).netloc,
        is_known=registry is not None and did_web_of(issuer) in registry.names,
        code=progress.offer.transaction_code if progress.token is None else None,
        advice=advice,
        status=status,
    )


def _shown_advice(item: arrivals.Landed) -> Advice | None:
    return None if item.kept else advice_for(item.problem)


FEATURE = Feature.of("wallet.exchange", router, setup=watch)
