"""The first half of collecting a badge: from a link to a token. `wallet_flow` tells the whole."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from intaglio.errors import InvalidProof, MalformedInput, Unsupported
from intaglio.fetch.messages import Request, Response
from intaglio.fetch.rules import show
from intaglio.protocols.openid4vci import authorization_server as servers
from intaglio.protocols.openid4vci import metadata, offer, token, well_known
from intaglio.protocols.openid4vci.authorization_server import AuthorizationServerMetadata
from intaglio.protocols.openid4vci.configuration import FORMATS, CredentialConfiguration
from intaglio.protocols.openid4vci.credential import JSON
from intaglio.protocols.openid4vci.errors import json_body
from intaglio.protocols.openid4vci.metadata import IssuerMetadata
from intaglio.protocols.openid4vci.offer import Offer, OfferReference
from intaglio.protocols.openid4vci.wallet_collect import Authorized

_MAX_SERVERS = 4
"""How many servers of one issuer are asked: behind each, a stranger may take his ten seconds."""


@dataclass(frozen=True, slots=True)
class FetchOffer:
    """The offer is somewhere else."""

    reference: OfferReference
    max_bytes: ClassVar[int] = offer.MAX_OFFER

    @property
    def request(self) -> Request:
        """The request to send."""
        return Request("GET", self.reference.url, {"Accept": JSON})

    def take(self, response: Response) -> "FetchIssuer":
        """Take the answer.

        :raises MalformedInput: ``credential-offer``
        :raises Unsupported: ``offer-grant``
        :raises Unavailable: ``http-status``, ``wrong-content-type``
        """
        return FetchIssuer(offer.parse_offer(json_body(response)))


@dataclass(frozen=True, slots=True)
class FetchIssuer:
    """Who offers it, and what they can issue."""

    offer: Offer
    max_bytes: ClassVar[int] = metadata.MAX_METADATA

    @property
    def request(self) -> Request:
        """The request to send."""
        return Request("GET", well_known.issuer_metadata_url(self.offer.credential_issuer), {"Accept": JSON})

    def take(self, response: Response) -> "FetchServer":
        """Take the answer.

        :raises MalformedInput: ``issuer-metadata``
        :raises InvalidProof: ``issuer-mismatch``
        :raises Unsupported: ``message-encryption``
        :raises Unavailable: ``http-status``, ``wrong-content-type``
        """
        found = metadata.parse_issuer_metadata(json_body(response), expected_issuer=self.offer.credential_issuer)
        if found.request_encryption_required or found.response_encryption_required:
            raise Unsupported("message-encryption", "The issuer asks for messages that are encrypted once more.")
        return FetchServer(self.offer, found, _servers(self.offer, found))


@dataclass(frozen=True, slots=True)
class FetchServer:
    """Where tokens are had; `candidates` are the servers that may have them, in the issuer's order."""

    offer: Offer
    issuer: IssuerMetadata
    candidates: tuple[str, ...]
    max_bytes: ClassVar[int] = servers.MAX_METADATA

    @property
    def request(self) -> Request:
        """The request to send."""
        return Request("GET", well_known.authorization_server_metadata_url(self.candidates[0]), {"Accept": JSON})

    def take(self, response: Response) -> "FetchServer | Offered":
        """Take the answer; a server that takes no such codes leads to the next one (section 12.2.4).

        :raises MalformedInput: ``authorization-server-metadata``
        :raises InvalidProof: ``issuer-mismatch``
        :raises Unsupported: ``offer-grant`` where none of them takes a pre-authorized code.
        :raises Unavailable: ``http-status``, ``wrong-content-type``
        """
        found = servers.parse_authorization_server_metadata(json_body(response), expected_issuer=self.candidates[0])
        if found.takes_pre_authorized_codes:
            return Offered(self.offer, self.issuer, found)
        if len(self.candidates) == 1:
            raise Unsupported("offer-grant", f"{show(found.issuer)} takes no pre-authorized codes.")
        return replace(self, candidates=self.candidates[1:])


@dataclass(frozen=True, slots=True)
class Offered:
    """Halt: the learner sees who offers what, and decides. Nothing has been collected, and the code is not used up."""

    offer: Offer
    issuer: IssuerMetadata
    server: AuthorizationServerMetadata

    @property
    def choices(self) -> tuple[CredentialConfiguration, ...]:
        """What is offered in a format that is read here, in the offer's order."""
        known = self.issuer.configurations
        named = [known[name] for name in self.offer.configuration_ids if name in known]
        return tuple(configuration for configuration in named if configuration.format in FORMATS)

    def accept(self, transaction_code: str | None = None, *, client_id: str | None = None) -> "RequestToken":
        """Return the step that asks for a token. Spaces and hyphens in a numeric code are how people write them down.

        :raises MalformedInput: ``transaction-code-missing`` where the offer asks for one.
        :raises Unsupported: ``no-usable-format`` where nothing that is offered can be read here.
        """
        if not self.choices:
            raise Unsupported("no-usable-format", f"We read {', '.join(FORMATS)}.")
        needed = self.offer.transaction_code
        code = (transaction_code or "").strip()
        if needed is not None and needed.input_mode == "numeric":
            code = code.replace(" ", "").replace("-", "")
        if needed is not None and not code:
            raise MalformedInput("transaction-code-missing", "The offer asks for one.")
        # A code that was not asked for must not be sent (section 6.3).
        return RequestToken(self, code if needed is not None else None, client_id)


@dataclass(frozen=True, slots=True)
class RequestToken:
    """The pre-authorized code becomes a token; it works once.

    A wallet without a client identifier asks without one, whatever the server's metadata say: many leave the flag out.
    """

    offered: Offered
    transaction_code: str | None = field(default=None, repr=False)
    client_id: str | None = None
    max_bytes: ClassVar[int] = token.MAX_RESPONSE

    @property
    def request(self) -> Request:
        """The request to send."""
        body = token.TokenRequest(self.offered.offer.pre_authorized_code, self.transaction_code, self.client_id)
        headers = {"Accept": JSON, "Content-Type": token.FORM}
        return Request("POST", self.offered.server.token_endpoint, headers, body.to_form())

    def take(self, response: Response) -> "Authorized":
        """Take the answer.

        :raises Unavailable: ``grant-refused`` for a wrong code or a link that has run out, and as `refused` says.
        :raises MalformedInput: ``token-response``
        :raises Unsupported: ``token-type``
        """
        found = token.parse_token_response(json_body(response))
        return Authorized(self.offered.issuer, self.offered.choices, found, self.client_id)


def _servers(known: Offer, issuer: IssuerMetadata) -> tuple[str, ...]:
    """Return the authorization servers to try. The offer may name one of the issuer's, and no other (section 12.2.4)."""
    listed = issuer.authorization_servers or (issuer.credential_issuer,)
    if known.authorization_server is None:
        return listed[:_MAX_SERVERS]
    if known.authorization_server not in listed:
        detail = f"The offer names {show(known.authorization_server)}, which the issuer does not."
        raise InvalidProof("issuer-mismatch", detail)
    return (known.authorization_server,)
