"""Credentials in PNG images (Open Badges 3.0, section 5.3.1; Portable Network Graphics, third edition, sections 5 and 11.3.3).

The credential is the text of an ``iTXt`` chunk with the keyword ``openbadgecredential``. No pixel is ever decoded.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from intaglio.documents import MAX_BYTES
from intaglio.errors import MalformedInput, Unsupported

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_KEYWORD = b"openbadgecredential"  # section 11.3.3.1 of PNG: keywords are case-sensitive
_OLD_KEYWORD = b"openbadges"  # Open Badges 1.0 (tEXt) and 2.0 (iTXt)
_HEAD = struct.Struct(">I4s")
_CRC = struct.Struct(">I")
_MAX_CHUNKS = 20_000
"""An image of 20 MiB in the smallest pieces that encoders write (4 kB) has 5,000."""


class _Chunk(NamedTuple):
    """One chunk: its type, its data, and where in the image it begins and ends."""

    kind: bytes
    data: memoryview
    start: int
    end: int


def read(image: bytes) -> bytes:
    """Return the text of the one credential.

    :raises MalformedInput: ``png-malformed``, ``not-baked``, ``baked-twice``, ``baked-malformed``, ``too-large``.
    :raises Unsupported: ``baked-open-badges-2``
    """
    chunks = list(_chunks(image))
    baked = _baked(chunks)
    if baked is not None:
        return _text(bytes(baked.data[len(_KEYWORD) + 1 :]))
    if any(_has_keyword(chunk, _OLD_KEYWORD) for chunk in chunks if chunk.kind in (b"iTXt", b"tEXt")):
        raise Unsupported("baked-open-badges-2", "The image has a chunk with the keyword openbadges.")
    raise MalformedInput("not-baked", "The image has no iTXt chunk with the keyword openbadgecredential.")


def write(image: bytes, credential: bytes) -> bytes:
    """Return the image with the credential in a chunk before its end, uncompressed as section 5.3.1 asks.

    :raises MalformedInput: ``png-malformed``, ``baked-twice``
    """
    chunks = list(_chunks(image))
    before = _baked(chunks)
    last = chunks[-1]
    kept = [image[: last.start]] if before is None else [image[: before.start], image[before.end : last.start]]
    # After the keyword: not compressed, compression method 0, no language, no translated keyword.
    data = b"iTXt" + _KEYWORD + b"\0\0\0\0\0" + credential
    chunk = [_CRC.pack(len(data) - 4), data, _CRC.pack(zlib.crc32(data))]
    return b"".join([*kept, *chunk, image[last.start :]])


def _baked(chunks: list[_Chunk]) -> _Chunk | None:
    found = [chunk for chunk in chunks if chunk.kind == b"iTXt" and _has_keyword(chunk, _KEYWORD)]
    if len(found) > 1:
        # Readers that take the first would see another badge than readers that take the last.
        raise MalformedInput("baked-twice", f"The image has {len(found)} chunks with a credential.")
    return found[0] if found else None


def _has_keyword(chunk: _Chunk, keyword: bytes) -> bool:
    return bytes(chunk.data[: len(keyword) + 1]) == keyword + b"\0"


def _chunks(image: bytes) -> Iterator[_Chunk]:
    """Yield the chunks of an image from ``IHDR`` to ``IEND`` (PNG, sections 5.3 and 5.6).

    :raises MalformedInput: ``png-malformed``
    """
    view = memoryview(image)
    start = len(SIGNATURE)
    for number in range(_MAX_CHUNKS):
        chunk = _chunk(view, start)
        if number == 0 and (chunk.kind != b"IHDR" or len(chunk.data) != 13):
            raise MalformedInput("png-malformed", "Its first chunk is not an image header.")
        yield chunk
        if chunk.kind == b"IEND":
            _check_end(chunk, len(image))
            return
        start = chunk.end
    raise MalformedInput("png-malformed", f"It has more than {_MAX_CHUNKS:,} chunks.")


def _chunk(view: memoryview, start: int) -> _Chunk:
    if start + 12 > len(view):
        raise MalformedInput("png-malformed", "It is cut off.")
    length, kind = _HEAD.unpack_from(view, start)
    end = start + 12 + length
    # PNG limits the length to 2^31 − 1; what is left of the image is less.
    if end > len(view) or not kind.isalpha():
        raise MalformedInput("png-malformed", f"The chunk at byte {start:,} is cut off or is none.")
    if zlib.crc32(view[start + 4 : end - 4]) != _CRC.unpack_from(view, end - 4)[0]:
        raise MalformedInput("png-malformed", f"The chunk at byte {start:,} was damaged: its checksum is wrong.")
    return _Chunk(kind, view[start + 8 : end - 4], start, end)


def _check_end(last: _Chunk, size: int) -> None:
    if last.data or last.end != size:
        raise MalformedInput("png-malformed", "Something stands behind its end.")


def _text(content: bytes) -> bytes:
    """Return the text of an ``iTXt`` chunk whose keyword has been taken off (PNG, section 11.3.3.4)."""
    flag, method = content[:1], content[1:2]
    _language, first, rest = content[2:].partition(b"\0")
    _translated, second, text = rest.partition(b"\0")
    if not (first and second) or flag not in (b"\0", b"\1"):
        raise MalformedInput("baked-malformed", "The iTXt chunk with the credential is not complete.")
    if flag == b"\1":
        # Open Badges forbids compression, but images pass through tools that compress what they find.
        text = _inflate(text, method)
    try:
        text.decode()
    except UnicodeDecodeError:
        raise MalformedInput("baked-malformed", "The credential in the image is not UTF-8 text.") from None
    return text.strip()


def _inflate(text: bytes, method: bytes) -> bytes:
    if method != b"\0":
        raise MalformedInput("baked-malformed", "The credential is compressed by a method that PNG does not have.")
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(text, MAX_BYTES + 1)
    except zlib.error as error:
        raise MalformedInput("baked-malformed", f"The compressed credential cannot be read: {error}.") from None
    if len(unpacked) > MAX_BYTES:
        raise MalformedInput("too-large", f"The credential would unpack to more than {MAX_BYTES:,} bytes.")
    if not unpacker.eof or unpacker.unused_data:
        raise MalformedInput("baked-malformed", "The compressed credential is cut off, or something follows it.")
    return unpacked
