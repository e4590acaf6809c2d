"""The bits of a status list, and their compressed form in text (Bitstring Status List 1.0, sections 3.3 and 3.4).

A list holds entries of `size` bits each. Entry 0 is at the left: its first bit is the highest bit of the first byte
(section 7.1), and an entry wider than one bit is a big-endian number.
"""

import re
import zlib
from collections.abc import Iterable

from intaglio.documents import MAX_BYTES
from intaglio.errors import MalformedInput, Unsupported
from intaglio.multikey import decode_base64url, encode_base64url

MINIMUM_ENTRIES = 131_072
"""Fewer entries would not hide one learner among many (section 2.2: 16 KB of single bits)."""
SHORTEST_IN_USE = 100_000
"""The length of the lists that the Digital Credentials Consortium publishes: a bound for readers who read those too.
Section 3.2, step 2, lets an ecosystem set another one."""
MAX_LIST_BYTES = 16 * 1024 * 1024
"""The most that a list may unpack to: 134 million entries. A list of a few kilobytes can be made to unpack to gigabytes."""
MAX_SIZE = 16
"""The widest entry that is read, in bits. Each of its 2^size values needs a message of its own (section 2.1)."""

_LEVEL = 6  # level 9 takes five times as long for 13 % fewer bytes
_GZIP = 31  # zlib's name for the gzip format of RFC 1952 with the largest window
_STANDARD_TO_URL = str.maketrans("+/", "-_")
_PADDING = re.compile(r"={1,2}\Z")


class StatusList:
    """A status list that can be written: `length` entries of `size` bits, all 0 at first.

    :raises MalformedInput: ``status-list-too-short`` under 131,072 entries, ``status-list-too-large`` over 16 MiB.
    :raises Unsupported: ``status-size`` for a size beyond 16 bits, or under 1.
    """

    def __init__(self, length: int = MINIMUM_ENTRIES, size: int = 1) -> None:
        check_size(size)
        byte_count = (length * size + 7) // 8
        if byte_count > MAX_LIST_BYTES:
            raise _too_large(None)
        check_length(byte_count, size, MINIMUM_ENTRIES)
        self._bits = bytearray(byte_count)
        self._size = size

    def __len__(self) -> int:
        return len(self._bits) * 8 // self._size

    @property
    def size(self) -> int:
        """The width of one entry, in bits."""
        return self._size

    def get(self, index: int) -> int:
        """Return the value of one entry.

        :raises MalformedInput: ``status-index-out-of-range``
        """
        return value_at(self._bits, index, self._size)

    def set(self, index: int, value: int = 1) -> None:
        """Set the value of one entry, from 0 to 2^size − 1.

        :raises MalformedInput: ``status-index-out-of-range``, ``status-value-out-of-range``
        """
        self._check_value(value)
        first, last, shift = _window(len(self._bits), index, self._size)
        others = int.from_bytes(self._bits[first:last]) & ~(_mask(self._size) << shift)
        self._bits[first:last] = (others | value << shift).to_bytes(last - first)

    def set_many(self, indexes: Iterable[int], value: int = 1) -> None:
        """Set many entries to one value. Either all are set, or the call raises and none is.

        :raises MalformedInput: ``status-index-out-of-range``, ``status-value-out-of-range``
        """
        self._check_value(value)
        wanted = list(indexes)
        if wanted:
            _window(len(self._bits), min(wanted), self._size)
            _window(len(self._bits), max(wanted), self._size)
        if self._size > 1 or value == 0:
            for index in wanted:
                self.set(index, value)
            return
        bits = self._bits  # the common case, revoking a whole batch, in a loop with nothing else in it
        for index in wanted:
            bits[index >> 3] |= 0x80 >> (index & 7)

    def encode(self) -> str:
        """Return the ``encodedList`` (Bitstring Generation Algorithm, section 3.3): ``u``, then base64url of the gzip stream.

        The stream holds no time and no name, so equal lists encode equally.
        """
        compressor = zlib.compressobj(_LEVEL, wbits=_GZIP)
        return "u" + encode_base64url(compressor.compress(self._bits) + compressor.flush())

    @classmethod
    def decode(cls, encoded: object, size: int = 1, minimum: int = MINIMUM_ENTRIES) -> "StatusList":
        """Read an ``encodedList`` of `size`-bit entries; fewer of them than `minimum` are refused (section 3.2, step 9).

        :raises MalformedInput: as `expand` does, and ``status-list-too-short``.
        :raises Unsupported: ``status-size``
        """
        check_size(size)
        bits = expand(encoded)
        check_length(len(bits), size, minimum)
        decoded = cls.__new__(cls)
        decoded._bits, decoded._size = bytearray(bits), size  # noqa: SLF001 - this is a second constructor
        return decoded

    def _check_value(self, value: int) -> None:
        if not 0 <= value <= _mask(self._size):
            detail = f"{value} does not fit into an entry of {self._size} bits."
            raise MalformedInput("status-value-out-of-range", detail)


def expand(encoded: object, *, legacy: bool = False, pointer: str | None = None) -> bytes:
    """Return the bits of an ``encodedList`` (Bitstring Expansion Algorithm, section 3.4), bounded in time and memory.

    The text must be multibase base64url, which begins with ``u``. With `legacy` the forms of Status List 2021 are read too:
    its section 2.2 says just “base-64”, so the lists in the field come with and without the ``u``, in both alphabets, padded
    or not. (A gzip stream begins with ``H`` in base64, so the ``u`` cannot be mistaken for content.)

    :raises MalformedInput: ``status-list-malformed``, also for a stream that is cut off, followed by anything, or made of
        several members; ``status-list-too-large`` for one that unpacks to more than 16 MiB.
    """
    compressed = _multibase(encoded, legacy=legacy, pointer=pointer)
    unpacker = zlib.decompressobj(wbits=_GZIP)
    try:
        bits = unpacker.decompress(compressed, MAX_LIST_BYTES + 1)
    except zlib.error as error:
        detail = f"The encodedList is not a gzip stream: {error}."
        raise MalformedInput("status-list-malformed", detail, pointer=pointer) from None
    if len(bits) > MAX_LIST_BYTES:
        raise _too_large(pointer)
    if not unpacker.eof:
        raise MalformedInput("status-list-malformed", "The gzip stream of the encodedList is cut off.", pointer=pointer)
    if unpacker.unused_data:
        # Some readers would go on with a second member, others stop: the two would see different lists.
        raise MalformedInput("status-list-malformed", "Something follows the gzip stream.", pointer=pointer)
    return bits


def value_at(bits: bytes | bytearray, index: int, size: int = 1) -> int:
    """Return the value of one entry of `size` bits (section 3.2, step 10).

    :raises MalformedInput: ``status-index-out-of-range``
    """
    first, last, shift = _window(len(bits), index, size)
    return int.from_bytes(bits[first:last]) >> shift & _mask(size)


def check_size(size: int, *, pointer: str | None = None) -> None:
    """Refuse an entry width that is not read.

    :raises Unsupported: ``status-size``
    """
    if not 1 <= size <= MAX_SIZE:
        raise Unsupported("status-size", f"Entries of 1 to {MAX_SIZE} bits are read.", pointer=pointer)


def check_length(byte_count: int, size: int, minimum: int, *, pointer: str | None = None) -> None:
    """Refuse a list with fewer entries than `minimum` (section 3.2, step 9).

    :raises MalformedInput: ``status-list-too-short``
    """
    entries = byte_count * 8 // size
    if entries < minimum:
        detail = f"It has {entries:,} entries; {minimum:,} is the least."
        raise MalformedInput("status-list-too-short", detail, pointer=pointer)


def _window(byte_count: int, index: int, size: int) -> tuple[int, int, int]:
    """Return where an entry lies: its first byte, the byte after its last, and how many bits of that last one follow it."""
    start = index * size
    end = start + size
    if start < 0 or end > byte_count * 8:
        detail = f"The list has entries 0 to {byte_count * 8 // size - 1:,}; this one would be {index:,}."
        raise MalformedInput("status-index-out-of-range", detail)
    last = (end + 7) // 8
    return start // 8, last, last * 8 - end


def _mask(size: int) -> int:
    return (1 << size) - 1


def _multibase(encoded: object, *, legacy: bool, pointer: str | None) -> bytes:
    text = encoded if isinstance(encoded, str) and len(encoded) <= MAX_BYTES else ""
    if text.startswith("u"):
        text = text[1:]
    elif legacy:
        text = _PADDING.sub("", text.translate(_STANDARD_TO_URL))
    else:
        text = ""
    if not text:
        detail = "The encodedList must be text in base64url that begins with the letter u."
        raise MalformedInput("status-list-malformed", detail, pointer=pointer)
    try:
        return decode_base64url(text)
    except MalformedInput as error:
        detail = f"The encodedList cannot be read. {error.problem.detail}"
        raise MalformedInput("status-list-malformed", detail, pointer=pointer) from None


def _too_large(pointer: str | None) -> MalformedInput:
    detail = f"It would unpack to more than {MAX_LIST_BYTES:,} bytes."
    return MalformedInput("status-list-too-large", detail, pointer=pointer)
