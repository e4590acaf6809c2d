"""The doors for wallets. Errors take the form that the protocol asks for, so they are made here and not by the service's own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import JSONResponse, Response

from intaglio.errors import IntaglioError
from intaglio.protocols.openid4vci.credential import parse_credential_request
from intaglio.protocols.openid4vci.errors import Endpoint, Refusal, bearer_token, missing_token, refusal_of
from intaglio.protocols.openid4vci.nonce import NonceResponse
from intaglio.protocols.openid4vci.notification import parse_notification_request
from intaglio.protocols.openid4vci.token import FORM, TokenRequest
from intaglio.server.access import PUBLIC, door_router
from intaglio.server.bodies import RawBody, described
from intaglio.server.caching import cached
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.errors import TooMany
from intaglio.server.features import Feature
from intaglio.server.rates import Rate, address_of, count_try
from issuer.delivery import service as delivery
from issuer.delivery.links import OFFER_PATH
from issuer.exchange import collecting, describing, nonces
from issuer.exchange.collecting import Counter
from issuer.organizations import profiles
from issuer.organizations.models import Organization

router = door_router()
_TOKENS = Rate("openid4vci token", 60, timedelta(minutes=10))
_SEALS = Rate("openid4vci credential", 240, timedelta(minutes=10))
"""For one claim link, which may carry many badges in two forms each."""
_OPEN = {"access-control-allow-origin": "*"}
_SECONDS = 300


def _for_both(path: str) -> list[str]:
    """Return a path for organizations and for trials, ``{base}`` being their place in it."""
    return [path.replace("{base}", base) for base in ("organizations/{slug}", "trials/{slug}")]


def _counter(request: Request, db: Db, now: Now, slug: str) -> Counter:
    return Counter(db, request.app.state.sealer, profiles.at_path(db, request.url.path, slug), now)


AtCounter = Annotated[Counter, Depends(_counter)]
BearerHeader = Annotated[str, Header(alias="authorization")]


@router.get(OFFER_PATH, dependencies=[PUBLIC])
def offer(request: Request, db: Db, now: Now, code: str) -> Response:
    """Return the credential offer of a claim link (section 4.1.3)."""
    found = delivery.find(db, request.app.state.settings, code, now=now)
    organization = db.get_one(Organization, found.claim.organization_id)
    return JSONResponse(describing.offer_of(request.app.state.settings, organization, code), headers=_OPEN)


def issuer_metadata(request: Request, db: Db, slug: str, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return the credential issuer metadata of an organization (section 12.2)."""
    organization = _described(db, request, slug)
    document = describing.issuer_metadata(request.app.state.settings, organization)
    return cached(JSONResponse(document, headers=_OPEN), if_none_match, seconds=_SECONDS)


def server_metadata(request: Request, db: Db, slug: str, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return the authorization server metadata of an organization (RFC 8414, section 3)."""
    organization = _described(db, request, slug)
    document = describing.server_metadata(request.app.state.settings, organization)
    return cached(JSONResponse(document, headers=_OPEN), if_none_match, seconds=_SECONDS)


def token(request: Request, counter: AtCounter, body: RawBody) -> Response:
    """Exchange a pre-authorized code for an access token (section 6)."""

    def answer() -> Response:
        count_try(request, counter.db, _TOKENS, address_of(request), counter.now)
        return _json(collecting.give_token(counter, TokenRequest.from_form(body)).to_json())

    return _answered(answer, Endpoint.TOKEN)


def nonce(counter: AtCounter) -> Response:
    """Return a fresh nonce for a key proof (section 7)."""
    return _json(NonceResponse(nonces.new_nonce(counter.secret, counter.now)).to_json())


def credential(request: Request, counter: AtCounter, body: RawBody, authorization: BearerHeader = "") -> Response:
    """Return a badge, sealed for the key that is proved (section 8)."""
    bearer = bearer_token(authorization)
    if bearer is None:
        return _refused(missing_token())

    def answer() -> Response:
        claim_id = collecting.claim_behind(counter, bearer)
        count_try(request, counter.db, _SEALS, str(claim_id), counter.now)
        response = collecting.give_credential(counter, bearer, parse_credential_request(body))
        return Response(response.to_bytes(), media_type="application/json", headers=_OPEN)

    return _answered(answer, Endpoint.CREDENTIAL)


def notification(counter: AtCounter, body: RawBody, authorization: BearerHeader = "") -> Response:
    """Take a wallet's word about what it got (section 11)."""
    bearer = bearer_token(authorization)
    if bearer is None:
        return _refused(missing_token())

    def answer() -> Response:
        collecting.take_notification(counter, bearer, parse_notification_request(body))
        return Response(status_code=204, headers=_OPEN)

    return _answered(answer, Endpoint.NOTIFICATION)


def _described(db: Db, request: Request, slug: str) -> Organization:
    # The well-known path goes before the issuer's own (section 12.2.2): what is behind it says which organization it is.
    _, _, kind = request.url.path.removeprefix("/.well-known/").partition("/")
    return profiles.at_path(db, f"/{kind}", slug)


def _answered(answer: Callable[[], Response], endpoint: Endpoint) -> Response:
    try:
        return answer()
    except TooMany:
        raise
    except IntaglioError as error:
        return _refused(refusal_of(error, endpoint))


def _json(document: object) -> Response:
    return JSONResponse(document, headers=_OPEN)  # `no-store` is every answer's default


def _refused(refusal: Refusal) -> Response:
    return JSONResponse(refusal.to_json(), status_code=refusal.status, headers={**refusal.headers, **_OPEN})


def _add(router: APIRouter) -> None:
    posts = (
        (describing.TOKEN, token, described(media_type=FORM)),
        (describing.NONCE, nonce, None),
        (describing.CREDENTIAL, credential, described()),
        (describing.NOTIFICATION, notification, described()),
    )
    for name, endpoint, extra in posts:
        for path in _for_both(f"/{{base}}/{name}"):
            router.add_api_route(path, endpoint, methods=["POST"], dependencies=[PUBLIC], openapi_extra=extra)
    for name, describe in (
        ("openid-credential-issuer", issuer_metadata),
        ("oauth-authorization-server", server_metadata),
    ):
        for path in _for_both(f"/.well-known/{name}/{{base}}"):
            router.add_api_route(path, describe, methods=["GET"], dependencies=[PUBLIC])


_add(router)
FEATURE = Feature.of("issuer.exchange", router)
