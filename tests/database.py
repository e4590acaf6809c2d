"""Real PostgreSQL databases for tests: one server for a test run, a fresh database for each test that asks.

The server is our own embedded one, without care for crashes, in memory where the system has ``/dev/shm``. All workers of a
run share it; the last one stops and removes it. Runs that were killed are cleared away by the next one.

In ``tests/conftest.py``::

    from tests.database import Cluster, empty_database, postgres  # noqa: F401 - fixtures

    @pytest.fixture
    def issuer_database(postgres: Cluster) -> Iterator[str]:
        with postgres.fresh_database("issuer", migrate) as url:   # migrate(url): makes the tables, closes its connections
            yield url
"""

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from intaglio.server.postgres.embedded import Embedded

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it, closed to others


class Cluster:
    """The server of this run. `url` is that of the maintenance database ``postgres``."""

    def __init__(self, server: Embedded) -> None:
        self._server = server
        self.url = server.ensure_database("postgres")
        self._prepared: set[str] = set()

    @contextmanager
    def fresh_database(self, template: str, prepare: Callable[[str], None]) -> Iterator[str]:
        """Give the SQLAlchemy URL (``postgresql+psycopg://…``) of a copy of a template; it is dropped afterwards.

        The first caller in the whole run makes the template: `prepare` is called once, with the URL of an empty database,
        and must have closed its connections when it returns. So `template` names what `prepare` does: two callers with the
        same name must mean the same. Copying takes about 10 ms, dropping about 6.
        """
        self._prepare(template, prepare)
        name = f"test_{os.getpid()}_{secrets.token_hex(6)}"
        self._do("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, _template_name(template))
        try:
            yield self._server.ensure_database(name)
        finally:
            self._do("DROP DATABASE {} WITH (FORCE)", name)

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """Give the URL of a database with nothing in it; it is dropped afterwards."""
        with self.fresh_database("nothing", lambda _url: None) as url:
            yield url

    def _prepare(self, template: str, prepare: Callable[[str], None]) -> None:
        if template in self._prepared:
            return
        final, begun = _template_name(template), f"begun_{secrets.token_hex(6)}"
        with self._connection() as connection:
            # Workers wait here for the one that makes it. The lock ends with the connection, even where that one crashes.
            connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [final])
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [final]).rowcount:
                prepare(self._server.ensure_database(begun))
                self._do("ALTER DATABASE {} RENAME TO {}", begun, final)
        self._prepared.add(template)

    def _do(self, statement: str, *names: str) -> None:
        with self._connection() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _connection(self) -> psycopg.Connection:
        return psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """Return the server of this run, shared by its workers."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"alone-{os.getpid()}")
    home = _home()
    server = Embedded(home / run, durable=False)
    with _alone(home):
        _clear_away(home)
        server.start()
    try:
        yield Cluster(server)
    finally:
        with _alone(home):
            server.release()
            _clear_away(home)


@pytest.fixture
def empty_database(postgres: Cluster) -> Iterator[str]:
    """Return the URL of a database with nothing in it."""
    with postgres.empty_database() as url:
        yield url


def memory() -> Path:
    """Return a folder for temporary ones, in memory where the system has such a thing."""
    return _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())


def _template_name(template: str) -> str:
    return f"template_{template}"


def _home() -> Path:
    """Return the folder for the servers of all runs of this checkout by this user."""
    checkout = hashlib.sha256(str(Path(__file__).parent).encode()).hexdigest()[:12]
    home = memory() / f"intaglio-tests-{os.getuid()}-{checkout}"
    home.mkdir(mode=0o711, exist_ok=True)
    assert home.lstat().st_uid == os.getuid(), f"{home} belongs to somebody else"
    home.chmod(0o711)  # for root, whose server runs as somebody else
    return home


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    with (home / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


def _clear_away(home: Path) -> None:
    """Stop and remove the servers that no living process holds."""
    for folder in home.iterdir():
        if folder.is_dir() and not _held(folder):
            Embedded(folder).remove()
            shutil.rmtree(folder, ignore_errors=True)


def _held(folder: Path) -> bool:
    try:
        with (folder / "holders.lock").open("r+") as lock:
            flock(lock, LOCK_EX | LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
