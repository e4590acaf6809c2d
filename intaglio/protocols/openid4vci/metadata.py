"""Credential issuer metadata (OpenID4VCI 1.0, section 12.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import InvalidProof
from intaglio.fetch.rules import show
from intaglio.protocols.members import Members, without_none
from intaglio.protocols.openid4vci.configuration import CredentialConfiguration
from intaglio.protocols.openid4vci.display import Display, read_displays

MAX_METADATA = 2 * 1024 * 1024
"""The largest metadata that is read, in bytes; a district with 200 achievements in two languages has about 300,000."""

_KIND = "issuer-metadata"


@dataclass(frozen=True, slots=True)
class IssuerMetadata:
    """What an issuer can do and where.

    `authorization_servers` is empty where the issuer is its own. Without a `nonce_endpoint`, proofs carry no nonce.
    `batch_size` is the most proofs of one request. The two `…_encryption_required` are for issuers that insist on what we do
    not speak.
    """

    credential_issuer: str
    credential_endpoint: str
    configurations: Mapping[str, CredentialConfiguration] = field(default_factory=dict)
    authorization_servers: tuple[str, ...] = ()
    nonce_endpoint: str | None = None
    notification_endpoint: str | None = None
    batch_size: int = 1
    display: tuple[Display, ...] = ()
    request_encryption_required: bool = False
    response_encryption_required: bool = False

    @classmethod
    def from_json(cls, document: JsonObject, *, expected_issuer: str) -> "IssuerMetadata":
        """Read the metadata that was found for `expected_issuer`, which must be theirs, letter by letter (section 12.2.4).

        :raises MalformedInput: ``issuer-metadata``
        :raises InvalidProof: ``issuer-mismatch`` for those of another: whoever can write at that address is not the issuer.
        """
        members = Members(document, _KIND)
        issuer = members.url("credential_issuer")
        if issuer != expected_issuer:
            raise InvalidProof(
                "issuer-mismatch",
                f"{show(expected_issuer)} answers with the metadata of {show(issuer)}.",
                pointer="/credential_issuer",
            )
        supported = members.inner("credential_configurations_supported")
        if supported is None:
            raise members.wrong("It does not say what can be issued.", "credential_configurations_supported")
        batch = members.inner("batch_credential_issuance")
        return cls(
            credential_issuer=issuer,
            credential_endpoint=members.url("credential_endpoint"),
            configurations={name: CredentialConfiguration.from_json(name, inner) for name, inner in supported.named()},
            authorization_servers=members.texts("authorization_servers"),
            nonce_endpoint=members.optional_url("nonce_endpoint"),
            notification_endpoint=members.optional_url("notification_endpoint"),
            batch_size=(batch.number("batch_size", least=2) or 1) if batch else 1,
            display=read_displays(members),
            request_encryption_required=_required(members, "credential_request_encryption"),
            response_encryption_required=_required(members, "credential_response_encryption"),
        )

    def to_json(self) -> JsonObject:
        """Return the document, for a GET that answers with ``application/json``."""
        return without_none(
            credential_issuer=self.credential_issuer,
            authorization_servers=self.authorization_servers,
            credential_endpoint=self.credential_endpoint,
            nonce_endpoint=self.nonce_endpoint,
            notification_endpoint=self.notification_endpoint,
            batch_credential_issuance={"batch_size": self.batch_size} if self.batch_size > 1 else None,
            display=tuple(display.to_json() for display in self.display),
            credential_configurations_supported={
                name: configuration.to_json() for name, configuration in self.configurations.items()
            },
        )


def parse_issuer_metadata(data: bytes, *, expected_issuer: str) -> IssuerMetadata:
    """Read issuer metadata as bytes.

    :raises MalformedInput: ``issuer-metadata``, and what `intaglio.documents.parse_object` raises.
    :raises InvalidProof: ``issuer-mismatch``
    """
    return IssuerMetadata.from_json(parse_object(data, max_bytes=MAX_METADATA), expected_issuer=expected_issuer)


def _required(members: Members, name: str) -> bool:
    inner = members.inner(name)
    return inner is not None and inner.flag("encryption_required")
