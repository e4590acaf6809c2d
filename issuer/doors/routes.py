"""How the machines' doors are reached: by machines, and by the administrators who open them."""

from fastapi import APIRouter, FastAPI

from intaglio.server.features import Feature
from issuer.doors import instance_routes, machine_routes
from issuer.doors.issuing import InstanceDesk

router = APIRouter()
router.include_router(instance_routes.router)
router.include_router(machine_routes.router)


def _setup(app: FastAPI) -> None:
    app.state.instance_desk = InstanceDesk(app.state.settings)


FEATURE = Feature.of("issuer.doors", router, setup=_setup)
