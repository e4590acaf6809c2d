"""Pages of kept results."""

from datetime import timedelta
from typing import Annotated

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from intaglio.server.access import PUBLIC, page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.features import Feature
from intaglio.server.pages import render
from intaglio.server.rates import Rate, address_of, count_try
from intaglio.times import parse_time
from verifier.checking import words
from verifier.results import service
from verifier.results.receipts import open_receipt

router = page_router("/results")
_RATE = Rate("keep a result", 60, timedelta(hours=1))


@router.post("", dependencies=[PUBLIC])
def keep(request: Request, db: Db, now: Now, receipt: Annotated[str, Form()] = "") -> Response:
    """Keep a result that the reader's page carries."""
    count_try(request, db, _RATE, address_of(request), now)
    result = open_receipt(request.app.state.settings.secret_bytes, receipt)
    return RedirectResponse(f"/results/{service.keep(db, result, now=now)}", status_code=303)


@router.get("/{token}", dependencies=[PUBLIC])
def show(request: Request, db: Db, now: Now, token: str) -> Response:
    """Show a kept result."""
    row = service.kept(db, token, now=now)
    items = [
        {**item, "title": words.TITLES[item["kind"]](), "issued": _time(item["issued"])} for item in row.result["items"]
    ]
    return render(
        request,
        "results/note.html",
        items=items,
        checked_at=parse_time(row.result["at"], pointer=""),
        until=row.expires_at,
    )


def _time(text: str) -> object:
    return parse_time(text, pointer="") if text else None


FEATURE = Feature.of("verifier.results", router)
