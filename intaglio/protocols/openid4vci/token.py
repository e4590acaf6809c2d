"""From a pre-authorized code to an access token (OpenID4VCI 1.0, section 6; RFC 6749, sections 4.1.3 and 5)."""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import MalformedInput, Unsupported
from intaglio.protocols.members import Members, without_none
from intaglio.protocols.openid4vci.offer import PRE_AUTHORIZED_CODE

FORM = "application/x-www-form-urlencoded"
MAX_REQUEST = 16 * 1024
MAX_RESPONSE = 64 * 1024
_REQUEST, _RESPONSE = "token-request", "token-response"
_DETAILS_TYPE = "openid_credential"
_MAX_PARAMETERS = 32
_MAX_CODE = 2048
_MAX_TOKEN = 12 * 1024
"""Tokens that hold claims have a few thousand characters; a header that is sent may have 16,384."""


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A wallet's request for a token. Its text form shows no code.

    `configuration_ids` are those that ``authorization_details`` asks for; empty where it asks for all that was offered.
    """

    pre_authorized_code: str = field(repr=False)
    tx_code: str | None = field(default=None, repr=False)
    client_id: str | None = None
    configuration_ids: tuple[str, ...] = ()

    @classmethod
    def from_form(cls, body: bytes) -> "TokenRequest":
        """Read the body of a POST of the type ``application/x-www-form-urlencoded``; unknown parameters are ignored.

        :raises MalformedInput: ``token-request``, also for a parameter that stands twice (RFC 6749, section 3.2).
        :raises Unsupported: ``unsupported-grant`` for other grant types.
        """
        form = _parameters(body)
        grant = form.get("grant_type")
        if not grant:
            raise MalformedInput(_REQUEST, "It names no grant type.", pointer="/grant_type")
        if grant != PRE_AUTHORIZED_CODE:
            raise Unsupported("unsupported-grant", "Only pre-authorized codes are taken.", pointer="/grant_type")
        members = Members(form, _REQUEST)
        return cls(
            members.text("pre-authorized_code", longest=_MAX_CODE),
            # An empty parameter is as one that was left out (RFC 6749, section 3.2).
            members.optional_text("tx_code", longest=_MAX_CODE) or None,
            members.optional_text("client_id") or None,
            _requested(form.get("authorization_details")),
        )

    def to_form(self) -> bytes:
        """Return the body of the request."""
        details = [{"type": _DETAILS_TYPE, "credential_configuration_id": name} for name in self.configuration_ids]
        parameters = {
            "grant_type": PRE_AUTHORIZED_CODE,
            "pre-authorized_code": self.pre_authorized_code,
            "tx_code": self.tx_code,
            "client_id": self.client_id,
            "authorization_details": json.dumps(details) if details else None,
        }
        return urlencode({name: value for name, value in parameters.items() if value is not None}).encode()


@dataclass(frozen=True, slots=True)
class TokenResponse:
    """A token of the type Bearer. Its text form does not show it.

    `credential_identifiers` maps a configuration's name to those of the credentials that may be asked for under it; where a
    server names them, requests must use them (section 6.2).
    """

    access_token: str = field(repr=False)
    expires_in: int | None = None
    credential_identifiers: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, document: JsonObject) -> "TokenResponse":
        """Read the response of a server; unknown members are ignored.

        :raises MalformedInput: ``token-response``
        :raises Unsupported: ``token-type`` for tokens that are not of the type Bearer.
        """
        members = Members(document, _RESPONSE)
        token = members.text("access_token", longest=_MAX_TOKEN)
        # RFC 6750, section 2.1, names the characters; others could end the header that the token is sent in.
        if not token.isascii() or not token.isprintable() or " " in token:
            raise members.wrong("The token holds characters that no token may hold.", "access_token")
        if members.text("token_type").lower() != "bearer":
            raise Unsupported("token-type", "The token is not of the type Bearer.", pointer="/token_type")
        details = [inner for inner in members.inners("authorization_details") if inner.raw("type") == _DETAILS_TYPE]
        identifiers = {
            inner.text("credential_configuration_id"): inner.required_texts("credential_identifiers")
            for inner in details
        }
        return cls(token, members.number("expires_in"), identifiers)

    def to_json(self) -> JsonObject:
        """Return the response, which must be sent with ``Cache-Control: no-store`` (RFC 6749, section 5.1)."""
        details = [
            {
                "type": _DETAILS_TYPE,
                "credential_configuration_id": configuration,
                "credential_identifiers": list(identifiers),
            }
            for configuration, identifiers in self.credential_identifiers.items()
        ]
        return without_none(
            access_token=self.access_token,
            token_type="Bearer",  # noqa: S106 - a type, not a token
            expires_in=self.expires_in,
            authorization_details=tuple(details),
        )


def parse_token_response(data: bytes) -> TokenResponse:
    """Read a token response as bytes.

    :raises MalformedInput: ``token-response``, and what `intaglio.documents.parse_object` raises.
    :raises Unsupported: ``token-type``
    """
    return TokenResponse.from_json(parse_object(data, max_bytes=MAX_RESPONSE))


def check_transaction_code_presence(request: TokenRequest, *, expected: bool) -> None:
    """Hold a request to what its offer said of a transaction code (section 6.3). Whether it is the right one comes after.

    :raises MalformedInput: ``transaction-code-missing``, ``transaction-code-unexpected``
    """
    if expected and request.tx_code is None:
        raise MalformedInput("transaction-code-missing", "The offer asks for one.", pointer="/tx_code")
    if not expected and request.tx_code is not None:
        raise MalformedInput("transaction-code-unexpected", "The offer asks for none.", pointer="/tx_code")


def _parameters(body: bytes) -> dict[str, str]:
    if len(body) > MAX_REQUEST:
        raise MalformedInput(_REQUEST, f"It has more than {MAX_REQUEST:,} bytes.")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MAX_PARAMETERS, errors="strict")
    except ValueError:
        raise MalformedInput(_REQUEST, "It is not a form.") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise MalformedInput(_REQUEST, "A parameter stands twice.")
    return form


def _requested(text: str | None) -> tuple[str, ...]:
    """Read ``authorization_details`` (section 5.1.1; RFC 9396); only the type of this specification is looked at."""
    if not text:
        return ()
    details = Members(parse_object(f'{{"authorization_details":{text}}}', max_bytes=MAX_REQUEST), _REQUEST)
    asked = [inner for inner in details.inners("authorization_details") if inner.raw("type") == _DETAILS_TYPE]
    return tuple(dict.fromkeys(inner.text("credential_configuration_id") for inner in asked))
