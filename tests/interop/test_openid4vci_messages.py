"""Our half of OpenID4VCI 1.0 against @openid4vc/openid4vci: their issuer and our wallet, our issuer and their wallet."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from intaglio.custody.local import LocalSigner
from intaglio.errors import Unavailable
from intaglio.fetch.network import Network, NetworkSettings
from intaglio.multikey import did_jwk
from intaglio.protocols.openid4vci.notification import Event
from intaglio.protocols.openid4vci.offer import (
    Offer,
    OfferReference,
    TransactionCode,
    link_by_reference,
    link_by_value,
    parse_link,
)
from intaglio.protocols.openid4vci.proof import ProvedKey
from intaglio.protocols.openid4vci.wallet_flow import Authorized, Offered, ProveKey, Received, begin, follow
from tests.interop.loopback import NodeRole, serving
from tests.interop.peer import FOLDER, NodePeer, why_not
from tests.interop.samples import CREATED, key_pair, open_badge
from tests.protocols.openid4vci.issuer import NOW, PIN, MemoryIssuer, issuer_metadata, offer, ok
from tests.verification.builders import badge, signed, verify

AT = "2026-05-12T10:32:00Z"
NETWORK = Network(NetworkSettings(allow_http_loopback=True))


@pytest.fixture(autouse=True)
def _installed() -> None:
    """Skip where the packages are missing, and say so."""
    reason = why_not()
    if reason is None and not (FOLDER / "node_modules" / "@openid4vc").is_dir():
        reason = "the package @openid4vc/openid4vci is not installed: run `make peers`"
    if reason is not None:
        pytest.skip(reason)


def signer(name: str) -> LocalSigner:
    return LocalSigner.over(key_pair(name).private)


def their_issuer(node: NodeRole, **options: Any) -> dict[str, Any]:
    """Start their issuer, and return where it is and what it offers."""
    school = key_pair("ed25519-other")
    document = open_badge(school.did, validFrom="2026-01-01T00:00:00Z")
    node.tell(key={"jwk": school.jwk}, document=document, now=AT, **options)
    started: dict[str, Any] = node.hear()
    return started


@pytest.mark.parametrize("name", ["ed25519", "p256"])
@pytest.mark.parametrize("way", ["offer", "byReference"])
def test_our_wallet_claims_from_their_issuer(name: str, way: str) -> None:
    with NodeRole("issuer") as node:
        started = their_issuer(node, txCode=PIN)
        offered = follow(begin(started[way]), NETWORK)
        assert isinstance(offered, Offered)
        assert offered.offer.transaction_code == TransactionCode(length=6)
        assert offered.issuer.display[0].name == "North High School"
        received = _collect(offered, signer(name))
        holder = signer(name).verification_method.partition("#")[0]
        assert node.hear() == {"proof": {"configuration": "mastery", "method": "did", "holder": holder}}
        request = received.notification(Event.ACCEPTED)
        assert request is not None
        assert NETWORK.send(request).status == 204
        assert node.hear() == {"notification": {"notification_id": "notification-1", "event": "credential_accepted"}}
    (credential,) = received.credentials
    report = verify(credential, at=datetime.fromisoformat("2026-05-13T00:00:00Z"))
    assert report.verified
    assert report.verified_document()["credentialSubject"]["id"] == holder


def test_their_issuer_says_when_a_code_is_wrong_and_when_it_is_used() -> None:
    with NodeRole("issuer") as node:
        offered = follow(begin(their_issuer(node, txCode=PIN)["offer"]), NETWORK)
        assert isinstance(offered, Offered)
        assert _refusal(offered, "000000") == "grant-refused"
        assert isinstance(follow(offered.accept(PIN), NETWORK), Authorized)
        assert _refusal(offered, PIN) == "grant-refused"


def test_their_issuer_hands_a_stale_nonce_back() -> None:
    with NodeRole("issuer") as node:
        offered = follow(begin(their_issuer(node)["offer"]), NETWORK)
        assert isinstance(offered, Offered)
        halted = _prove(offered)
        first = halted.prove(signer("ed25519"), now=NOW)
        assert isinstance(follow(first, NETWORK), Received)
        again = follow(first, NETWORK)
        assert isinstance(again, ProveKey)
        assert again.attempt == 2
        assert isinstance(follow(again.prove(signer("ed25519"), now=NOW), NETWORK), Received)


@pytest.mark.parametrize(("name", "alg"), [("ed25519", "EdDSA"), ("p256", "ES256")])
@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("link", [link_by_value, None])
def test_their_wallet_claims_from_our_issuer(
    node: NodePeer, name: str, alg: str, bare: bool, link: Callable[[Any], str] | None
) -> None:
    key = key_pair(name)
    issuers: list[MemoryIssuer] = []

    def make(origin: str) -> Callable[..., Any]:
        identifier = f"{origin}/north"
        issuer = MemoryIssuer(metadata=issuer_metadata(identifier), seal=_seal)
        issuer.answers["/offers/1"] = ok(offer(credential_issuer=identifier).to_json())
        issuers.append(issuer)
        return issuer.send

    with serving(make), NodeRole("wallet") as wallet:
        (issuer,) = issuers
        sent = offer(credential_issuer=issuer.identifier)
        by_reference = link_by_reference(issuer.identifier.replace("/north", "/offers/1"))
        kid = {} if bare else {"kid": key.verification_method}
        wallet.tell(offer=link(sent) if link else by_reference, txCode=PIN, jwk=key.jwk, alg=alg, now=AT, **kid)
        heard = wallet.hear()
        assert "error" not in heard, heard
    assert heard["version"] == "V1"
    assert heard["known"] == ["mastery", "mastery-jwt"]
    assert heard["offer"] == sent.to_json()
    assert [note.event for note in issuer.notified] == [Event.ACCEPTED]
    (credential,) = heard["credentials"]
    assert credential["credentialSubject"]["id"] == (did_jwk(key.public) if bare else key.did)
    if not bare:  # their verifier knows no did:jwk
        assert node.ask("vc_verify", document=credential, now="2026-12-01T00:00:00Z")["verified"] is True


def test_their_wallet_reads_our_refusal() -> None:
    issuers: list[MemoryIssuer] = []

    def make(origin: str) -> Callable[..., Any]:
        issuers.append(MemoryIssuer(metadata=issuer_metadata(f"{origin}/north")))
        return issuers[0].send

    with serving(make), NodeRole("wallet") as wallet:
        link = link_by_value(offer(credential_issuer=issuers[0].identifier))
        wallet.tell(offer=link, txCode="000000", jwk=key_pair("p256").jwk, alg="ES256", now=AT)
        heard = wallet.hear()
    assert heard["answer"]["error"] == "invalid_grant"


def test_an_offer_of_theirs_is_read_by_value_and_by_reference() -> None:
    with NodeRole("issuer") as node:
        started = their_issuer(node)
    by_value = parse_link(started["offer"])
    assert isinstance(by_value, Offer)
    assert (by_value.credential_issuer, by_value.configuration_ids) == (started["identifier"], ("mastery",))
    assert by_value.transaction_code is None
    assert parse_link(started["byReference"]) == OfferReference(f"{started['identifier']}/offer")


def _refusal(offered: Offered, code: str) -> str:
    with pytest.raises(Unavailable) as caught:
        follow(offered.accept(code), NETWORK)
    return caught.value.problem.kind


def _prove(offered: Offered) -> ProveKey:
    session = follow(offered.accept(PIN), NETWORK)
    assert isinstance(session, Authorized)
    halted = follow(session.collect(session.wanted[0]), NETWORK)
    assert isinstance(halted, ProveKey)
    return halted


def _collect(offered: Offered, key: LocalSigner) -> Received:
    received = follow(_prove(offered).prove(key, now=NOW), NETWORK)
    assert isinstance(received, Received)
    return received


def _seal(proved: ProvedKey) -> bytes:
    document = badge()
    document["credentialSubject"]["id"] = proved.holder
    return json.dumps(signed(document, created=CREATED)).encode()
