"""Processes that are killed, at the moments that hurt."""

import os
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest

from intaglio.server.postgres import postmaster
from intaglio.server.postgres.embedded import Embedded
from tests.server.postgres.helpers import HOLD, answer, ask, gone, process, server_process, until

DIES_WHILE_INITDB_WORKS = """
import os, signal, subprocess, sys, time
from pathlib import Path
from intaglio.server.postgres.account import Account
from intaglio.server.postgres.embedded import Embedded
run = Account.run
def killed_within(self, command, **others):
    if not command[0].endswith("initdb"):
        return run(self, command, **others)
    subprocess.Popen(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                     user=self.user, group=self.group, extra_groups=self.groups)
    while not Path(command[command.index("-D") + 1], "PG_VERSION").exists():
        time.sleep(0.001)
    os.kill(os.getpid(), signal.SIGKILL)
Account.run = killed_within
Embedded(Path(sys.argv[1]), durable=False).start()
"""

# Orphans become this process's children, and it never collects them, like a container's first process that is no init.
NEVER_COLLECTS = "import ctypes; assert ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) == 0" + HOLD


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_killed_holders_do_not_keep_the_server(folder: Path) -> None:
    with process(HOLD, folder) as first, process(HOLD, folder) as second:
        answer(first)
        answer(second)
        pid = server_process(folder)
        for holder in (first, second):
            holder.kill()
            holder.wait()
    assert postmaster.exists(pid)
    with Embedded(folder, durable=False) as server:
        assert server_process(folder) == pid
        assert ask(server.ensure_database("shared"), "SELECT 1") == 1
    assert not postmaster.exists(pid)


def test_nothing_that_was_answered_is_lost_when_the_server_is_killed(folder: Path) -> None:
    with Embedded(folder) as server:
        url = server.ensure_database("issuer").replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE award (number int)")
            for number in range(200):
                connection.execute("INSERT INTO award VALUES (%s)", [number])
        killed = server_process(folder)
        kill(killed)
        server.start()
        assert server_process(folder) != killed
        assert ask(url, "SELECT count(*) FROM award") == 200


def test_three_cold_starts_at_once_make_one_server(folder: Path) -> None:
    with process(HOLD, folder) as one, process(HOLD, folder) as two, process(HOLD, folder) as three:
        assert answer(one) == answer(two) == answer(three)
        pid = server_process(folder)
        for holder in (one, two, three):
            holder.communicate()
            assert holder.returncode == 0
    assert not postmaster.exists(pid)


def test_an_unfinished_cluster_is_made_anew(folder: Path) -> None:
    with process(DIES_WHILE_INITDB_WORKS, folder) as killed:
        assert killed.wait() == -signal.SIGKILL
    assert list((folder / "cluster").glob("new-*"))
    assert not (folder / "cluster/data").exists()
    with Embedded(folder, durable=False) as server:  # while the orphaned initdb may still be at work
        assert ask(server.ensure_database("shared"), "SELECT 1") == 1
        assert len(list((folder / "cluster").glob("new-*"))) <= 1


def test_a_zombie_is_no_server(folder: Path) -> None:
    with process(NEVER_COLLECTS, folder) as holder:
        url = answer(holder)
        dead = server_process(folder)
        kill(dead)
        until(lambda: not postmaster.exists(dead))
        assert not gone(dead), "it should be a zombie, that still has its number"
        os.kill(dead, 0)
        with Embedded(folder, durable=False) as server:
            assert server.ensure_database("shared") == url
            assert ask(url, "SELECT 1") == 1
            assert server_process(folder) != dead


def test_a_number_that_somebody_else_has_now_is_no_server(server: Embedded, folder: Path) -> None:
    killed = server_process(folder)
    kill(killed)
    until(lambda: gone(killed))
    # A process of the server's own account: PostgreSQL would take it for itself.
    owner = (folder / "cluster").stat()
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, user=owner.st_uid, group=owner.st_gid) as stranger:
        for left in (folder / "cluster/data/postmaster.pid", folder / "cluster/.s.PGSQL.5432.lock"):
            left.write_text(left.read_text().replace(str(killed), str(stranger.pid), 1))
        server.start()
        assert ask(server.ensure_database("shared"), "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.communicate()


@pytest.mark.parametrize("left", ["", "what is this\n", "0"])
def test_a_broken_note_of_the_process_is_no_server(server: Embedded, folder: Path, left: str) -> None:
    killed = server_process(folder)
    kill(killed)
    until(lambda: gone(killed))
    (folder / "cluster/data/postmaster.pid").write_text(left)
    server.start()
    assert ask(server.ensure_database("shared"), "SELECT 1") == 1


def test_a_new_server_waits_for_sessions_of_the_killed_one(server: Embedded, folder: Path) -> None:
    url = server.ensure_database("shared").replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        backend = connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)  # it cannot notice that its server is gone
        killed = server_process(folder)
        kill(killed)
        until(lambda: gone(killed))
        with process(HOLD, folder) as other:
            until(lambda: "still in use" in said(folder))
            assert other.poll() is None
            os.kill(backend, signal.SIGCONT)
            assert ask(answer(other), "SELECT 1") == 1
            assert gone(backend) or not postmaster.exists(backend)


def said(folder: Path) -> str:
    return "".join(log.read_text() for log in folder.glob("server.log*"))


def test_a_socket_that_was_cleared_away_comes_back(server: Embedded, folder: Path) -> None:
    pid = server_process(folder)
    (folder / "cluster/.s.PGSQL.5432").unlink()
    server.start()
    assert server_process(folder) != pid
    assert ask(server.ensure_database("shared"), "SELECT 1") == 1


def test_a_server_whose_starter_was_killed_is_found(folder: Path) -> None:
    with Embedded(folder, durable=False) as server:
        server.ensure_database("shared")
    with process(HOLD, folder) as starter:
        until((folder / "cluster/data/postmaster.pid").exists)
        starter.kill()
        starter.wait()
    with Embedded(folder, durable=False) as server:
        assert ask(server.ensure_database("shared"), "SELECT 1") == 1


def test_a_server_that_does_not_end_politely_is_ended(
    server: Embedded, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postmaster, "_PATIENCE", 0.2)
    url = server.ensure_database("shared").replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        os.kill(connection.info.backend_pid, signal.SIGSTOP)
        pid = server_process(folder)
        server.release()
        assert not postmaster.exists(pid)
