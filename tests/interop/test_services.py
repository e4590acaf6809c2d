"""The services as they run, over https on this machine, against other people's verifiers, issuers and wallets."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest

from demo.district import PAUSABLE
from intaglio.custody.local import LocalSigner
from intaglio.fetch.network import Network, NetworkSettings
from intaglio.protocols.openid4vci.wallet_flow import ProveKey, Received, begin, follow
from tests.database import Cluster
from tests.interop.loopback import NodeRole
from tests.interop.peer import NodePeer, why_not
from tests.interop.samples import key_pair, open_badge
from tests.interop.verdicts import steps
from tests.people import ANSWERED, KNOWN, Claim, Office, Owner, Reader, Teacher, learner, words
from tests.three_services import ThreeServices, three_services

ANA, NICO, SOL = (
    learner("L100", "Ana Lucía", "Whitlock"),
    learner("L101", "Nico", "Begay-Moreno"),
    learner("L102", "Sol", "Castellanos"),
)
OTHER = "Communication"


@dataclass
class District:
    """A school that has awarded badges to three learners: claims by name, of the kind that can be paused and of the other."""

    services: ThreeServices
    office: Office
    teacher: Teacher
    pausable: dict[str, Claim]
    others: dict[str, Claim]

    def school_copy(self, claim: Claim) -> dict[str, Any]:
        """Return the school's copy of a badge, as a program of the school gets it."""
        number = claim.award.rpartition("/")[2]
        with self.services.client(authorization=f"Bearer {self.key}") as machine:
            answer = machine.get(f"{self.office.school}/api/awards/{number}")
        copy: dict[str, Any] = answer.json()["verifiableCredential"]
        return copy

    @property
    def key(self) -> str:
        """A new key for a program of the school."""
        return self.office.machine_key(self.office.school)

    def offer(self, claim: Claim) -> str:
        """Return the link for wallets of other makers on a claim page."""
        page = self.services.visitor("issuer").get(claim.link)
        return "openid-credential-offer:" + unescape(page.after('href="openid-credential-offer:'))


@pytest.fixture(scope="module")
def district(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """Return a district whose services run, or skip where their counterparts are not installed."""
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    with three_services(postgres, tmp_path_factory.mktemp("services"), KNOWN) as services:
        office = Office(services)
        office.bring_roster([ANA, NICO, SOL])
        office.publish(PAUSABLE, OTHER)
        teacher = Teacher(services, office.school)
        names = (ANA.name, NICO.name, SOL.name)
        yield District(services, office, teacher, teacher.award(PAUSABLE, *names), teacher.award(OTHER, *names))


@pytest.fixture(scope="module")
def online(district: District) -> Iterator[NodePeer]:
    """Return the peers, which ask our servers over https."""
    with NodePeer(60, script="online.mjs", NODE_EXTRA_CA_CERTS=str(district.services.authority)) as peer:
        yield peer


def check_in_their_libraries(district: District, online: NodePeer, badge: dict[str, Any], *, is_set: bool) -> None:
    """Ask both families of libraries: the seal holds, and the place in the list is set or not.

    Digital Bazaar's leaves to its caller what a set place means, so it verifies either way.
    """
    origin = district.services.origins["issuer"]
    theirs = online.ask("vc_verify", document=badge)
    assert theirs["result"]["status"] == {"verified": True, "set": [is_set]}, theirs
    assert theirs["result"]["verified"] is True, theirs
    core = online.ask("verifier_core", document=badge)
    found = steps(core["result"])
    assert found["valid_signature"] is True, core
    assert found[f"{badge['credentialStatus']['statusPurpose']}_status"] is not is_set, found
    for asked in (theirs["fetched"], core["fetched"]):
        assert f"{origin}/organizations/juniper-flats-high-school/did.json" in asked
        assert badge["credentialStatus"]["statusListCredential"] in asked


def test_both_copies_of_our_badges_verify_in_their_libraries(district: District, online: NodePeer) -> None:
    claim = district.others[ANA.name]
    school = district.school_copy(claim)
    ana = Owner(district.services, ANA)
    page = ana.collect_first(claim)
    learners = json.loads(ana.browser.download(urlsplit(page.url).path + "/file"))
    assert learners["credentialSubject"]["id"].startswith("did:key:")
    assert (school["id"], school["credentialStatus"]) == (learners["id"], learners["credentialStatus"])
    for badge in (school, learners):
        check_in_their_libraries(district, online, badge, is_set=False)
    district.teacher.change(claim, "withdraw")
    for badge in (school, learners):
        check_in_their_libraries(district, online, badge, is_set=True)


def test_a_paused_badge_is_paused_in_their_libraries_and_good_again(district: District, online: NodePeer) -> None:
    claim = district.pausable[NICO.name]
    badge = district.school_copy(claim)
    assert badge["credentialStatus"]["statusPurpose"] == "suspension"
    for change, is_set in (("pause", True), ("reinstate", False)):
        district.teacher.change(claim, change)
        check_in_their_libraries(district, online, badge, is_set=is_set)


def test_our_token_verifies_with_jose_under_the_key_of_our_did_document(district: District, online: NodePeer) -> None:
    claim = district.others[NICO.name]
    district.office.seal_tokens(wanted=True)
    settings = NetworkSettings(allow_http_loopback=True, ca_file=district.services.authority)
    network = Network(settings, resolver=lambda *_: ["127.0.0.1"])
    authorized = follow(follow(begin(district.offer(claim)), network).accept(claim.code), network)
    wanted = next(each for each in authorized.wanted if each.configuration.format == "jwt_vc_json-ld")
    asked = follow(authorized.collect(wanted), network)
    assert isinstance(asked, ProveKey)
    signer = LocalSigner.over(key_pair("ed25519").private)
    received = follow(asked.prove(signer, now=datetime.now(UTC)), network)
    district.office.seal_tokens(wanted=False)
    assert isinstance(received, Received)
    (token,) = received.credentials
    answer = online.ask("jwt_verify", token=token.decode())
    assert answer["result"]["payload"]["credentialSubject"]["id"] == key_pair("ed25519").did
    assert "Genuine." in Reader(district.services).check(token.decode())


@pytest.mark.parametrize(("name", "alg"), [("ed25519", "EdDSA"), ("p256", "ES256")])
def test_our_issuer_issues_to_their_wallet(district: District, name: str, alg: str) -> None:
    key, claim = key_pair(name), {"ed25519": district.pausable, "p256": district.others}[name][SOL.name]
    now = datetime.now(UTC).isoformat()
    with NodeRole("wallet", NODE_EXTRA_CA_CERTS=str(district.services.authority)) as wallet:
        request = {"jwk": key.jwk, "alg": alg, "kid": key.verification_method, "now": now}
        wallet.tell(offer=district.offer(claim), txCode=claim.code, **request)
        heard = wallet.hear()
    assert "error" not in heard, heard
    (credential,) = heard["credentials"]
    assert credential["credentialSubject"]["id"] == key.did
    seen = Reader(district.services).check_file("badge.json", json.dumps(credential).encode())
    assert f"Genuine. Issued by {KNOWN['juniper-flats-high-school']}" in seen
    page = district.services.visitor("issuer").get(claim.link)
    assert "All that it carries was collected." in words(page), "their wallet said that it has the badge"


def test_our_wallet_claims_from_their_issuer(district: District) -> None:
    services, school = district.services, key_pair("ed25519-other")
    owner = Owner(services, learner("L900", "Maya", "Ruiz"))
    owner.register()
    tls = {"cert": services.chain.read_text(), "key": services.key.read_text()}
    with NodeRole("issuer") as issuer:
        document = open_badge(school.did, validFrom="2026-01-01T00:00:00Z")
        issuer.tell(key={"jwk": school.jwk}, document=document, now=_now(), txCode="493536", tls=tls)
        started = issuer.hear()
        assert started["identifier"].startswith("https://localhost:")
        page = owner.accept(started["byReference"], "493536")
        assert "This badge is yours now." in words(page)
        proved = issuer.hear()["proof"]
        assert issuer.hear()["notification"]["event"] == "credential_accepted"
    kept = json.loads(owner.browser.download(urlsplit(page.url).path + "/file"))
    assert kept["credentialSubject"]["id"] == proved["holder"]
    seen = Reader(services).check(owner.share(page, "A college"))
    assert "Genuine." in seen
    assert ANSWERED in seen


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "ecdsa-rdfc-2019", "eddsa-jcs-2022"])
def test_a_badge_of_theirs_is_held_by_our_wallet_and_verified_by_our_verifier(
    district: District, node: NodePeer, suite: str
) -> None:
    key = key_pair("p256" if suite.startswith("ecdsa") else "ed25519-other")
    made = node.ask("vc_sign", suite=suite, key={"jwk": key.jwk}, document=open_badge(key.did), created=_now())
    content = json.dumps(made).encode()
    owner = Owner(district.services, learner(f"L-{suite}", "Maya", "Ruiz"))
    owner.register()
    page = owner.bring("badge.json", content, "application/json")
    assert "Confirmed" in words(page)
    assert owner.browser.download(urlsplit(page.url).path + "/file") == content
    for name, data in (
        ("badge.json", content),
        ("badge.png", owner.browser.download(urlsplit(page.url).path + "/picture")),
    ):
        assert "Genuine. Issued by" in Reader(district.services).check_file(name, data)
    changed = content.replace(b"Asks, waits", b"Asks, shouts")
    assert "Not genuine." in Reader(district.services).check_file("badge.json", changed)


def _now() -> str:
    return (datetime.now(UTC) - timedelta(minutes=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
