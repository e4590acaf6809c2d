"""A Node process that runs other people's implementations: jsonld, Digital Bazaar, jose, verifier-core.

`node/worker.mjs` answers one JSON request per line, so hundreds of them share the cost of one start. Each file beside it
says in its first lines what its commands take and return. Nothing there has a network.
"""

import json
import os
import selectors
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NoReturn, Self, cast

FOLDER = Path(__file__).parent / "node"
TIMEOUT = 30.0
"""Seconds that one answer may take; the slowest honest one takes two, on a busy machine ten."""
_READ_BYTES = 1 << 16
_ENVIRONMENT = ("PATH", "HOME", "SYSTEMROOT", "TMPDIR")
"""What the process inherits: no proxy, no NODE_OPTIONS."""


class PeerFailed(Exception):
    """The peer refused a request: `name` is its error's class, `causes` are the messages of the errors inside."""

    def __init__(self, error: dict[str, Any]) -> None:
        self.name: str = error["name"]
        self.causes: list[str] = messages(error.get("causes", []))
        super().__init__("; ".join([f"{self.name}: {error['message']}", *self.causes]))


class PeerGone(Exception):
    """The process ended, or did not answer in time and was killed; the next request starts another."""


def why_not() -> str | None:
    """Return why there is no Node peer on this machine, or None where there is one."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not (FOLDER / "node_modules").is_dir():
        return "the Node packages are not installed: run `make peers`"
    return None


def messages(errors: list[dict[str, Any]]) -> list[str]:
    """Return every message of errors and of those inside them, outermost first."""
    return [text for error in errors for text in (error["message"], *messages(error.get("causes", [])))]


class NodePeer:
    """The worker as a context manager. It starts with the first request and is ended by its own process id.

    `script` may be another one that answers lines with lines; `more` joins its environment.
    """

    def __init__(self, timeout: float = TIMEOUT, *, script: str = "worker.mjs", **more: str) -> None:
        self._timeout, self._script, self._more = timeout, script, more
        self._process: subprocess.Popen[bytes] | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._buffer = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end()
        self._said.close()

    def ask(self, command: str, **request: Any) -> Any:
        """Send one request and return what its ``ok`` holds.

        :raises PeerFailed: for an ``error``.
        :raises PeerGone: where no answer comes.
        """
        process = self._running()
        # ASCII only: readline in Node takes U+2028 for the end of a line.
        line = json.dumps({"command": command, **request}, allow_nan=False, ensure_ascii=True).encode() + b"\n"
        try:
            _stream(process.stdin).write(line)
            _stream(process.stdin).flush()
        except BrokenPipeError:
            self._give_up("it ended")
        answer = json.loads(self._read_line(_stream(process.stdout)))
        if "error" in answer:
            raise PeerFailed(answer["error"])
        return answer["ok"]

    @property
    def pid(self) -> int | None:
        """The process id of the worker, or None where none is running."""
        return None if self._process is None else self._process.pid

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._buffer = b""
            self._process = subprocess.Popen(  # noqa: S603 - a fixed program with fixed arguments
                [str(shutil.which("node")), self._script],
                cwd=FOLDER,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | self._more,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
            )
        return self._process

    def _read_line(self, stream: BinaryIO) -> bytes:
        deadline = time.monotonic() + self._timeout
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while b"\n" not in self._buffer:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    self._give_up(f"it did not answer within {self._timeout:g} s")
                piece = os.read(stream.fileno(), _READ_BYTES)
                if not piece:
                    self._give_up("it ended")
                self._buffer += piece
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def _give_up(self, reason: str) -> NoReturn:
        self._end()
        self._said.seek(0)
        said = self._said.read().decode(errors="replace")[-2000:]
        message = f"The Node peer gave no answer: {reason}. {said}"
        raise PeerGone(message)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            try:
                _stream(stream).close()
            except BrokenPipeError:  # what was not sent any more
                continue


def _stream(stream: object) -> BinaryIO:
    return cast("BinaryIO", stream)
