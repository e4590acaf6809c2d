"""A service, put together: `create` is what each service's ``create_app`` calls. Nothing is made when modules are imported."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI

from intaglio.server import answers, languages
from intaglio.server.access import PUBLIC
from intaglio.server.assets import Static
from intaglio.server.clock import Clock, system_clock
from intaglio.server.database import Database
from intaglio.server.features import Service
from intaglio.server.health import health_router
from intaglio.server.jobs import Jobs
from intaglio.server.logs import configure_logs
from intaglio.server.metrics import Metrics
from intaglio.server.middleware import Surroundings
from intaglio.server.migrate import check_current
from intaglio.server.pages import Pages
from intaglio.server.storage import open_database

_OWN_LANGUAGES = Path(languages.__file__).parent


def create(service: Service, *, clock: Clock = system_clock, body_limits: dict[str, int] | None = None) -> FastAPI:
    """Return the application of a service.

    Its database is opened when the application starts, and refused there if it is of another version. `body_limits` maps the
    beginnings of paths to the bytes that a request there may carry.
    """
    settings = service.settings
    configure_logs(settings.log_format)
    folders = (service.folder, *(feature.folder for feature in service.features))
    languages.load((_OWN_LANGUAGES, _OWN_LANGUAGES / "problems", *(folder / "languages" for folder in folders)))
    jobs = Jobs(settings.worker_silence)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with open_database(settings) as url:
            check_current(url, service.name)
            app.state.database = Database(url)
            worker = asyncio.create_task(jobs.run_worker(app)) if settings.with_worker else None
            try:
                yield
            finally:
                await _end(worker)
                app.state.database.close()

    app = FastAPI(title=service.title, lifespan=lifespan, docs_url=None, redoc_url=None)
    static, metrics = Static(service.folder / "static"), Metrics(service.name)
    app.state.settings, app.state.clock, app.state.jobs = settings, clock, jobs
    app.state.service, app.state.pages = service, Pages(service, static)
    answers.install(app)
    app.include_router(static.router(), dependencies=[PUBLIC])
    app.include_router(health_router(metrics), dependencies=[PUBLIC])
    for feature in service.features:
        if feature.setup is not None:
            feature.setup(app)
        app.include_router(feature.router, tags=[feature.name])
    app.add_middleware(Surroundings, settings=settings, observe=metrics.observe, body_limits=body_limits or {})
    return app


async def _end(worker: "asyncio.Task[None] | None") -> None:
    if worker is not None:
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker
