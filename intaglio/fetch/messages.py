"""A question to a server that is more than “what is at this address?”, and its answer whatever its status."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from intaglio.errors import MalformedInput
from intaglio.fetch.rules import show
from intaglio.fetch.source import DEFAULT_MAX_BYTES

MAX_HEADER = 16 * 1024
# RFC 9110, sections 5.1 and 5.5. A line end in a value would begin a header, or a request, of somebody else's making.
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")
_VALUE = re.compile(r"[!-~](?:[ \t!-~]*[!-~])?\Z")
_RESERVED = frozenset(
    {
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "accept-encoding",
        "user-agent",
        "expect",
        "upgrade",
        "te",
        "trailer",
        "cookie",
    }
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. Nothing of the sender goes along but what `headers` holds.

    A header's name may stand only once. `Host`, `Content-Length` and what belongs to the connection are the door's to write.
    The text form shows neither headers nor body: they may carry tokens.
    """

    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered, also where it refuses or redirects: `headers` by lower-case name, with every value sent.

    `url` is the one that was asked, without a fragment. `body` is decompressed.
    """

    url: str
    status: int
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def content_type(self) -> str:
        """The essence of the media type, in lower case; empty where none was stated, or several."""
        stated = self.headers.get("content-type", ())
        return stated[0].partition(";")[0].strip().lower() if len(stated) == 1 else ""


class Sender(Protocol):
    """The power to send requests."""

    def send(self, request: Request, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Response:
        """Send one request and return its answer, whatever its status; redirects are answers, never followed.

        :raises Unavailable: whenever there is no answer to be had, whatever the server did.
        :raises MalformedInput: where the address itself is broken, or a header could not be sent as it is.
        """
        ...


def sendable(request: Request) -> tuple[tuple[str, str], ...]:
    """Return the headers of a request if each of them can be sent as it is.

    :raises MalformedInput: ``unsendable-header`` for a name or a value that HTTP does not allow, a header that is not the
        sender's to choose, one that stands twice, or a body under GET. The sentence never shows a value.
    """
    names = [name.lower() for name in request.headers]
    if len(set(names)) != len(names):
        raise MalformedInput("unsendable-header", "A header stands twice.")
    for name, value in request.headers.items():
        if not _NAME.match(name) or name.lower() in _RESERVED:
            raise MalformedInput("unsendable-header", f"The header {show(name)} is not one to be chosen.")
        if len(value) > MAX_HEADER or not _VALUE.match(value):
            raise MalformedInput("unsendable-header", f"The header {show(name)} has a value that cannot be sent.")
    if request.body and request.method == "GET":
        raise MalformedInput("unsendable-header", "A GET has no body.")
    return tuple(request.headers.items())
