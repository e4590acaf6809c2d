"""What a status entry and its list mean for a credential (Bitstring Status List 1.0, section 3.2).

Fetching the list and verifying its proof and dates come before, and are not done here. The caller turns a `Meaning` into
passed (`CLEAR`, `NOTICE`), failed (`REFUSED`) or unknown (`UNKNOWN`); an error that is raised counts as everywhere.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput, Problem
from intaglio.status.bitstring import MINIMUM_ENTRIES, check_length, value_at
from intaglio.status.credential import StatusListContent
from intaglio.status.entries import ListEntry, ListKind, RevocationListEntry, UnknownEntry

_REFUSING = {"revocation": "revoked", "suspension": "suspended"}
_UNSET_AND_SET = ("unset", "set")


class Meaning(Enum):
    """What one status entry comes to."""

    CLEAR = "clear"
    REFUSED = "refused"
    NOTICE = "notice"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StatusFinding:
    """What was found for one entry.

    `value` is the entry's number in the list, None where it was not looked up. `message` is the issuer's own text where there
    is one; section 2.1 means it for developers, so it is not for learners' pages. `problem` is there with `REFUSED` and
    `UNKNOWN`, and points into the credential.
    """

    purpose: str | None
    meaning: Meaning
    value: int | None = None
    message: str | None = None
    problem: Problem | None = None

    def __bool__(self) -> bool:
        message = "a StatusFinding is neither true nor false: look at its meaning"
        raise TypeError(message)


def evaluate(entry: ListEntry, content: StatusListContent, *, minimum: int = MINIMUM_ENTRIES) -> StatusFinding:
    """Look an entry up in its list (Validate Algorithm, section 3.2, steps 5 to 14).

    `minimum` is the number of entries that a list must have (step 2).

    :raises MalformedInput: ``status-list-mismatch``, ``status-purpose-mismatch``, ``status-size-mismatch``,
        ``status-list-too-short``, ``status-index-out-of-range``.
    """
    if entry.kind is not content.kind:
        detail = f"The credential points to a {entry.kind.value} and found a {content.kind.value}."
        raise MalformedInput("status-list-mismatch", detail, pointer=f"{entry.pointer}/statusListCredential")
    # Step 5.
    if entry.purpose not in content.purposes:
        detail = f"The credential asks for {_quote(entry.purpose)}, the list is about {_quote(*content.purposes)}."
        raise MalformedInput("status-purpose-mismatch", detail, pointer=f"{entry.pointer}/statusPurpose")
    # No step, but read with another width than it was written with, a list gives other learners' bits.
    if content.size not in (None, entry.size):
        detail = f"The credential counts in entries of {entry.size} bits, the list in {content.size}."
        raise MalformedInput("status-size-mismatch", detail, pointer=f"{entry.pointer}/statusSize")
    # Step 9. The validation algorithm of Status List 2021 has no such step.
    if entry.kind is ListKind.BITSTRING:
        check_length(len(content.bits), entry.size, minimum, pointer=f"{entry.pointer}/statusListCredential")
    # Step 10.
    try:
        value = value_at(content.bits, entry.index, entry.size)
    except MalformedInput as error:
        place = f"{entry.pointer}/statusListIndex"
        raise MalformedInput(error.problem.kind, error.problem.detail, pointer=place) from None
    # Steps 11 to 14.
    return _finding(entry, value, entry.messages or content.messages)


def evaluate_revocation_list(entry: RevocationListEntry, document: JsonObject, credential_id: object) -> StatusFinding:
    """Look a credential up in the JSON document of its ``1EdTechRevocationList``.

    1EdTech Revocation List Status Method 1.0: a credential is revoked if its id is among the ``revokedCredentials`` and
    ``revoked`` there is true or left out. Such a list is not signed; it is as trustworthy as the address that it came from.

    :raises MalformedInput: ``status-malformed`` for a credential without an id, which no such list can speak about;
        ``status-list-malformed`` with a pointer into `document`.
    """
    if not isinstance(credential_id, str):
        detail = "A revocation list names credentials by their ids, and this one has none."
        raise MalformedInput("status-malformed", detail, pointer="/id")
    listed = [item for item in revoked_credentials(document) if item["id"] == credential_id]
    reasons = [item.get("revocationReason") for item in listed if item.get("revoked", True)]
    if not reasons:
        return StatusFinding("revocation", Meaning.CLEAR, value=0)
    reason = next((text for text in reasons if isinstance(text, str)), None)
    detail = (
        f"The reason given is {_quote(reason)}." if reason else "The issuer's list of revoked credentials names it."
    )
    return StatusFinding("revocation", Meaning.REFUSED, 1, reason, Problem("revoked", detail, entry.pointer))


def evaluate_unknown(entry: UnknownEntry) -> StatusFinding:
    """Say of a status of an unknown kind that it is unknown."""
    detail = f"Its type is {_quote(*entry.types)}."
    return StatusFinding(None, Meaning.UNKNOWN, problem=Problem("status-type", detail, f"{entry.pointer}/type"))


def _finding(entry: ListEntry, value: int, messages: tuple[str, ...]) -> StatusFinding:
    text = messages[value] if messages else None
    if entry.purpose in _REFUSING:
        if value:
            problem = Problem(_REFUSING[entry.purpose], "The issuer's status list says so.", entry.pointer)
            return StatusFinding(entry.purpose, Meaning.REFUSED, value, text, problem)
        return StatusFinding(entry.purpose, Meaning.CLEAR, value, text)
    if entry.purpose == "refresh":
        return StatusFinding(entry.purpose, Meaning.NOTICE if value else Meaning.CLEAR, value, text)
    if entry.purpose == "message":
        meaning = Meaning.NOTICE if messages or value else Meaning.CLEAR
        return StatusFinding(entry.purpose, meaning, value, _UNSET_AND_SET[value] if text is None else text)
    # Of a purpose of the issuer's own, even 0 is unknown: with “active”, 0 would be the bad news.
    detail = (
        f"The purpose {_quote(entry.purpose)} is not one of the standard's, so its value {value} is not understood."
    )
    problem = Problem("status-purpose", detail, f"{entry.pointer}/statusPurpose")
    return StatusFinding(entry.purpose, Meaning.UNKNOWN, value, text, problem)


def revoked_credentials(document: JsonObject) -> list[JsonObject]:
    """Return the entries of a ``1EdTechRevocationList``, each with its ``id``.

    :raises MalformedInput: ``status-list-malformed`` with a pointer into `document`.
    """
    items = document.get("revokedCredentials")
    if items is None and all(isinstance(document.get(name), str) for name in ("id", "issuer")):
        return []  # the list of an issuer who has revoked nothing; any other object may be a server's error page
    if not isinstance(items, list):
        detail = "It has no list of revokedCredentials."
        raise MalformedInput("status-list-malformed", detail, pointer="/revokedCredentials")
    for number, item in enumerate(items):
        _check_revoked(item, f"/revokedCredentials/{number}")
    return items


def _check_revoked(item: Any, pointer: str) -> None:
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise MalformedInput("status-list-malformed", "A revoked credential is named by its id.", pointer=pointer)
    if not isinstance(item.get("revoked", True), bool):
        detail = "The member revoked is true or false."
        raise MalformedInput("status-list-malformed", detail, pointer=f"{pointer}/revoked")


def _quote(*texts: str) -> str:
    shown = ", ".join(f"“{text if len(text) <= 80 else text[:79] + '…'}”" for text in texts[:8])
    return shown if len(texts) <= 8 else f"{shown} and others"
