"""The page that a claim link leads to. Whoever has the link sees which badges wait, and not for whom."""

from fastapi import Request
from starlette.responses import Response

from intaglio.server.access import PUBLIC, page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.pages import render
from issuer.delivery import service
from issuer.delivery.links import links_for
from issuer.delivery.writing import badge_names
from issuer.organizations.models import Organization

router = page_router()


@router.get("/claim/{code}", dependencies=[PUBLIC])
def claim_page(request: Request, db: Db, now: Now, code: str) -> Response:
    """Explain what waits, and lead into a wallet."""
    found = service.find(db, request.app.state.settings, code, now=now)
    return render(
        request,
        "delivery/claim.html",
        school=db.get_one(Organization, found.claim.organization_id),
        badges=badge_names(db, found.awards),
        links=links_for(request.app.state.settings, code),
        until=found.claim.expires_at,
    )
