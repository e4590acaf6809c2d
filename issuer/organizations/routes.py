"""How organizations are reached."""

from fastapi import APIRouter

from intaglio.server.features import Feature
from issuer.organizations import key_routes, machine_routes, people_routes, profile_routes, public_routes

router = APIRouter()
for part in (profile_routes, key_routes, people_routes, machine_routes):
    router.include_router(part.router)
router.include_router(public_routes.pages)
router.include_router(public_routes.doors)

FEATURE = Feature.of("issuer.organizations", router)
