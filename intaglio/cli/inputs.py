"""What several commands take: files, stored documents, contexts, points in time."""

import argparse
import errno
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from intaglio.cli.output import reason_of
from intaglio.errors import IntaglioError, MalformedInput
from intaglio.times import parse_time

if TYPE_CHECKING:
    from intaglio.fetch.source import Source
    from intaglio.schemas import Contexts

MAX_INPUT_BYTES = 20 * 1024 * 1024
"""More of one input is not read: the largest that anything here accepts is a baked image of this size."""


def add_documents(parser: argparse.ArgumentParser) -> None:
    """Add ``--documents``."""
    parser.add_argument(
        "--documents",
        metavar="DIR",
        type=Path,
        help="folder whose index.json maps URLs and DIDs to the files beside it; these answer before the network does",
    )


def add_contexts(parser: argparse.ArgumentParser) -> None:
    """Add ``--contexts``."""
    parser.add_argument(
        "--contexts",
        metavar="DIR",
        type=Path,
        help="folder whose index.json maps URLs to further JSON-LD contexts, which you vouch for",
    )


def read_input(name: str) -> bytes:
    """Return the bytes of a file, or of the standard input for ``-``.

    :raises MalformedInput: ``input-unreadable``, ``too-large``
    """
    try:
        data = _read(name, MAX_INPUT_BYTES + 1)
    except (OSError, ValueError) as error:
        raise MalformedInput("input-unreadable", f"{name}: {reason_of(error)}.") from None
    if len(data) > MAX_INPUT_BYTES:
        raise MalformedInput("too-large", f"{name} has more than {MAX_INPUT_BYTES:,} bytes.")
    return data


def _read(name: str, limit: int) -> bytes:
    if name != "-":
        with Path(name).open("rb") as file:
            return file.read(limit)
    if sys.stdin is None:  # so Python has it where a process was started without one
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return sys.stdin.buffer.read(limit)


def source_of(options: argparse.Namespace, *, offline: bool) -> "Source":
    """Return where documents come from: the folder of ``--documents`` first, then, unless off line, the network."""
    from intaglio.fetch.sources import Budget, Cached, FirstOf, Offline
    from intaglio.fetch.stored import StoredDocuments

    if offline:
        beyond: Source = Offline()
    else:
        from intaglio.fetch.network import Network, NetworkSettings

        loopback = os.environ.get("INTAGLIO_ALLOW_HTTP_LOOPBACK") == "1"
        beyond = Cached(Budget(Network(NetworkSettings(allow_http_loopback=loopback))))
    return FirstOf(StoredDocuments(options.documents), beyond) if options.documents else beyond


def contexts_of(options: argparse.Namespace) -> "Contexts":
    """Return the bundled contexts, and those of ``--contexts``."""
    from intaglio.schemas import Contexts

    bundled = Contexts.bundled()
    return bundled.with_folder(options.contexts) if options.contexts else bundled


def moment(text: str) -> datetime:
    """Read a point in time (RFC 3339), as an argument."""
    try:
        return parse_time(text)
    except IntaglioError as error:
        raise argparse.ArgumentTypeError(error.problem.detail) from None


def now() -> datetime:
    """Return the present time, in UTC."""
    return datetime.now(UTC)


def passphrase() -> bytes | None:
    """Return the passphrase of key files, from ``INTAGLIO_KEY_PASSPHRASE``; None where it is not set."""
    text = os.environ.get("INTAGLIO_KEY_PASSPHRASE")
    return os.fsencode(text) if text else None
