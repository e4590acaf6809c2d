"""A database with the tables of jobs and one of notes, and something that looks like an application."""

from collections.abc import Iterator

import pytest
import sqlalchemy

from intaglio.server.database import Database
from intaglio.server.jobs import Jobs, procrastinate_schema_sql
from tests.database import Cluster
from tests.server.jobs.helpers import App


def prepare(url: str) -> None:
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text(procrastinate_schema_sql()))  # as Alembic's op.execute does
        connection.execute(sqlalchemy.text("CREATE TABLE note (id bigserial PRIMARY KEY, word text NOT NULL)"))
        connection.execute(sqlalchemy.text("CREATE TABLE award (id int PRIMARY KEY, sealed int NOT NULL DEFAULT 0)"))
    engine.dispose()


@pytest.fixture
def database(postgres: Cluster) -> Iterator[Database]:
    """Return a database with the tables of jobs, and a table of notes."""
    with postgres.fresh_database("jobs", prepare) as url:
        database = Database(url)
        yield database
        database.close()


@pytest.fixture
def app(database: Database) -> App:
    """Return what a worker needs of an application."""
    return App(database)


@pytest.fixture
def jobs() -> Jobs:
    """Return a service's jobs: none yet."""
    return Jobs()
