"""The keys that an organization seals with."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from intaglio.multikey import Algorithm
from intaglio.server.access import page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.languages import _, mark
from intaglio.server.pages import render, said
from issuer.access import Administrator
from issuer.organizations import identity, keys
from issuer.organizations.models import KeyState

router = page_router("/o/{organization_id}/keys")
_SAID = {
    "renewed": mark("There is a new key. What the old one sealed stays good."),
    "revoked": mark("The key was given up. Seal again what it sealed, so that readers can confirm it."),
}


@router.get("")
def list_keys(request: Request, db: Db, scope: Administrator) -> Response:
    """Show all keys, the newest first."""
    organization = scope.organization
    return render(
        request,
        "organizations/keys.html",
        organization=organization,
        keys=list(reversed(identity.keys_of(db, organization.id))),
        did=identity.did_of(request.app.state.settings, organization),
        public_path=identity.public_path(organization),
        flash=said(request, _SAID),
    )


@router.post("/renew")
def renew(
    request: Request, db: Db, now: Now, scope: Administrator, algorithm: Annotated[str, Form()] = "ed25519"
) -> Response:
    """Begin with a new key."""
    organization, settings = scope.organization, request.app.state.settings
    kind = Algorithm.RSA if algorithm == Algorithm.RSA.value else Algorithm.ED25519
    keys.rotate(db, settings, organization, kind, staff_id=scope.actor.staff_id, now=now)
    return RedirectResponse(f"/o/{organization.id}/keys?said=renewed", status_code=303)


@router.get("/{key_id}/revoke")
def ask_revoke(request: Request, db: Db, scope: Administrator, key_id: UUID) -> Response:
    """Ask once more before a key is given up."""
    return _revoke_page(request, db, scope, key_id, "")


@router.post("/{key_id}/revoke")
def revoke(
    request: Request, db: Db, now: Now, scope: Administrator, key_id: UUID, confirmed: Annotated[str, Form()] = ""
) -> Response:
    """Give up a key, once its name was typed."""
    organization = scope.organization
    key = keys.find(db, organization, key_id)
    if confirmed.strip() != key.fragment:
        return _revoke_page(request, db, scope, key_id, _("Type the name of the key to confirm."), status=422)
    keys.revoke(db, request.app.state.settings, organization, key_id, staff_id=scope.actor.staff_id, now=now)
    return RedirectResponse(f"/o/{organization.id}/keys?said=revoked", status_code=303)


def _revoke_page(
    request: Request, db: Db, scope: Administrator, key_id: UUID, error: str, *, status: int = 200
) -> Response:
    key = keys.find(db, scope.organization, key_id)
    errors = {"confirmed": error} if error else {}
    return render(
        request,
        "organizations/revoke_key.html",
        status=status,
        organization=scope.organization,
        key=key,
        errors=errors,
        is_active=key.state == KeyState.ACTIVE,
    )
