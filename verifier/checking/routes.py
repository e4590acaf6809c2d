"""The page where a reader checks badges."""

from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from starlette.responses import Response

from intaglio.errors import MalformedInput
from intaglio.server.access import PUBLIC, page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.features import Feature
from intaglio.server.languages import _
from intaglio.server.pages import pages_of, render
from intaglio.server.rates import address_of, count_try
from verifier.checking.desk import CHECKS, MAX_ITEM_BYTES, MAX_ITEMS, Checked, items_of
from verifier.checking.writing import VerdictWriter
from verifier.results.receipts import receipt

router = page_router()


@router.get("/", dependencies=[PUBLIC])
def ask(request: Request) -> Response:
    """Show the form."""
    return _form(request)


@router.post("/check", dependencies=[PUBLIC])
def check(
    request: Request,
    db: Db,
    now: Now,
    badge: Annotated[str, Form()] = "",
    files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Check what was pasted, dropped or scanned, and show what was found. Nothing is kept."""
    count_try(request, db, CHECKS, address_of(request), now)
    uploads = [
        (upload.filename or "", upload.file.read(MAX_ITEM_BYTES + 1)) for upload in files or [] if upload.filename
    ]
    items = items_of(badge, uploads)
    if not items:
        return _form(request, _("Paste a link or a badge, or choose a file."), status=422)
    if len(items) > MAX_ITEMS:
        return _form(request, _("These are too many at once. Twenty can be checked together."), status=422)
    if any(len(item.data) > MAX_ITEM_BYTES for item in items):
        raise MalformedInput("too-large", f"More than {MAX_ITEM_BYTES // 1024**2} MB.")
    state = request.app.state
    checked = state.desk.check(items, now=now)
    writer = VerdictWriter(pages_of(request), state.registry.current(), now)
    verdicts = [writer.write(one.report) for one in checked]
    kept = receipt(state.settings.secret_bytes, checked, verdicts, now)
    return render(
        request,
        "checking/result.html",
        results=[(_name(one, len(checked)), one, verdict) for one, verdict in zip(checked, verdicts, strict=True)],
        checked_at=now,
        receipt=kept,
    )


def _form(request: Request, error: str = "", *, status: int = 200) -> Response:
    return render(request, "checking/ask.html", status=status, errors={"badge": error} if error else {})


def _name(checked: Checked, count: int) -> str:
    """Return what to call an item above its result: nothing where it is the only one."""
    return "" if count == 1 else checked.name or _("What was pasted")


FEATURE = Feature.of("verifier.checking", router)
