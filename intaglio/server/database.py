"""The database of a service: one engine, and a session for each unit of work."""

from collections.abc import Iterator
from typing import Annotated

import psycopg
import sqlalchemy
from fastapi import Depends, Request
from sqlalchemy import Engine, Select
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session

_POOL_SIZE = 10
_OVERFLOW = 20


class _Session(Session):
    """A session in which ``SELECT … FOR UPDATE`` gives the rows as they are now.

    Whoever waits for a lock does so because somebody else changes the row. By itself a session that has seen the row before
    would go on with what it saw then.
    """


@sqlalchemy.event.listens_for(_Session, "do_orm_execute")
def _read_locked_rows_anew(state: ORMExecuteState) -> None:
    statement = state.statement
    if isinstance(statement, Select) and statement._for_update_arg is not None:  # noqa: SLF001 - nothing public tells
        state.update_execution_options(populate_existing=True)


class Database:
    """A PostgreSQL database, reached through a pool of connections. Nothing is connected before it is needed."""

    def __init__(self, url: str) -> None:
        self.url = with_driver(url)
        self.engine: Engine = sqlalchemy.create_engine(
            self.url,
            pool_size=_POOL_SIZE,
            max_overflow=_OVERFLOW,
            pool_pre_ping=True,
            hide_parameters=True,  # errors are logged, and the values in statements are about people
            connect_args={"options": "-c timezone=utc -c idle_in_transaction_session_timeout=60000"},
        )

    def session(self) -> Session:
        """Return a session. What it did is kept only where `commit` was called on it."""
        return _Session(self.engine, expire_on_commit=False)

    def close(self) -> None:
        """Close the pool's connections."""
        self.engine.dispose()


def is_trouble_of_the_database(error: BaseException) -> bool:
    """Tell whether an error says that the database was away, ended the connection or had to choose a victim.

    It is psycopg's ``OperationalError``, whoever wrapped it. Nothing is wrong with what was asked then: it may be asked again.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, psycopg.OperationalError):
            return True
        cause = cause.__cause__
    return False


def with_driver(url: str) -> str:
    """Return a PostgreSQL URL that names the driver we use."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url


def _session(request: Request) -> Iterator[Session]:
    with request.app.state.database.session() as session:
        yield session


Db = Annotated[Session, Depends(_session)]
"""The session of one request. Services commit at the end of what they do, before anything is answered."""
