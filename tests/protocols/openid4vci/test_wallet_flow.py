import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from intaglio.custody.local import LocalSigner, generate
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, Unavailable, Unsupported
from intaglio.fetch.messages import Request, Response
from intaglio.multikey import Algorithm, did_jwk
from intaglio.protocols.openid4vci.authorization_server import AuthorizationServerMetadata
from intaglio.protocols.openid4vci.configuration import CredentialConfiguration
from intaglio.protocols.openid4vci.metadata import IssuerMetadata
from intaglio.protocols.openid4vci.notification import Event
from intaglio.protocols.openid4vci.offer import (
    PRE_AUTHORIZED_CODE,
    Offer,
    TransactionCode,
    link_by_reference,
    link_by_value,
)
from intaglio.protocols.openid4vci.token import TokenRequest
from intaglio.protocols.openid4vci.wallet_flow import (
    Authorized,
    Offered,
    ProveKey,
    Received,
    RequestCredential,
    begin,
    follow,
    resume,
)
from tests.protocols.openid4vci.issuer import (
    BADGE,
    CODE,
    ISSUER,
    NOW,
    PIN,
    TOKEN,
    MemoryIssuer,
    issuer_metadata,
    offer,
    ok,
)

SIGNER = LocalSigner.over(generate(Algorithm.ED25519))
JWS = b"eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln"


def offered(issuer: MemoryIssuer, known: Offer | None = None) -> Offered:
    halted = follow(begin(link_by_value(known or offer())), issuer)
    assert isinstance(halted, Offered)
    return halted


def authorized(issuer: MemoryIssuer, known: Offer | None = None) -> Authorized:
    halted = follow(offered(issuer, known).accept(PIN), issuer)
    assert isinstance(halted, Authorized)
    return halted


def proving(issuer: MemoryIssuer, known: Offer | None = None) -> ProveKey:
    session = authorized(issuer, known)
    halted = follow(session.collect(session.wanted[0]), issuer)
    assert isinstance(halted, ProveKey)
    return halted


def received(issuer: MemoryIssuer, known: Offer | None = None) -> Received:
    halted = follow(proving(issuer, known).prove(SIGNER, now=NOW), issuer)
    assert isinstance(halted, Received)
    return halted


def kind_of(walk: Callable[[], Any]) -> str:
    with pytest.raises(IntaglioError) as caught:
        walk()
    return caught.value.problem.kind


def test_a_badge_is_collected_from_link_to_notification() -> None:
    issuer = MemoryIssuer()
    badge = received(issuer)
    assert badge.credentials == (BADGE,)
    request = badge.notification(Event.ACCEPTED)
    assert request is not None
    assert issuer.send(request).status == 204
    assert [(note.notification_id, note.event) for note in issuer.notified] == [("3fwe98js", Event.ACCEPTED)]
    assert issuer.proved[0].holder == SIGNER.verification_method.partition("#")[0]
    assert [(request.method, request.url) for request in issuer.requests] == [
        ("GET", "https://school.example/.well-known/openid-credential-issuer/north"),
        ("GET", "https://school.example/.well-known/oauth-authorization-server/north"),
        ("POST", f"{ISSUER}/token"),
        ("POST", f"{ISSUER}/nonce"),
        ("POST", f"{ISSUER}/credential"),
        ("POST", f"{ISSUER}/notification"),
    ]


def test_the_token_goes_only_where_it_must() -> None:
    issuer = MemoryIssuer()
    badge = received(issuer)
    issuer.send(badge.notification(Event.DELETED, "No room.") or Request("GET", ""))
    with_token = [request.url.rpartition("/")[2] for request in issuer.requests if "Authorization" in request.headers]
    assert with_token == ["credential", "notification"]
    assert issuer.requests[4].headers["Authorization"] == f"Bearer {TOKEN}"
    assert issuer.requests[3].body == b""


def test_an_offer_by_reference_is_fetched_first() -> None:
    issuer = MemoryIssuer(answers={"/offers/1": ok(offer().to_json())})
    halted = follow(begin(link_by_reference("https://school.example/offers/1")), issuer)
    assert isinstance(halted, Offered)
    assert halted.offer == offer()
    assert issuer.requests[0].headers == {"Accept": "application/json"}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Response("https://school.example/", 404), "http-status"),
        (Response("https://school.example/", 302, {"location": ("https://evil.example/",)}), "http-status"),
        (
            Response("https://school.example/", 200, {"content-type": ("application/jwt",)}, b"a.b.c"),
            "wrong-content-type",
        ),
        (ok({"credential_issuer": ISSUER}), "credential-offer"),
    ],
)
def test_an_offer_that_cannot_be_fetched_ends_the_way(answer: Response, kind: str) -> None:
    issuer = MemoryIssuer(answers={"/offers/1": answer})
    assert kind_of(lambda: follow(begin(link_by_reference("https://school.example/offers/1")), issuer)) == kind


def test_the_learner_decides_before_the_code_is_used_and_may_take_her_time() -> None:
    issuer = MemoryIssuer()
    halted = offered(issuer)
    assert [choice.display[0].name for choice in halted.choices] == ["Mastery"]
    assert halted.issuer.display[0].name == "Prairie View High School"
    assert all(request.method == "GET" for request in issuer.requests)
    kept = json.dumps(halted.offer.to_json())
    assert follow(resume(Offer.from_json(json.loads(kept))), issuer) == halted


@pytest.mark.parametrize("typed", [PIN, f" {PIN}\n", "493 536", "493-536"])
def test_a_code_of_digits_may_be_typed_as_it_is_written_down(typed: str) -> None:
    issuer = MemoryIssuer()
    assert isinstance(follow(offered(issuer).accept(typed), issuer), Authorized)


def test_a_code_of_letters_is_sent_as_it_was_typed() -> None:
    known = offer(transaction_code=TransactionCode("text"))
    issuer = MemoryIssuer(pin="oak-7 leaf")
    assert isinstance(follow(offered(issuer, known).accept("oak-7 leaf"), issuer), Authorized)


@pytest.mark.parametrize("typed", [None, "", " - "])
def test_a_code_that_is_asked_for_must_be_typed(typed: str | None) -> None:
    halted = offered(MemoryIssuer())
    assert kind_of(lambda: halted.accept(typed)) == "transaction-code-missing"


def test_a_code_that_nobody_asked_for_is_not_sent() -> None:
    issuer = MemoryIssuer(pin=None)
    follow(offered(issuer, offer(transaction_code=None)).accept(PIN), issuer)
    assert TokenRequest.from_form(issuer.requests[-1].body).tx_code is None


def test_a_wrong_code_and_a_used_link_are_told() -> None:
    issuer = MemoryIssuer()
    halted = offered(issuer)
    assert kind_of(lambda: follow(halted.accept("000000"), issuer)) == "grant-refused"
    follow(halted.accept(PIN), issuer)
    assert kind_of(lambda: follow(halted.accept(PIN), issuer)) == "grant-refused"


def test_a_client_identifier_goes_along_where_the_wallet_has_one() -> None:
    issuer = MemoryIssuer()
    session = follow(offered(issuer).accept(PIN, client_id="https://wallet.example"), issuer)
    assert isinstance(session, Authorized)
    halted = follow(session.collect(session.wanted[0]), issuer)
    assert isinstance(halted, ProveKey)
    follow(halted.prove(SIGNER, now=NOW), issuer)
    assert b"client_id=https%3A%2F%2Fwallet.example" in issuer.requests[2].body


def test_several_badges_are_collected_with_one_token() -> None:
    issuer = MemoryIssuer()
    session = authorized(issuer, offer(configuration_ids=("mastery", "mastery-jwt", "gone")))
    assert [wanted.configuration.id for wanted in session.wanted] == ["mastery", "mastery-jwt"]
    for wanted, credential in zip(session.wanted, (BADGE, JWS), strict=True):
        issuer.credentials = (credential,)
        halted = follow(session.collect(wanted), issuer)
        assert isinstance(halted, ProveKey)
        badge = follow(halted.prove(SIGNER, now=NOW), issuer)
        assert isinstance(badge, Received)
        assert badge.credentials == (credential,)
    assert sum(request.url.endswith("/token") for request in issuer.requests) == 1


def test_where_the_server_names_credentials_those_are_asked_for() -> None:
    issuer = MemoryIssuer(identifiers={"mastery": ("mastery-2025", "mastery-2026"), "strange": ("x",)})
    session = authorized(issuer)
    assert [wanted.identifier for wanted in session.wanted] == ["mastery-2025", "mastery-2026"]
    halted = follow(session.collect(session.wanted[1]), issuer)
    assert isinstance(halted, ProveKey)
    assert isinstance(follow(halted.prove(SIGNER, now=NOW), issuer), Received)
    sent = json.loads(issuer.requests[-1].body)
    assert sent["credential_identifier"] == "mastery-2026"
    assert "credential_configuration_id" not in sent


def test_a_stale_nonce_leads_back_for_another_once() -> None:
    issuer = MemoryIssuer(spoil_nonces=1)
    again = follow(proving(issuer).prove(SIGNER, now=NOW), issuer)
    assert isinstance(again, ProveKey)
    assert (again.attempt, again.nonce) == (2, "nonce-6")
    assert isinstance(follow(again.prove(SIGNER, now=NOW), issuer), Received)
    stubborn = MemoryIssuer(spoil_nonces=5)
    second = follow(proving(stubborn).prove(SIGNER, now=NOW), stubborn)
    assert isinstance(second, ProveKey)
    assert kind_of(lambda: follow(second.prove(SIGNER, now=NOW), stubborn)) == "issuance-refused"


def test_without_a_nonce_endpoint_the_proof_carries_none() -> None:
    issuer = MemoryIssuer(metadata=replace(issuer_metadata(), nonce_endpoint=None))
    assert received(issuer).credentials == (BADGE,)
    assert issuer.proved[0].nonce is None


def test_without_proof_types_no_proof_is_sent() -> None:
    issuer = MemoryIssuer(metadata=_with(proof_types=(), proof_algorithms=(), binding_methods=()))
    session = authorized(issuer)
    step = session.collect(session.wanted[0])
    assert isinstance(step, RequestCredential)
    assert isinstance(follow(step, issuer), Received)
    assert "proofs" not in json.loads(issuer.requests[-1].body)


@pytest.mark.parametrize("changes", [{"proof_algorithms": ()}, {"key_attestation_required": True}])
def test_a_proof_that_is_not_made_here_is_told_before_it_is_asked_for(changes: dict[str, Any]) -> None:
    session = authorized(MemoryIssuer())
    wanted = replace(session.wanted[0], configuration=replace(session.wanted[0].configuration, **changes))
    assert kind_of(lambda: session.collect(wanted)) == "no-usable-proof"


def test_an_issuer_says_which_kinds_of_key_it_takes() -> None:
    halted = proving(MemoryIssuer(metadata=_with(proof_algorithms=("ES512", "ES256"))))
    assert halted.algorithms == (Algorithm.P256,)
    assert kind_of(lambda: halted.prove(SIGNER, now=NOW)) == "no-usable-proof"


@pytest.mark.parametrize("methods", [(), ("did:key",), ("jwk", "did:key")])
def test_the_key_goes_by_its_did_where_the_issuer_takes_it(methods: tuple[str, ...]) -> None:
    issuer = MemoryIssuer(metadata=_with(binding_methods=methods))
    received(issuer)
    assert issuer.proved[0].holder == SIGNER.verification_method.partition("#")[0]


def test_the_key_goes_bare_where_the_issuer_knows_no_such_did() -> None:
    issuer = MemoryIssuer(metadata=_with(binding_methods=("did:web", "jwk")))
    received(issuer)
    assert issuer.proved[0].holder == did_jwk(SIGNER.public_key)


def test_an_issuer_that_takes_no_form_of_the_key_is_told_apart() -> None:
    halted = proving(MemoryIssuer(metadata=_with(binding_methods=("did:web", "cose_key"))))
    assert kind_of(lambda: halted.prove(SIGNER, now=NOW)) == "no-usable-proof"


def test_what_cannot_be_read_here_is_not_chosen() -> None:
    mdoc = {"mastery": CredentialConfiguration("mastery", "mso_mdoc")}
    halted = offered(MemoryIssuer(metadata=replace(issuer_metadata(), configurations=mdoc)))
    assert halted.choices == ()
    assert kind_of(lambda: halted.accept(PIN)) == "no-usable-format"


def test_an_issuer_that_insists_on_encryption_is_left() -> None:
    document = {**issuer_metadata().to_json(), "credential_response_encryption": {"encryption_required": True}}
    issuer = MemoryIssuer(answers={"/.well-known/openid-credential-issuer/north": ok(document)})
    assert kind_of(lambda: offered(issuer)) == "message-encryption"


def test_the_metadata_of_another_issuer_end_the_way() -> None:
    document = {**issuer_metadata().to_json(), "credential_issuer": "https://evil.example"}
    issuer = MemoryIssuer(answers={"/.well-known/openid-credential-issuer/north": ok(document)})
    assert kind_of(lambda: offered(issuer)) == "issuer-mismatch"


def _server(name: str, *grants: str) -> Response:
    return ok(AuthorizationServerMetadata(name, f"{name}/token", grants, anonymous_access=True).to_json())


def test_of_several_servers_the_first_that_takes_codes_is_asked() -> None:
    names = ("https://login.example", "https://codes.example")
    issuer = MemoryIssuer(
        metadata=replace(issuer_metadata(), authorization_servers=names),
        answers={
            "login.example/.well-known/oauth-authorization-server": _server(names[0], "authorization_code"),
            "codes.example/.well-known/oauth-authorization-server": _server(names[1], PRE_AUTHORIZED_CODE),
        },
    )
    assert offered(issuer).server.token_endpoint == "https://codes.example/token"
    hinted = offered(issuer, offer(authorization_server=names[1]))
    assert hinted.server.issuer == names[1]
    assert not any("login.example" in request.url for request in issuer.requests[-2:])
    assert kind_of(lambda: offered(issuer, offer(authorization_server=names[0]))) == "offer-grant"


def test_an_issuer_with_hundreds_of_servers_does_not_keep_the_wallet_busy() -> None:
    names = tuple(f"https://login-{number}.example" for number in range(200))
    answers = {
        f"{name.removeprefix('https://')}/.well-known/oauth-authorization-server": _server(name, "authorization_code")
        for name in names
    }
    issuer = MemoryIssuer(metadata=replace(issuer_metadata(), authorization_servers=names), answers=answers)
    assert kind_of(lambda: offered(issuer)) == "offer-grant"
    assert len(issuer.requests) == 1 + 4


def test_an_offer_that_names_a_server_of_its_own_is_refused() -> None:
    issuer = MemoryIssuer()
    with pytest.raises(InvalidProof) as caught:
        offered(issuer, offer(authorization_server="https://evil.example"))
    assert caught.value.problem.kind == "issuer-mismatch"
    assert not any("evil" in request.url for request in issuer.requests)


@pytest.mark.parametrize(
    ("answer", "error", "kind"),
    [
        (ok({"transaction_id": "a", "interval": 5}, status=202), Unsupported, "issuance-deferred"),
        (ok({"transaction_id": "a"}), Unsupported, "issuance-deferred"),
        (ok({"error": "credential_request_denied"}, status=400), Unavailable, "issuance-denied"),
        (ok({"error": "invalid_token"}, status=401), Unavailable, "issuance-timeout"),
        (ok({"credentials": [{"credential": "a.b.c"}]}), MalformedInput, "credential-response"),
        (Response("https://school.example/", 500), Unavailable, "http-status"),
    ],
)
def test_what_an_issuer_answers_instead_of_a_badge_is_told(
    answer: Response, error: type[IntaglioError], kind: str
) -> None:
    issuer = MemoryIssuer(answers={"/credential": answer})
    with pytest.raises(error) as caught:
        received(issuer)
    assert caught.value.problem.kind == kind


def test_an_issuer_that_does_not_ask_to_be_told_is_not_told() -> None:
    assert (
        received(MemoryIssuer(metadata=replace(issuer_metadata(), notification_endpoint=None))).notification(
            Event.ACCEPTED
        )
        is None
    )
    assert replace(received(MemoryIssuer()), notification_id=None).notification(Event.ACCEPTED) is None


def test_no_state_shows_a_code_a_token_or_a_badge() -> None:
    issuer = MemoryIssuer()
    states = [offered(issuer), proving(issuer), received(MemoryIssuer())]
    shown = repr([*states, offered(issuer).accept(PIN)])
    assert not any(secret in shown for secret in (CODE, PIN, TOKEN, "Señal", repr(BADGE)))


def _with(**changes: Any) -> IssuerMetadata:
    known = issuer_metadata()
    mastery = replace(known.configurations["mastery"], **changes)
    return replace(known, configurations={**known.configurations, "mastery": mastery})
