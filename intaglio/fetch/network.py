"""Documents over https."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from intaglio.errors import Unavailable
from intaglio.fetch.messages import Request, Response, sendable
from intaglio.fetch.rules import MAX_REDIRECTS, Target, parse_target, redirect_target, show
from intaglio.fetch.source import DEFAULT_MAX_BYTES, Fetched

if TYPE_CHECKING:
    from intaglio.fetch.exchange import Answer, Door, HostResolver

_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """What may differ between readers.

    `total_seconds` bounds one question from its first look at a name to the last byte, redirects included, and
    `connect_seconds` each attempt to connect. `allow_http_loopback` opens loopback addresses, and http to them, for trying
    things out on one machine. `ca_file` names a PEM file of certificate authorities to trust beside the public ones.
    """

    total_seconds: float = 10.0
    connect_seconds: float = 4.0
    allow_http_loopback: bool = False
    ca_file: Path | None = None


class Network:
    """Asks servers, under the rules of `intaglio.fetch.rules`. Keeps nothing between two questions but its TLS roots."""

    def __init__(self, settings: NetworkSettings | None = None, *, resolver: "HostResolver | None" = None) -> None:
        self._settings = settings or NetworkSettings()
        self._resolver = resolver

    def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
        """Ask the server of an https URL; at most three redirects are followed, each judged like a first URL.

        :raises MalformedInput: ``bad-address``
        :raises Unavailable: ``forbidden-address``, ``unreachable``, ``timed-out``, ``http-status``, ``too-many-redirects``,
            ``answer-too-large``, ``wrong-content-type``, ``broken-answer``. What a server does says nothing about the document
            that named it, so none of this is more than *could not be had*.
        """
        allow_http = self._settings.allow_http_loopback
        target = parse_target(url, allow_http=allow_http)

        from intaglio.fetch.exchange import Deadline  # noqa: PLC0415 - costs 55 ms, and most runs ask nobody

        deadline = Deadline(self._settings.total_seconds)
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._door.exchange(target, accept=", ".join(accept), max_bytes=max_bytes, deadline=deadline)
            if answer.status not in _REDIRECTS:
                return _fetched(target, answer, accept)
            target = redirect_target(target, _location(target, answer), allow_http=allow_http)
        raise Unavailable("too-many-redirects", f"{show(url)} redirects more than {MAX_REDIRECTS} times.")

    def send(self, request: Request, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Response:
        """Send a request and return its answer, whatever its status; the same rules as for `get` say where it may go.

        Redirects are answers like others, never followed: what a request carries (a code, a token) is for one server alone.

        :raises MalformedInput: ``bad-address``, ``unsendable-header``
        :raises Unavailable: ``forbidden-address``, ``unreachable``, ``timed-out``, ``answer-too-large``, ``broken-answer``
        """
        target = parse_target(request.url, allow_http=self._settings.allow_http_loopback)
        headers = sendable(request)

        from intaglio.fetch.exchange import Deadline, Question  # noqa: PLC0415 - the same

        deadline = Deadline(self._settings.total_seconds)
        question = Question(request.method, target, headers, request.body)
        answer = self._door.ask(question, max_bytes=max_bytes, deadline=deadline)
        received = {name: tuple(values) for name, values in answer.headers.items()}
        return Response(target.url, answer.status, received, answer.body)

    @cached_property
    def _door(self) -> "Door":
        from intaglio.fetch.exchange import Door, system_addresses, trust  # noqa: PLC0415 - the same

        settings = self._settings
        return Door(
            resolver=self._resolver or system_addresses,
            tls=trust(settings.ca_file),
            connect_seconds=settings.connect_seconds,
            allow_loopback=settings.allow_http_loopback,
        )


def _fetched(target: Target, answer: "Answer", accept: tuple[str, ...]) -> Fetched:
    if answer.status != 200:
        raise Unavailable("http-status", f"{show(target.url)} answered with status {answer.status}.")
    stated = answer.headers.get("content-type", [])
    essence = stated[0].partition(";")[0].strip().lower() if len(stated) == 1 else ""
    # A host that lets strangers upload pictures or texts must not become one that publishes keys.
    if essence not in accept:
        raise Unavailable("wrong-content-type", f"{show(target.url)} is {show(essence)}, not {' or '.join(accept)}.")
    return Fetched(target.url, answer.body, essence)


def _location(target: Target, answer: "Answer") -> str:
    locations = answer.headers.get("location", [])
    if len(locations) != 1:
        raise Unavailable("broken-answer", f"{show(target.url)} redirects, but not to one place.")
    return locations[0]
