"""Status lists, for every verifier in the world."""

from typing import Annotated, Literal

from fastapi import Header, Path, Request
from starlette.responses import Response

from intaglio.server.access import PUBLIC, door_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from issuer.issuance.publishing import published_list
from issuer.organizations import profiles

router = door_router()


@router.get("/organizations/{slug}/status/{purpose}/{number}", dependencies=[PUBLIC])
@router.get("/trials/{slug}/status/{purpose}/{number}", dependencies=[PUBLIC])
def status_list(
    request: Request,
    db: Db,
    now: Now,
    slug: str,
    purpose: Literal["revocation", "suspension"],
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """Return a status list: a signed ``BitstringStatusListCredential``."""
    organization = profiles.at_path(db, request.url.path, slug)
    found = published_list(db, request.app.state.sealer, organization, purpose, number, now=now)
    headers = {
        "etag": found.etag,
        # Kept by anybody, but asked for again each time: what was withdrawn shows at once, and asking costs a few bytes.
        "cache-control": "public, no-cache",
        "access-control-allow-origin": "*",
    }
    known = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    if found.etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type="application/vc", headers=headers)
