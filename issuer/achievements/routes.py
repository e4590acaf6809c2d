"""How achievements are reached."""

from fastapi import APIRouter

from intaglio.server.features import Feature
from issuer.achievements import draft_routes, public_routes, staff_routes

router = APIRouter()
for part in (staff_routes.router, draft_routes.router, public_routes.router):
    router.include_router(part)

FEATURE = Feature.of("issuer.achievements", router)
