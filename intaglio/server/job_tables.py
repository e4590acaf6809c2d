"""The tables of jobs, which are Procrastinate's, and what is done to them beside it.

Its schema changes between minor versions, so that the dependency is held to the one that `procrastinate_schema_sql` was
written into a migration with. Whoever raises it adds a migration that runs the newer files of its ``sql/migrations``; a test
reminds of that.
"""

import logging

from procrastinate.schema import SchemaManager
from psycopg import AsyncConnection, errors, sql
from psycopg.rows import TupleRow
from sqlalchemy import text

from intaglio.server.database import Database

SCHEMA_VERSION = "3.10"
"""The version of Procrastinate whose schema our migrations make."""
MOST_LOSSES = 50
"""After so many tries a job that went down with its worker is given up: it may be what takes the workers along."""
SILENCE = 30.0
"""Seconds without a sign of life after which a worker counts as dead; it gives three in that time."""

_log = logging.getLogger(__name__)

_LOST = sql.SQL(
    "SELECT job.id, job.attempts FROM procrastinate_jobs job"
    " LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id"
    " WHERE job.status = 'doing'"
    " AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))"
    " FOR UPDATE OF job SKIP LOCKED"
)
_AGAIN = sql.SQL("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)")
_GIVE_UP = sql.SQL("SELECT procrastinate_finish_job_v1(%s, 'failed', %s)")
_ANOTHER = "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = :lock)"
_WAITING = sql.SQL(
    "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
)
_DROP = """
DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE;
DO $$
DECLARE routine regprocedure;
BEGIN
    FOR routine IN SELECT oid FROM pg_proc WHERE starts_with(proname, 'procrastinate_') LOOP
        EXECUTE 'DROP FUNCTION ' || routine;
    END LOOP;
END $$;
DROP TYPE procrastinate_job_status, procrastinate_job_event_type, procrastinate_job_to_defer_v1;
"""


def procrastinate_schema_sql() -> str:
    """Return the statements that make the tables of jobs in an empty schema, for a migration (``op.execute`` takes them)."""
    return SchemaManager.get_schema()


def procrastinate_drop_sql() -> str:
    """Return the statements that undo `procrastinate_schema_sql`."""
    return _DROP


async def rescue_lost_jobs(connection: AsyncConnection[TupleRow], silence: float = SILENCE) -> int:
    """Put the jobs of workers that were killed back into the queue, and return how many they were.

    Procrastinate does not do that by itself. Finding and putting back are one transaction over locked rows: two rescuers at
    once, or a worker that was slow rather than dead and finishes just now, must not make one job run twice.
    """
    async with connection.transaction():
        lost = await (await connection.execute(_LOST, [silence])).fetchall()
        for job, attempts in lost:
            if attempts >= MOST_LOSSES:
                _log.error("job %s was lost with its worker too often: it is given up", job)
                await connection.execute(_GIVE_UP, [job, False])
            else:
                _log.warning("job %s was lost with its worker: it goes back into the queue", job)
                await _put_back(connection, job)
    return len(lost)


async def _put_back(connection: AsyncConnection[TupleRow], job: int) -> None:
    try:
        async with connection.transaction():
            await connection.execute(_AGAIN, [job])
    except errors.UniqueViolation:  # another one of its queueing lock waits already, and will do
        await connection.execute(_GIVE_UP, [job, True])


async def jobs_wait(connection: AsyncConnection[TupleRow]) -> bool:
    """Say whether a job waits whose time has come."""
    row = await (await connection.execute(_WAITING)).fetchone()
    return row is not None and row[0] > 0


def another_waits(database: Database, queueing_lock: str | None) -> bool:
    """Say whether a job of this queueing lock waits."""
    if queueing_lock is None:
        return False
    with database.session() as session:
        return bool(session.connection().scalar(text(_ANOTHER), {"lock": queueing_lock}))
