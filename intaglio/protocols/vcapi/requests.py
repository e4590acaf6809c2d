"""What is asked of an issuer or verifier (VCALM, "Issue Credential", "Update Status", "Verify Credential" and so on).

Objects inside are taken as they are: what a credential must look like is for the issuer's or verifier's own checks to say.
An option that is not known is refused, not ignored: its writer relies on it (VCALM, "Error Handling", UNKNOWN_OPTION_PROVIDED).
"""

from dataclasses import dataclass
from typing import Any

from intaglio.documents import JsonObject, as_list
from intaglio.errors import Unsupported
from intaglio.protocols.members import Members

_KIND = "vc-api-request"
MAX_CHECKS = 32


@dataclass(frozen=True, slots=True)
class IssueRequest:
    """``POST /credentials/issue``: a credential without a proof of this issuer.

    `credential_id` is the name under which it can be referred to later; by default its own ``id``.
    """

    credential: JsonObject
    credential_id: str | None = None
    mandatory_pointers: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, document: JsonObject) -> "IssueRequest":
        """Read ``{"credential": …, "options": {"credentialId", "mandatoryPointers"}}``.

        :raises MalformedInput: ``vc-api-request``
        :raises Unsupported: ``vc-api-option``
        """
        members = Members(document, _KIND)
        credential = _object(members, "credential")
        options = _options(members, {"credentialId", "mandatoryPointers"})
        own_id = credential.get("id")
        named = options.optional_text("credentialId") if options else None
        return cls(
            credential,
            named or (own_id if isinstance(own_id, str) else None),
            options.texts("mandatoryPointers") if options else (),
        )


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One entry of a status list and its new value; list and index are None where the request leaves them to the issuer."""

    purpose: str | None
    is_set: bool
    list_credential: str | None = None
    list_index: str | None = None


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """``POST /credentials/status``."""

    credential_id: str
    changes: tuple[StatusChange, ...]

    @classmethod
    def from_json(cls, document: JsonObject) -> "StatusRequest":
        """Read ``{"credentialId", "credentialStatus": {"type", "statusPurpose", …}, "status": true}``.

        The form of the VC API 0.7 is read too: an array of entries, each with a ``status`` of its own, as text or truth value.

        :raises MalformedInput: ``vc-api-request``
        :raises Unsupported: ``vc-api-option`` for a status that is not a bit of a Bitstring Status List.
        """
        members = Members(document, _KIND)
        entries = as_list(members.raw("credentialStatus"))
        if not 0 < len(entries) <= MAX_CHECKS:
            raise members.wrong(f"It has not 1 to {MAX_CHECKS} entries.", "credentialStatus")
        changes = tuple(
            _change(Members(entry, _KIND, ("credentialStatus", number)), members.raw("status"))
            for number, entry in enumerate(entries)
        )
        return cls(members.text("credentialId"), changes)


@dataclass(frozen=True, slots=True)
class VerifyCredentialRequest:
    """``POST /credentials/verify``. `credential` is a secured or an enveloped credential; a verifier reads both.

    `checks` are the checks that decide, None for the verifier's own; they are an extension that VCALM leaves room for in
    presentations and had itself before version 0.9. The three `return_…` say what the answer shall hold.
    """

    credential: JsonObject
    checks: tuple[str, ...] | None = None
    return_credential: bool = False
    return_results: bool = True
    return_problem_details: bool = True

    @classmethod
    def from_json(cls, document: JsonObject) -> "VerifyCredentialRequest":
        """Read ``{"verifiableCredential": …, "options": {…}}``.

        :raises MalformedInput: ``vc-api-request``
        :raises Unsupported: ``vc-api-option``
        """
        members = Members(document, _KIND)
        known = {"checks", "returnCredential", "returnResults", "returnProblemDetails"}
        options = _options(members, known) or Members({}, _KIND)
        return cls(
            _object(members, "verifiableCredential"),
            _checks(options),
            options.flag("returnCredential"),
            options.flag("returnResults", default=True),
            options.flag("returnProblemDetails", default=True),
        )


@dataclass(frozen=True, slots=True)
class VerifyPresentationRequest:
    """``POST /presentations/verify``; `challenge` and `domain` are what the presentation's proof must name."""

    presentation: JsonObject
    challenge: str | None = None
    domain: str | None = None
    checks: tuple[str, ...] | None = None
    return_presentation: bool = False
    return_results: bool = True
    return_problem_details: bool = True

    @classmethod
    def from_json(cls, document: JsonObject) -> "VerifyPresentationRequest":
        """Read ``{"verifiablePresentation": …, "options": {"challenge", "domain", …}}``.

        ``{"presentation": …}``, a presentation without a proof, is taken as well: it is verified, and found to have none.

        :raises MalformedInput: ``vc-api-request``
        :raises Unsupported: ``vc-api-option``
        """
        members = Members(document, _KIND)
        known = {
            "challenge",
            "domain",
            "checks",
            "returnPresentation",
            "returnResults",
            "returnProblemDetails",
        }
        options = _options(members, known) or Members({}, _KIND)
        unproved = "presentation" in members and "verifiablePresentation" not in members
        name = "presentation" if unproved else "verifiablePresentation"
        return cls(
            _object(members, name),
            options.optional_text("challenge"),
            options.optional_text("domain"),
            _checks(options),
            options.flag("returnPresentation"),
            options.flag("returnResults", default=True),
            options.flag("returnProblemDetails", default=True),
        )


def _object(members: Members, name: str) -> JsonObject:
    value: Any = members.raw(name)
    if not isinstance(value, dict):
        raise members.wrong(f"The member “{name}” is missing or not an object.", name)
    return value


def _options(members: Members, known: set[str]) -> Members | None:
    options = members.inner("options")
    if options is None:
        return None
    strange = sorted(set(members.raw("options")) - known)
    if strange:
        raise Unsupported("vc-api-option", f"“{strange[0][:60]}” is none of {', '.join(sorted(known))}.")
    return options


def _checks(options: Members) -> tuple[str, ...] | None:
    checks = options.texts("checks")
    return checks or None


def _change(entry: Members, status: Any) -> StatusChange:
    value = entry.raw("status") if status is None else status
    named = {"true": True, "1": True, "false": False, "0": False}
    if isinstance(value, str):
        value = named.get(value.lower())
    if not isinstance(value, bool):
        raise entry.wrong("The new status is neither true nor false.", "status")
    if entry.optional_text("type") not in (None, "BitstringStatusListEntry", "BitstringStatusList"):
        raise Unsupported("vc-api-option", "Only Bitstring Status Lists are kept here.")
    return StatusChange(
        entry.optional_text("statusPurpose"),
        value,
        entry.optional_text("statusListCredential"),
        entry.optional_text("statusListIndex"),
    )
