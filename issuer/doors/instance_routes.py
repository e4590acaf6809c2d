"""The page where administrators open and close doors for machines."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from intaglio.server.access import page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.languages import gettext as _
from intaglio.server.languages import mark
from intaglio.server.pages import render, said
from issuer.access import Administrator
from issuer.doors import instances
from issuer.doors.forms import FORMS
from issuer.doors.instances import InstanceForm
from issuer.doors.models import Instance

router = page_router("/o/{organization_id}/instances")
_SAID = {
    "opened": mark("The door is open."),
    "closed": mark("The door is closed. What was sealed there stays good."),
}
mark("Choose one of these.")


@router.get("")
def list_instances(request: Request, db: Db, scope: Administrator) -> Response:
    """Show the doors of an organization."""
    return _page(request, db, scope, InstanceForm())


@router.post("")
def add_instance(
    request: Request,
    db: Db,
    now: Now,
    scope: Administrator,
    form: Annotated[str, Form()] = "eddsa-rdfc-2022",
    identifier: Annotated[str, Form()] = "organization",
    purpose: Annotated[str, Form()] = "",
) -> Response:
    """Open a door."""
    wanted, settings = InstanceForm(form, identifier, purpose), request.app.state.settings
    if wanted.findings():
        return _page(request, db, scope, wanted, status=422)
    instances.open_instance(db, settings, scope.organization, wanted, staff_id=scope.actor.staff_id, now=now)
    return RedirectResponse(f"/o/{scope.organization.id}/instances?said=opened", status_code=303)


@router.post("/{instance_id}/close")
def close_instance(db: Db, now: Now, scope: Administrator, instance_id: UUID) -> Response:
    """Close a door."""
    instances.close_instance(db, scope.organization, instance_id, staff_id=scope.actor.staff_id, now=now)
    return RedirectResponse(f"/o/{scope.organization.id}/instances?said=closed", status_code=303)


def _page(request: Request, db: Db, scope: Administrator, form: InstanceForm, *, status: int = 200) -> Response:
    settings, organization = request.app.state.settings, scope.organization

    def row(instance: Instance) -> dict[str, Any]:
        return {
            "id": instance.id,
            "address": instances.address_of(settings, instance),
            "form": FORMS[instance.form].title if instance.form else None,
            "issuer": instances.issuer_of(db, settings, organization, instance),
            "purpose": instance.purpose,
            "closed_at": instance.closed_at,
        }

    rows = [row(instance) for instance in instances.instances_of(db, organization)]
    return render(
        request,
        "doors/instances.html",
        status=status,
        organization=organization,
        rows=rows,
        identifiers=[(one["address"], one["issuer"]) for one in rows],
        forms=[(name, known.title) for name, known in FORMS.items()],
        form=form,
        errors={name: _(sentence) for name, sentence in form.findings().items()} if status != 200 else {},
        awards_address=f"{settings.origin}/o/{organization.id}/api/awards",
        flash=said(request, _SAID),
    )
