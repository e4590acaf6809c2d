"""How delivery is reached: the claim page for everybody who has a link, and pages for staff."""

from fastapi import APIRouter, FastAPI

from intaglio.server.features import Feature
from issuer.delivery import jobs, public_routes, staff_routes

router = APIRouter()
router.include_router(public_routes.router)
router.include_router(staff_routes.router)


def _setup(app: FastAPI) -> None:
    jobs.register(app.state.jobs)


FEATURE = Feature.of("issuer.delivery", router, setup=_setup)
