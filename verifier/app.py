"""The verifier, put together."""

from pathlib import Path

from fastapi import FastAPI

from intaglio.server.app import create
from intaglio.server.clock import Clock, system_clock
from intaglio.server.features import Service
from intaglio.server.languages import mark
from verifier.checking.desk import MAX_ITEM_BYTES, CheckingDesk
from verifier.checking.routes import FEATURE as CHECKING
from verifier.doors.routes import FEATURE as DOORS
from verifier.results.routes import FEATURE as RESULTS
from verifier.settings import VerifierSettings
from verifier.tables import Table
from verifier.trust.registry import RegistryFile

_BODY_LIMITS = {"/check": 3 * MAX_ITEM_BYTES}
_BODY_LIMITS |= dict.fromkeys(("/credentials/verify", "/presentations/verify", "/reports"), MAX_ITEM_BYTES)


def create_app(settings: VerifierSettings | None = None, *, clock: Clock = system_clock) -> FastAPI:
    """Return the verifier. Without settings they are read from the environment."""
    settings = settings or VerifierSettings()
    service = Service(
        name="verifier",
        title=mark("Check a badge"),
        folder=Path(__file__).parent,
        settings=settings,
        metadata=Table.metadata,
        features=(CHECKING, RESULTS, DOORS),
    )
    app = create(service, clock=clock, body_limits=_BODY_LIMITS)
    app.state.registry = RegistryFile(settings.registry_file)
    app.state.desk = CheckingDesk(settings, app.state.registry)
    return app
