"""A folder for a server, removed with it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from intaglio.server.postgres import account
from intaglio.server.postgres.embedded import Embedded
from intaglio.server.postgres.postmaster import stop
from tests.database import memory


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder that root's account can reach too, and that does not exist yet."""
    with tempfile.TemporaryDirectory(prefix="pg-", dir=memory(), ignore_cleanup_errors=True) as parent:
        Path(parent).chmod(0o711)
        monkeypatch.setattr(account, "REFUGE", Path(parent) / "refuge")
        place = Path(parent) / "server"
        yield place
        stop(place / "cluster" / "data")


@pytest.fixture
def server(folder: Path) -> Iterator[Embedded]:
    """Return a started server."""
    with Embedded(folder, durable=False) as started:
        yield started
