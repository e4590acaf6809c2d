"""Achievements for staff: the list, one of them, and what the office does with it as a whole."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from intaglio.server.access import page_router
from intaglio.server.caching import cached
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.languages import _, gettext, mark
from intaglio.server.listing import Listing
from intaglio.server.pages import render, said
from intaglio.server.texts import clean_line
from issuer.access import AnyRole, Office, Scope
from issuer.achievements import library, publication, service, starter
from issuer.achievements.definition import Definition
from issuer.achievements.findings import LONGEST_NAME
from issuer.achievements.models import Achievement, AchievementState, AchievementVersion
from issuer.achievements.public_routes import picture
from issuer.achievements.showing import STATES, Shown

router = page_router()
_BASE = "/o/{organization_id}/achievements"
_SAID = {
    "starter": mark("The starter set is here, as drafts. Change what does not fit, then publish."),
    "published": mark("It is published. From now on it can be awarded."),
    "discarded": mark("The draft is gone."),
    "retired": mark("It is not awarded any more."),
    "restored": mark("It can be awarded again."),
    "copied": mark("This is your own copy. Change what does not fit, then publish."),
}


@router.get(_BASE)
def show_list(request: Request, db: Db, scope: AnyRole) -> Response:
    """List the achievements that somebody sees."""
    asked = Listing.read(request.query_params, sortable=library.SORTABLE, filters=library.FILTERS)
    rows, listing = library.listed(db, scope, asked)
    return render(
        request,
        "achievements/list.html",
        scope=scope,
        base=base_of(scope),
        rows=rows,
        listing=listing,
        states=STATES,
        flash=said(request, _SAID),
    )


@router.post(_BASE + "/starter")
def load_starter(db: Db, now: Now, scope: Office) -> Response:
    """Make drafts of the starter set."""
    starter.load(db, scope, now=now)
    return RedirectResponse(f"{base_of(scope)}?said=starter", status_code=303)


@router.get(_BASE + "/new")
def new(request: Request, scope: Office) -> Response:
    """Ask for the name of a new achievement."""
    return render(request, "achievements/new.html", base=base_of(scope), name="", errors={})


@router.post(_BASE + "/new")
def create(
    request: Request,
    db: Db,
    now: Now,
    scope: Office,
    name: Annotated[str, Form()] = "",
    rubric: Annotated[str, Form()] = "",
) -> Response:
    """Make an achievement, and go on with its draft."""
    name = clean_line(name)
    if not 0 < len(name) <= LONGEST_NAME:
        errors = {"name": _("Give it a name of up to %(limit)s letters.") % {"limit": LONGEST_NAME}}
        return render(request, "achievements/new.html", status=422, base=base_of(scope), name=name, errors=errors)
    results = (starter.empty_rubric(),) if rubric else ()
    achievement = service.create(db, scope, Definition(name=name, results=results), now=now)
    return RedirectResponse(f"{base_of(scope)}/{achievement.id}/edit", status_code=303)


@router.get(_BASE + "/{achievement_id}")
def show(request: Request, db: Db, scope: AnyRole, achievement_id: UUID) -> Response:
    """Show an achievement as learners see it, and its versions."""
    achievement = library.find(db, scope, achievement_id)
    versions = library.versions_of(db, scope, achievement)
    published = [version for version in versions if version.published_at is not None]
    return _page(request, db, scope, achievement, versions, (published or versions)[0])


@router.get(_BASE + "/{achievement_id}/versions/{version_id}")
def show_version(request: Request, db: Db, scope: AnyRole, achievement_id: UUID, version_id: UUID) -> Response:
    """Show one version of an achievement."""
    version = library.find_version(db, scope, achievement_id, version_id)
    achievement = library.find(db, scope, achievement_id)
    return _page(request, db, scope, achievement, library.versions_of(db, scope, achievement), version)


@router.get(_BASE + "/{achievement_id}/versions/{version_id}/image")
def show_image(db: Db, scope: AnyRole, achievement_id: UUID, version_id: UUID) -> Response:
    """Return the picture of a version, also of a draft."""
    answer = cached(
        picture(library.image_of(db, library.find_version(db, scope, achievement_id, version_id))), "", seconds=0
    )
    answer.headers["cache-control"] = "private, no-cache"
    return answer


@router.post(_BASE + "/{achievement_id}/copy")
def copy(db: Db, now: Now, scope: Office, achievement_id: UUID, version_id: Annotated[UUID, Form()]) -> Response:
    """Make an own achievement of a version that is seen here."""
    version = library.find_version(db, scope, achievement_id, version_id)
    made = service.copy(db, scope, version, now=now)
    return RedirectResponse(f"{base_of(scope)}/{made.id}/edit?said=copied", status_code=303)


@router.get(_BASE + "/{achievement_id}/retire")
def ask_to_retire(request: Request, db: Db, scope: Office, achievement_id: UUID) -> Response:
    """Ask once more before an achievement is retired."""
    achievement = library.find_own(db, scope, achievement_id)
    return render(
        request,
        "achievements/ask.html",
        back=f"{base_of(scope)}/{achievement.id}",
        title=gettext("Stop awarding “%(name)s”?") % {"name": achievement.name},
        text=gettext("Badges that were awarded stay good. You can begin again at any time."),
        yes=gettext("Stop awarding it"),
    )


@router.post(_BASE + "/{achievement_id}/retire")
def retire(db: Db, now: Now, scope: Office, achievement_id: UUID) -> Response:
    """Let an achievement not be awarded any more."""
    service.retire(db, scope, achievement_id, now=now)
    return RedirectResponse(f"{base_of(scope)}/{achievement_id}?said=retired", status_code=303)


@router.post(_BASE + "/{achievement_id}/restore")
def restore(db: Db, now: Now, scope: Office, achievement_id: UUID) -> Response:
    """Let a retired achievement be awarded again."""
    service.restore(db, scope, achievement_id, now=now)
    return RedirectResponse(f"{base_of(scope)}/{achievement_id}?said=restored", status_code=303)


def base_of(scope: Scope) -> str:
    """Return the address of an organization's list."""
    return f"/o/{scope.organization.id}/achievements"


def staff_image_of(scope: Scope, version: AchievementVersion) -> str:
    """Return the address of a version's picture for staff; it changes with the picture."""
    if version.image_digest is None:
        return ""
    return f"{base_of(scope)}/{version.achievement_id}/versions/{version.id}/image?{version.image_digest[:12]}"


def _page(
    request: Request,
    db: Db,
    scope: Scope,
    achievement: Achievement,
    versions: Sequence[AchievementVersion],
    version: AchievementVersion,
) -> Response:
    owner = library.owner_of(db, achievement)
    return render(
        request,
        "achievements/show.html",
        scope=scope,
        base=base_of(scope),
        achievement=achievement,
        owner=owner,
        is_own=owner.id == scope.organization.id,
        versions=versions,
        version=version,
        shown=Shown.of(
            Definition.from_json(version.definition), image_url=staff_image_of(scope, version), owner=owner.name
        ),
        state=STATES[achievement.state],
        retired=achievement.state == AchievementState.RETIRED,
        public_address=publication.address_of(request.app.state.settings, version),
        flash=said(request, _SAID),
    )
