"""Notes that jobs leave, and a worker that runs while a test looks on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from sqlalchemy import text

from intaglio.server.database import Database
from intaglio.server.jobs import Jobs


class App:
    """What a worker needs of an application."""

    def __init__(self, database: Database) -> None:
        self.state = SimpleNamespace(database=database)


def note(database: Database, word: str) -> None:
    """Write a word down, and commit."""
    with database.session() as db:
        db.connection().execute(text("INSERT INTO note (word) VALUES (:word)"), {"word": word})
        db.commit()


def notes(database: Database) -> list[str]:
    """Return the words in the order in which they were written."""
    return [row[0] for row in rows(database, "SELECT word FROM note ORDER BY id")]


def rows(database: Database, question: str, **values: Any) -> list[Any]:
    """Ask the database, or tell it something."""
    with database.session() as db:
        result = db.connection().execute(text(question), values)
        answer = list(result.all()) if result.returns_rows else []
        db.commit()
    return answer


def states(database: Database) -> list[str]:
    """Return the states of the jobs that are still there."""
    return [row[0] for row in rows(database, "SELECT status FROM procrastinate_jobs ORDER BY id")]


def do_all(jobs: Jobs, app: App) -> None:
    """Do the jobs that wait."""
    asyncio.run(jobs.run_waiting(app))


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(120):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110 - it is in the database
            await asyncio.sleep(0.01)


@asynccontextmanager
async def worker(jobs: Jobs, app: App, stop: asyncio.Event | None = None) -> AsyncIterator["asyncio.Task[None]"]:
    """Run a worker as a service does; cancel it at the end."""
    task = asyncio.create_task(jobs.run_worker(app, stop))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
