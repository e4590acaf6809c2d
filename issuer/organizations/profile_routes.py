"""An organization's own pages: the overview, its profile, and the organizations below it."""

from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from intaglio.errors import IntaglioError
from intaglio.server.access import page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.errors import Conflict
from intaglio.server.languages import _, mark
from intaglio.server.pages import render, said
from issuer.access import Administrator, AnyRole, AnyStaff
from issuer.organizations import identity, profiles
from issuer.organizations.models import Kind
from issuer.organizations.pictures import set_picture
from issuer.organizations.profiles import ProfileForm

router = page_router()
_SAID = {"saved": mark("Saved."), "added": mark("The organization was added, with a key of its own.")}


@router.get("/")
def home(request: Request, db: Db, actor: AnyStaff) -> Response:
    """Show where somebody works; who works in one place only goes straight there."""
    own = profiles.own_organizations(db, actor)
    if len(own) == 1:
        return RedirectResponse(f"/o/{own[0][0].id}", status_code=303)
    return render(request, "organizations/home.html", own=own)


@router.get("/o/{organization_id}")
def overview(request: Request, db: Db, scope: AnyRole) -> Response:
    """Show the first page of an organization."""
    return render(
        request,
        "organizations/overview.html",
        scope=scope,
        organization=scope.organization,
        children=profiles.children(db, scope.organization.id),
        kinds=profiles.kinds_below(scope.organization),
        public_path=identity.public_path(scope.organization),
        flash=said(request, _SAID),
    )


@router.get("/o/{organization_id}/profile")
def profile(request: Request, scope: Administrator) -> Response:
    """Show the form of the profile."""
    organization = scope.organization
    form = ProfileForm(
        name=organization.name,
        url=organization.url or "",
        email=organization.email or "",
        seals_tokens=organization.seals_tokens,
        asks_parents=organization.asks_parents,
    )
    return _profile_page(request, scope, form, {})


@router.post("/o/{organization_id}/profile")
def save_profile(
    request: Request,
    db: Db,
    now: Now,
    scope: Administrator,
    name: Annotated[str, Form()] = "",
    url: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    seals_tokens: Annotated[str, Form()] = "",
    asks_parents: Annotated[str, Form()] = "",
    picture: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Change the profile."""
    form = ProfileForm(
        name,
        url.strip(),
        email.strip(),
        seals_tokens=bool(seals_tokens),
        asks_parents=bool(asks_parents),
    )
    errors = form.findings()
    if picture is not None and picture.filename:
        try:
            set_picture(scope.organization, picture.file.read())
        except IntaglioError as error:
            errors["picture"] = f"{_(error.problem.title)} {error.problem.detail} {_(error.problem.advice)}"
    if errors:
        db.expire(scope.organization)
        return _profile_page(request, scope, form, errors, status=422)
    profiles.change_profile(
        db, request.app.state.settings, scope.organization, form, staff_id=scope.actor.staff_id, now=now
    )
    return RedirectResponse(f"/o/{scope.organization.id}?said=saved", status_code=303)


@router.get("/o/{organization_id}/add")
def add_form(request: Request, scope: Administrator) -> Response:
    """Show the form for an organization below this one."""
    return _add_page(request, scope, ProfileForm(""), {})


@router.post("/o/{organization_id}/add")
def add(
    request: Request,
    db: Db,
    now: Now,
    scope: Administrator,
    name: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "",
    url: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    is_test: Annotated[str, Form()] = "",
) -> Response:
    """Add an organization below this one."""
    form = ProfileForm(name, url.strip(), email.strip(), is_test=bool(is_test) or scope.organization.is_test)
    errors = form.findings()
    allowed = profiles.kinds_below(scope.organization)
    if not allowed:
        raise Conflict("nothing-below", f"{scope.organization.name} is a school.")
    if kind not in allowed:
        errors["kind"] = _("Choose what it is.")
    if errors:
        return _add_page(request, scope, form, errors, status=422)
    made = profiles.create_organization(
        db,
        request.app.state.settings,
        form,
        kind=Kind(kind),
        parent=scope.organization,
        staff_id=scope.actor.staff_id,
        now=now,
    )
    db.commit()
    return RedirectResponse(f"/o/{made.id}?said=added", status_code=303)


def _profile_page(
    request: Request, scope: Administrator, form: ProfileForm, errors: dict[str, str], *, status: int = 200
) -> Response:
    errors = {name: _(sentence) for name, sentence in errors.items()}
    return render(
        request, "organizations/profile.html", status=status, organization=scope.organization, form=form, errors=errors
    )


def _add_page(
    request: Request, scope: Administrator, form: ProfileForm, errors: dict[str, str], *, status: int = 200
) -> Response:
    return render(
        request,
        "organizations/add.html",
        status=status,
        organization=scope.organization,
        kinds=profiles.kinds_below(scope.organization),
        form=form,
        errors={name: _(sentence) for name, sentence in errors.items()},
    )
