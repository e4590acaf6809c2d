"""Two ways onto this machine's own network: our side as a web server, and a Node program with one role."""

import contextlib
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Literal, Self

from intaglio.fetch.messages import Request, Response
from tests.interop.peer import FOLDER, TIMEOUT

Answer = Callable[[Request], Response]


@contextlib.contextmanager
def serving(make: Callable[[str], Answer]) -> Iterator[None]:
    """Serve http on localhost while the block runs: `make` takes the origin and returns what answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def _answer(self, method: Literal["GET", "POST"]) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.title(): value for name, value in self.headers.items()}
            response = answer(Request(method, f"{origin}{self.path}", headers, body))
            self.send_response(response.status)
            for name, values in response.headers.items():
                for value in values:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            self.wfile.write(response.body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    origin = f"http://localhost:{server.server_port}"
    answer = make(origin)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class NodeRole:
    """``node openid4vci.mjs ROLE`` as a context manager: JSON lines in and out; ended by its own process id.

    `more` joins its environment.
    """

    def __init__(self, role: str, **more: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - a fixed program with fixed arguments
            [str(shutil.which("node")), "openid4vci.mjs", role],
            cwd=FOLDER,
            env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | more,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: SimpleQueue[str] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def tell(self, **message: Any) -> None:
        """Send one line."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def hear(self) -> Any:
        """Return the next line, or fail with what the program has to say."""
        line = self._lines.get(timeout=TIMEOUT)
        if not line:
            assert self._process.stderr is not None
            message = f"the Node program ended: {self._process.stderr.read()[-2000:]}"
            raise AssertionError(message)
        return json.loads(line)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")
