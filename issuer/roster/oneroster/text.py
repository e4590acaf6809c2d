"""From bytes to lines: the encoding of a CSV file, and lines that cannot be endless.

OneRoster asks for UTF-8, with or without a byte order mark (CSV binding 1.2, section 3). Spreadsheet programs save in what their
operating system was once sold with; read as UTF-8 that loses letters of names, and read as a guess it may change them, so it is
named and refused, and read on as the guess only to find what else is wrong.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

_CHUNK = 1 << 16
_LONGEST_LINE = 1 << 17
_CELL_ENDS = re.compile(rb'[,;\t"\r\n]')


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a file are to be read. `doubt` is where it is not UTF-8: the line, counted from 1, and its cell."""

    codec: str
    label: str
    doubt: tuple[int, str] | None = None


class EndlessLine(Exception):
    """A line is longer than any roster's."""


def encoding_of(stream: IO[bytes]) -> Encoding:
    """Find the encoding of a file by reading all of it, in bounded memory."""
    pending, lines = b"", 0
    while True:
        chunk = stream.read(_CHUNK)
        data = pending + chunk
        if lines == 0 and not pending and _is_utf16(data):
            return Encoding("utf-16", "UTF-16", (1, data[:80].decode("utf-16", "replace")))
        try:
            _, used = codecs.utf_8_decode(data, "strict", not chunk)
        except UnicodeDecodeError as error:
            return _not_utf8(data, error.start, lines)
        if not chunk:
            return Encoding("utf-8-sig", "UTF-8")
        lines += data.count(b"\n", 0, used)
        pending = data[used:]


def lines_of(stream: IO[bytes], encoding: Encoding) -> Iterator[str]:
    """Return the lines of a file, with their ends, whatever those are.

    :raises EndlessLine: at a line of more than 131,071 characters
    """
    # "replace" matters only for files that are refused already.
    text = io.TextIOWrapper(stream, encoding.codec, errors="replace", newline="")
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise EndlessLine
        yield line


def _is_utf16(start: bytes) -> bool:
    return start[:2] in (b"\xff\xfe", b"\xfe\xff")


def _not_utf8(data: bytes, position: int, lines_before: int) -> Encoding:
    line = lines_before + data.count(b"\n", 0, position) + 1
    begin = max(
        (match.end() for match in _CELL_ENDS.finditer(data, max(0, position - 80), position)),
        default=max(0, position - 80),
    )
    end = _CELL_ENDS.search(data, position)
    cell = data[begin : end.start() if end else position + 80][:160]
    return Encoding("cp1252", "Windows-1252", (line, cell.decode("cp1252", "replace")))
