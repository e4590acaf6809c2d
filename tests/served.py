"""A service as an administrator runs it: ``intaglio serve`` in a process of its own, on a port of this machine."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def environment(folder: Path, url: str | None = None, **settings: str) -> dict[str, str]:
    """Return the environment of a service: its data in `folder`, and nothing of this process's own settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTAGLIO_")}
    own = {"INTAGLIO_DATA_FOLDER": str(folder), "INTAGLIO_SECRET": "a secret of the tests, of no use anywhere else"}
    if url is not None:
        own["INTAGLIO_DATABASE_URL"] = url
    return {
        **clean,
        "PYTHONPATH": str(ROOT),
        **own,
        **{f"INTAGLIO_{name.upper()}": text for name, text in settings.items()},
    }


def command(*arguments: str) -> list[str]:
    """Return the command line for a command of ours."""
    return [sys.executable, "-m", "intaglio", *arguments]


@contextmanager
def running(
    arguments: list[str], settings: Mapping[str, str], log: Path
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a command that goes on until it is stopped; give the process and the line by which it says that it is ready."""
    with (
        log.open("w") as errors,
        subprocess.Popen(  # noqa: S603 - our own command
            command(*arguments), env=dict(settings), stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        assert process.stdout is not None
        try:
            line = process.stdout.readline().strip()
            assert line, log.read_text()
            yield process, line
        finally:
            process.kill()


@contextmanager
def served(service: str, settings: Mapping[str, str], log: Path) -> Iterator[str]:
    """Run a service, and give its origin."""
    port = free_port()
    with running(["serve", service, "--port", str(port)], settings, log):
        yield f"http://localhost:{port}"
