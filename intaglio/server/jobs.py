"""Work that is put off until after a commit: Procrastinate's jobs, in the service's own database.

A job is kept with the rows that it serves: it is there if, and only if, they are. It runs **at least once**: a worker that is
killed in the middle leaves it to another one. So a job looks at its own row first, and commits what it did together with a
note of it there; then it has happened once.

A job is an ordinary function that is run in a thread. It is given a `JobContext`, then the arguments that it was put off
with. Any exception is a failure, and tried again if its `Retry` says so::

    @jobs.task("issuer.delivery.send", retry=Retry())
    def send(job: JobContext, *, mail_id: str) -> None: ...

    jobs.defer(db, "issuer.delivery.send", mail_id=str(mail.id))
    db.commit()
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer
from sqlmodel import Session

from intaglio.server import working
from intaglio.server.job_kinds import NEVER, JobContext, Retry, Task
from intaglio.server.job_tables import SILENCE, procrastinate_drop_sql, procrastinate_schema_sql

__all__ = ["NEVER", "JobContext", "Jobs", "Retry", "procrastinate_drop_sql", "procrastinate_schema_sql"]

PeriodicFunction: TypeAlias = Callable[[JobContext], None]
_Function = TypeVar("_Function", bound=Callable[..., None])


class Jobs:
    """The kinds of jobs of a service, the way into their queue, and out of it.

    `silence` is for how many seconds a worker may give no sign of life before others take its jobs over.
    """

    def __init__(self, silence: float = SILENCE) -> None:
        self._silence = silence
        self._tasks: dict[str, Task] = {}
        # It only writes rows through the sessions' own connections, and never opens one.
        self._writer = App(connector=SyncPsycopgConnector())

    def task(self, name: str, *, retry: Retry = NEVER, priority: int = 0) -> Callable[[_Function], _Function]:
        """Return a decorator that makes a function a job of this name, such as ``issuer.delivery.send``.

        The name stands in the database and outlives the code: a new meaning gets a new name. Of the jobs that wait, those of
        the highest `priority` are done first.
        """
        return self._adder(name, retry, priority, None)

    def periodic(self, name: str, cron: str) -> Callable[[PeriodicFunction], PeriodicFunction]:
        """Return a decorator that makes a function run at the times of `cron` (five fields, in UTC), once for all workers."""
        return self._adder(name, NEVER, 0, cron)

    def defer(
        self,
        db: Session,
        task: str,
        /,
        *,
        lock: str | None = None,
        queueing_lock: str | None = None,
        at: datetime | None = None,
        **arguments: Any,
    ) -> None:
        """Put a job off. It is there when the session commits, and not if it rolls back.

        Jobs with the same `lock` run one after the other. Where one with the same `queueing_lock` waits already, it is
        enough. `at` is the earliest time (aware). The arguments are JSON, and ids rather than data about people: they are
        logged, and the job reads its rows by them.
        """
        deferrer = self._deferrer(db, task, lock=lock, queueing_lock=queueing_lock, schedule_at=at)
        if queueing_lock is None:
            deferrer.defer(**arguments)
            return
        # PostgreSQL gives up the whole transaction at a violation, unless it happens behind a savepoint.
        with suppress(AlreadyEnqueued), db.connection().begin_nested():
            deferrer.defer(**arguments)

    def defer_many(self, db: Session, task: str, /, many: Iterable[Mapping[str, Any]]) -> None:
        """Put many jobs of one kind off at once; `many` are their arguments."""
        jobs = [dict(arguments) for arguments in many]
        if jobs:
            self._deferrer(db, task).batch_defer(*jobs)

    async def run_worker(self, app: working.Application, stop: asyncio.Event | None = None) -> None:
        """Do jobs until `stop` is set, or the task that runs this is cancelled; then the running ones are waited for.

        It installs no signal handlers. When the database goes away, the worker comes back when it does.
        """
        await working.run_worker(self._tasks.values(), app, stop or asyncio.Event(), silence=self._silence)

    async def run_waiting(self, app: working.Application) -> None:
        """Do the jobs whose time has come, and those that they put off, and return: for tests and commands."""
        await working.run_waiting(self._tasks.values(), app)

    def _deferrer(self, db: Session, task: str, **options: Any) -> JobDeferrer:
        kind = self._tasks.get(task)
        if kind is None:
            raise LookupError(f"no job is named {task}")
        connection = db.connection().connection.driver_connection
        return self._writer.configure_task(task, connection=connection, priority=kind.priority, **options)

    def _adder(self, name: str, retry: Retry, priority: int, cron: str | None) -> Callable[[_Function], _Function]:
        def add(function: _Function) -> _Function:
            if name in self._tasks:
                raise LookupError(f"two jobs are named {name}")
            self._tasks[name] = Task(name, function, retry, priority, cron)
            return function

        return add
