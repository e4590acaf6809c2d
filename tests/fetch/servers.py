"""Servers on 127.0.0.1 that answer whatever a test wants, byte for byte."""

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Respond: TypeAlias = Callable[[bytes, socket.socket], None]
"""Takes the head of a request and the connection, and writes an answer."""


class Server:
    """A running server: its port, and the heads of the requests that it saw."""

    def __init__(self, respond: Respond, tls: ssl.SSLContext | None, greeting: bytes) -> None:
        self.heads: list[bytes] = []
        self.stopping = threading.Event()
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                # A client that turns away in the middle is what most of these tests are about.
                with contextlib.suppress(OSError):
                    self.request.sendall(greeting)
                    connection = self.request if tls is None else tls.wrap_socket(self.request, server_side=True)
                    with connection:
                        head = _read_head(connection)
                        server.heads.append(head)
                        respond(head, connection)

        self._tcp = _Tcp(("127.0.0.1", 0), Handler)
        self.port: int = self._tcp.server_address[1]
        self._thread = threading.Thread(target=self._tcp.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def url(self, host: str, path: str = "/", scheme: str = "https") -> str:
        """Return an address of this server under a name."""
        return f"{scheme}://{host}:{self.port}{path}"

    def close(self) -> None:
        """Stop, and wait for the answers under way."""
        self.stopping.set()
        self._tcp.shutdown()
        self._tcp.server_close()
        self._thread.join()


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a broken connection is no news here."""


@contextlib.contextmanager
def serving(respond: Respond, tls: ssl.SSLContext | None = None, *, greeting: bytes = b"") -> Iterator[Server]:
    """Run a server while the block runs; it sends `greeting` before it listens."""
    server = Server(respond, tls, greeting)
    try:
        yield server
    finally:
        server.close()


def answer(
    body: bytes = b"{}", *headers: str, status: str = "200 OK", content_type: str | None = "application/json"
) -> Respond:
    """Return what writes one ordinary answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    raw = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
    return lambda _head, connection: connection.sendall(raw)


def raw_answer(raw: bytes) -> Respond:
    """Return what writes these bytes, whatever they are."""
    return lambda _head, connection: connection.sendall(raw)


def drip(first: bytes, piece: bytes, stopping: Callable[[], threading.Event]) -> Respond:
    """Return what writes `first`, and then a piece every 20 ms until the client turns away."""

    def respond(_head: bytes, connection: socket.socket) -> None:
        connection.sendall(first)
        while not stopping().wait(0.02):
            connection.sendall(piece)

    return respond


def _read_head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        received = connection.recv(4096)
        if not received:
            break
        head += received
    return head
