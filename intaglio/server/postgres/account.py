"""Who runs PostgreSQL's programs. PostgreSQL refuses to run as root, so root hands it to another account."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from intaglio.errors import Unavailable

CANDIDATES = ("intaglio", "postgres", "nobody")
"""Accounts that root hands PostgreSQL to, the best first: one made for us, one made for databases, and the one that every
system has. No account is made: that is for the administrator to decide. Other daemons may run as ``nobody``, and could
then read the data, so a machine that others work on deserves one of the first two."""
REFUGE = Path("/var/lib/intaglio")
"""Where root keeps what that account could not reach in its own place, such as under ``/root``."""


@dataclass(frozen=True, slots=True)
class Account:
    """The user and group (numbers of the system) to become, or None and None to stay who we are."""

    user: int | None = None
    group: int | None = None

    @property
    def groups(self) -> list[int] | None:
        """The supplementary groups: none of root's are handed on."""
        return None if self.user is None else []

    def give(self, path: Path) -> None:
        """Make `path` the account's own, and closed to everybody else."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group, follow_symlinks=False)
        path.chmod(0o700)

    def reaches(self, folder: Path) -> bool:
        """Can the account enter this folder? Asked by trying, since access lists and mounts have their say too."""
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]).returncode == 0

    def run(self, command: Sequence[str], *, errors_to: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, in no particular folder.

        :raises PermissionError: when the account may not run it.
        """
        return subprocess.run(  # noqa: S603 - our own programs, and no shell reads the arguments
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors_to,
            text=True,
            errors="replace",
            cwd="/",
            env=_environment(),
            start_new_session=True,  # Ctrl-C in a terminal is for us; the server is stopped when nobody needs it
            user=self.user,
            group=self.group,
            extra_groups=self.groups,
        )


def account_for(cluster: Path) -> Account:
    """Return who runs the server of `cluster`: we, or for root whoever ran it before, or else the first of `CANDIDATES`.

    :raises Unavailable: ``database-account`` when root finds none of them.
    """
    if os.geteuid() != 0:
        return Account()
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in CANDIDATES:
        with suppress(KeyError):
            found = pwd.getpwnam(name)
            return Account(found.pw_uid, found.pw_gid)
    raise Unavailable("database-account", f"There is none of the accounts {', '.join(CANDIDATES)}.")


def refuge() -> Path:
    """Return `REFUGE`, which root made and everybody may pass through."""
    REFUGE.mkdir(parents=True, exist_ok=True)
    REFUGE.chmod(0o755)
    return REFUGE


def _environment() -> dict[str, str]:
    """Return our environment without what would steer PostgreSQL, such as PGDATA, PGPORT, or a language for its messages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}
