"""What everybody may see of an achievement: the page that its badges point to, for people and for machines, and its picture."""

from typing import Annotated
from uuid import UUID

from fastapi import Header, Request
from starlette.responses import JSONResponse, Response

from intaglio.server.access import PUBLIC, door_router
from intaglio.server.answers import wants_page
from intaglio.server.caching import cached
from intaglio.server.database import Db
from intaglio.server.pages import render
from issuer.achievements import library, publication
from issuer.achievements.definition import Definition
from issuer.achievements.models import AchievementImage, AchievementState
from issuer.achievements.showing import Shown
from issuer.organizations.identity import profile_url

router = door_router()
_HOUR = 3600
_MINUTES = 300
# Whoever opens a drawing by its own address has a document, and not an image: nothing in it may run or load.
_DRAWING = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@router.get("/achievements/{version_id}", dependencies=[PUBLIC])
def achievement(request: Request, db: Db, version_id: UUID, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return a published version of an achievement: a page for people, JSON-LD (Open Badges 3.0, Achievement) for machines."""
    version, whole, owner = library.find_published(db, version_id)
    settings = request.app.state.settings
    if not wants_page(request):
        document = publication.document_of(settings, version, owner)
        answer: Response = JSONResponse(
            document, media_type="application/ld+json", headers={"access-control-allow-origin": "*", "vary": "accept"}
        )
        return cached(answer, if_none_match, seconds=_HOUR)
    newest = library.newest_published(db, whole.id)
    answer = render(
        request,
        "achievements/public.html",
        shown=Shown.of(
            Definition.from_json(version.definition),
            image_url=publication.image_address_of(settings, version) or "",
            owner=owner.name,
        ),
        version=version,
        newer=newest if newest is not None and newest.id != version.id else None,
        retired=whole.state == AchievementState.RETIRED,
        address=publication.address_of(settings, version),
        owner_url=profile_url(settings, owner),
    )
    # The frame is in the reader's language, which comes from a cookie or the browser.
    answer.headers["vary"] = "accept, accept-language, cookie"
    return cached(answer, if_none_match, seconds=_MINUTES)


@router.get("/achievements/{version_id}/image", dependencies=[PUBLIC])
def image(db: Db, version_id: UUID, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return the picture of a published version."""
    version, _, _ = library.find_published(db, version_id)
    answer = picture(library.image_of(db, version))
    answer.headers["access-control-allow-origin"] = "*"
    answer.headers["cross-origin-resource-policy"] = "cross-origin"
    return cached(answer, if_none_match, seconds=_HOUR)


def picture(row: AchievementImage) -> Response:
    """Return a stored picture, which can do nothing, wherever it is opened."""
    return Response(row.content, media_type=row.media_type, headers={"content-security-policy": _DRAWING})
