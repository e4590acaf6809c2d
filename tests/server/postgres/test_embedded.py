import os
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from intaglio.errors import Unavailable
from intaglio.server.postgres import embedded, postmaster
from intaglio.server.postgres.account import Account
from intaglio.server.postgres.embedded import Embedded
from tests.server.postgres.helpers import HOLD, answer, ask, process, server_process


def test_a_database_is_made_once_and_found_again(server: Embedded) -> None:
    url = server.ensure_database("issuer")
    assert url.startswith("postgresql+psycopg://postgres@/issuer?host=%2F")
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE kept AS SELECT 7 AS number"))
    engine.dispose()
    assert server.ensure_database("issuer") == url
    assert ask(url, "SELECT number FROM kept") == 7


def test_a_name_needs_no_care(server: Embedded) -> None:
    assert ask(server.ensure_database('O’Brien "&?/ Ωmega'), "SELECT current_database()") == 'O’Brien "&?/ Ωmega'


def test_what_was_written_is_there_after_a_stop(server: Embedded, folder: Path) -> None:
    url = server.ensure_database("issuer")
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    first = server_process(folder)
    server.release()
    assert not postmaster.exists(first)
    server.release()  # a second time does nothing
    server.start()
    server.start()
    assert server_process(folder) != first
    assert ask(server.ensure_database("issuer"), "SELECT number FROM kept") == 7


def test_the_server_has_no_port_in_the_network(server: Embedded) -> None:
    assert ask(server.ensure_database("postgres"), "SHOW listen_addresses") == ""


def test_what_must_last_is_flushed_unless_it_is_for_tests(folder: Path) -> None:
    with Embedded(folder) as server:
        url = server.ensure_database("postgres")
        assert [ask(url, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")] == ["on"] * 3
    with Embedded(folder, durable=False) as server:
        assert ask(server.ensure_database("postgres"), "SHOW fsync") == "off"


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_nobody_else_can_look_in_whatever_the_umask(folder: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        with Embedded(folder, durable=False) as server:
            server.ensure_database("postgres")
            listing = 0o711 if os.geteuid() == 0 else 0o700
            assert stat.S_IMODE(folder.stat().st_mode) == listing
            for closed in (folder / "cluster", folder / "cluster/data", folder / "cluster/.s.PGSQL.5432"):
                assert stat.S_IMODE(closed.stat().st_mode) == 0o700
            for closed in (folder / "start.lock", folder / "holders.lock", folder / "server.log"):
                assert stat.S_IMODE(closed.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_the_environment_of_other_servers_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGPORT": "6543", "PGDATA": "/nowhere", "LC_ALL": "de_DE.UTF-8", "PGDATABASE": "other"}.items():
        monkeypatch.setenv(name, value)
    with Embedded(folder, durable=False) as server:
        assert ask(server.ensure_database("shared"), "SELECT current_database()") == "shared"


def test_letters_sort_and_change_case_alike_for_everybody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    with Embedded(folder, durable=False) as server:
        url = server.ensure_database("postgres")
        assert ask(url, "SELECT string_agg(x, '' ORDER BY x) FROM unnest('{b,B,á,a,Z}'::text[]) x") == "BZabá"
        assert ask(url, "SELECT upper('ñandú')") == "ÑANDÚ"
        assert ask(url, "SHOW timezone") == "UTC"


def test_what_people_typed_stays_out_of_the_log(server: Embedded, folder: Path) -> None:
    with psycopg.connect(server.ensure_database("postgres").replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE learner (name text UNIQUE)")
        connection.execute("INSERT INTO learner VALUES ('Anna Quist')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO learner VALUES ('Anna Quist')")
    said = (folder / "server.log").read_text()
    assert "duplicate key" in said
    assert "Anna Quist" not in said


def test_a_long_path_with_spaces_works(folder: Path) -> None:
    place = folder / 'a "long" name, with $(spaces) and ñ, ' / ("x" * 90) / ("y" * 90)
    with Embedded(place, durable=False) as server:
        url = server.ensure_database("shared")
        assert ask(url, "SELECT 1") == 1
        with process(HOLD, place) as other:
            assert answer(other) == url
    with Embedded(place, durable=False) as server:
        assert server.ensure_database("shared") == url
        server.remove()
    assert not place.exists()


def test_the_last_holder_stops_it(folder: Path) -> None:
    with process(HOLD, folder) as other:
        url = answer(other)
        with Embedded(folder, durable=False) as server:
            assert server.ensure_database("shared") == url
            pid = server_process(folder)
        assert ask(url, "SELECT 1") == 1
        with pytest.raises(Unavailable, match="Another process") as refused:
            server.remove()
        assert refused.value.problem.kind == "database-in-use"
        other.communicate()
        assert other.returncode == 0
    assert not postmaster.exists(pid)


def test_removing_leaves_nothing(folder: Path) -> None:
    server = Embedded(folder, durable=False)
    server.remove()  # there is nothing yet
    server.start()
    pid = server_process(folder)
    server.remove()
    assert not folder.exists()
    assert not postmaster.exists(pid)
    server.release()


def test_a_file_in_its_place_is_told(folder: Path) -> None:
    folder.write_text("in the way")
    with pytest.raises(Unavailable, match="File exists") as refused:
        Embedded(folder).start()
    assert refused.value.problem.kind == "database-folder"


def test_data_that_went_away_are_not_quietly_made_anew(folder: Path) -> None:
    folder.mkdir()
    (folder / "cluster").symlink_to("/nowhere/at-all")
    with pytest.raises(Unavailable, match="which is gone"):
        Embedded(folder).start()


def test_a_server_that_cannot_start_says_why(server: Embedded, folder: Path) -> None:
    server.release()
    (folder / "cluster/data/global/pg_control").unlink()
    with pytest.raises(Unavailable, match="could not find the database system") as refused:
        server.start()
    assert refused.value.problem.kind == "database-start"
    with pytest.raises(Unavailable, match="not started"):
        Embedded(folder).ensure_database("issuer")


def test_data_of_another_version_are_left_alone(server: Embedded, folder: Path) -> None:
    server.release()
    (folder / "cluster/data/PG_VERSION").write_text("99\n")
    with pytest.raises(Unavailable, match="PostgreSQL 99 wrote the data") as refused:
        server.start()
    assert refused.value.problem.kind == "database-version"


def test_a_failed_start_is_not_held(server: Embedded, folder: Path) -> None:
    server.release()
    version = folder / "cluster/data/PG_VERSION"
    right = version.read_text()
    version.write_text("99\n")
    with pytest.raises(Unavailable):
        server.start()
    version.write_text(right)
    Embedded(folder).remove()
    assert not folder.exists()


def test_a_forked_child_takes_nothing_from_its_parent(server: Embedded, folder: Path) -> None:
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        try:
            server.release()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    with Embedded(folder, durable=False):
        pass
    assert ask(server.ensure_database("postgres"), "SELECT 1") == 1


def test_the_wheel_is_used_without_being_imported(folder: Path) -> None:
    script = HOLD.replace("sys.stdin.read()", "print([m for m in sys.modules if 'pixeltable' in m], flush=True)")
    with process(script, folder) as other:
        answer(other)
        assert answer(other) == "[]"


def test_an_initdb_that_fails_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_FIRST_BUILTIN_LOCALE", 99)  # as before version 17, whose locales are the system's
    run = Account.run

    def full_disk(self: Account, command: Sequence[str], **others: int) -> subprocess.CompletedProcess[str]:
        if "initdb" in command[0]:
            return run(self, [command[0], "--no-such-option"], **others)
        return run(self, command, **others)

    monkeypatch.setattr(Account, "run", full_disk)
    with pytest.raises(Unavailable, match="unrecognized option"):
        Embedded(folder, durable=False).start()
