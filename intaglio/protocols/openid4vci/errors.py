"""How an issuer refuses, and what a wallet makes of it.

OpenID4VCI 1.0, sections 6.3, 8.3.1 and 11.3; RFC 6749, section 5.2; RFC 6750, section 3.

An issuer raises what it found; `refusal_of` turns that into the answer that the endpoint's section asks for. A wallet gets
the answer back as an error of its own, in words for the learner.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import IntaglioError, MalformedInput, Unavailable
from intaglio.fetch.messages import Response
from intaglio.fetch.rules import show
from intaglio.protocols.members import Members, without_none

_MAX_ERROR = 64 * 1024


class Endpoint(Enum):
    """Where a request was sent; the value is the code for a request that cannot be read there."""

    TOKEN = "invalid_request"  # noqa: S105 - a code
    CREDENTIAL = "invalid_credential_request"
    NOTIFICATION = "invalid_notification_request"


_CODES: Mapping[str, str] = MappingProxyType(
    {
        # token endpoint
        "unsupported-grant": "unsupported_grant_type",
        "transaction-code-missing": "invalid_request",
        "transaction-code-unexpected": "invalid_request",
        "grant-refused": "invalid_grant",
        # credential endpoint
        "unknown-configuration": "unknown_credential_configuration",
        "unknown-credential-identifier": "unknown_credential_identifier",
        "key-proof": "invalid_proof",
        "key-proof-nonce": "invalid_nonce",
        "message-encryption": "invalid_encryption_parameters",
        "issuance-denied": "credential_request_denied",
        # notification endpoint
        "unknown-notification": "invalid_notification_id",
        # both protected endpoints
        "access-token": "invalid_token",
    }
)
"""From the kinds of our problems to the codes of the specification."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error response: its status, its JSON body and its headers."""

    status: int
    error: str
    description: str | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: {"Cache-Control": "no-store"})

    def to_json(self) -> JsonObject:
        """Return the members ``error`` and, where there is one, ``error_description``."""
        return without_none(error=self.error, error_description=self.description)


def refusal_of(error: IntaglioError, endpoint: Endpoint) -> Refusal:
    """Return the response that an endpoint gives for an error.

    The description is our sentence about the occurrence; what an issuer knows of a learner must not be in it.
    """
    code = _CODES.get(error.problem.kind, endpoint.value)
    description = _ascii(f"{error.problem.title} {error.problem.detail}")
    if code == "invalid_token":
        # RFC 6750, section 3.1: the one code that has a status and a header of its own.
        challenge = f'Bearer error="{code}", error_description="{description}"'
        return Refusal(401, code, description, {"Cache-Control": "no-store", "WWW-Authenticate": challenge})
    return Refusal(400, code, description)


def missing_token() -> Refusal:
    """Return the response to a request without any access token: a challenge without a code (RFC 6750, section 3.1)."""
    return Refusal(401, "invalid_token", None, {"Cache-Control": "no-store", "WWW-Authenticate": "Bearer"})


def bearer_token(authorization: str | None) -> str | None:
    """Return the token of an Authorization header (RFC 6750, section 2.1), or None where there is none."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def error_code(response: Response) -> str | None:
    """Return the code of an error response, or None where there is none to be read."""
    if response.content_type != "application/json":
        return None
    try:
        return Members(parse_object(response.body, max_bytes=_MAX_ERROR), "broken-answer").optional_text("error")
    except MalformedInput:
        return None


_REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "invalid_grant": "grant-refused",
        "credential_request_denied": "issuance-denied",
        "invalid_token": "issuance-timeout",
    }
)


def json_body(response: Response, *, any_success: bool = False) -> bytes:
    """Return the body of an answer that must be JSON, with status 200, or any 2xx.

    :raises Unavailable: ``wrong-content-type``, and as `refused` says for other statuses.
    """
    good = 200 <= response.status < 300 if any_success else response.status == 200
    if not good:
        raise refused(response)
    if response.content_type != "application/json":
        detail = f"{show(response.url)} is {show(response.content_type)}, not application/json."
        raise Unavailable("wrong-content-type", detail)
    return response.body


def refused(response: Response) -> Unavailable:
    """Return the error that a refusal is to a wallet.

    Its kind is ``grant-refused`` (the link has run out or was used, or the code is wrong: the specification does not tell
    them apart), ``issuance-denied``, ``issuance-timeout``, ``issuance-refused`` for other codes, or ``http-status``.
    """
    code = error_code(response)
    if code is None:
        return Unavailable("http-status", f"{show(response.url)} answered with status {response.status}.")
    return Unavailable(_REFUSALS.get(code, "issuance-refused"), f"{show(response.url)} answered {show(code)}.")


def _ascii(text: str) -> str:
    """Keep to the characters that a description may have (section 8.3.1.2): printable ASCII without quotes and backslashes."""
    plain = text.translate(
        {ord("“"): "'", ord("”"): "'", ord("’"): "'", ord('"'): "'", ord("…"): "...", ord("\\"): "/"}
    )
    return "".join(character if " " <= character <= "~" else "?" for character in plain)[:500]
