"""The body of an answer, bounded while it arrives and while it unpacks."""

import zlib

from intaglio.errors import Unavailable
from intaglio.fetch.rules import show

_GZIP = 16 + zlib.MAX_WBITS


class Collector:
    """Collects a body piece by piece.

    No compression is asked for, yet some hosts store documents compressed and send them so: one layer of gzip is undone.
    HTTP would allow several layers, each multiplying by a thousand; a library that undoes them all is a bomb's best friend.

    :raises Unavailable: ``broken-answer`` for other codings.
    """

    def __init__(self, url: str, codings: list[str], max_bytes: int) -> None:
        self._url, self._left = url, max_bytes
        self._limit = max_bytes
        self._pieces: list[bytes] = []
        coding = ", ".join(codings).lower()
        if coding not in ("", "identity", "gzip", "x-gzip"):
            raise Unavailable("broken-answer", f"{show(url)} is compressed in a way that was not asked for.")
        self._unpack = zlib.decompressobj(_GZIP) if coding.endswith("gzip") else None

    def add(self, chunk: bytes) -> None:
        """Take the next piece.

        :raises Unavailable: ``answer-too-large``, before the piece is unpacked any further than the limit; ``broken-answer``
        """
        piece = chunk if self._unpack is None else self._inflate(self._unpack, chunk)
        self._left -= len(piece)
        if self._left < 0:
            raise Unavailable("answer-too-large", f"{show(self._url)} has more than {self._limit:,} bytes.")
        self._pieces.append(piece)

    def finish(self) -> bytes:
        """Return the whole body.

        :raises Unavailable: ``broken-answer`` where the compressed stream has not come to its end.
        """
        if self._unpack is not None and not self._unpack.eof:
            raise self._broken()
        return b"".join(self._pieces)

    def _inflate(self, unpack: "zlib._Decompress", chunk: bytes) -> bytes:
        try:
            piece = unpack.decompress(chunk, self._left + 1)
        except zlib.error:
            raise self._broken() from None
        if unpack.unused_data:
            raise self._broken()
        return piece

    def _broken(self) -> Unavailable:
        return Unavailable("broken-answer", f"{show(self._url)} is not compressed properly.")
