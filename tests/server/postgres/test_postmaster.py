import os
import subprocess
from pathlib import Path

import pytest

from intaglio.server.postgres import postmaster
from intaglio.server.postgres.embedded import Embedded
from tests.server.postgres.helpers import ask, server_process, until

PS = Path("/bin/ps")


@pytest.fixture
def without_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at processes as on systems that have no /proc."""
    if not PS.exists():
        pytest.skip("no ps on this system")
    monkeypatch.setattr(postmaster, "_PROC", Path("/nowhere"))


def zombie() -> int:
    """Return the number of a child that ended and was not collected."""
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    return child


def test_a_zombie_and_an_unused_number_do_not_exist() -> None:
    dead = zombie()
    assert not postmaster.exists(dead)
    os.waitpid(dead, 0)
    assert not postmaster.exists(dead)
    assert postmaster.exists(os.getpid())


def test_the_same_without_proc(without_proc: None) -> None:
    test_a_zombie_and_an_unused_number_do_not_exist()


def test_a_server_is_found_and_revived_without_proc(server: Embedded, folder: Path, without_proc: None) -> None:
    data = folder / "cluster/data"
    killed = server_process(folder)
    assert postmaster.running(data) == killed
    os.kill(killed, 9)
    until(lambda: postmaster.running(data) is None)
    server.start()
    assert ask(server.ensure_database("shared"), "SELECT 1") == 1
    server.release()
    assert postmaster.running(data) is None


def test_where_there_is_nothing_nothing_runs(tmp_path: Path) -> None:
    assert postmaster.running(tmp_path) is None
    assert not postmaster.ready(tmp_path)
    assert not postmaster.answers(tmp_path)
    postmaster.stop(tmp_path)
    postmaster.forget(tmp_path, tmp_path)


def test_a_process_that_works_elsewhere_is_not_the_server_and_is_not_stopped(tmp_path: Path) -> None:
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE) as stranger:
        (tmp_path / "postmaster.pid").write_text(f"{stranger.pid}\n")
        assert postmaster.running(tmp_path) is None
        postmaster.stop(tmp_path)
        assert stranger.poll() is None
        stranger.communicate()


def test_waiting_for_one_that_ends_ends(tmp_path: Path) -> None:
    with subprocess.Popen(["/bin/true"]) as short:
        assert not postmaster.wait_for(short.pid, tmp_path, tmp_path)
