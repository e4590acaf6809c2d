"""The draft of an achievement: its form, its picture, and the step to a published version."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from intaglio.errors import IntaglioError
from intaglio.server.access import page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.errors import Conflict
from intaglio.server.languages import gettext, mark
from intaglio.server.pages import render, said
from issuer.access import Office, Scope
from issuer.achievements import findings as rules
from issuer.achievements import form, images, library, service
from issuer.achievements.definition import RUBRIC, Definition
from issuer.achievements.models import AchievementVersion
from issuer.achievements.showing import Shown
from issuer.achievements.staff_routes import base_of, staff_image_of
from issuer.achievements.vocabulary import ACHIEVEMENT_TYPES, ALIGNMENT_TYPES, LANGUAGES, SCORE_TYPES, VALUE_TYPES

router = page_router()
_ONE = "/o/{organization_id}/achievements/{achievement_id}"
_SAID = {
    "saved": mark("The draft is saved."),
    "copied": mark("This is your own copy. Change what does not fit, then publish."),
}
_DRAFT_TITLE = mark("Before it can be published")


async def _fields(request: Request) -> AsyncIterator[FormData]:
    # Rows have as many fields as somebody asked for, so the form is read as it is; closing it removes what was uploaded.
    async with request.form() as fields:
        yield fields


Fields = Annotated[FormData, Depends(_fields)]


@router.post(_ONE + "/draft")
def begin(db: Db, now: Now, scope: Office, achievement_id: UUID) -> Response:
    """Begin the next version, or go on with the draft that is there."""
    service.begin_draft(db, scope, achievement_id, now=now)
    return RedirectResponse(f"{base_of(scope)}/{achievement_id}/edit", status_code=303)


@router.get(_ONE + "/edit")
def edit(request: Request, db: Db, scope: Office, achievement_id: UUID) -> Response:
    """Show the form of the draft."""
    draft = _draft(db, scope, achievement_id)
    if draft is None:
        return RedirectResponse(f"{base_of(scope)}/{achievement_id}", status_code=303)
    definition = Definition.from_json(draft.definition)
    errors = _errors(definition) if "check" in request.query_params else {}
    return _form_page(request, scope, draft, definition, errors, title=_DRAFT_TITLE)


@router.post(_ONE + "/edit")
def save(request: Request, db: Db, now: Now, scope: Office, achievement_id: UUID, fields: Fields) -> Response:
    """Save what was typed, whichever button was pressed, and go on as that button says."""
    typed = {name: value for name, value in fields.items() if isinstance(value, str)}
    do = typed.get("do", "save")
    definition, place = form.act(form.read(typed), do)
    try:
        draft = service.save_draft(db, scope, achievement_id, definition, seen=_moment(typed.get("seen", "")), now=now)
    except Conflict as error:
        db.rollback()
        present = _draft(db, scope, achievement_id)
        if present is None:
            raise
        sentence = (
            f"{gettext(error.problem.title)} {gettext('Your words are below; saving them now replaces the others.')}"
        )
        return _form_page(request, scope, present, definition, {"": sentence}, status=409)
    try:
        draft = _change_picture(db, scope, draft, fields, now)
    except IntaglioError as error:
        db.rollback()
        sentence = f"{gettext(error.problem.title)} {gettext(error.problem.advice)}"
        return _form_page(request, scope, draft, definition, {"picture": sentence}, status=422)
    return RedirectResponse(_next(f"{base_of(scope)}/{achievement_id}", do, place), status_code=303)


@router.get(_ONE + "/publish")
def ask_to_publish(request: Request, db: Db, scope: Office, achievement_id: UUID) -> Response:
    """Show what would be published, and ask once more; or lead back to what is still missing."""
    here = f"{base_of(scope)}/{achievement_id}"
    draft = _draft(db, scope, achievement_id)
    if draft is None:
        return RedirectResponse(here, status_code=303)
    definition = Definition.from_json(draft.definition)
    if rules.findings(definition):
        return RedirectResponse(f"{here}/edit?check=1", status_code=303)
    shown = Shown.of(definition, image_url=staff_image_of(scope, draft), owner=scope.organization.name)
    return render(request, "achievements/publish.html", here=here, draft=draft, shown=shown)


@router.post(_ONE + "/publish")
def publish(db: Db, now: Now, scope: Office, achievement_id: UUID, seen: Annotated[str, Form()] = "") -> Response:
    """Publish the draft."""
    service.publish(db, scope, achievement_id, seen=_moment(seen), now=now)
    return RedirectResponse(f"{base_of(scope)}/{achievement_id}?said=published", status_code=303)


@router.get(_ONE + "/discard")
def ask_to_discard(request: Request, db: Db, scope: Office, achievement_id: UUID) -> Response:
    """Ask once more before a draft is thrown away."""
    achievement = library.find_own(db, scope, achievement_id)
    return render(
        request,
        "achievements/ask.html",
        back=f"{base_of(scope)}/{achievement.id}",
        title=gettext("Throw away the draft of “%(name)s”?") % {"name": achievement.name},
        text=gettext("What was published before stays as it is."),
        yes=gettext("Throw it away"),
    )


@router.post(_ONE + "/discard")
def discard(db: Db, now: Now, scope: Office, achievement_id: UUID) -> Response:
    """Throw the draft away."""
    is_left = service.discard_draft(db, scope, achievement_id, now=now)
    place = f"/{achievement_id}" if is_left else ""
    return RedirectResponse(f"{base_of(scope)}{place}?said=discarded", status_code=303)


def _draft(db: Db, scope: Scope, achievement_id: UUID) -> AchievementVersion | None:
    return library.draft_of(db, library.find_own(db, scope, achievement_id).id)


def _change_picture(
    db: Db, scope: Scope, draft: AchievementVersion, fields: FormData, now: datetime
) -> AchievementVersion:
    upload = fields.get("picture")
    if isinstance(upload, UploadFile) and upload.filename:
        data = upload.file.read(images.MAX_UPLOAD_BYTES + 1)
        image = images.prepare(data, square=bool(fields.get("square")))
        return service.set_image(db, scope, draft.achievement_id, image, now=now)
    if fields.get("remove_picture"):
        return service.set_image(db, scope, draft.achievement_id, None, now=now)
    return draft


def _next(here: str, do: str, place: str) -> str:
    if do == "publish":
        return f"{here}/publish"
    return f"{here}/edit#field-{place}" if place else f"{here}/edit?said=saved"


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _errors(definition: Definition) -> dict[str, str]:
    errors: dict[str, str] = {}
    for finding in rules.findings(definition):
        errors.setdefault(finding.field, finding.text)
    return errors


def _form_page(
    request: Request,
    scope: Scope,
    draft: AchievementVersion,
    definition: Definition,
    errors: dict[str, str],
    *,
    title: str = "",
    status: int = 200,
) -> Response:
    amount, unit = form.period_of(definition)
    return render(
        request,
        "achievements/edit.html",
        status=status,
        here=f"{base_of(scope)}/{draft.achievement_id}",
        draft=draft,
        form=definition,
        errors=errors,
        errors_title=gettext(title) if title else "",
        image_url=staff_image_of(scope, draft),
        amount=amount,
        unit=unit,
        rubric=RUBRIC,
        limits=rules,
        achievement_types=_options(ACHIEVEMENT_TYPES, definition.achievement_type),
        alignment_types=_options(ALIGNMENT_TYPES),
        value_types=_options(VALUE_TYPES),
        score_types=_options(SCORE_TYPES),
        languages=_options(LANGUAGES, definition.language),
        flash=said(request, _SAID),
    )


def _options(words: Mapping[str, str], present: str = "") -> list[tuple[str, str]]:
    """Return what a select offers; a term that the school took from elsewhere stays in it."""
    options = [(term, gettext(word)) for term, word in words.items()]
    return options if not present or present in words else [*options, (present, present)]
