import asyncio
import importlib.metadata
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job

from intaglio.server.database import Database
from intaglio.server.job_tables import MOST_LOSSES, SCHEMA_VERSION
from intaglio.server.jobs import NEVER, JobContext, Jobs, Retry, procrastinate_drop_sql, procrastinate_schema_sql
from tests.server.jobs.helpers import App, do_all, note, notes, rows, states

MINUTE = timedelta(minutes=1)


@pytest.fixture
def writing(jobs: Jobs) -> Jobs:
    """Return jobs with one that writes a word down."""

    @jobs.task("write")
    def write(job: JobContext, *, word: str) -> None:
        note(job.database, word)

    return jobs


def test_a_job_is_done_with_what_it_was_given(writing: Jobs, app: App, database: Database) -> None:
    with database.session() as db:
        writing.defer(db, "write", word="Ñandú & “quoted” 100 %")
        db.commit()
    do_all(writing, app)
    assert notes(database) == ["Ñandú & “quoted” 100 %"]
    assert states(database) == []


def test_a_job_is_there_if_and_only_if_its_rows_are(writing: Jobs, app: App, database: Database) -> None:
    with database.session() as db:
        db.connection().execute(sqlalchemy.text("INSERT INTO note (word) VALUES ('rolled back')"))
        writing.defer(db, "write", word="nothing")
        db.rollback()
    with database.session() as db:
        writing.defer(db, "write", word="forgotten to commit")
    with database.session() as db:
        db.connection().execute(sqlalchemy.text("INSERT INTO note (word) VALUES ('kept')"))
        writing.defer(db, "write", word="done")
        assert states(database) == [], "nobody sees it before the commit"
        db.commit()
    do_all(writing, app)
    assert notes(database) == ["kept", "done"]


def test_many_are_put_off_at_once(writing: Jobs, app: App, database: Database) -> None:
    with database.session() as db:
        writing.defer_many(db, "write", [{"word": str(number)} for number in range(20)])
        writing.defer_many(db, "write", [])
        db.commit()
    do_all(writing, app)
    assert sorted(notes(database), key=int) == [str(number) for number in range(20)]


def test_a_job_may_put_off_another(writing: Jobs, app: App, database: Database) -> None:
    @writing.task("begin")
    def begin(job: JobContext) -> None:
        with job.database.session() as db:
            writing.defer(db, "write", word="by another")
            db.commit()

    with database.session() as db:
        writing.defer(db, "begin")
        db.commit()
    do_all(writing, app)
    assert notes(database) == ["by another"]


def test_what_is_for_later_waits(writing: Jobs, app: App, database: Database) -> None:
    with database.session() as db:
        writing.defer(db, "write", at=datetime.now(UTC) + MINUTE, word="later")
        writing.defer(db, "write", at=datetime.now(UTC) - MINUTE, word="now")
        db.commit()
    do_all(writing, app)
    assert notes(database) == ["now"]
    assert states(database) == ["todo"]


def test_one_that_waits_is_enough(writing: Jobs, app: App, database: Database) -> None:
    with database.session() as db:
        writing.defer(db, "write", queueing_lock="list 1", word="first")
        db.connection().execute(sqlalchemy.text("INSERT INTO note (word) VALUES ('the transaction goes on')"))
        writing.defer(db, "write", queueing_lock="list 1", word="second")
        writing.defer(db, "write", queueing_lock="list 2", word="of another list")
        db.commit()
    do_all(writing, app)
    assert notes(database)[0] == "the transaction goes on"
    assert sorted(notes(database)[1:]) == ["first", "of another list"]


def test_jobs_of_one_lock_never_run_together(jobs: Jobs, app: App, database: Database) -> None:
    running: list[int] = []
    most: list[int] = []

    @jobs.task("count")
    def count(job: JobContext) -> None:
        running.append(1)
        most.append(len(running))
        note(job.database, "counted")
        running.pop()

    with database.session() as db:
        for _ in range(8):
            jobs.defer(db, "count", lock="list 1")
        db.commit()
    do_all(jobs, app)
    assert most == [1] * 8


def test_the_most_urgent_comes_first(jobs: Jobs, app: App, database: Database) -> None:
    @jobs.task("batch", priority=-10)
    def batch(job: JobContext) -> None:
        note(job.database, "batch")

    @jobs.task("mail")
    def mail(job: JobContext) -> None:
        note(job.database, "mail")

    with database.session() as db:
        jobs.defer(db, "batch", lock="one at a time")
        jobs.defer(db, "mail", lock="one at a time")
        db.commit()
    assert [row[0] for row in rows(database, "SELECT priority FROM procrastinate_jobs ORDER BY id")] == [-10, 0]
    do_all(jobs, app)
    assert sorted(notes(database)) == ["batch", "mail"]


def test_a_job_knows_the_application_and_which_try_it_is(jobs: Jobs, app: App, database: Database) -> None:
    app.state.greeting = "hello"

    @jobs.task("greet", retry=Retry(times=2, wait=0))
    def greet(job: JobContext) -> None:
        note(job.database, f"{job.state.greeting} {job.attempt}")
        raise RuntimeError("not this time")

    with database.session() as db:
        jobs.defer(db, "greet")
        db.commit()
    do_all(jobs, app)
    assert notes(database) == ["hello 1", "hello 2", "hello 3"]
    assert states(database) == ["failed"]


def test_a_failed_job_waits_for_its_next_try(jobs: Jobs, app: App, database: Database) -> None:
    @jobs.task("fail", retry=Retry(wait=60))
    def fail(job: JobContext) -> None:
        raise RuntimeError("not now")

    with database.session() as db:
        jobs.defer(db, "fail")
        db.commit()
    do_all(jobs, app)
    assert states(database) == ["todo"]
    [(minutes,)] = rows(database, "SELECT round(extract(epoch FROM scheduled_at - now()) / 60) FROM procrastinate_jobs")
    assert minutes == 1


def test_a_failed_job_gives_way_to_one_that_waits(jobs: Jobs, app: App, database: Database) -> None:
    @jobs.task("publish", retry=Retry(wait=0))
    def publish(job: JobContext, *, word: str) -> None:
        note(job.database, word)
        if word == "old":
            with job.database.session() as db:
                jobs.defer(db, "publish", queueing_lock="list", word="new")
                db.commit()
            raise RuntimeError("too late")

    with database.session() as db:
        jobs.defer(db, "publish", queueing_lock="list", word="old")
        db.commit()
    do_all(jobs, app)
    assert notes(database) == ["old", "new"]
    assert states(database) == []


def test_waits_grow_to_a_bound_and_end() -> None:
    def wait(retry: Retry, attempts: int) -> float | None:
        job = Job(queue="default", lock=None, queueing_lock=None, task_name="any", attempts=attempts)
        decision = retry.get_retry_decision(exception=RuntimeError(), job=job)
        if decision is None:
            return None
        assert decision.retry_at is not None
        return round((decision.retry_at - datetime.now(UTC)).total_seconds())

    retry = Retry(times=5, wait=5, longest=100)
    assert [wait(retry, attempts) for attempts in range(6)] == [5, 20, 80, 100, 100, None]
    assert wait(Retry(times=10_000), 9_999) == 4 * 3600
    assert wait(NEVER, 0) is None


def test_a_job_whose_database_was_away_is_soon_tried_again_however_often_workers_were_lost() -> None:
    def tried_again(retry: Retry, attempts: int, error: Exception) -> float | None:
        job = Job(queue="default", lock=None, queueing_lock=None, task_name="any", attempts=attempts)
        decision = retry.get_retry_decision(exception=error, job=job)
        if decision is None:
            return None
        assert decision.retry_at is not None
        return round((decision.retry_at - datetime.now(UTC)).total_seconds())

    away = RuntimeError("while queueing")
    away.__cause__ = psycopg.errors.AdminShutdown()
    assert [tried_again(Retry(), attempts, away) for attempts in (0, 8, 30, MOST_LOSSES)] == [5, 5, 5, None]
    assert tried_again(NEVER, 0, away) is None
    refused = RuntimeError("a mistake of ours")
    refused.__cause__ = psycopg.errors.UniqueViolation()
    assert tried_again(Retry(), 30, refused) is None


def test_stopping_is_no_failure() -> None:
    job = Job(queue="default", lock=None, queueing_lock=None, task_name="any", attempts=99)
    assert NEVER.get_retry_decision(exception=JobAborted(), job=job) is not None


def test_names_are_checked_when_they_are_used(jobs: Jobs, database: Database) -> None:
    with database.session() as db, pytest.raises(LookupError, match="no job is named write"):
        jobs.defer(db, "write", word="x")
    jobs.task("write")(lambda _job: None)
    with pytest.raises(LookupError, match="two jobs"):
        jobs.task("write")(lambda _job: None)


def test_a_job_that_this_version_does_not_know_is_kept_as_failed(
    writing: Jobs, app: App, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.session() as db:
        writing.defer(db, "write", word="of tomorrow")
        db.commit()
    asyncio.run(Jobs().run_waiting(app))
    assert states(database) == ["failed"]
    assert "not found" in caplog.text


def test_the_tables_can_be_taken_away_and_made_again(database: Database) -> None:
    for statements in (procrastinate_drop_sql(), procrastinate_schema_sql()):
        with database.engine.begin() as connection:
            connection.execute(sqlalchemy.text(statements))
    assert states(database) == []


def test_the_tables_are_of_the_version_that_is_installed() -> None:
    """When this fails, raise the version together with a migration that runs what is new in its ``sql/migrations``."""
    assert importlib.metadata.version("procrastinate").rpartition(".")[0] == SCHEMA_VERSION
    files = importlib.metadata.files("procrastinate") or []
    newest = max(Path(str(file)).name for file in files if file.match("procrastinate/sql/migrations/*.sql"))
    assert newest < f"0{SCHEMA_VERSION}.99"


def test_periodic_jobs_get_no_arguments(jobs: Jobs, app: App, database: Database) -> None:
    @jobs.periodic("tidy", "* * * * *")
    def tidy(job: JobContext) -> None:
        note(job.database, "tidied")

    with database.session() as db:
        jobs.defer(db, "tidy", timestamp=1)
        db.commit()
    do_all(jobs, app)
    assert notes(database)[0] == "tidied"


def test_arguments_of_failed_jobs_are_logged_so_they_must_be_ids(
    jobs: Jobs, app: App, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    @jobs.task("fail")
    def fail(job: JobContext, *, mail_id: str) -> None:
        raise RuntimeError("no")

    with database.session() as db:
        jobs.defer(db, "fail", mail_id="7")
        db.commit()
    with caplog.at_level(logging.ERROR):
        do_all(jobs, app)
    assert "mail_id='7'" in caplog.text
