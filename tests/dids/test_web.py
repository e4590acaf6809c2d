import pytest
from hypothesis import given
from hypothesis import strategies as st

from intaglio.dids import web
from intaglio.errors import MalformedInput, Unavailable
from intaglio.fetch.rules import parse_target
from intaglio.fetch.sources import FirstOf, Memory, Offline
from tests.dids.samples import SCHOOL, SCHOOL_URL, document, holding


@pytest.mark.parametrize(
    ("did", "url"),
    [
        # The examples of the did:web specification.
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
        ("did:web:example.com%3a3000", "https://example.com:3000/.well-known/did.json"),
        ("did:web:localhost%3A8443", "https://localhost:8443/.well-known/did.json"),
        ("did:web:School.EXAMPLE:Org:1", "https://school.example/Org/1/did.json"),
        ("did:web:school.example:o%20rg", None),
        ("did:web:school.example:a%40b", "https://school.example/a%40b/did.json"),
    ],
)
def test_a_did_web_is_turned_into_the_address_of_its_document(did: str, url: str | None) -> None:
    if url is None:
        with pytest.raises(MalformedInput):
            web.document_url(did)
    else:
        assert web.document_url(did) == url


@pytest.mark.parametrize(
    "did",
    [
        pytest.param("did:web:", id="no host"),
        pytest.param("did:web:school.example:", id="colon at the end"),
        pytest.param("did:web::issuers", id="empty host"),
        pytest.param("did:web:school.example::1", id="empty part"),
        pytest.param("did:web:127.0.0.1", id="IPv4"),
        pytest.param("did:web:127.1", id="IPv4, short"),
        pytest.param("did:web:2130706433", id="IPv4, decimal"),
        pytest.param("did:web:0x7f000001", id="IPv4, hexadecimal"),
        pytest.param("did:web:%5B%3A%3A1%5D", id="IPv6"),
        pytest.param("did:web:school.example..", id="dots at the end"),
        pytest.param("did:web:school..example", id="empty label"),
        pytest.param("did:web:.school.example", id="dot at the start"),
        pytest.param("did:web:school.example%2Fevil", id="slash in the host"),
        pytest.param("did:web:school.example%40evil.example", id="user name"),
        pytest.param("did:web:school.example%3A", id="empty port"),
        pytest.param("did:web:school.example%3A0443", id="port with a zero in front"),
        pytest.param("did:web:school.example%3Ax", id="port in letters"),
        pytest.param("did:web:school.example%3A443%3A443", id="two ports"),
        pytest.param("did:web:school.example%253A443", id="port encoded twice"),
        pytest.param("did:web:%73chool.example", id="letter encoded"),
        pytest.param("did:web:school.example:..:evil", id="dot segments"),
        pytest.param("did:web:school.example:%2e%2e:evil", id="dot segments, encoded"),
        pytest.param("did:web:school.example:.%2e:evil", id="dot segments, half encoded"),
        pytest.param("did:web:school.example:.", id="one dot"),
        pytest.param("did:web:school.example:a%2F..%2Fb", id="slash encoded"),
        pytest.param("did:web:school.example:a%5Cb", id="backslash encoded"),
        pytest.param("did:web:school.example:a%3Fb", id="question mark encoded"),
        pytest.param("did:web:school.example:a%23b", id="number sign encoded"),
        pytest.param("did:web:school.example:a%252Fb", id="slash encoded twice"),
        pytest.param("did:web:school.example:a%00b", id="zero byte"),
        pytest.param("did:web:school.example:a%0D%0AHost%3Aevil", id="header injected"),
        pytest.param("did:web:school.example:a/b", id="plain slash"),
    ],
)
def test_what_would_be_another_address_is_no_did_web(did: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        web.document_url(did)
    assert caught.value.problem.kind == "bad-identifier"


@given(st.text("ab.-_:%0123FAE/@\\x", max_size=40).map("did:web:a".__add__))
def test_an_address_of_a_did_web_always_ends_in_its_document(did: str) -> None:
    try:
        url = web.document_url(did)
        target = parse_target(url)
    except (MalformedInput, Unavailable):
        return
    assert target.path.endswith("/did.json")
    assert target.host == did.removeprefix("did:web:").split(":")[0].lower().partition("%3a")[0]


def test_the_document_comes_from_the_web_site() -> None:
    assert web.resolve(SCHOOL, holding({SCHOOL_URL: document()})).id == SCHOOL


def test_what_is_stored_for_the_did_itself_comes_first() -> None:
    source = holding({SCHOOL: document(alsoKnownAs="urn:stored"), SCHOOL_URL: document()})
    assert web.resolve(SCHOOL, source).also_known_as == ("urn:stored",)


def test_where_the_document_is_not_to_be_had_that_is_said() -> None:
    with pytest.raises(Unavailable) as caught:
        web.resolve(SCHOOL, FirstOf(holding({}), Offline()))
    assert caught.value.problem.kind == "offline"


def test_a_web_site_does_not_speak_for_another() -> None:
    with pytest.raises(MalformedInput) as caught:
        web.resolve(SCHOOL, holding({SCHOOL_URL: document("did:web:other.example")}))
    assert caught.value.problem.kind == "controller-document-id"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"id": 1, "id": 2}', b"\xff", b"[" * 9999, b" " * 1_048_576])
def test_a_web_site_that_answers_with_no_document_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedInput) as caught:
        web.resolve(SCHOOL, Memory({SCHOOL_URL: body}))
    assert caught.value.problem.kind == "bad-controller-document"


def test_a_document_of_more_than_a_megabyte_is_not_read() -> None:
    with pytest.raises(Unavailable) as caught:
        web.resolve(SCHOOL, Memory({SCHOOL_URL: b" " * 1_048_577}))
    assert caught.value.problem.kind == "answer-too-large"
