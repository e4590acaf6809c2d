from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intaglio.dids.controller import ControllerDocument
from intaglio.dids.fragment import key_in_fragment
from intaglio.dids.resolver import BareKey, Resolver
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, Unavailable, Unsupported
from intaglio.fetch.source import DEFAULT_MAX_BYTES, Fetched
from intaglio.fetch.sources import FirstOf, Memory, Offline
from intaglio.multikey import PublicKey, did_jwk, did_key
from tests.dids.samples import ED25519, ISSUER, P256, P256_JWK, P384, SCHOOL, SCHOOL_URL, document, holding

ASSERTION = "assertionMethod"
NOBODY = FirstOf(Memory({}), Offline())


def problem_of(resolver: Resolver, url: str) -> tuple[type, str]:
    with pytest.raises(IntaglioError) as caught:
        resolver.method(url, ASSERTION)
    return type(caught.value), caught.value.problem.kind


@pytest.mark.parametrize("multibase", [ED25519, P256, P384])
def test_a_key_in_an_identifier_needs_no_source(multibase: str) -> None:
    key = PublicKey.from_multikey(multibase)
    resolver = Resolver(Offline())
    for url in (did_key(key), f"{did_key(key)}#{multibase}", did_jwk(key), f"{did_jwk(key)}#0"):
        assert resolver.method(url, ASSERTION).key == key


def test_documents_are_found_by_the_kind_of_their_identifier() -> None:
    documents = {
        SCHOOL_URL: document(),
        ISSUER: document(ISSUER),
        "http://localhost:8000/1": document("http://localhost:8000/1"),
    }
    resolver = Resolver(holding(documents))
    for identifier in (SCHOOL, ISSUER, "http://localhost:8000/1"):
        assert resolver.method(f"{identifier}#key-1", ASSERTION).controller == identifier


@pytest.mark.parametrize(
    "identifier", ["did:example:123", "did:ion:EiClkZMDxPKqC9c", "urn:uuid:4ca4a241-fc3b-4d92-978e-f56fa96ae795"]
)
def test_a_stored_document_will_do_for_an_identifier_of_any_kind(identifier: str) -> None:
    resolver = Resolver(holding({identifier: document(identifier)}))
    assert resolver.method(f"{identifier}#key-1", ASSERTION).controller == identifier


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{SCHOOL}#key-1", (Unavailable, "offline")),
        (f"{ISSUER}#key-1", (Unavailable, "offline")),
        ("did:example:123#key-1", (Unsupported, "unknown-did-method")),
        ("did:velocity:v2:0x4ade:8984:6168:7513#key-1", (Unsupported, "unknown-did-method")),
        ("urn:uuid:4ca4a241-fc3b-4d92-978e-f56fa96ae795#key-1", (Unsupported, "unknown-identifier")),
        (f"{SCHOOL}/path#key-1", (Unsupported, "unknown-identifier")),
        (f"{SCHOOL}?versionId=1#key-1", (Unsupported, "unknown-identifier")),
        ("did:example:z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x", (MalformedInput, "bad-identifier")),
        ("xxx:z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x", (MalformedInput, "bad-identifier")),
        ("z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x", (MalformedInput, "bad-identifier")),
        ("z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x#key-1", (MalformedInput, "bad-identifier")),
        (SCHOOL, (MalformedInput, "bad-identifier")),
        (ISSUER, (MalformedInput, "bad-identifier")),
        (f"{ISSUER}#", (MalformedInput, "bad-identifier")),
        (f"{ISSUER}#a#b", (MalformedInput, "bad-identifier")),
        ("#key-1", (MalformedInput, "bad-identifier")),
        ("", (MalformedInput, "bad-identifier")),
        ("did:#key-1", (MalformedInput, "bad-identifier")),
        ("did:web#key-1", (MalformedInput, "bad-identifier")),
        ("did:WEB:school.example#key-1", (MalformedInput, "bad-identifier")),
        ("DID:web:school.example#key-1", (MalformedInput, "bad-identifier")),
        ("did:web:school.example%#key-1", (MalformedInput, "bad-identifier")),
        ("did:web:schüler.example#key-1", (MalformedInput, "bad-identifier")),
        ("https://school.example/a b#key-1", (MalformedInput, "bad-identifier")),
        ("https://school.example/\u202e#key-1", (MalformedInput, "bad-identifier")),
        ("https://school.example/" + "a" * 9000 + "#key-1", (MalformedInput, "bad-identifier")),
        (" " + SCHOOL + "#key-1", (MalformedInput, "bad-identifier")),
    ],
)
def test_each_identifier_that_leads_nowhere_says_why(url: str, expected: tuple[type, str]) -> None:
    assert problem_of(Resolver(NOBODY), url) == expected


def test_a_very_long_identifier_is_refused_before_it_is_read() -> None:
    with pytest.raises(MalformedInput):
        Resolver(NOBODY).resolve("did:web:" + "a" * 10_000_000)


def test_an_address_may_answer_with_a_bare_key() -> None:
    found = Resolver(holding({ISSUER: {**P256_JWK, "alg": "ES256", "kid": "x"}})).resolve(ISSUER)
    assert found == BareKey(ISSUER, PublicKey.from_jwk(P256_JWK))


def test_a_bare_key_is_no_document_of_anybody() -> None:
    resolver = Resolver(holding({ISSUER: P256_JWK}))
    assert problem_of(resolver, f"{ISSUER}#key-1") == (MalformedInput, "bad-controller-document")


def test_a_bare_key_for_encryption_is_not_one_for_signatures() -> None:
    with pytest.raises(InvalidProof):
        Resolver(holding({ISSUER: {**P256_JWK, "use": "enc"}})).resolve(ISSUER)


def test_a_bare_private_key_is_refused() -> None:
    with pytest.raises(MalformedInput) as caught:
        Resolver(holding({ISSUER: {**P256_JWK, "d": "gPh-VvVS8MbvKQ9LSVVmfnxnKjHn4Tqj0bmbpehRlpc"}})).resolve(ISSUER)
    assert caught.value.problem.kind == "bad-public-key"


def test_a_set_of_keys_is_not_searched() -> None:
    with pytest.raises(MalformedInput) as caught:
        Resolver(holding({ISSUER: {"keys": [P256_JWK]}})).resolve(ISSUER)
    assert caught.value.problem.kind == "controller-document-id"


def test_a_document_with_an_id_is_not_read_as_a_bare_key() -> None:
    found = Resolver(holding({ISSUER: {**P256_JWK, **document(ISSUER)}})).resolve(ISSUER)
    assert isinstance(found, ControllerDocument)


def test_where_the_server_redirects_the_asked_address_is_still_the_controller() -> None:
    """A redirect to the attacker's own document, whose id is then the final address."""

    class Redirecting:
        def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
            """Answer from elsewhere."""
            elsewhere = "https://evil.example/1"
            found = holding({url: document(elsewhere)}).get(url, accept=accept, max_bytes=max_bytes)
            return replace(found, url=elsewhere)

    assert problem_of(Resolver(Redirecting()), f"{ISSUER}#key-1") == (MalformedInput, "controller-document-id")


def test_each_identifier_is_looked_up_once_and_failures_are_remembered() -> None:
    asked: list[str] = []

    class Counting:
        def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
            """Count, and answer from memory."""
            asked.append(url)
            return holding({ISSUER: document(ISSUER)}).get(url, accept=accept, max_bytes=max_bytes)

    resolver = Resolver(Counting())
    for _ in range(3):
        assert resolver.method(f"{ISSUER}#key-1", ASSERTION)
        assert problem_of(resolver, "https://gone.example/1#key-1") == (Unavailable, "not-stored")
    assert asked == [ISSUER, "https://gone.example/1"]


@given(st.text(max_size=80) | st.text("did:webkyj#z%./@", max_size=40).map("did:".__add__))
def test_whatever_an_identifier_holds_only_our_errors_come_of_it(url: str) -> None:
    with pytest.raises(IntaglioError):
        Resolver(NOBODY).method(url, ASSERTION)


@pytest.mark.parametrize("multibase", [ED25519, P256, P384])
@pytest.mark.parametrize("before", [ISSUER, SCHOOL, "urn:uuid:4ca4a241-fc3b-4d92-978e-f56fa96ae795"])
def test_a_key_in_a_fragment_is_found(before: str, multibase: str) -> None:
    assert key_in_fragment(f"{before}#{multibase}") == PublicKey.from_multikey(multibase)


@pytest.mark.parametrize(
    "url", [ISSUER, f"{ISSUER}#", f"{ISSUER}#key-1", f"{ISSUER}#0", f"{ISSUER}#z6Mk", f"did:key:{P256}", "#", ""]
)
def test_a_fragment_that_is_a_name_is_no_key(url: str) -> None:
    assert key_in_fragment(url) is None


@pytest.mark.parametrize(
    "fragment",
    [
        pytest.param("z6MkjZRsdasZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi", id="letters put in"),
        pytest.param(ED25519[:-1], id="cut short"),
        pytest.param("zDnaeztbndBq4ufVXuVTKnDpZSCdL3nhRkCoWt47k1WHzSb3C", id="not on the curve"),
        pytest.param("z6Mk" + "1" * 4000, id="very long"),
    ],
)
def test_a_fragment_that_begins_like_a_key_and_is_none_is_refused(fragment: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        key_in_fragment(f"{ISSUER}#{fragment}")
    assert caught.value.problem.kind == "bad-public-key"


def test_an_address_with_two_fragments_carries_no_key() -> None:
    with pytest.raises(MalformedInput):
        key_in_fragment(f"{ISSUER}#{ED25519}#{P256}")
