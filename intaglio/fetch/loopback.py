"""This very machine without certificates: for trying things out, never for anything real."""

from intaglio.errors import Unavailable
from intaglio.fetch.rules import parse_target
from intaglio.fetch.source import DEFAULT_MAX_BYTES, Fetched, Source

_LOCAL = "localhost"


class LoopbackOverHttp:
    """Asks ``http://localhost`` where ``https://localhost`` does not answer.

    A did:web is always read over https; the services of a demonstration have no certificates. Nothing but localhost is asked
    this way, and only where the settings say so.
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
        """Return what the source has, over https or, on this machine, over http.

        :raises Unavailable: what the source raised.
        :raises MalformedInput: the same.
        """
        try:
            return self._source.get(url, accept=accept, max_bytes=max_bytes)
        except Unavailable:
            if not url.startswith("https:") or parse_target(url).host != _LOCAL:
                raise
        return self._source.get("http" + url.removeprefix("https"), accept=accept, max_bytes=max_bytes)
