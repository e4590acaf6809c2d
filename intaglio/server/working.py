"""The worker behind `Jobs.run_worker`: takes jobs from the queue and does them, in threads of this process."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Protocol

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext as RunningJob

from intaglio.server.database import Database
from intaglio.server.job_kinds import JobContext, Task
from intaglio.server.job_tables import SILENCE, another_waits, jobs_wait, rescue_lost_jobs

_AT_ONCE = 4
_SIGNS = 3
"""Signs of life that a worker gives in the time after which it would count as dead."""
_PAUSE = 2.0
"""Seconds before a worker that lost its database asks again."""
_LONGEST_WAIT = 5.0
"""Seconds for a connection of the pool."""
_KEEP_FAILED_HOURS = 30 * 24
_TROUBLE = (psycopg.Error, ConnectorException, OSError)

_log = logging.getLogger(__name__)


class Application(Protocol):
    """A FastAPI application. Its ``state.database`` is the service's `Database`."""

    @property
    def state(self) -> Any:
        """What requests and jobs share."""


async def run_worker(tasks: Iterable[Task], app: Application, stop: asyncio.Event, *, silence: float = SILENCE) -> None:
    """Do jobs until `stop` is set or this is cancelled, and wait for the running ones (`Jobs.run_worker`)."""
    while not stop.is_set():
        try:
            await _work(tasks, app, stop, silence)
        except _TROUBLE as error:
            _log.warning("the worker lost its database (%s)", type(error).__name__)
        await _either(stop.wait(), asyncio.sleep(_PAUSE))


async def run_waiting(tasks: Iterable[Task], app: Application) -> None:
    """Do the jobs whose time has come, and those that they put off, and return (`Jobs.run_waiting`)."""
    async with _opened(tasks, app) as (worker, connector):
        while await _on_connection(connector, jobs_wait):
            await worker.run_worker_async(wait=False, **_options(patience=None))


async def _work(tasks: Iterable[Task], app: Application, stop: asyncio.Event, silence: float) -> None:
    async with _opened(tasks, app) as (worker, connector):
        await worker.job_manager.delete_old_jobs(
            _KEEP_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )
        # Jobs learn at once that the worker is ending, and may pause. It waits for them in any case.
        working = worker.run_worker_async(**_options(patience=0, silence=silence))
        await _either(working, _rescue(connector, silence), stop.wait())


def _options(patience: float | None, silence: float = SILENCE) -> Any:
    return {
        "concurrency": _AT_ONCE,
        "install_signal_handlers": False,
        "delete_jobs": "successful",
        "shutdown_graceful_timeout": patience,
        "stalled_worker_timeout": silence,
        "update_heartbeat_interval": silence / _SIGNS,
    }


@asynccontextmanager
async def _opened(tasks: Iterable[Task], app: Application) -> AsyncIterator[tuple[App, PsycopgConnector]]:
    database: Database = app.state.database
    url = database.url.replace("postgresql+psycopg://", "postgresql://", 1)
    connector = PsycopgConnector(conninfo=url, min_size=1, max_size=_AT_ONCE + 2, timeout=_LONGEST_WAIT)
    worker = App(connector=connector)
    for task in tasks:
        _register(worker, task, app)
    try:
        async with await psycopg.AsyncConnection.connect(url):
            pass  # a pool would go on trying for 30 seconds, and complain of each try
        await connector.open_async()
        yield worker, connector
    finally:
        await connector.close_async()


def _register(worker: App, task: Task, app: Application) -> None:
    def run(running: RunningJob, /, **arguments: Any) -> None:
        state = app.state
        context = JobContext(state.database, state, running.job.attempts + 1, running.should_abort)
        if task.cron is not None:
            arguments = {}  # Procrastinate passes the time that it was due; what counts is the present
        try:
            task.function(context, **arguments)
        except Exception:
            # It cannot go back into the queue where another one of its queueing lock is: that one does what this one failed at.
            if not another_waits(state.database, running.job.queueing_lock):
                raise
            _log.warning("%s failed, and the one that waits will do", task.name, exc_info=True)

    registered: Any = worker.task(name=task.name, retry=task.retry, priority=task.priority, pass_context=True)(run)
    if task.cron is not None:
        # One that waits is enough, however long no worker was there.
        worker.periodic(cron=task.cron, queueing_lock=task.name)(registered)


async def _rescue(connector: PsycopgConnector, silence: float) -> None:
    while True:
        await _on_connection(connector, lambda connection: rescue_lost_jobs(connection, silence))
        await asyncio.sleep(silence / _SIGNS)


async def _on_connection(connector: PsycopgConnector, do: Callable[[Any], Awaitable[Any]]) -> Any:
    async with connector.pool.connection() as connection:
        return await do(connection)


async def _either(*these: Awaitable[Any]) -> None:
    """Wait until one of these ends, cancel the others and wait for them too; then raise what the first raised, if it did."""
    tasks = [asyncio.ensure_future(each) for each in these]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
