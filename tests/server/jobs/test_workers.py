"""Workers: in a service's own process, several at once, killed, and without their database."""

import asyncio
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from psycopg import AsyncConnection

from intaglio.server import working
from intaglio.server.database import Database
from intaglio.server.job_tables import MOST_LOSSES, SILENCE, rescue_lost_jobs
from intaglio.server.jobs import JobContext, Jobs
from intaglio.server.postgres.embedded import Embedded
from tests.server.jobs.conftest import prepare
from tests.server.jobs.helpers import App, note, notes, rows, states, until, worker
from tests.server.postgres.conftest import folder, server
from tests.server.postgres.helpers import answer, process, server_process

__all__ = ["folder", "server"]  # fixtures

# Its job looks at its own row, and commits what it did with a note of it there; a lock may hold it up before the commit.
WORKER = """
import asyncio, sys
from sqlalchemy import text
from intaglio.server.database import Database
from intaglio.server.jobs import JobContext, Jobs
from tests.server.jobs.helpers import App, note

jobs = Jobs()

@jobs.task("seal")
def seal(job: JobContext, *, award: int) -> None:
    note(job.database, f"began {award}")
    with job.database.session() as db:
        connection = db.connection()
        row = connection.execute(text("SELECT sealed FROM award WHERE id = :id FOR UPDATE"), {"id": award}).one()
        if not row.sealed:
            connection.execute(text("UPDATE award SET sealed = sealed + 1 WHERE id = :id"), {"id": award})
        connection.execute(text("SELECT pg_advisory_xact_lock_shared(7)"))
        db.commit()

print("ready", flush=True)
asyncio.run(jobs.run_worker(App(Database(sys.argv[1]))))
"""

HELD_UP = (
    "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture
def holding(jobs: Jobs) -> tuple[threading.Event, threading.Event]:
    """Return events of a job ``hold``: that it began, and that it may go on."""
    began, go_on = threading.Event(), threading.Event()

    @jobs.task("hold")
    def hold(job: JobContext) -> None:
        note(job.database, f"began {job.attempt}")
        began.set()
        while not go_on.wait(0.01):
            job.pause_if_stopping()
        note(job.database, "done")

    @jobs.task("insist")
    def insist(job: JobContext) -> None:
        began.set()
        go_on.wait()
        note(job.database, "insisted")

    return began, go_on


def put_off(jobs: Jobs, database: Database, name: str, **arguments: object) -> None:
    with database.session() as db:
        jobs.defer(db, name, **arguments)
        db.commit()


def test_a_worker_takes_what_comes_and_ends_when_told(jobs: Jobs, app: App, database: Database) -> None:
    @jobs.task("write")
    def write(job: JobContext, *, word: str) -> None:
        note(job.database, word)

    async def work() -> None:
        stop = asyncio.Event()
        async with worker(jobs, app, stop) as running:
            for word in ("one", "two"):
                await asyncio.to_thread(put_off, jobs, database, "write", word=word)
                await until(lambda word=word: word in notes(database))
            stop.set()
            await running

    asyncio.run(work())
    assert notes(database) == ["one", "two"]
    assert rows(database, "SELECT id FROM procrastinate_workers") == []


def test_a_worker_that_is_cancelled_waits_for_its_job(
    jobs: Jobs, app: App, database: Database, holding: tuple[threading.Event, threading.Event]
) -> None:
    began, go_on = holding

    async def work() -> None:
        async with worker(jobs, app) as running:
            await asyncio.to_thread(put_off, jobs, database, "insist")
            await asyncio.to_thread(began.wait)
            running.cancel()
            await asyncio.sleep(0)
            assert not running.done()
            go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await running

    asyncio.run(work())
    assert notes(database) == ["insisted"]
    assert states(database) == []


def test_a_long_job_pauses_when_its_worker_ends_and_goes_on_with_the_next(
    jobs: Jobs, app: App, database: Database, holding: tuple[threading.Event, threading.Event]
) -> None:
    began, go_on = holding

    async def work() -> None:
        async with worker(jobs, app):
            await asyncio.to_thread(put_off, jobs, database, "hold")
            await asyncio.to_thread(began.wait)
        assert states(database) == ["todo"]
        go_on.set()
        async with worker(jobs, app):
            await until(lambda: "done" in notes(database))

    asyncio.run(work())
    assert notes(database) == ["began 1", "began 2", "done"]


def test_two_workers_do_each_job_once(jobs: Jobs, app: App, database: Database) -> None:
    @jobs.task("write")
    def write(job: JobContext, *, number: int) -> None:
        note(job.database, str(number))

    with database.session() as db:
        jobs.defer_many(db, "write", [{"number": number} for number in range(60)])
        db.commit()

    async def work() -> None:
        async with worker(jobs, app), worker(jobs, app):
            await until(lambda: not states(database))

    asyncio.run(work())
    assert sorted(map(int, notes(database))) == list(range(60))


def awards(jobs: Jobs, database: Database, count: int) -> None:
    """Make awards, each with the job of sealing it."""
    jobs.task("seal")(lambda _job, **_arguments: None)
    with database.session() as db:
        db.connection().exec_driver_sql(f"INSERT INTO award SELECT generate_series(1, {count})")
        jobs.defer_many(db, "seal", [{"award": number} for number in range(1, count + 1)])
        db.commit()


def test_a_job_of_a_killed_worker_is_done_once_by_another(jobs: Jobs, database: Database) -> None:
    with database.session() as holder, process(WORKER, database.url) as killed:
        assert answer(killed) == "ready"
        holder.connection().exec_driver_sql("SELECT pg_advisory_lock(7)")
        awards(jobs, database, 1)
        asyncio.run(until(lambda: rows(database, HELD_UP)))
        killed.kill()
        killed.wait()
        holder.connection().exec_driver_sql("SELECT pg_advisory_unlock(7)")
    assert states(database) == ["doing"], "nobody has noticed"
    rows(database, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    with process(WORKER, database.url) as second, process(WORKER, database.url) as third:
        assert answer(second) == answer(third) == "ready"
        asyncio.run(until(lambda: not states(database)))
    assert notes(database) == ["began 1", "began 1"]
    assert rows(database, "SELECT sealed FROM award") == [(1,)]


def test_however_often_workers_are_killed_each_job_has_happened_once(jobs: Jobs, database: Database) -> None:
    awards(jobs, database, 300)

    def sealed() -> int:
        count: int = rows(database, "SELECT count(*) FROM award WHERE sealed > 0")[0][0]
        return count

    for moment in (1, 50, 51, 120, 200):
        with process(WORKER, database.url) as killed:
            asyncio.run(until(lambda moment=moment: sealed() >= moment))
            killed.kill()
        asyncio.run(rescue(database, silence=0))
    with process(WORKER, database.url):
        asyncio.run(until(lambda: not states(database)))
    assert rows(database, "SELECT sealed, count(*) FROM award GROUP BY sealed") == [(1, 300)]


async def rescue(database: Database, silence: float = SILENCE) -> int:
    async with await AsyncConnection.connect(database.url.replace("+psycopg", "")) as connection:
        return await rescue_lost_jobs(connection, silence)


def lost(jobs: Jobs, database: Database, **options: object) -> None:
    """Put a job off and let it be taken by a worker that is dead."""
    if "any" not in jobs._tasks:
        jobs.task("any")(lambda _job: None)
    put_off(jobs, database, "any", **options)
    rows(
        database,
        "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead WHERE status = 'todo'",
    )


def test_rescuers_that_meet_put_a_job_back_once(jobs: Jobs, database: Database) -> None:
    for _ in range(10):
        lost(jobs, database)

    async def meet() -> list[int]:
        return list(await asyncio.gather(*(rescue(database) for _ in range(4))))

    assert sum(asyncio.run(meet())) == 10
    assert rows(database, "SELECT DISTINCT status, attempts FROM procrastinate_jobs") == [("todo", 1)]


def test_jobs_of_workers_that_live_are_left_alone(jobs: Jobs, database: Database) -> None:
    lost(jobs, database)
    rows(database, "UPDATE procrastinate_workers SET last_heartbeat = now()")
    assert asyncio.run(rescue(database)) == 0
    rows(database, "DELETE FROM procrastinate_workers")
    assert asyncio.run(rescue(database)) == 1


def test_a_job_that_takes_every_worker_along_is_given_up(
    jobs: Jobs, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    lost(jobs, database)
    rows(database, "UPDATE procrastinate_jobs SET attempts = :most", most=MOST_LOSSES)
    assert asyncio.run(rescue(database)) == 1
    assert states(database) == ["failed"]
    assert "given up" in caplog.text


def test_a_lost_job_gives_way_to_one_that_waits(jobs: Jobs, database: Database) -> None:
    lost(jobs, database)
    lost(jobs, database, queueing_lock="list")
    put_off(jobs, database, "any", queueing_lock="list")
    assert states(database) == ["doing", "doing", "todo"]
    assert asyncio.run(rescue(database)) == 2
    assert states(database) == ["todo", "todo"]


def test_how_long_a_worker_may_be_silent_can_be_set(
    app: App, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, asked = Jobs(silence=3), list[float]()

    async def noted(connection: AsyncConnection[Any], silence: float) -> int:
        asked.append(silence)
        return await rescue_lost_jobs(connection, silence)

    monkeypatch.setattr(working, "rescue_lost_jobs", noted)
    lost(jobs, database)
    rows(database, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '4 seconds'")

    async def work() -> None:
        async with worker(jobs, app):
            await until(lambda: not states(database))

    asyncio.run(work())
    assert set(asked) == {3}


def test_a_worker_comes_back_when_its_database_does(
    jobs: Jobs, server: Embedded, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(working, "_PAUSE", 0.05)
    monkeypatch.setattr(working, "_LONGEST_WAIT", 0.5)
    url = server.ensure_database("jobs")
    prepare(url)
    database = Database(url)

    @jobs.task("write")
    def write(job: JobContext, *, word: str) -> None:
        note(job.database, word)

    async def work() -> None:
        async with worker(jobs, App(database)):
            await asyncio.to_thread(put_off, jobs, database, "write", word="before")
            await until(lambda: notes(database) == ["before"])
            os.kill(server_process(folder), signal.SIGKILL)
            await until(lambda: "lost its database" in caplog.text)
            await asyncio.to_thread(server.start)
            await asyncio.to_thread(put_off, jobs, database, "write", word="after")
            await until(lambda: notes(database) == ["before", "after"])

    asyncio.run(work())
    database.close()


def test_periodic_jobs_come_by_themselves(jobs: Jobs, app: App, database: Database) -> None:
    @jobs.periodic("tidy", "* * * * *")
    def tidy(job: JobContext) -> None:
        note(job.database, "tidied")

    async def work() -> None:
        async with worker(jobs, app), worker(jobs, app):
            await until(lambda: notes(database))

    asyncio.run(work())
    assert set(notes(database)) == {"tidied"}
