from pathlib import Path

import psycopg
import pytest

from intaglio.server.postgres import postmaster
from tests.database import Cluster, _clear_away
from tests.server.postgres.conftest import folder
from tests.server.postgres.helpers import HOLD, answer, ask, process, server_process

__all__ = ["folder"]  # a fixture


def do(url: str, statement: str) -> None:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(statement)


def test_each_gets_a_copy_of_its_own_which_is_dropped(postgres: Cluster) -> None:
    def prepare(url: str) -> None:
        do(url, "CREATE TABLE word AS SELECT 'from the template' AS word")

    with postgres.fresh_database("words", prepare) as one, postgres.fresh_database("words", prepare) as two:
        do(one, "UPDATE word SET word = 'changed'")
        assert ask(two, "SELECT word FROM word") == "from the template"
        left_open = psycopg.connect(one.replace("+psycopg", ""))
    with left_open, pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        ask(two, "SELECT 1")


def test_a_template_that_failed_is_made_again(postgres: Cluster) -> None:
    def fail(url: str) -> None:
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError), postgres.fresh_database("second_try", fail):
        pass
    with postgres.fresh_database("second_try", lambda url: do(url, "CREATE TABLE whole ()")) as url:
        assert ask(url, "SELECT count(*) FROM whole") == 0


def test_what_a_killed_run_left_is_cleared_away(folder: Path) -> None:
    home = folder.parent / "home"
    home.mkdir()
    home.chmod(0o711)
    with process(HOLD, home / "killed") as killed, process(HOLD, home / "alive") as alive:
        answer(killed)
        answer(alive)
        pid = server_process(home / "killed")
        killed.kill()
        killed.wait()
        _clear_away(home)
        assert [left.name for left in home.iterdir()] == ["alive"]
        assert not postmaster.exists(pid)
        alive.communicate()
    _clear_away(home)
    assert not list(home.iterdir())
