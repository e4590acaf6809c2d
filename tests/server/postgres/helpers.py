"""What these tests share: other processes that hold a server, and waiting for something to be so."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[3]

HOLD = """
import sys
from pathlib import Path
from intaglio.server.postgres.embedded import Embedded
server = Embedded(Path(sys.argv[1]), durable=False)
server.start()
print(server.ensure_database("shared"), flush=True)
sys.stdin.read()
server.release()
"""


def until(condition: Callable[[], object]) -> None:
    """Wait until something is so; the machine's speed is nobody's fault, so the bound is only for what never comes."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)


@contextmanager
def process(
    script: str, *arguments: object, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a Python script in a process of its own; it is killed at the end, if it still runs."""
    started = subprocess.Popen(  # noqa: S603 - scripts of these tests
        [sys.executable, "-W", "error", "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
    )
    with started:
        try:
            yield started
        finally:
            started.kill()


def answer(started: subprocess.Popen[str]) -> str:
    """Return the next line that the process prints."""
    assert started.stdout is not None
    line = started.stdout.readline().strip()
    assert line, f"it ended with {started.wait()}"
    return line


def ask(url: str, question: str) -> object:
    """Return the one value that a query gives."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(question).fetchone()
    return row and row[0]


def server_process(folder: Path) -> int:
    """Return the process number that the server wrote down."""
    return int((folder / "cluster" / "data" / "postmaster.pid").read_text().splitlines()[0])


def gone(pid: int) -> bool:
    """Say whether a process ended and was collected."""
    return not Path(f"/proc/{pid}").exists()
