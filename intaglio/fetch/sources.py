"""Sources that need no network, and those that put others together."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from intaglio.errors import MalformedInput, Unavailable
from intaglio.fetch.rules import show
from intaglio.fetch.source import DEFAULT_MAX_BYTES, Fetched, Source


@dataclass(frozen=True, slots=True)
class Offline:
    """Has nothing and asks nobody: what is missing stays unknown."""

    def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
        """Raise.

        :raises Unavailable: ``offline``, always.
        """
        _ = accept, max_bytes
        raise Unavailable("offline", f"{show(url)} was not looked up.")


@dataclass(frozen=True, slots=True)
class Memory:
    """Documents in memory, by URL or DID, for a rehearsal or a test."""

    documents: Mapping[str, bytes]

    def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
        """Return the document at hand for `url`; its type is not known.

        :raises Unavailable: ``not-stored``, ``answer-too-large``
        """
        _ = accept
        if url not in self.documents:
            raise Unavailable("not-stored", f"{show(url)} is not among the documents at hand.")
        return Fetched(url, bounded(url, self.documents[url], max_bytes), "")


class FirstOf:
    """Asks several sources in their order; only `Unavailable` leads to the next, and the last one's is what remains."""

    def __init__(self, *sources: Source) -> None:
        self._sources = sources or (Offline(),)

    def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
        """Return what the first source has that has anything.

        :raises Unavailable: what the last source raised.
        """
        *others, last = self._sources
        for source in others:
            try:
                return source.get(url, accept=accept, max_bytes=max_bytes)
            except Unavailable:
                continue
        return last.get(url, accept=accept, max_bytes=max_bytes)


class Cached:
    """Asks its source once for each question, and remembers the answer or the failure. Made for one run, so nothing expires.

    A failure is remembered too, or a record of a thousand credentials with one dead status list would wait a thousand times.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._answers: dict[tuple[str, tuple[str, ...], int], Fetched | Unavailable | MalformedInput] = {}

    def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
        """Return the answer, or raise the failure, of the first time that this was asked.

        :raises Unavailable: what the source raised.
        :raises MalformedInput: the same.
        """
        question = (url, accept, max_bytes)
        if question not in self._answers:
            try:
                self._answers[question] = self._source.get(url, accept=accept, max_bytes=max_bytes)
            except (Unavailable, MalformedInput) as error:
                self._answers[question] = error
        answer = self._answers[question]
        if isinstance(answer, Fetched):
            return answer
        raise answer.with_traceback(None)


class Budget:
    """Lets one run ask its source so often, for so many seconds in all, and for so many bytes in all.

    A presentation can hold thousands of credentials, each with addresses of its own. Behind each address a stranger's server
    may take its ten seconds and fill its megabytes, so the limits of one request do not bound a run. The last request may
    overrun the seconds by its own time limit. A did:web costs two requests: the first, for the DID, never leaves the house.
    """

    def __init__(
        self,
        source: Source,
        *,
        requests: int = 128,
        seconds: float = 30.0,
        total_bytes: int = 64 * 1024 * 1024,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._requests, self._seconds, self._bytes = requests, seconds, total_bytes
        self._clock = clock

    def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
        """Ask the source if something is left.

        :raises Unavailable: ``lookup-limit``, and what the source raises.
        """
        if self._requests <= 0 or self._seconds <= 0 or self._bytes <= 0:
            raise Unavailable("lookup-limit", f"{show(url)} was not looked up.")
        self._requests -= 1
        begun = self._clock()
        try:
            fetched = self._source.get(url, accept=accept, max_bytes=min(max_bytes, self._bytes))
        finally:
            self._seconds -= self._clock() - begun
        self._bytes -= len(fetched.body)
        return fetched


def bounded(url: str, body: bytes, max_bytes: int) -> bytes:
    """Return `body` if it is not too large.

    :raises Unavailable: ``answer-too-large``
    """
    if len(body) > max_bytes:
        raise Unavailable("answer-too-large", f"{show(url)} has more than {max_bytes:,} bytes.")
    return body
