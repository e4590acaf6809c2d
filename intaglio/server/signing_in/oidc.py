"""Signing in with the school's own account: OpenID Connect Core 1.0, authorization code flow (section 3.1), with PKCE (RFC 7636).

Authlib writes the requests and checks the claims; whatever goes over the network goes through `intaglio.fetch`, under its
rules. The account is known by issuer and subject alone, since addresses and names are given to somebody else one day.
"""

import hmac
import logging
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus
from uuid import UUID

from authlib.oauth2.auth import ClientAuth  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import IntaglioError, InvalidProof, Unavailable
from intaglio.fetch.messages import Request as Message
from intaglio.server.errors import Refused
from intaglio.server.settings import Settings
from intaglio.server.signing_in.accounts import Accounts
from intaglio.server.signing_in.ceremonies import remember, take
from intaglio.server.signing_in.oidc_provider import Provider
from intaglio.server.tables import ExternalIdentity

CALLBACK_PATH = "/sign-in/oidc/callback"
_KIND = "oidc"
_SCOPE = "openid profile email"
_LEEWAY = 60
"""Seconds that two clocks may differ."""
_LONGEST_SUBJECT = 255
_MAX_BYTES = 256 * 1024
_log = logging.getLogger("intaglio.sign_in")


@dataclass(frozen=True)
class Visit:
    """Somebody who came back from the provider: who it says this is, and where the visitor wanted to go."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]
    wanted: str
    is_fresh: bool = False
    """Whether the provider says that the visitor proved it to be them on this very visit, not some time before it."""


def begin(request: Request, db: Session, provider: Provider, *, wanted: str, now: datetime, again: bool = False) -> str:
    """Return the address of the provider to send the visitor to, and commit (section 3.1.2.1).

    With `again`, the provider is not to rely on who signed in there before: a screen left open is signed in there too.

    :raises Unavailable: ``external-sign-in-away``
    """
    settings: Settings = request.app.state.settings
    metadata = provider.metadata(now)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    remember(
        request,
        db,
        _KIND,
        state,
        {"nonce": nonce, "verifier": verifier, "wanted": wanted, "at": int(now.timestamp())},
        now,
    )
    address: str = prepare_grant_uri(
        metadata["authorization_endpoint"],
        client_id=settings.oidc_client_id,
        response_type="code",
        redirect_uri=settings.origin + CALLBACK_PATH,
        scope=_SCOPE,
        state=state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
        **({"prompt": "login", "max_age": "0"} if again else {}),
    )
    return address


def finish(request: Request, db: Session, provider: Provider, answer: Mapping[str, str], *, now: datetime) -> Visit:
    """Check what the visitor brings back (section 3.1.2.7), and ask the provider who it is.

    :raises InvalidProof: ``external-sign-in-failed``
    :raises Refused: ``external-sign-in-declined`` where the visitor, or the provider, said no.
    :raises Unavailable: ``external-sign-in-away``
    """
    begun = take(request, db, _KIND, answer.get("state", ""), now)
    if begun is None:
        raise _failed("It was begun in another browser, or too long ago.")
    _check_sender(provider, answer, now)
    if "error" in answer:
        _log.info("declined", extra={"facts": {"error": answer["error"][:60]}})
        raise Refused("external-sign-in-declined", "The school account was not used.")
    tokens = _exchange_code(request, provider, answer.get("code", ""), begun["verifier"], now)
    claims = _checked_id_token(request, provider, tokens, begun["nonce"], now)
    about = {**_user_info(provider, tokens, claims["sub"], now), **claims}
    return Visit(provider.issuer, claims["sub"], about, begun["wanted"], _is_fresh(claims, begun["at"], now))


def account_of(db: Session, accounts: Accounts, visit: Visit, *, now: datetime) -> UUID:
    """Return the account of somebody who came back, linked now if this is the first time; commit.

    :raises Refused: ``external-account-unknown``
    """
    wanted = select(ExternalIdentity.account_id).where(
        ExternalIdentity.issuer == visit.issuer, ExternalIdentity.subject == visit.subject
    )
    linked = db.exec(wanted).first()
    if linked is not None:
        return linked
    found = accounts.from_external(db, visit.issuer, visit.subject, visit.claims, now)
    if found is None:
        raise Refused("external-account-unknown", "The school account is good, but nobody added it here yet.")
    others = select(ExternalIdentity).where(
        ExternalIdentity.account_id == found, ExternalIdentity.issuer == visit.issuer
    )
    if db.exec(others).first() is not None:
        # Somebody else has her address by now: addresses are given anew, subjects are not (section 5.7).
        db.rollback()
        raise Refused("external-account-unknown", "Somebody else's school account belongs to this account.")
    identity = ExternalIdentity(account_id=found, issuer=visit.issuer, subject=visit.subject, created_at=now)
    db.add(identity)
    try:
        db.commit()
    except IntegrityError:  # the same person, twice at once: the first has made the account
        db.rollback()
        return db.exec(wanted).one()
    return found


def _check_sender(provider: Provider, answer: Mapping[str, str], now: datetime) -> None:
    """Refuse an answer of another provider (RFC 9207, section 2.4)."""
    stated = answer.get("iss")
    required = provider.metadata(now).get("authorization_response_iss_parameter_supported") is True
    if stated != provider.issuer and (stated is not None or required):
        raise _failed("It comes from another provider than the one that was asked.")


def _exchange_code(request: Request, provider: Provider, code: str, verifier: str, now: datetime) -> JsonObject:
    """Exchange the code for tokens (section 3.1.3)."""
    settings: Settings = request.app.state.settings
    url = provider.metadata(now)["token_endpoint"]
    redirect_uri = settings.origin + CALLBACK_PATH
    body = prepare_token_request("authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=verifier)
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    url, headers, body = _client_auth(settings, provider.metadata(now)).prepare("POST", url, headers, body)
    answer = _send(provider, Message("POST", url, headers, body.encode()))
    if not isinstance(answer.get("id_token"), str):
        raise _failed("The provider gave no token for the code.")
    return answer


def _client_auth(settings: Settings, metadata: JsonObject) -> ClientAuth:
    client_id = settings.oidc_client_id or ""
    if settings.oidc_client_secret is None:
        return ClientAuth(client_id, None, "none")
    secret = settings.oidc_client_secret.get_secret_value()
    methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if "client_secret_basic" not in methods and "client_secret_post" in methods:
        return ClientAuth(client_id, secret, "client_secret_post")
    # Both are form-encoded first (RFC 6749, section 2.3.1): a colon in the id would end it.
    return ClientAuth(quote_plus(client_id), quote_plus(secret), "client_secret_basic")


def _checked_id_token(
    request: Request, provider: Provider, tokens: JsonObject, nonce: str, now: datetime
) -> dict[str, Any]:
    """Return the claims of the ID Token, once everything about it holds (section 3.1.3.7)."""
    client_id = request.app.state.settings.oidc_client_id
    token = tokens["id_token"]
    key = provider.key(_key_id(token), now)
    if key is None:
        raise _failed("The provider does not list the key of its token.")
    rules = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": client_id},
        "nonce": {"essential": True},
        "sub": {"essential": True},
    }
    params = {"nonce": nonce, "client_id": client_id, "access_token": tokens.get("access_token")}
    try:
        decoded = jwt.decode(token, key, algorithms=provider.algorithms(now))
        claims = CodeIDToken(decoded.claims, decoded.header, rules, params)
        claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise _failed(f"The provider's token does not hold ({type(error).__name__}).") from None
    subject = claims["sub"]
    same_nonce = hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode())
    if not (isinstance(subject, str) and subject.isprintable() and 0 < len(subject) <= _LONGEST_SUBJECT and same_nonce):
        raise _failed("The provider's token does not say who it is about.")
    return dict(claims)


def _is_fresh(claims: Mapping[str, Any], begun_at: int, now: datetime) -> bool:
    """Tell whether the visitor was asked who they are after the visit began (``auth_time``, section 2; not all providers say)."""
    at = claims.get("auth_time")
    if not isinstance(at, int | float) or isinstance(at, bool):
        return False
    return begun_at - _LEEWAY <= at <= now.timestamp() + _LEEWAY


def _key_id(token: str) -> str | None:
    head = token.partition(".")[0]
    try:
        stated = parse_object(urlsafe_b64decode(head + "=" * (-len(head) % 4)), max_bytes=_MAX_BYTES).get("kid")
    except (IntaglioError, ValueError):
        raise _failed("The provider's token cannot be read.") from None
    return stated if isinstance(stated, str) else None


def _user_info(provider: Provider, tokens: JsonObject, subject: str, now: datetime) -> dict[str, Any]:
    """Return what the provider says of the person beside the token (section 5.3); nothing where it does not say."""
    url, token = provider.metadata(now).get("userinfo_endpoint"), tokens.get("access_token")
    if not isinstance(url, str) or not isinstance(token, str):
        return {}
    headers = {"Accept": "application/json", "Authorization": f"Bearer {token}"}
    found = _send(provider, Message("GET", url, headers))
    if found.get("sub") != subject:  # section 5.3.2: it may be about somebody else
        raise _failed("The provider speaks of somebody else than its token does.")
    return found


def _send(provider: Provider, message: Message) -> JsonObject:
    try:
        answer = provider.network.send(message, max_bytes=_MAX_BYTES)
        if answer.status != 200:
            _log.warning("provider refuses", extra={"facts": {"status": answer.status}})
            raise _failed(f"The provider answered with status {answer.status}.")
        return parse_object(answer.body, max_bytes=_MAX_BYTES)
    except InvalidProof:
        raise
    except IntaglioError as error:
        raise Unavailable("external-sign-in-away", error.problem.detail) from None


def _failed(detail: str) -> InvalidProof:
    _log.warning("refused", extra={"facts": {"reason": detail}})
    return InvalidProof("external-sign-in-failed", detail)
