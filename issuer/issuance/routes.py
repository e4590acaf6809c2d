"""How awards are reached: pages for staff, status lists for everybody."""

from fastapi import APIRouter, FastAPI

from intaglio.server.features import Feature
from issuer.issuance import award_routes, jobs, public_routes, staff_routes
from issuer.issuance.sealer import Sealer

router = APIRouter()
router.include_router(award_routes.router)
router.include_router(staff_routes.router)
router.include_router(public_routes.router)


def _setup(app: FastAPI) -> None:
    app.state.sealer = Sealer(app.state.settings)
    jobs.register(app.state.jobs)


FEATURE = Feature.of("issuer.issuance", router, setup=_setup)
