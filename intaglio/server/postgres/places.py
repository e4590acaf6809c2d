"""What lies where in the folder of an embedded server.

::

    folder/             ours, closed to others (for root: nobody else may list it)
    ├── start.lock       who starts or stops the server holds it alone
    ├── holders.lock     who uses the server shares it
    ├── server.log       what the server had to say since its last start; server.log.1 before that
    ├── cluster/         the account's that runs PostgreSQL; also holds the socket
    │   └── data/
    └── socket           only for long paths: a link to a short one, since a socket's address has room for 107 bytes

Where root's account cannot reach the folder, `cluster` is a link to a folder in `account.REFUGE`, beside which a link named
``….of`` leads back. So removing the folder alone does not remove the data: `Embedded.remove` does.
"""

import logging
import os
import shutil
import tempfile
from pathlib import Path

from intaglio.errors import Unavailable
from intaglio.server.postgres import account as accounts
from intaglio.server.postgres.account import Account

_NOTE = ".of"
_LONGEST = 107 - len("/.s.PGSQL.5432.lock")
_log = logging.getLogger(__name__)
_TROUBLE = frozenset(" ,'\"\\")  # these separate or quote where PostgreSQL reads lists of folders


def make_folder(folder: Path) -> None:
    """Make the folder itself, or check that it is ours.

    :raises Unavailable: ``database-folder``
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable("database-folder", f"{folder}: {error.strerror}.") from None
    if folder.stat().st_uid != os.geteuid():
        # Root is refused too: its files in a user's folder would lock the user out, or be led astray by the user's links.
        raise Unavailable("database-folder", f"{folder} belongs to another user.")
    # Root's account must pass through to the cluster, and can list nothing.
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def cluster_folder(folder: Path, account: Account) -> Path:
    """Return the folder of the account, made if need be.

    :raises Unavailable: ``database-folder`` when it should be elsewhere, and is not there.
    """
    cluster = folder / "cluster"
    if cluster.is_symlink() and not cluster.exists():
        raise Unavailable("database-folder", f"{cluster} leads to {cluster.readlink()}, which is gone.")
    if not cluster.exists():
        cluster.mkdir(mode=0o700)
        account.give(cluster)
        if account.user is not None and not (account.reaches(cluster) and _fits(cluster)):
            cluster.rmdir()
            cluster.symlink_to(_refuge(folder, account))
    if cluster.is_symlink():
        cluster = cluster.readlink()
        _note_whose(cluster, folder)
    account.give(cluster)
    return cluster


def socket_folder(folder: Path, cluster: Path, account: Account) -> Path:
    """Return where the socket is: beside the data, or where that path is too long, in a short folder of our own.

    :raises Unavailable: ``database-folder`` when that short folder is open to others.
    """
    if _fits(cluster):
        return cluster
    link = folder / "socket"
    if not link.exists():
        link.unlink(missing_ok=True)
        made = Path(tempfile.mkdtemp(prefix="intaglio-", dir=_short_parent(account)))
        account.give(made)
        link.symlink_to(made)
    short = link.readlink()
    facts = short.lstat()
    if facts.st_uid not in (os.geteuid(), account.user) or facts.st_mode & 0o077:  # it was removed and made by another
        raise Unavailable("database-folder", f"{short} is open to others.")
    return short


def remove(folder: Path) -> None:
    """Remove the folder, and what its links lead to."""
    for link in (folder / "cluster", folder / "socket"):
        if link.is_symlink():
            shutil.rmtree(link.readlink(), ignore_errors=True)
            _note_of(link.readlink()).unlink(missing_ok=True)
    shutil.rmtree(folder)


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= _LONGEST and not _TROUBLE & set(str(path))


def _refuge(folder: Path, account: Account) -> Path:
    refuge = accounts.refuge()
    for note in refuge.glob("*" + _NOTE):
        cluster = note.with_suffix("")
        if not (note / "cluster").exists() or not (note / "cluster").samefile(cluster):
            # The folder may have been moved, or lie on a disk that is not there now: what to do is for people to say.
            _log.warning("%s holds the databases of %s, which is gone", cluster, note.readlink())
    cluster = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=refuge))
    account.give(cluster)
    return cluster


def _note_of(cluster: Path) -> Path:
    return cluster.with_name(cluster.name + _NOTE)


def _note_whose(cluster: Path, folder: Path) -> None:
    """Leave a link back, so that somebody who finds the cluster knows whose it is; folders can be moved."""
    note = _note_of(cluster)
    note.unlink(missing_ok=True)
    note.symlink_to(folder)


def _short_parent(account: Account) -> Path:
    """Return a folder for sockets that has a short path: the user's own for such things, or the system's temporary one."""
    own = os.environ.get("XDG_RUNTIME_DIR", "") if account.user is None else ""
    for parent in (Path(own or "/nowhere"), Path(tempfile.gettempdir())):
        if os.access(parent, os.W_OK) and _fits(parent / "intaglio-12345678"):
            return parent
    return Path("/tmp")  # noqa: S108 - mkdtemp makes a closed folder of a fresh name in it
