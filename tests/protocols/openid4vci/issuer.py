"""An issuer in memory: a `Sender` that answers a wallet by the issuer's half of the rules, without a network between."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from intaglio.errors import IntaglioError, InvalidProof, MalformedInput
from intaglio.fetch.messages import Request, Response
from intaglio.fetch.source import DEFAULT_MAX_BYTES
from intaglio.protocols.openid4vci import errors, proof, well_known
from intaglio.protocols.openid4vci.authorization_server import AuthorizationServerMetadata
from intaglio.protocols.openid4vci.configuration import JWT_VC_JSON_LD, LDP_VC, CredentialConfiguration
from intaglio.protocols.openid4vci.credential import CredentialResponse, parse_credential_request
from intaglio.protocols.openid4vci.display import Claim, Display
from intaglio.protocols.openid4vci.metadata import IssuerMetadata
from intaglio.protocols.openid4vci.nonce import NonceResponse
from intaglio.protocols.openid4vci.notification import NotificationRequest, parse_notification_request
from intaglio.protocols.openid4vci.offer import PRE_AUTHORIZED_CODE, Offer, TransactionCode
from intaglio.protocols.openid4vci.token import TokenRequest, TokenResponse, check_transaction_code_presence

ISSUER = "https://school.example/north"
NOW = datetime(2026, 5, 12, 10, 32, tzinfo=UTC)
BADGE = b'{ "@context": [], "name": "Se\\u00f1al", "n": 1.50 }'
"""No credential, but a document whose bytes tell whether somebody wrote it anew."""
CODE, PIN, TOKEN = "SplxlOBeZQQYbYS6WxSbIA", "493536", "czZCaGRSa3F0MzpnWDFmQmF0M2JW"


def configurations() -> dict[str, CredentialConfiguration]:
    """Return what the issuer can issue: one badge in two formats."""
    common: dict[str, Any] = {
        "types": ("VerifiableCredential", "OpenBadgeCredential"),
        "contexts": (
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ),
        "binding_methods": proof.BINDING_METHODS,
        "proof_types": ("jwt",),
        "proof_algorithms": proof.ALGORITHMS,
        "display": (
            Display(name="Mastery", locale="en", description="Level 3", logo_uri="data:image/png;base64,AA=="),
            Display(name="Maestría", locale="es-US"),
        ),
        "claims": (Claim(("credentialSubject", "result", None, "value"), display=(Display(name="Result"),)),),
    }
    found = (
        CredentialConfiguration("mastery", LDP_VC, signing_algorithms=("eddsa-rdfc-2022",), **common),
        CredentialConfiguration("mastery-jwt", JWT_VC_JSON_LD, signing_algorithms=("RS256",), scope="m", **common),
    )
    return {configuration.id: configuration for configuration in found}


def issuer_metadata(issuer: str = ISSUER) -> IssuerMetadata:
    """Return metadata with every member that we write."""
    return IssuerMetadata(
        credential_issuer=issuer,
        credential_endpoint=f"{issuer}/credential",
        configurations=configurations(),
        nonce_endpoint=f"{issuer}/nonce",
        notification_endpoint=f"{issuer}/notification",
        batch_size=2,
        display=(Display(name="Prairie View High School", logo_uri="https://school.example/logo.png"),),
    )


def offer(**changes: Any) -> Offer:
    """Return an offer of the badge, with a transaction code."""
    members: dict[str, Any] = {
        "credential_issuer": ISSUER,
        "configuration_ids": ("mastery",),
        "pre_authorized_code": CODE,
        "transaction_code": TransactionCode(length=6, description="On your class list"),
        **changes,
    }
    return Offer(**members)


@dataclass
class MemoryIssuer:
    """Answers one wallet.

    `requests` are those that it saw. `answers` replaces the answer of a path, `seal` makes the credential for a key.
    """

    metadata: IssuerMetadata = field(default_factory=issuer_metadata)
    pin: str | None = PIN
    credentials: tuple[bytes, ...] = (BADGE,)
    identifiers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    answers: dict[str, Response] = field(default_factory=dict)
    grant_types: tuple[str, ...] = (PRE_AUTHORIZED_CODE,)
    requests: list[Request] = field(default_factory=list)
    proved: list[proof.ProvedKey] = field(default_factory=list)
    notified: list[NotificationRequest] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    spoil_nonces: int = 0
    code_used: bool = False
    seal: Callable[[proof.ProvedKey], bytes] | None = None

    @property
    def identifier(self) -> str:
        """The issuer's own address."""
        return self.metadata.credential_issuer

    def send(self, request: Request, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Response:
        """Answer."""
        self.requests.append(request)
        for path, response in self.answers.items():
            if request.url.endswith(path):
                return response
        answered = self._route(request.url)(request)
        assert len(answered.body) <= max_bytes
        return answered

    def _route(self, url: str) -> Callable[[Request], Response]:
        routes = {
            well_known.issuer_metadata_url(self.identifier): lambda _: ok(self.metadata.to_json()),
            well_known.authorization_server_metadata_url(self.identifier): lambda _: ok(self._server().to_json()),
            f"{self.identifier}/token": self._guard(errors.Endpoint.TOKEN, self._token),
            f"{self.identifier}/nonce": lambda _: ok(self._nonce().to_json()),
            f"{self.identifier}/credential": self._guard(errors.Endpoint.CREDENTIAL, self._credential),
            f"{self.identifier}/notification": self._guard(errors.Endpoint.NOTIFICATION, self._notification),
        }
        return routes[url]

    def _server(self) -> AuthorizationServerMetadata:
        return AuthorizationServerMetadata(
            self.identifier, f"{self.identifier}/token", self.grant_types, anonymous_access=True
        )

    def _token(self, request: Request) -> Response:
        asked = TokenRequest.from_form(request.body)
        check_transaction_code_presence(asked, expected=self.pin is not None)
        if self.code_used or (asked.pre_authorized_code, asked.tx_code) != (CODE, self.pin):
            raise InvalidProof("grant-refused", "It is not the code of this offer.")
        self.code_used = True
        return ok(TokenResponse(TOKEN, 600, self.identifiers).to_json())

    def _nonce(self) -> NonceResponse:
        nonce = f"nonce-{len(self.requests)}"
        self.nonces.add(nonce)
        return NonceResponse(nonce)

    def _credential(self, request: Request) -> Response:
        self._check_token(request)
        asked = parse_credential_request(request.body)
        known = {name for names in self.identifiers.values() for name in names}
        if asked.credential_identifier is not None and asked.credential_identifier not in known:
            raise MalformedInput("unknown-credential-identifier", "There is none of this name.")
        if asked.configuration_id is not None and asked.configuration_id not in self.metadata.configurations:
            raise MalformedInput("unknown-configuration", "There is none of this name.")
        accept = self._spend if self.metadata.nonce_endpoint else None
        if self.metadata.configurations["mastery"].proof_types:
            self.proved += proof.verify_proofs(asked.proofs, proof.Expected(self.identifier, accept), now=NOW)
        credentials = (self.seal(self.proved[-1]),) if self.seal else self.credentials
        return ok(CredentialResponse(credentials, "3fwe98js").to_bytes())

    def _spend(self, nonce: str) -> bool:
        if self.spoil_nonces:
            self.spoil_nonces -= 1
            self.nonces.clear()
        fresh = nonce in self.nonces
        self.nonces.discard(nonce)
        return fresh

    def _notification(self, request: Request) -> Response:
        self._check_token(request)
        self.notified.append(parse_notification_request(request.body))
        return Response(request.url, 204)

    def _check_token(self, request: Request) -> None:
        if errors.bearer_token(request.headers.get("Authorization")) != TOKEN:
            raise InvalidProof("access-token", "It is not one of ours.")

    def _guard(self, endpoint: errors.Endpoint, answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def guarded(request: Request) -> Response:
            try:
                return answer(request)
            except IntaglioError as error:
                refusal = errors.refusal_of(error, endpoint)
                return ok(refusal.to_json(), status=refusal.status)

        return guarded


def ok(body: Any, *, status: int = 200) -> Response:
    """Return an answer of JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response("https://school.example/", status, {"content-type": ("application/json; charset=utf-8",)}, data)
