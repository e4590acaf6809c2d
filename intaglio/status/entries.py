"""What a credential says about where its status is kept: the member ``credentialStatus``, taken apart.

Three kinds are read: ``BitstringStatusListEntry`` (Bitstring Status List 1.0, section 2.1), ``StatusList2021Entry`` (Status List
2021, section 2.1) and ``1EdTechRevocationList`` (1EdTech Revocation List Status Method 1.0). Any other becomes an `UnknownEntry`,
so that a reader learns of it. One malformed entry condemns the whole member: a credential that names two lists and breaks the
reference to one of them must not pass by the other.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from intaglio.documents import JsonObject, as_list
from intaglio.errors import MalformedInput
from intaglio.status.bitstring import check_size

MAX_ENTRIES = 32
"""More entries than this are refused: a reader fetches and verifies a list for each."""

_MAX_URL = 2048
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20\x7f]+\Z")
_INDEX = re.compile(r"[0-9]+\Z")  # not \d, which would take the digits of every script
_MAX_INDEX_DIGITS = 20
_HEXADECIMAL = re.compile(r"0x[0-9A-Fa-f]{1,8}\Z")
_MISSING = object()


class ListKind(Enum):
    """The two generations of bit lists; the value is the ``type`` of the credential that a list is published in."""

    BITSTRING = "BitstringStatusListCredential"
    STATUS_LIST_2021 = "StatusList2021Credential"


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A place in a bit list. `messages` has a text for each of the 2^size values, or is empty."""

    kind: ListKind
    purpose: str
    index: int
    list_url: str
    size: int
    messages: tuple[str, ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class RevocationListEntry:
    """A reference to a list of revoked credentials, which holds them by their ids."""

    list_url: str
    pointer: str


@dataclass(frozen=True, slots=True)
class UnknownEntry:
    """A status of a kind that this library does not read."""

    types: tuple[str, ...]
    pointer: str


StatusEntry: TypeAlias = ListEntry | RevocationListEntry | UnknownEntry

_LIST_KINDS = {
    "BitstringStatusListEntry": ListKind.BITSTRING,
    "StatusList2021Entry": ListKind.STATUS_LIST_2021,
}
_REVOCATION_LIST = "1EdTechRevocationList"


def parse_entries(credential: JsonObject) -> tuple[StatusEntry, ...]:
    """Return every status entry of a credential; the empty tuple where it has no ``credentialStatus`` at all.

    :raises MalformedInput: ``status-malformed`` with a pointer to the member at fault, also for a ``credentialStatus`` that is
        there and empty (VC Data Model 2.0, section 4.10: one or more objects); ``status-index-out-of-range``.
    :raises Unsupported: ``status-size``
    """
    value = credential.get("credentialStatus", _MISSING)
    if value is _MISSING:
        return ()
    entries = as_list(value)
    if not 1 <= len(entries) <= MAX_ENTRIES:
        detail = f"A credential has 1 to {MAX_ENTRIES} status entries or no such member; this one has {len(entries)}."
        raise MalformedInput("status-malformed", detail, pointer="/credentialStatus")
    inside = [f"/{number}" for number in range(len(entries))] if isinstance(value, list) else [""]
    return tuple(_entry(entry, f"/credentialStatus{place}") for entry, place in zip(entries, inside, strict=True))


def parse_messages(value: object, size: int, pointer: str) -> tuple[str, ...]:
    """Return the texts of a ``statusMessage`` array, ordered by the value that each stands for (section 2.1).

    Each of the 2^size values has exactly one message; which value is said in hexadecimal, as in ``0x1f``.

    :raises MalformedInput: ``status-malformed``
    """
    if not isinstance(value, list) or len(value) != 1 << size:
        detail = f"An entry of {size} bits has {1 << size} messages, in an array."
        raise MalformedInput("status-malformed", detail, pointer=pointer)
    texts = dict(_message(item, f"{pointer}/{number}") for number, item in enumerate(value))
    if sorted(texts) != list(range(1 << size)):
        detail = "The messages must stand for each value once."
        raise MalformedInput("status-malformed", detail, pointer=pointer)
    return tuple(texts[number] for number in range(1 << size))


def parse_size(value: object, pointer: str) -> int:
    """Return a ``statusSize`` (section 2.1).

    :raises MalformedInput: ``status-malformed`` unless it is an integer greater than 0.
    :raises Unsupported: ``status-size`` for one that is greater than is read.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        detail = "A statusSize is an integer greater than 0."
        raise MalformedInput("status-malformed", detail, pointer=pointer)
    check_size(value, pointer=pointer)
    return value


def _entry(entry: Any, pointer: str) -> StatusEntry:
    if not isinstance(entry, dict):
        raise MalformedInput("status-malformed", "A status entry is a JSON object.", pointer=pointer)
    types = as_list(entry.get("type"))
    if not types or not all(isinstance(name, str) for name in types):
        raise MalformedInput("status-malformed", "A status entry names its type.", pointer=f"{pointer}/type")
    known = [name for name in types if name in _LIST_KINDS or name == _REVOCATION_LIST]
    if not known:
        return UnknownEntry(tuple(types), pointer)
    if known == [_REVOCATION_LIST]:
        return RevocationListEntry(_url(entry, "id", pointer), pointer)
    if len(known) == 1:
        return _list_entry(entry, _LIST_KINDS[known[0]], pointer)
    # Which list would count is for the reader to choose, so one reader sees a revocation that another does not.
    raise MalformedInput("status-malformed", "A status entry is of one kind only.", pointer=f"{pointer}/type")


def _list_entry(entry: JsonObject, kind: ListKind, pointer: str) -> ListEntry:
    """Read what section 2.1 of either list specification asks of an entry; `statusSize` came with the newer one."""
    purpose = entry.get("statusPurpose")
    if not isinstance(purpose, str) or not purpose:
        raise MalformedInput("status-malformed", "A statusPurpose is a text.", pointer=f"{pointer}/statusPurpose")
    size, messages = _size_and_messages(entry, pointer) if kind is ListKind.BITSTRING else (1, ())
    list_url = _url(entry, "statusListCredential", pointer)
    return ListEntry(kind, purpose, _index(entry, pointer), list_url, size, messages, pointer)


def _size_and_messages(entry: JsonObject, pointer: str) -> tuple[int, tuple[str, ...]]:
    size = parse_size(entry["statusSize"], f"{pointer}/statusSize") if "statusSize" in entry else 1
    if "statusMessage" not in entry and size == 1:
        return size, ()
    return size, parse_messages(entry.get("statusMessage"), size, f"{pointer}/statusMessage")


def _index(entry: JsonObject, pointer: str) -> int:
    """Read the ``statusListIndex``: “an arbitrary size integer greater than or equal to 0, expressed as a string in base 10”.

    A JSON number is refused: section 3 makes an error of every value that breaks a MUST, and section 1.3 of every document.
    """
    place = f"{pointer}/statusListIndex"
    text = entry.get("statusListIndex")
    if not isinstance(text, str) or not _INDEX.match(text):
        detail = "A statusListIndex is a text of digits, such as “94567”."
        raise MalformedInput("status-malformed", detail, pointer=place)
    if len(text) > _MAX_INDEX_DIGITS:  # no list is as long; turning a long text into a number takes quadratic time
        raise MalformedInput("status-index-out-of-range", f"It has {len(text):,} digits.", pointer=place)
    return int(text)


def _url(entry: JsonObject, name: str, pointer: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or len(value) > _MAX_URL or not _URL.match(value):
        raise MalformedInput("status-malformed", f"The {name} is not a URL.", pointer=f"{pointer}/{name}")
    return value


def _message(item: Any, pointer: str) -> tuple[int, str]:
    status, text = (item.get("status"), item.get("message")) if isinstance(item, dict) else (None, None)
    if not isinstance(status, str) or not _HEXADECIMAL.match(status) or not isinstance(text, str):
        detail = "A message has a status such as “0x1” and a text."
        raise MalformedInput("status-malformed", detail, pointer=pointer)
    return int(status, 16), text
