"""The second half of collecting a badge: from a token to the credential. `wallet_flow` tells the whole."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from intaglio.documents import JsonObject
from intaglio.errors import Unsupported
from intaglio.fetch.messages import Request, Response
from intaglio.fetch.rules import show
from intaglio.multikey import Algorithm
from intaglio.proofs.jose import ALGORITHMS as JWS_ALGORITHMS
from intaglio.proofs.signer import Signer
from intaglio.protocols.openid4vci import credential, nonce, proof
from intaglio.protocols.openid4vci.configuration import CredentialConfiguration
from intaglio.protocols.openid4vci.credential import JSON
from intaglio.protocols.openid4vci.errors import error_code, json_body
from intaglio.protocols.openid4vci.metadata import IssuerMetadata
from intaglio.protocols.openid4vci.notification import Event, NotificationRequest
from intaglio.protocols.openid4vci.token import TokenResponse


@dataclass(frozen=True, slots=True)
class Wanted:
    """One credential to ask for; `identifier` is there where the server named it in its token response."""

    configuration: CredentialConfiguration
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Authorized:
    """Halt: each of `wanted` can be collected with the one token."""

    issuer: IssuerMetadata
    choices: tuple[CredentialConfiguration, ...]
    token: TokenResponse
    client_id: str | None = None

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """What can be collected: where the server names credentials, those and no others (section 8.2)."""
        named = self.token.credential_identifiers
        if not named:
            return tuple(Wanted(configuration) for configuration in self.choices)
        return tuple(
            Wanted(configuration, identifier)
            for configuration in self.choices
            for identifier in named.get(configuration.id, ())
        )

    def collect(self, wanted: Wanted) -> "RequestNonce | ProveKey | RequestCredential":
        """Return what comes first for one credential.

        :raises Unsupported: ``no-usable-proof`` where it asks for a proof that is not made here.
        """
        configuration = wanted.configuration
        if not configuration.proof_types:
            return RequestCredential(self, wanted)
        if not configuration.proof_algorithms or configuration.key_attestation_required:
            raise Unsupported(
                "no-usable-proof", f"{show(configuration.id)} asks for another proof than a signed token."
            )
        if self.issuer.nonce_endpoint is None:
            return ProveKey(self, wanted)
        return RequestNonce(self, wanted)


@dataclass(frozen=True, slots=True)
class RequestNonce:
    """A fresh nonce for the proof; `attempt` counts those that the issuer did not take."""

    authorized: Authorized
    wanted: Wanted
    attempt: int = 1
    max_bytes: ClassVar[int] = nonce.MAX_RESPONSE

    @property
    def request(self) -> Request:
        """The request to send: a POST without a body and without the token (section 7.1)."""
        return Request("POST", str(self.authorized.issuer.nonce_endpoint), {"Accept": JSON})

    def take(self, response: Response) -> "ProveKey":
        """Take the answer.

        :raises MalformedInput: ``nonce-response``
        :raises Unavailable: as `refused` says.
        """
        found = nonce.parse_nonce_response(json_body(response, any_success=True))
        return ProveKey(self.authorized, self.wanted, found.c_nonce, self.attempt)


@dataclass(frozen=True, slots=True)
class ProveKey:
    """Halt: the wallet signs with the key that the credential shall be bound to."""

    authorized: Authorized
    wanted: Wanted
    nonce: str | None = None
    attempt: int = 1

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """The kinds of key that the issuer takes and proofs are made with here, in the issuer's order."""
        names = self.wanted.configuration.proof_algorithms
        return tuple(JWS_ALGORITHMS[name] for name in names if name in proof.ALGORITHMS)

    def prove(self, signer: Signer, *, now: datetime) -> "RequestCredential":
        """Return the step that asks for the credential, bound to the signer's key.

        :raises Unsupported: ``no-usable-proof`` for a kind of key or identifier that the issuer does not take.
        :raises SigningFailed: what the signer raises.
        """
        if signer.algorithm not in self.algorithms:
            raise Unsupported("no-usable-proof", f"The issuer takes no {signer.algorithm.value} keys.")
        issuer = self.authorized.issuer.credential_issuer
        challenge = proof.Challenge(issuer, self.nonce, self.authorized.client_id)
        as_jwk = _as_jwk(self.wanted.configuration, signer)
        made = proof.build_proof(signer, challenge, now=now, as_jwk=as_jwk)
        return RequestCredential(self.authorized, self.wanted, (made,), self.attempt)


@dataclass(frozen=True, slots=True)
class RequestCredential:
    """The request for one credential."""

    authorized: Authorized
    wanted: Wanted
    proofs: tuple[str, ...] = field(default=(), repr=False)
    attempt: int = 1
    max_bytes: ClassVar[int] = credential.MAX_RESPONSE

    @property
    def request(self) -> Request:
        """The request to send."""
        named = self.wanted.identifier
        body = credential.CredentialRequest(None if named else self.wanted.configuration.id, named, self.proofs)
        url = self.authorized.issuer.credential_endpoint
        return _protected(self.authorized.token, url, body.to_json())

    def take(self, response: Response) -> "Received | RequestNonce":
        """Take the answer. A nonce that the issuer does not take any more leads back for another, once (section 8.3.1.2).

        :raises Unavailable: as `refused` says.
        :raises MalformedInput: ``credential-response``
        :raises Unsupported: ``issuance-deferred``
        """
        if response.status == 202:
            raise Unsupported("issuance-deferred", "The issuer wants to be asked again later.")
        stale = response.status == 400 and error_code(response) == "invalid_nonce"
        if stale and self.attempt == 1 and self.authorized.issuer.nonce_endpoint is not None:
            return RequestNonce(self.authorized, self.wanted, attempt=2)
        format_name = self.wanted.configuration.format
        found = credential.CredentialResponse.parse(json_body(response), format_name=format_name)
        return Received(self.authorized, self.wanted, found.credentials, found.notification_id)


@dataclass(frozen=True, slots=True)
class Received:
    """Halt: `credentials` as the issuer wrote them. The wallet verifies before it stores, and then tells the issuer."""

    authorized: Authorized
    wanted: Wanted
    credentials: tuple[bytes, ...] = field(repr=False)
    notification_id: str | None = None

    def notification(self, event: Event, description: str | None = None) -> Request | None:
        """Return the request that tells the issuer, or None where it does not ask to be told; any answer will do."""
        endpoint = self.authorized.issuer.notification_endpoint
        if endpoint is None or self.notification_id is None:
            return None
        body = NotificationRequest(self.notification_id, event, description)
        return _protected(self.authorized.token, endpoint, body.to_json())


def _as_jwk(configuration: CredentialConfiguration, signer: Signer) -> bool:
    """Tell whether the key goes as a bare JWK: a DID is preferred, since a credential names its holder by it.

    :raises Unsupported: ``no-usable-proof`` where the issuer takes neither.
    """
    methods = configuration.binding_methods
    did_method = ":".join(signer.verification_method.split(":", 2)[:2])
    if not methods or did_method in methods:
        return False
    if "jwk" in methods:
        return True
    raise Unsupported("no-usable-proof", f"The issuer takes no keys of {did_method}, only {', '.join(methods)[:200]}.")


def _protected(token: TokenResponse, url: str, body: JsonObject) -> Request:
    headers = {"Accept": JSON, "Content-Type": JSON, "Authorization": f"Bearer {token.access_token}"}
    return Request("POST", url, headers, json.dumps(body).encode())
