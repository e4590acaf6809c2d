"""Starting and stopping the embedded PostgreSQL, from as many processes as want it."""

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, flock
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import errors, sql

from intaglio.errors import Unavailable
from intaglio.server.postgres import places, postmaster
from intaglio.server.postgres.account import Account, account_for
from intaglio.server.postgres.binaries import Binaries, find_binaries

_FIRST_BUILTIN_LOCALE = 17
_PATIENCE = 60.0
"""Seconds to wait for sessions that outlived a killed server."""
_OTHERS_STILL_THERE = ("is still in use", "already exists")

_SETTINGS = {
    "listen_addresses": "",  # no network at all
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "wal_compression": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # What goes wrong is told without the values and statements that it went wrong with: those are about people.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}
_FORGETFUL = {  # what was committed outlives a killed server, but not a crash of the machine
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "400",
    "dynamic_shared_memory_type": "mmap",  # in the folder, and gone with it, even after a kill
}


class Embedded:
    """A PostgreSQL server of our own in `folder`, shared by all processes that start it, reached by a socket only.

    Every holder keeps a shared lock on a file. The kernel drops it when the process ends, however it ends, so that no list
    of processes can go stale; the last one to `release` stops the server. Where all were killed it keeps running, and the
    next holder finds it. Whoever can open the socket is the database's administrator: it lies in a folder that is closed to
    everybody but the user, root, and for root the account that runs the server.

    Start it after forking. With `durable` false, nothing survives a crash of the machine: that is for tests.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.resolve()
        self._settings = _SETTINGS if durable else {**_SETTINGS, **_FORGETFUL}
        self._durable = durable
        self._holder: tuple[int, int] | None = None  # (process, file) that holds the shared lock
        self._sockets: Path | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def start(self) -> None:
        """Start the server unless it runs, and hold it. Returns when it answers; calling it again revives a killed one.

        :raises Unavailable: ``database-programs``, ``database-version``, ``database-account``, ``database-folder``,
            ``database-start``
        """
        places.make_folder(self._folder)
        with self._alone():
            self._hold()
            try:
                self._start()
            except BaseException:
                self._let_go()
                raise

    def ensure_database(self, name: str) -> str:
        """Return the SQLAlchemy URL of the database, which is made if need be. The server must be started."""
        with psycopg.connect(self._url("postgresql", "postgres"), autocommit=True) as connection:
            there = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount
            if not there:
                with suppress(errors.DuplicateDatabase, errors.UniqueViolation):  # another process was faster
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self._url("postgresql+psycopg", name)

    def release(self) -> None:
        """Let go of the server; the last holder stops it. Does nothing when it is not held."""
        if self._holder is None:
            return
        with self._alone():
            if self._let_go():
                postmaster.stop(self._folder / "cluster" / "data")

    def remove(self) -> None:
        """Let go of the server, and remove the folder with all its databases.

        :raises Unavailable: ``database-in-use`` when another process holds it.
        """
        if not self._folder.exists():
            return
        with self._alone():
            self._hold()
            if not self._let_go():
                raise Unavailable("database-in-use", f"Another process uses the databases in {self._folder}.")
            postmaster.stop(self._folder / "cluster" / "data")
            places.remove(self._folder)

    # — one at a time —

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = self._open("start.lock")
        try:
            flock(lock, LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _open(self, name: str, flags: int = 0) -> int:
        return os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | flags, 0o600)

    def _hold(self) -> None:
        if self._holder is None or self._holder[0] != os.getpid():
            lock = self._open("holders.lock")
            flock(lock, LOCK_SH)
            self._holder = os.getpid(), lock

    def _let_go(self) -> bool:
        """Give up the shared lock, and say whether nobody else has it."""
        if self._holder is None:
            return False
        (process, lock), self._holder = self._holder, None
        try:
            if process != os.getpid():
                return False  # a forked child shares its parent's lock: to unlock it here would unlock it there
            flock(lock, LOCK_UN)
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(lock)
        return True

    # — starting —

    def _start(self) -> None:
        account = account_for(self._folder / "cluster")
        cluster = places.cluster_folder(self._folder, account)
        data = cluster / "data"
        self._sockets = places.socket_folder(self._folder, cluster, account)
        if postmaster.answers(self._sockets):
            return
        written_by = int((data / "PG_VERSION").read_text()) if data.exists() else None
        binaries = find_binaries(account, written_by)
        if written_by is None:
            self._make_cluster(cluster, account, binaries)
        self._serve(data, account, binaries)

    def _make_cluster(self, cluster: Path, account: Account, binaries: Binaries) -> None:
        """Make the data folder under another name first: where it has its own, it is whole.

        The names differ, since an initdb whose starter was killed may still write into its one.
        """
        for unfinished in cluster.glob("new-*"):
            shutil.rmtree(unfinished, ignore_errors=True)
        begun = cluster / f"new-{secrets.token_hex(4)}"
        # Sorting must not depend on the first user's language.
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if binaries.version < _FIRST_BUILTIN_LOCALE:
            locale = ["--locale=C", "--lc-ctype=C.UTF-8"]
        sync = [] if self._durable else ["--no-sync"]
        made = account.run(
            [binaries.initdb, "-D", str(begun), "-U", "postgres", "--auth=trust", "--encoding=UTF8", *locale, *sync]
        )
        if made.returncode != 0:
            raise Unavailable("database-start", _last_lines(made.stdout + made.stderr))
        begun.rename(cluster / "data")

    def _serve(self, data: Path, account: Account, binaries: Binaries) -> None:
        end = time.monotonic() + _PATIENCE
        while True:
            found = postmaster.running(data)  # a killed starter's, say
            pid = found or self._launch(data, account, binaries)
            if postmaster.wait_for(pid, data, self._socket_folder):
                return
            if found:
                continue
            said = (self._folder / "server.log").read_text(errors="replace")
            if time.monotonic() > end or not any(sign in said for sign in _OTHERS_STILL_THERE):
                raise Unavailable("database-start", _last_lines(said))
            time.sleep(0.1)

    def _launch(self, data: Path, account: Account, binaries: Binaries) -> int:
        """Start the server as nobody's child, and return its process number.

        A shell stands between, so that the server outlives us and init collects it. It gets the command as arguments and
        never parses it; pg_ctl would put the paths into a shell's text.
        """
        postmaster.forget(data, self._socket_folder)
        log = self._folder / "server.log"
        if log.exists():
            log.rename(log.with_suffix(".log.1"))
        errors_to = self._open(log.name, os.O_APPEND)
        try:
            settings = [f"--{name}={value}" for name, value in self._settings.items()]
            place = ["-D", str(data), "-k", str(self._socket_folder), "-p", str(postmaster.PORT)]
            shell = ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh"]
            return int(account.run([*shell, binaries.postgres, *place, *settings], errors_to=errors_to).stdout)
        finally:
            os.close(errors_to)

    @property
    def _socket_folder(self) -> Path:
        if self._sockets is None:
            raise Unavailable("database-start", "The server was not started.")
        return self._sockets

    def _url(self, scheme: str, name: str) -> str:
        place = quote(str(self._socket_folder), safe="")
        return f"{scheme}://postgres@/{quote(name, safe='')}?host={place}&port={postmaster.PORT}"


def _last_lines(said: str, count: int = 12) -> str:
    return "\n".join(said.strip().splitlines()[-count:]) or "It said nothing."
