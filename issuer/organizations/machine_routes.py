"""Keys for machines."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from intaglio.server.access import page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.languages import _, mark
from intaglio.server.pages import render, said
from intaglio.server.texts import clean_line
from issuer.access import Administrator
from issuer.organizations import machines

router = page_router("/o/{organization_id}/machines")
_SAID = {"revoked": mark("The key no longer works.")}


@router.get("")
def list_machines(request: Request, db: Db, scope: Administrator) -> Response:
    """Show the keys of machines."""
    return _page(request, db, scope)


@router.post("")
def add_machine(
    request: Request, db: Db, now: Now, scope: Administrator, name: Annotated[str, Form()] = ""
) -> Response:
    """Make a key and show it, this once."""
    if not clean_line(name):
        return _page(request, db, scope, errors={"name": _("Say which machine this key is for.")}, status=422)
    token = machines.create(db, scope.organization, name, staff_id=scope.actor.staff_id, now=now)
    return _page(request, db, scope, token=token)


@router.post("/{key_id}/revoke")
def revoke_machine(db: Db, now: Now, scope: Administrator, key_id: UUID) -> Response:
    """Give up a key."""
    machines.revoke(db, scope.organization, key_id, staff_id=scope.actor.staff_id, now=now)
    return RedirectResponse(f"/o/{scope.organization.id}/machines?said=revoked", status_code=303)


def _page(
    request: Request,
    db: Db,
    scope: Administrator,
    *,
    token: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "organizations/machines.html",
        status=status,
        organization=scope.organization,
        keys=machines.keys_of(db, scope.organization),
        token=token,
        errors=errors or {},
        flash=said(request, _SAID),
    )
