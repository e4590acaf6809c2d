"""A wallet at the issuer's door: our own rules of wallets, and the plain requests of one that keeps no rules."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest

from intaglio.custody.local import LocalSigner, generate
from intaglio.fetch.messages import Request, Response
from intaglio.fetch.source import DEFAULT_MAX_BYTES
from intaglio.multikey import Algorithm
from intaglio.protocols.openid4vci.wallet_flow import Authorized, ProveKey, Received, begin, follow
from issuer.delivery.codes import claim_code, tx_code
from issuer.delivery.links import links_of
from issuer.delivery.models import ClaimCode
from issuer.delivery.service import claim_of
from issuer.issuance.models import Award
from tests.issuer.classroom import Classroom, classroom
from tests.services import UnderTest


class ToIssuer:
    """Sends what a wallet sends to the issuer under test."""

    def __init__(self, issuer: UnderTest) -> None:
        self._issuer = issuer

    def send(self, request: Request, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Response:
        """Send one request."""
        path = urlsplit(request.url).path
        answer = self._issuer.client.request(
            request.method, path, headers=dict(request.headers), content=request.body, follow_redirects=False
        )
        assert len(answer.content) <= max_bytes
        headers = {name.lower(): (value,) for name, value in answer.headers.items()}
        return Response(request.url, answer.status_code, headers, answer.content)


@dataclass
class Offer:
    """A claim link of one learner, and a wallet's key."""

    room: Classroom
    claim: ClaimCode
    signer: LocalSigner

    @property
    def code(self) -> str:
        """What the link holds."""
        return claim_code(self.room.issuer.settings.secret_bytes, self.claim.id)

    @property
    def tx_code(self) -> str:
        """What the teacher tells."""
        return tx_code(self.room.issuer.settings.secret_bytes, self.claim.id)

    @property
    def sender(self) -> ToIssuer:
        """The wallet's way to the issuer."""
        return ToIssuer(self.room.issuer)

    def authorized(self, code: str | None = None) -> Authorized:
        """Come as far as a token."""
        link = links_of(self.room.issuer.settings, self.claim).any_wallet
        return follow(follow(begin(link), self.sender).accept(code or self.tx_code), self.sender)

    def collect(self, authorized: Authorized, number: int = 0) -> Received:
        """Collect one of the badges that the token is for."""
        asked = follow(authorized.collect(authorized.wanted[number]), self.sender)
        assert isinstance(asked, ProveKey)
        received = follow(asked.prove(self.signer, now=self.room.now), self.sender)
        assert isinstance(received, Received)
        return received

    def post(self, door: str, *, form: dict[str, str] | None = None, token: str = "", **json: Any) -> httpx.Response:
        """Send something of one's own to one of the doors."""
        path = f"/organizations/{self.room.world.school.slug}/openid4vci/{door}"
        headers = {"authorization": f"Bearer {token}"} if token else {}
        client = self.room.issuer.client
        return client.post(path, data=form, headers=headers) if form else client.post(path, json=json, headers=headers)


def offer_for(room: Classroom, awards: list[Award]) -> Offer:
    """Return the offer that carries an award."""
    with room.issuer.db() as db:
        claim = claim_of(db, awards[0].id)
    assert claim is not None
    return Offer(room, claim, LocalSigner.over(generate(Algorithm.ED25519)))


@pytest.fixture
def room(issuer: UnderTest) -> Classroom:
    """Return a class of three."""
    return classroom(issuer)


@pytest.fixture
def offered(room: Classroom) -> Offer:
    """Return a claim link with one badge, a minute after it was sealed."""
    awards = room.sealed(room.learners[:1])
    room.issuer.clock.advance(minutes=1)
    return offer_for(room, awards)
