"""What everybody may see of an organization: its page, its picture, its DID document."""

from typing import Annotated

from fastapi import Header, Request
from starlette.responses import JSONResponse, Response

from intaglio.server.access import PUBLIC, door_router, page_router
from intaglio.server.caching import cached
from intaglio.server.database import Db
from intaglio.server.errors import NotFound
from intaglio.server.pages import render
from issuer.organizations import identity, profiles

pages = page_router()
doors = door_router()
_MINUTES = 300  # verifiers may keep a DID document for so many seconds: a key that was given up counts soon after


@pages.get("/organizations/{slug}", dependencies=[PUBLIC])
@pages.get("/trials/{slug}", dependencies=[PUBLIC])
def public_page(request: Request, db: Db, slug: str) -> Response:
    """Show an organization to whoever follows the issuer's address in a badge."""
    organization = profiles.at_path(db, request.url.path, slug)
    did = identity.did_of(request.app.state.settings, organization)
    keys = identity.keys_of(db, organization.id)
    return render(
        request,
        "organizations/public.html",
        organization=organization,
        public_path=identity.public_path(organization),
        did=did,
        keys=keys,
    )


@doors.get("/organizations/{slug}/did.json", dependencies=[PUBLIC])
@doors.get("/trials/{slug}/did.json", dependencies=[PUBLIC])
def did_document(request: Request, db: Db, slug: str, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return the DID document of an organization (did:web)."""
    organization = profiles.at_path(db, request.url.path, slug)
    document = identity.did_document(request.app.state.settings, organization, identity.keys_of(db, organization.id))
    answer = JSONResponse(document, media_type="application/did+json", headers={"access-control-allow-origin": "*"})
    return cached(answer, if_none_match, seconds=_MINUTES)


@doors.get("/organizations/{slug}/image", dependencies=[PUBLIC])
@doors.get("/trials/{slug}/image", dependencies=[PUBLIC])
def image(request: Request, db: Db, slug: str, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return the picture of an organization."""
    organization = profiles.at_path(db, request.url.path, slug)
    if organization.image is None:
        raise NotFound("no-such-page", "This organization has no picture.")
    # A drawing may style itself; opened by itself, it can do nothing else.
    headers = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    answer = Response(organization.image, media_type=organization.image_type, headers=headers)
    return cached(answer, if_none_match, seconds=_MINUTES)
