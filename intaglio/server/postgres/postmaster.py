"""The server's process: is it there, is it ours, and stop it.

The first line of ``postmaster.pid`` is the process number, the eighth the state (``src/include/utils/pidfile.h``). The file
outlives a killed server, and then lies in three ways: nobody may have that number, somebody else may have it (after a
restart of a container, numbers repeat), or a zombie has it, where nobody collects the dead. PostgreSQL itself is fooled by
the last two, and refuses to start.
"""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from psycopg import pq

PORT = 5432
"""No port of the network: it only names the socket's file."""

_PROC = Path("/proc")
_GONE = "ZXx"
_POLL = 0.02
"""Seconds between two looks at something that takes a moment."""
_PATIENCE = 60.0
"""Seconds that a server may take to end its sessions and write everything down; then it is stopped at once, and the next
start replays its log."""
_LAST_PATIENCE = 30.0
"""Seconds for that: PostgreSQL itself gives its sessions five."""


def running(data: Path) -> int | None:
    """Return the process number of the server of this data folder, or None when there is none."""
    pid = _noted(data)
    return pid if pid and _serves(pid, data) else None


def ready(data: Path) -> bool:
    """Say whether the server wrote down that it is ready."""
    lines = _pid_file(data)
    return len(lines) > 7 and lines[7].strip() == "ready"


def exists(pid: int) -> bool:
    """Say whether a process is there, and not just waiting to be collected."""
    return _state(pid)[:1] not in ("", *_GONE)


def forget(data: Path, sockets: Path) -> None:
    """Remove what a dead server left, where PostgreSQL would take it for a living one's.

    What is plainly dead is left to PostgreSQL, which clears it without a gap in time. And where sessions outlived their
    server, they keep a new one away in any case: PostgreSQL finds their shared memory by the data folder's inode
    (``src/backend/port/sysv_shmem.c``).
    """
    pid = _noted(data)
    if pid and not _state(pid):
        return
    for left in (data / "postmaster.pid", sockets / f".s.PGSQL.{PORT}.lock"):
        left.unlink(missing_ok=True)


def answers(sockets: Path) -> bool:
    """Say whether a server takes sessions at this socket."""
    return pq.PGconn.ping(f"host='{sockets}' port={PORT} dbname=postgres user=postgres".encode()) == pq.Ping.OK


def stop(data: Path) -> None:
    """Stop the server, if there is one: sessions are ended, everything is written. Returns when it is gone."""
    ways = (
        (signal.SIGINT, _PATIENCE),
        (signal.SIGQUIT, _LAST_PATIENCE),
    )  # “fast” and “immediate” in PostgreSQL's words
    for how, patience in ways:
        pid = running(data)
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, how)
        end = time.monotonic() + patience
        while exists(pid) and time.monotonic() < end:
            time.sleep(_POLL)


def wait_for(pid: int, data: Path, sockets: Path) -> bool:
    """Wait until the server answers, however long it repairs itself; False when its process ends instead.

    A server whose socket was taken away (cleaners of ``/tmp`` do that) is stopped: nobody could reach it any more.
    """
    while exists(pid):
        if answers(sockets):
            return True
        if ready(data) and not (sockets / f".s.PGSQL.{PORT}").exists():
            stop(data)
            return False
        time.sleep(_POLL)
    return False


def _noted(data: Path) -> int:
    """Return the process number in the file, or 0 where there is none, or something else."""
    lines = _pid_file(data)
    return int(lines[0]) if lines and lines[0].isdecimal() else 0


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _serves(pid: int, data: Path) -> bool:
    """Is this process alive, and the server of this folder? A server works inside its data folder."""
    if not exists(pid):
        return False
    if not _PROC.joinpath("self").exists():
        return "postgres" in _state(pid)
    try:
        return _PROC.joinpath(str(pid), "cwd").samefile(data)
    except OSError:  # it ended just now, or it is another user's
        return False


def _state(pid: int) -> str:
    """Return the letter of the process's state, and elsewhere than on Linux its command too; "" for an unknown number."""
    if _PROC.joinpath("self").exists():
        try:
            return _PROC.joinpath(str(pid), "stat").read_text().rpartition(") ")[2]
        except (FileNotFoundError, ProcessLookupError):
            return ""
    return subprocess.run(  # noqa: S603 - numbers only
        ["/bin/ps", "-ww", "-o", "stat=", "-o", "args=", "-p", str(pid)], check=False, capture_output=True, text=True
    ).stdout.strip()
