"""One question and one answer over HTTP, with httpcore.

httpcore is the part of httpx that speaks the protocol. What httpx adds (redirects, cookies, proxies from the environment,
decompression, its own reading of URLs) is what a verifier must not have, so it is not used at all.

Imported only when something is really asked: the import costs 55 ms.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import certifi
import httpcore

from intaglio.errors import MalformedInput, Unavailable
from intaglio.fetch.body import Collector
from intaglio.fetch.rules import Target, check_addresses

HostResolver: TypeAlias = Callable[[str, int], Sequence[str]]
"""From a host and a port to its addresses; raises `OSError` where there are none."""

_MAX_ADDRESSES = 4
"""How many addresses of one host are tried before it counts as unreachable."""
_SUCCESS = (200,)


class Deadline:
    """A moment until which everything must be done, however the server portions it."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, at_most: float | None = None) -> float:
        """Return the seconds that are left, or `at_most` if that is less.

        :raises Unavailable: ``timed-out`` where none are left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise Unavailable("timed-out", "The answer took too long.")
        return left if at_most is None else min(left, at_most)


@dataclass(frozen=True)
class Answer:
    """What a server answered: `headers` by lower-case name, each with every value that was sent; `body` decompressed.

    To a plain question for a document, the body is empty for every status but 200: nothing else is read.
    """

    status: int
    headers: dict[str, list[str]]
    body: bytes


@dataclass(frozen=True)
class Door:
    """What is the same for each exchange: how to resolve, whom to trust, how long to wait for a connection."""

    resolver: HostResolver
    tls: ssl.SSLContext
    connect_seconds: float
    allow_loopback: bool

    def exchange(self, target: Target, *, accept: str, max_bytes: int, deadline: Deadline) -> Answer:
        """Send one GET and read its answer. No credentials, no cookies, nothing about the reader.

        :raises Unavailable: ``unreachable``, ``timed-out``, ``forbidden-address``, ``answer-too-large``, ``broken-answer``
        """
        question = Question("GET", target, (("Accept", accept),), reads=_SUCCESS)
        return self.ask(question, max_bytes=max_bytes, deadline=deadline)

    def ask(self, question: "Question", *, max_bytes: int, deadline: Deadline) -> Answer:
        """Send one question and read its answer.

        :raises Unavailable: as `exchange` does.
        """
        target = question.target
        url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        headers: list[tuple[str | bytes, str | bytes]] = [
            ("Host", target.authority),
            *question.headers,
            ("Accept-Encoding", "identity"),
            ("User-Agent", "intaglio"),
        ]
        extensions = {"timeout": {"connect": self.connect_seconds}}
        backend = _CheckedBackend(self, target, deadline)
        if question.method == "POST":
            headers.append(("Content-Length", str(len(question.body))))
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self.tls, network_backend=backend, max_connections=1) as pool,
                pool.stream(
                    question.method, url, headers=headers, content=question.body or None, extensions=extensions
                ) as response,
            ):
                return _read_answer(response, question, max_bytes)
        except httpcore.TimeoutException:
            raise Unavailable("timed-out", f"{target.host} did not answer in time.") from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise Unavailable("unreachable", f"{target.host} could not be asked: {_reason(error)}.") from None


@dataclass(frozen=True)
class Question:
    """What is sent: `headers` beside those that every question has. `reads` names the statuses whose body is read."""

    method: str
    target: Target
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    reads: Container[int] = range(600)


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Return a TLS context (1.2 or later, host names checked) with the public roots, and those of `ca_file`.

    The roots are certifi's rather than the system's: two readers then see the same, and nothing in the environment adds one.

    :raises MalformedInput: ``broken-ca-file``
    """
    context = ssl.create_default_context(cafile=certifi.where())
    if ca_file is None:
        return context
    try:
        context.load_verify_locations(cafile=ca_file)
    except OSError as error:
        raise MalformedInput("broken-ca-file", f"{ca_file}: {error.strerror or error}.") from None
    return context


def system_addresses(host: str, port: int) -> list[str]:
    """Ask the system's resolver; an address literal is its own answer."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects to an address that was checked, never to a name.

    A name is resolved once, and the connection is made to what was judged: between a check and a second resolution, a
    rebinding name server would put an address inside the reader's network. TLS still proves the name, because httpcore
    takes it from the URL.
    """

    def __init__(self, door: Door, target: Target, deadline: Deadline) -> None:
        self._door, self._target, self._deadline = door, target, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = check_addresses(self._target, self._resolve(host, port), allow_loopback=self._door.allow_loopback)
        for address in addresses[:_MAX_ADDRESSES]:
            seconds = self._deadline.left(timeout)
            try:
                stream = httpcore.SyncBackend().connect_tcp(address, port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            return _TimedStream(stream, self._deadline)
        raise Unavailable("unreachable", f"{self._target.host} does not accept a connection.")

    def _resolve(self, host: str, port: int) -> Sequence[str]:
        """Resolve a host in a thread of its own, since the system's resolver knows no time limit."""
        answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._door.resolver(host, port))
            except (OSError, UnicodeError):  # no such name, or one that no resolver takes
                answers.put(())

        threading.Thread(target=ask, daemon=True).start()
        try:
            addresses = answers.get(timeout=self._deadline.left())
        except queue.Empty:
            raise Unavailable("timed-out", f"The address of {self._target.host} was not found in time.") from None
        if not addresses:
            raise Unavailable("unreachable", f"There is no host {self._target.host}.")
        return addresses


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends by one deadline: a server that sends a byte a second gains nothing by it."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _read_answer(response: httpcore.Response, question: Question, max_bytes: int) -> Answer:
    headers: dict[str, list[str]] = {}
    for name, value in response.headers:
        headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1").strip())
    if response.status not in question.reads:
        return Answer(response.status, headers, b"")
    collector = Collector(question.target.url, headers.get("content-encoding", []), max_bytes)
    for chunk in response.iter_stream():
        collector.add(chunk)
    return Answer(response.status, headers, collector.finish())


def _reason(error: Exception) -> str:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate does not hold ({cause.verify_message.rstrip('.')})"
    if isinstance(cause, ssl.SSLError):
        return "there is no secure connection"
    if isinstance(error, httpcore.ProtocolError):
        return "it does not speak as a web server should"
    return "the connection broke"
