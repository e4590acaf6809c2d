"""What a job is, and how it is tried again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job

from intaglio.server.database import Database, is_trouble_of_the_database
from intaglio.server.job_tables import MOST_LOSSES


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a job is given first. `state` is the application's (``app.state``): its settings, clock and services."""

    database: Database
    state: Any
    attempt: int
    """1 the first time."""
    is_stopping: Callable[[], bool]
    """Has the worker been asked to end? It waits for its jobs."""

    def pause_if_stopping(self) -> None:
        """End here if the worker was asked to, and begin again when there is one: for long jobs, between two commits.

        :raises JobAborted: do not catch it
        """
        if self.is_stopping():
            raise JobAborted


@dataclass(frozen=True)
class Retry(BaseRetryStrategy):
    """How a failed job is tried again: at most `times` times, after `wait` seconds, then 4 times as many, up to `longest`.

    The defaults give up after about a day. Where the database itself was away, the job is as good as lost with its worker: it is
    soon tried again, as often as such ones are.
    """

    times: int = 12
    wait: float = 5
    longest: float = 4 * 3600

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Answer Procrastinate, whose `attempts` is 0 at the first failure."""
        now = datetime.now(UTC)
        if isinstance(exception, JobAborted):
            return RetryDecision(retry_at=now)
        if self.times and is_trouble_of_the_database(exception):
            return RetryDecision(retry_at=now + timedelta(seconds=self.wait)) if job.attempts < MOST_LOSSES else None
        if job.attempts >= self.times:
            return None
        seconds = min(self.wait * 4.0 ** min(job.attempts, 20), self.longest)
        return RetryDecision(retry_at=now + timedelta(seconds=seconds))


NEVER = Retry(times=0)
"""A failed job is not tried again. (One that was lost with its worker is.)"""


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of job. A periodic one has a `cron`."""

    name: str
    function: Callable[..., None]
    retry: Retry
    priority: int
    cron: str | None
