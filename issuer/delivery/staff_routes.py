"""What staff do so that badges reach their learners: new links, the codes of a class on paper, letters to families."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from intaglio.server.access import page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.errors import Conflict
from intaglio.server.languages import mark
from intaglio.server.markdown import to_html
from intaglio.server.pages import render
from issuer.access import AnyRole
from issuer.delivery import service, showing
from issuer.issuance.browsing import award_for
from issuer.issuance.models import AwardState, AwardStatus
from issuer.issuance.showing import shown
from issuer.organizations.audit import note
from issuer.roster.reach import class_for, learners_of_class

router = page_router()
_BASE = "/o/{organization_id}/awards"


@router.post(f"{_BASE}/{{award_id}}/new-link")
def new_link(
    request: Request,
    db: Db,
    now: Now,
    scope: AnyRole,
    award_id: UUID,
    by_mail: Annotated[str, Form()] = "",
    everything: Annotated[str, Form()] = "",
) -> Response:
    """Make a new link for an award, or for everything that its learner has not collected; the ones before end."""
    state, award = request.app.state, award_for(db, scope, award_id, now)
    awards = service.uncollected(db, scope.organization.id, award.learner_id) if everything else [award]
    claim = service.replace(db, state.settings, state.jobs, awards, by_mail=bool(by_mail), now=now)
    note(
        db,
        action="claim.replaced",
        subject=claim.id,
        organization_id=scope.organization.id,
        staff_id=scope.actor.staff_id,
        now=now,
        awards=len(awards),
    )
    db.commit()
    done = "mailed" if by_mail else "link"
    return RedirectResponse(f"/o/{scope.organization.id}/awards/{award_id}?said={done}", status_code=303)


@router.get(f"{_BASE}/{{award_id}}/letter")
def letter(request: Request, db: Db, now: Now, scope: AnyRole, award_id: UUID) -> Response:
    """Show a letter about one award, to be printed for the family of a child whose badge the school keeps."""
    found = shown(db, request.app.state.settings, scope, award_id, now=now)
    if found.award.status == AwardStatus.REVOKED:
        raise Conflict("claim-withdrawn", mark("There is no letter about it."))
    if found.award.state != AwardState.SEALED:
        raise Conflict("claim-nothing", mark("This badge is not issued yet."))
    return render(
        request,
        "delivery/letter.html",
        scope=scope,
        shown=found,
        criteria=to_html(found.definition.criteria),
        now=now,
    )


@router.get(f"{_BASE}/codes/{{class_id}}")
def codes(request: Request, db: Db, now: Now, scope: AnyRole, class_id: UUID) -> Response:
    """Show the codes of a class, to be printed and cut: the one thing that never travels with the link."""
    school_class = class_for(db, scope, class_id, now)
    learners = learners_of_class(db, scope, class_id, now)
    settings = request.app.state.settings
    return render(
        request,
        "delivery/codes.html",
        scope=scope,
        school_class=school_class,
        rows=showing.codes_of(db, settings, scope.organization.id, learners, now=now),
    )
