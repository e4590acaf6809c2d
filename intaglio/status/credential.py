"""The credential that publishes a bit list: made, not yet signed; and read, once its proof was verified elsewhere.

Bitstring Status List 1.0, section 2.2, and Status List 2021, section 2.2. What is found here about a list carries a pointer
into the list's own document.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from intaglio.documents import JsonObject, as_list
from intaglio.errors import MalformedInput
from intaglio.status.bitstring import StatusList, expand
from intaglio.status.entries import ListKind, parse_messages, parse_size
from intaglio.times import format_time

_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_VOCABULARY = "https://www.w3.org/ns/credentials/status#"
_SUBJECT_TYPES = {
    ListKind.BITSTRING: "BitstringStatusList",
    ListKind.STATUS_LIST_2021: "StatusList2021",
}


@dataclass(frozen=True, slots=True)
class StatusListContent:
    """A published list, checked and unpacked.

    `size` is the width of an entry in bits where the list states it. `ttl` is in milliseconds. `messages` has a text for
    each of the 2^size values, or is empty.
    """

    kind: ListKind
    purposes: tuple[str, ...]
    size: int | None
    ttl: int | None
    messages: tuple[str, ...]
    bits: bytes = field(repr=False)


def list_credential(
    status_list: StatusList,
    *,
    url: str,
    issuer: str | JsonObject,
    purposes: Sequence[str],
    valid_from: datetime,
    valid_until: datetime | None = None,
    ttl: int | None = None,
    messages: Sequence[str] = (),
) -> JsonObject:
    """Return the unsigned credential that publishes a list (Generate Algorithm, section 3.1, steps 2 to 4).

    `url` is the address where it will be found, and its id. The times are aware; `ttl` is in milliseconds. `messages` says
    what each of the 2^size values stands for; the purpose ``message`` needs them, and only then are they published, with the
    size. (For every other purpose the entry in the credential states its size: see `status_entry`.)

    :raises MalformedInput: ``status-malformed`` for no purpose, or for messages that do not fit the size.
    """
    if not purposes:
        raise MalformedInput("status-malformed", "A status list has at least one purpose.")
    subject: JsonObject = {
        "id": f"{url}#list",
        "type": _SUBJECT_TYPES[ListKind.BITSTRING],
        "statusPurpose": purposes[0] if len(purposes) == 1 else list(purposes),
        "encodedList": status_list.encode(),
    }
    context: list[str | JsonObject] = [_CONTEXT]
    if "message" in purposes:
        context.append(_message_terms())
        subject["statusSize"] = status_list.size
        subject["statusMessages"] = _write_messages(messages, status_list.size)
    if ttl is not None:
        subject["ttl"] = ttl
    validity = {"validFrom": format_time(valid_from)}
    if valid_until is not None:
        validity["validUntil"] = format_time(valid_until)
    return {
        "@context": context,
        "id": url,
        "type": ["VerifiableCredential", ListKind.BITSTRING.value],
        "issuer": issuer,
        **validity,
        "credentialSubject": subject,
    }


def status_entry(
    *,
    list_url: str,
    index: int,
    purpose: str,
    size: int = 1,
    messages: Sequence[str] = (),
    reference: str | None = None,
) -> JsonObject:
    """Return the ``credentialStatus`` of a credential whose status is entry `index` of a list (section 2.1).

    `messages` says what each of the 2^size values stands for, and is needed where `size` is not 1; `reference` is the URL of
    a page about them.

    :raises MalformedInput: ``status-malformed`` for messages that do not fit the size.
    """
    entry: JsonObject = {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }
    if size > 1:
        entry["statusSize"] = size
    if size > 1 or messages:
        entry["statusMessage"] = _write_messages(messages, size)
    if reference is not None:
        entry["statusReference"] = reference
    return entry


def read_list(document: JsonObject) -> StatusListContent:
    """Check and unpack the content of a published list; its proof and its dates are checked elsewhere.

    :raises MalformedInput: ``status-list-malformed`` or ``status-list-too-large``, with a pointer into `document`;
        ``status-malformed`` for its size or messages.
    :raises Unsupported: ``status-size``
    """
    kind = _kind(document)
    subject = _subject(document, kind)
    size = parse_size(subject["statusSize"], "/credentialSubject/statusSize") if "statusSize" in subject else None
    return StatusListContent(
        kind=kind,
        purposes=_purposes(subject),
        size=size,
        ttl=_ttl(subject),
        messages=_read_messages(subject, size or 1),
        bits=expand(
            subject.get("encodedList"),
            legacy=kind is ListKind.STATUS_LIST_2021,
            pointer="/credentialSubject/encodedList",
        ),
    )


def _message_terms() -> JsonObject:
    """Return a context for what section 2.2 asks of a list of messages and no context of the W3C defines in that place.

    Without it JSON-LD would drop these members, and the signature would not cover them.
    """
    inside = {"status": f"{_VOCABULARY}status", "message": f"{_VOCABULARY}message"}
    return {
        "statusSize": f"{_VOCABULARY}statusSize",
        "statusMessages": {"@id": f"{_VOCABULARY}statusMessage", "@context": inside},
    }


def _kind(document: JsonObject) -> ListKind:
    types = as_list(document.get("type"))
    kinds = [kind for kind in ListKind if kind.value in types]
    if len(kinds) == 1:
        return kinds[0]
    detail = "A status list is of one kind only." if kinds else "What stands in the place of the status list is none."
    raise MalformedInput("status-list-malformed", detail, pointer="/type")


def _subject(document: JsonObject, kind: ListKind) -> JsonObject:
    subjects = as_list(document.get("credentialSubject"))
    if len(subjects) != 1 or not isinstance(subjects[0], dict):
        detail = "The credential of a status list has one subject: the list."
        raise MalformedInput("status-list-malformed", detail, pointer="/credentialSubject")
    subject: JsonObject = subjects[0]
    if _SUBJECT_TYPES[kind] not in as_list(subject.get("type")):
        detail = f"The subject must be of type {_SUBJECT_TYPES[kind]}."
        raise MalformedInput("status-list-malformed", detail, pointer="/credentialSubject/type")
    return subject


def _purposes(subject: JsonObject) -> tuple[str, ...]:
    purposes = as_list(subject.get("statusPurpose"))
    if not purposes or not all(isinstance(purpose, str) for purpose in purposes):
        detail = "The purpose of a status list is one or more texts."
        raise MalformedInput("status-list-malformed", detail, pointer="/credentialSubject/statusPurpose")
    return tuple(purposes)


def _ttl(subject: JsonObject) -> int | None:
    """Return the ``ttl``, or None for one that is no number: it is advice about caching, not worth refusing a list for."""
    ttl = subject.get("ttl")
    return ttl if isinstance(ttl, int) and not isinstance(ttl, bool) and ttl >= 0 else None


def _read_messages(subject: JsonObject, size: int) -> tuple[str, ...]:
    # Section 2.2 says statusMessages, section 2.1 and the vocabulary say statusMessage.
    for name in ("statusMessages", "statusMessage"):
        if name in subject:
            return parse_messages(subject[name], size, f"/credentialSubject/{name}")
    return ()


def _write_messages(messages: Sequence[str], size: int) -> list[JsonObject]:
    if len(messages) != 1 << size:
        detail = f"Entries of {size} bits need {1 << size} messages; {len(messages)} were given."
        raise MalformedInput("status-malformed", detail)
    return [{"status": f"{value:#x}", "message": text} for value, text in enumerate(messages)]
