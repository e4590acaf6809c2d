"""A worker: a service that does its jobs and answers no requests."""

import asyncio
import signal
from collections.abc import Callable

from fastapi import FastAPI

from intaglio.server.commands.config import read_settings
from intaglio.server.commands.serve import application, share_log
from intaglio.server.commands.stopping import stopped_by_sigterm
from intaglio.server.migrate import check_current
from intaglio.server.storage import open_database


def work(service: str, *, announce: Callable[[str], None] = lambda _: None) -> int:
    """Do a service's jobs until told to stop, and return the exit status.

    :raises MalformedInput: ``bad-settings``
    :raises Unavailable: ``old-database``, ``no-database``
    """
    settings = read_settings(service, {"with_worker": False})  # the one below is the only one in this process
    with stopped_by_sigterm(), open_database(settings) as url:
        check_current(url, service)
        app = application(service, settings)
        share_log("procrastinate")
        asyncio.run(_work(app, lambda: announce(f"{app.title}: a worker is at its jobs")))
    return 0


async def _work(app: FastAPI, announce: Callable[[], None]) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with app.router.lifespan_context(app):
        announce()
        await app.state.jobs.run_worker(app, stop)  # the jobs that run already are waited for
