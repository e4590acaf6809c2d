"""OAuth 2.0 authorization server metadata, as far as the pre-authorized code needs it (RFC 8414; OpenID4VCI 1.0, 12.3)."""

from dataclasses import dataclass

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import InvalidProof
from intaglio.fetch.rules import show
from intaglio.protocols.members import Members, without_none
from intaglio.protocols.openid4vci.offer import PRE_AUTHORIZED_CODE

MAX_METADATA = 256 * 1024
_KIND = "authorization-server-metadata"


@dataclass(frozen=True, slots=True)
class AuthorizationServerMetadata:
    """Where tokens are had. `grant_types` is empty where the server does not say.

    `anonymous_access` tells whether a pre-authorized code is taken from a wallet that has no client identifier.
    """

    issuer: str
    token_endpoint: str
    grant_types: tuple[str, ...] = ()
    anonymous_access: bool = False

    @classmethod
    def from_json(cls, document: JsonObject, *, expected_issuer: str) -> "AuthorizationServerMetadata":
        """Read the metadata that was found for `expected_issuer`, which must be theirs, letter by letter (RFC 8414, 3.3).

        :raises MalformedInput: ``authorization-server-metadata``
        :raises InvalidProof: ``issuer-mismatch``
        """
        members = Members(document, _KIND)
        issuer = members.url("issuer")
        if issuer != expected_issuer:
            raise InvalidProof(
                "issuer-mismatch",
                f"{show(expected_issuer)} answers with the metadata of {show(issuer)}.",
                pointer="/issuer",
            )
        return cls(
            issuer,
            members.url("token_endpoint"),
            members.texts("grant_types_supported"),
            members.flag("pre-authorized_grant_anonymous_access_supported"),
        )

    @property
    def takes_pre_authorized_codes(self) -> bool:
        """Whether the grant may be tried: servers that list no grant types have offered it all the same."""
        return not self.grant_types or PRE_AUTHORIZED_CODE in self.grant_types

    def to_json(self) -> JsonObject:
        """Return the document; ``response_types_supported`` may be left out by servers of this one grant (section 12.2.4)."""
        return without_none(
            issuer=self.issuer,
            token_endpoint=self.token_endpoint,
            grant_types_supported=self.grant_types,
            token_endpoint_auth_methods_supported=("none",),
            **{"pre-authorized_grant_anonymous_access_supported": self.anonymous_access},
        )


def parse_authorization_server_metadata(data: bytes, *, expected_issuer: str) -> AuthorizationServerMetadata:
    """Read authorization server metadata as bytes.

    :raises MalformedInput: ``authorization-server-metadata``, and what `intaglio.documents.parse_object` raises.
    :raises InvalidProof: ``issuer-mismatch``
    """
    document = parse_object(data, max_bytes=MAX_METADATA)
    return AuthorizationServerMetadata.from_json(document, expected_issuer=expected_issuer)
