"""Asking for a credential, and getting it (OpenID4VCI 1.0, section 8)."""

import json
from dataclasses import dataclass, field

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import InvalidProof, MalformedInput, Unsupported
from intaglio.protocols.members import Members, without_none
from intaglio.protocols.openid4vci.configuration import LDP_VC
from intaglio.protocols.spans import item_spans, member_spans

JSON = "application/json"
MAX_REQUEST = 256 * 1024
MAX_RESPONSE = 8 * 1024 * 1024
_REQUEST, _RESPONSE = "credential-request", "credential-response"


@dataclass(frozen=True, slots=True)
class CredentialRequest:
    """A wallet's request: for a configuration, or for a credential identifier of the token response, never both.

    `proofs` are key proofs of the type ``jwt``.
    """

    configuration_id: str | None = None
    credential_identifier: str | None = None
    proofs: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def from_json(cls, document: JsonObject) -> "CredentialRequest":
        """Read the object; unknown members are ignored.

        :raises MalformedInput: ``credential-request``
        :raises InvalidProof: ``key-proof`` for proofs of another type than ``jwt``.
        :raises Unsupported: ``message-encryption`` where the response is to be encrypted.
        """
        members = Members(document, _REQUEST)
        configuration = members.optional_text("credential_configuration_id")
        identifier = members.optional_text("credential_identifier")
        if bool(configuration) == bool(identifier):
            raise members.wrong("It must name one of credential_configuration_id and credential_identifier.")
        if "credential_response_encryption" in members:
            raise Unsupported("message-encryption", "Responses are protected by https alone.")
        return cls(configuration or None, identifier or None, _proofs(members.inner("proofs")))

    def to_json(self) -> JsonObject:
        """Return the object."""
        return without_none(
            credential_configuration_id=self.configuration_id,
            credential_identifier=self.credential_identifier,
            proofs={"jwt": list(self.proofs)} if self.proofs else None,
        )


def parse_credential_request(data: bytes) -> CredentialRequest:
    """Read a credential request as bytes.

    :raises MalformedInput: ``credential-request``, and what `intaglio.documents.parse_object` raises.
    :raises InvalidProof: ``key-proof``
    :raises Unsupported: ``message-encryption``
    """
    return CredentialRequest.from_json(parse_object(data, max_bytes=MAX_REQUEST))


@dataclass(frozen=True, slots=True)
class CredentialResponse:
    """Credentials as the issuer wrote them, byte for byte: a JSON object each, or a token.

    The text of a signed document is evidence: what this class reads and writes is never parsed and written anew.
    """

    credentials: tuple[bytes, ...]
    notification_id: str | None = None

    @classmethod
    def parse(cls, data: bytes, *, format_name: str) -> "CredentialResponse":
        """Read the body of a response; `format_name` is what was asked for, and decides between object and text.

        :raises MalformedInput: ``credential-response``, and what `intaglio.documents.parse_object` raises.
        :raises Unsupported: ``issuance-deferred`` where the issuer wants to be asked again later (section 9).
        """
        members = Members(parse_object(data, max_bytes=MAX_RESPONSE), _RESPONSE)
        if "transaction_id" in members:
            raise Unsupported("issuance-deferred", "The issuer wants to be asked again later.")
        items = members.inners("credentials")
        if not items:
            raise members.wrong("There is no credential in it.", "credentials")
        for item in items:
            wanted = dict if format_name == LDP_VC else str
            if not isinstance(item.raw("credential"), wanted):
                raise item.wrong(f"It is not of the format {format_name}.", "credential")
        return cls(tuple(_as_sent(data.decode())), members.optional_text("notification_id"))

    def to_bytes(self) -> bytes:
        """Return the body, which is sent as ``application/json`` with ``Cache-Control: no-store``."""
        items = b",".join(b'{"credential":' + _as_json(credential) + b"}" for credential in self.credentials)
        rest = b"" if self.notification_id is None else b',"notification_id":' + _quoted(self.notification_id)
        return b'{"credentials":[' + items + b"]" + rest + b"}"


def _proofs(proofs: Members | None) -> tuple[str, ...]:
    if proofs is None:
        return ()
    names = [name for name in ("jwt", "di_vp", "attestation") if name in proofs]
    if names != ["jwt"]:
        raise InvalidProof("key-proof", "Proofs must be of the type jwt, and of no other.", pointer="/proofs")
    return proofs.required_texts("jwt")


def _as_sent(text: str) -> list[bytes]:
    start, _ = member_spans(text)["credentials"]
    spans = [member_spans(text, item)["credential"] for item, _ in item_spans(text, start)]
    values = [text[begin:end] for begin, end in spans]
    return [(json.loads(value) if value.startswith('"') else value).encode() for value in values]


def _as_json(credential: bytes) -> bytes:
    stripped = credential.strip()
    if stripped.startswith(b"{"):
        return stripped
    try:
        return _quoted(stripped.decode("ascii"))
    except UnicodeDecodeError:
        raise MalformedInput(_RESPONSE, "It is neither a JSON object nor a token.") from None


def _quoted(text: str) -> bytes:
    return json.dumps(text).encode()
