"""The way of a roster into the issuer: upload, check page, import."""

import io
import zipfile
from typing import Annotated
from uuid import UUID

from fastapi import File, Form, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from intaglio.errors import MalformedInput
from intaglio.server.access import page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.languages import _, mark
from intaglio.server.listing import Listing
from intaglio.server.pages import render, said
from issuer.access import Office, Scope
from issuer.roster import browsing, service
from issuer.roster.models import ImportState, RosterImport
from issuer.roster.oneroster.report import findings_csv

UPLOAD_PATH = "/roster-uploads"
UPLOAD_LIMIT = 68 << 20
"""Bytes that a request to `UPLOAD_PATH` may carry: the largest roster, and the form around it."""

router = page_router()
_SAID = {"discarded": mark("The roster was put aside. Nothing was changed.")}
_TITLES = {
    "schools": mark("Schools"),
    "sessions": mark("Terms"),
    "courses": mark("Courses"),
    "classes": mark("Classes"),
    "learners": mark("Learners"),
    "enrollments": mark("Places in classes"),
    "teachers": mark("Teachers at schools"),
}


@router.get("/o/{organization_id}/roster/import")
def upload_form(request: Request, db: Db, scope: Office) -> Response:
    """Show where to drop the roster, and the imports before."""
    return _upload_page(request, db, scope)


@router.post(UPLOAD_PATH + "/{organization_id}")
def upload(
    request: Request, db: Db, now: Now, scope: Office, files: Annotated[list[UploadFile] | None, File()] = None
) -> Response:
    """Check an uploaded roster; what is no roster at all is said beside the field."""
    given = [file for file in files or () if file.filename]
    if not given:
        return _upload_page(request, db, scope, error=_("Choose a file first."), status=422)
    try:
        name, content = _as_one_file(given)
        checked = service.check(db, scope, name, content, now=now)
    except MalformedInput as error:
        db.rollback()
        sentence = f"{_(error.problem.title)} {_(error.problem.advice)}"
        return _upload_page(request, db, scope, error=sentence, status=422)
    return RedirectResponse(f"/o/{scope.organization.id}/roster/import/{checked.id}", status_code=303)


@router.get("/o/{organization_id}/roster/import/{import_id}")
def show_import(request: Request, db: Db, now: Now, scope: Office, import_id: UUID) -> Response:
    """Show what was found and what would change; after the import, what did."""
    found = service.import_for(db, scope, import_id)
    return _import_page(request, db, scope, found, open_now=_is_open(found, now))


@router.get("/o/{organization_id}/roster/import/{import_id}/findings.csv")
def download_findings(db: Db, scope: Office, import_id: UUID) -> Response:
    """Return all findings as a file for a spreadsheet program."""
    found = service.import_for(db, scope, import_id)
    content = findings_csv(browsing.all_findings(db, found.id), _)
    headers = {"content-disposition": 'attachment; filename="findings.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/o/{organization_id}/roster/import/{import_id}/apply")
def apply_import(
    request: Request,
    db: Db,
    now: Now,
    scope: Office,
    import_id: UUID,
    leave_out: Annotated[str, Form()] = "",
    many_leave: Annotated[str, Form()] = "",
) -> Response:
    """Import a checked roster; what has to be agreed to and was not is asked for again."""
    found = service.import_for(db, scope, import_id)
    errors = {}
    if found.errors and not leave_out:
        errors["leave_out"] = _("Say that these rows may be left out, or correct them and upload the roster again.")
    if service.loses_many(found.changes) and not many_leave:
        errors["many_leave"] = _("Say that this is right, or look whether the roster is complete.")
    if errors and _is_open(found, now) and not found.blocked:
        return _import_page(request, db, scope, found, open_now=True, errors=errors, status=422)
    settings = request.app.state.settings
    service.apply(db, settings, scope, import_id, leave_out=bool(leave_out), many_leave=bool(many_leave), now=now)
    return RedirectResponse(f"/o/{scope.organization.id}/roster/import/{import_id}", status_code=303)


@router.post("/o/{organization_id}/roster/import/{import_id}/discard")
def discard_import(db: Db, now: Now, scope: Office, import_id: UUID) -> Response:
    """Put a checked roster aside."""
    service.discard(db, scope, import_id, now=now)
    return RedirectResponse(f"/o/{scope.organization.id}/roster/import?said=discarded", status_code=303)


def _as_one_file(files: list[UploadFile]) -> tuple[str, bytes]:
    """Return one file as it is, several CSV files packed together."""
    if len(files) == 1:
        return files[0].filename or "", files[0].file.read()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr((file.filename or "").replace("\\", "/").rpartition("/")[2], file.file.read())
    return "roster.zip", made.getvalue()


def _upload_page(request: Request, db: Db, scope: Scope, *, error: str = "", status: int = 200) -> Response:
    return render(
        request,
        "roster/upload.html",
        status=status,
        organization=scope.organization,
        keeps_roster=service.keeps_roster(db, scope.organization),
        upload_path=f"{UPLOAD_PATH}/{scope.organization.id}",
        imports=service.imports(db, scope),
        error=error,
        flash=said(request, _SAID),
    )


def _import_page(
    request: Request,
    db: Db,
    scope: Scope,
    found: RosterImport,
    *,
    open_now: bool,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    listing = Listing.read(request.query_params, sortable=browsing.FINDING_SORTS, filters=("file", "severity"))
    findings, listing = browsing.findings(db, found.id, listing)
    return render(
        request,
        "roster/import.html",
        status=status,
        organization=scope.organization,
        imported=found,
        state=found.state if open_now or found.state != ImportState.CHECKED else ImportState.EXPIRED,
        findings=[
            {"finding": finding, "sentence": finding.sentence(_), "advice": finding.advice(_)} for finding in findings
        ],
        listing=listing,
        files=[(name, name) for name in browsing.files_with_findings(db, found.id)],
        changes=[
            {"title": _(title), **(found.changes or {})[what]}
            for what, title in _TITLES.items()
            if what in (found.changes or {})
        ],
        leaving=(found.changes or {}).get("learners", {}).get("deactivated", 0),
        loses_many=service.loses_many(found.changes),
        errors=errors or {},
    )


def _is_open(found: RosterImport, now: Now) -> bool:
    return found.state == ImportState.CHECKED and found.expires_at > now
