"""Who works in an organization."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from intaglio.server.access import page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.languages import _, mark
from intaglio.server.pages import render, said
from intaglio.server.signing_in.invitations import invite
from intaglio.server.texts import clean_line
from issuer.access import Administrator
from issuer.organizations import first_links, staffing
from issuer.organizations.models import Role

router = page_router("/o/{organization_id}/people")
_SAID = {"ended": mark("The role has ended."), "added": mark("Added. The person signs in as before.")}


@router.get("")
def list_people(request: Request, db: Db, scope: Administrator) -> Response:
    """Show who works here."""
    return _page(request, db, scope, {})


@router.post("")
def add_person(
    request: Request,
    db: Db,
    now: Now,
    scope: Administrator,
    name: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
) -> Response:
    """Give somebody a role; whoever is new gets a link to sign in for the first time, shown this once."""
    name, email, errors = clean_line(name), clean_line(email), {}
    if not name:
        errors["name"] = _("Enter the name.")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        errors["email"] = _("Enter an e-mail address such as office@school.org.")
    if role not in tuple(Role):
        errors["role"] = _("Choose what the person does here.")
    if errors:
        return _page(request, db, scope, errors, entered={"name": name, "email": email, "role": role}, status=422)
    by = scope.actor.staff_id
    staff, is_new = staffing.take_in(db, scope.organization, Role(role), email=email, name=name, by=by, now=now)
    link = _link(request, invite(db, staff.id, now=now)) if is_new else ""
    db.commit()
    if not link:
        return RedirectResponse(f"/o/{scope.organization.id}/people?said=added", status_code=303)
    return _page(request, db, scope, {}, link=link, invited=staff.name)


@router.post("/{membership_id}/link")
def make_first_link(request: Request, db: Db, now: Now, scope: Administrator, membership_id: UUID) -> Response:
    """Make a link for the first sign-in of somebody who has no way to sign in, and show it this once."""
    staff, token = first_links.first_link(db, scope, membership_id, now=now)
    return _page(request, db, scope, {}, link=_link(request, token), invited=staff.name)


@router.post("/{membership_id}/end")
def end_role(db: Db, now: Now, scope: Administrator, membership_id: UUID) -> Response:
    """End a role."""
    staffing.end_role(db, scope.organization, membership_id, by=scope.actor.staff_id, now=now)
    return RedirectResponse(f"/o/{scope.organization.id}/people?said=ended", status_code=303)


def _link(request: Request, token: str) -> str:
    return f"{request.app.state.settings.origin}/welcome/{token}"


def _page(
    request: Request,
    db: Db,
    scope: Administrator,
    errors: dict[str, str],
    *,
    entered: dict[str, str] | None = None,
    link: str = "",
    invited: str = "",
    status: int = 200,
) -> Response:
    members = staffing.members(db, scope.organization)
    return render(
        request,
        "organizations/people.html",
        status=status,
        organization=scope.organization,
        members=members,
        linkable=first_links.linkable(db, scope, [staff for _membership, staff in members]),
        roles=tuple(Role),
        errors=errors,
        entered=entered or {},
        link=link,
        invited=invited,
        flash=said(request, _SAID),
    )
