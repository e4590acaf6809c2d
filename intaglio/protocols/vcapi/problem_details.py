"""Our problems in the words of the standards (VCALM, "Error Handling"; RFC 9457).

Where a standard has a type of problem that fits, `type` is that one's address; else it is our own. Ours stands in `kind` in
any case, since it says more: the standards have nine types, we have two hundred.
"""

from collections.abc import Mapping
from types import MappingProxyType

from intaglio.documents import JsonObject
from intaglio.errors import Problem

_VCDM = "https://www.w3.org/TR/vc-data-model#"  # VC Data Model 2.0, section 7.2
_DATA_INTEGRITY = "https://w3id.org/security#"  # Data Integrity 1.0, section 4.7
_STATUS_LIST = "https://www.w3.org/ns/credentials/status-list#"  # Bitstring Status List 1.0, section 3.5
_VCALM = "https://www.w3.org/TR/vcalm#"

_PARSING = ("too-large", "not-utf8", "not-json", "not-an-object", "duplicate-member", "too-deep", "lone-surrogate")
_NOT_HAD = (
    "offline",
    "not-stored",
    "bad-address",
    "forbidden-address",
    "unreachable",
    "timed-out",
    "http-status",
    "too-many-redirects",
    "answer-too-large",
    "wrong-content-type",
    "broken-answer",
    "lookup-limit",
    "status-list-unchecked",
)
_BY_KIND: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(_PARSING, f"{_VCDM}PARSING_ERROR"),
        "bad-signature": f"{_VCDM}CRYPTOGRAPHIC_SECURITY_ERROR",
        "wrong-domain": f"{_DATA_INTEGRITY}INVALID_DOMAIN_ERROR",
        "wrong-challenge": f"{_DATA_INTEGRITY}INVALID_CHALLENGE_ERROR",
        "status-index-out-of-range": f"{_VCDM}RANGE_ERROR",
        "status-list-too-short": f"{_STATUS_LIST}STATUS_LIST_LENGTH_ERROR",
        "vc-api-option": f"{_VCALM}UNKNOWN_OPTION_PROVIDED",
        "vc-api-request": f"{_VCDM}MALFORMED_VALUE_ERROR",
    }
)
_BY_CHECK: Mapping[str, str] = MappingProxyType(
    {
        "format": f"{_VCDM}MALFORMED_VALUE_ERROR",
        "schema": f"{_VCDM}MALFORMED_VALUE_ERROR",
        "proof": f"{_DATA_INTEGRITY}PROOF_VERIFICATION_ERROR",
        "controller": f"{_DATA_INTEGRITY}PROOF_VERIFICATION_ERROR",
        "status": f"{_STATUS_LIST}STATUS_VERIFICATION_ERROR",
    }
)
_OWN = ("revoked", "suspended", "expired", "not-yet-valid")
"""What is no error of anything: the issuer's word, which the standards have no type for."""


def problem_details(problem: Problem, *, check: str | None = None, place: str = "") -> JsonObject:
    """Return one ProblemDetails object; `check` is the check that found it, `place` where its document stands in the whole."""
    members: JsonObject = {
        "type": type_of(problem, check),
        "title": problem.title,
        "detail": problem.detail,
        "advice": problem.advice,
        "kind": problem.type,
    }
    if check is not None:
        members["check"] = check
    if problem.pointer is not None:
        members["pointer"] = place + problem.pointer
    return members


def type_of(problem: Problem, check: str | None = None) -> str:
    """Return the address of the type of a problem."""
    if problem.kind in _OWN:
        return problem.type
    if check == "status" and problem.kind in _NOT_HAD:
        return f"{_STATUS_LIST}STATUS_RETRIEVAL_ERROR"
    return _BY_KIND.get(problem.kind) or _BY_CHECK.get(check or "") or problem.type
