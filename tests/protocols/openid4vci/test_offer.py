import json
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from intaglio.errors import IntaglioError, MalformedInput, Unsupported
from intaglio.protocols.openid4vci.offer import (
    MAX_DESCRIPTION,
    MAX_LINK,
    PRE_AUTHORIZED_CODE,
    Offer,
    OfferReference,
    TransactionCode,
    link_by_reference,
    link_by_value,
    parse_link,
    parse_offer,
)
from tests.protocols.openid4vci.issuer import CODE, ISSUER, offer


def document(**changes: Any) -> dict[str, Any]:
    """Return an offer object with other members; None leaves one out."""
    members = {**offer().to_json(), **changes}
    return {name: value for name, value in members.items() if value is not None}


def with_grant(**changes: Any) -> dict[str, Any]:
    return document(grants={PRE_AUTHORIZED_CODE: {"pre-authorized_code": CODE, **changes}})


def kind_of(link: str) -> str:
    with pytest.raises(IntaglioError) as caught:
        parse_link(link)
    return caught.value.problem.kind


@pytest.mark.parametrize(
    "sent",
    [
        offer(),
        offer(transaction_code=None),
        offer(transaction_code=TransactionCode("text", description="Señal 💡 & more")),
        offer(configuration_ids=("a", "b"), authorization_server="https://login.example"),
        offer(credential_issuer="http://localhost:8001/north"),
    ],
)
def test_an_offer_by_value_arrives_as_it_was_sent(sent: Offer) -> None:
    assert parse_link(link_by_value(sent)) == sent
    assert parse_link(link_by_value(sent, wallet="https://wallet.example/collect?lang=es")) == sent
    assert parse_link(json.dumps(sent.to_json())) == sent
    assert parse_link(f"  {link_by_value(sent)}\n") == sent


def test_a_link_is_for_any_wallet_unless_one_is_named() -> None:
    assert link_by_reference("https://school.example/o/1?a=b").startswith(
        "openid-credential-offer://?credential_offer_uri="
    )
    link = link_by_reference("https://school.example/o/1?a=b&c", wallet="https://wallet.example/collect?lang=es")
    assert parse_qs(urlsplit(link).query) == {
        "lang": ["es"],
        "credential_offer_uri": ["https://school.example/o/1?a=b&c"],
    }
    assert parse_link(link) == OfferReference("https://school.example/o/1?a=b&c")


def test_the_examples_of_the_specification_are_read() -> None:
    example = (
        "openid-credential-offer://?credential_offer=%7B%22credential_issuer%22:%22https://credential-issuer.exam"
        "ple.com%22,%22credential_configuration_ids%22:%5B%22org.iso.18013.5.1.mDL%22%"
        "5D,%22grants%22:%7B%22urn:ietf:params:oauth:grant-type:pre-authorized_code%22"
        ":%7B%22pre-authorized_code%22:%22oaKazRN8I0IbtZ0C7JuMn5%22,%22tx_code%22:%7B%"
        "22input_mode%22:%22text%22,%22description%22:%22Please%20enter%20the%20serial"
        "%20number%20of%20your%20physical%20drivers%20license%22%7D%7D%7D%7D"
    )
    read = parse_link(example)
    assert isinstance(read, Offer)
    assert read.pre_authorized_code == "oaKazRN8I0IbtZ0C7JuMn5"
    assert read.transaction_code == TransactionCode(
        "text", None, "Please enter the serial number of your physical drivers license"
    )
    reference = (
        "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fserver%2Eexample%2Ecom%2Fcredential-offer"
        "%2FGkurKxf5T0Y-mnPFCHqWOMiZi4VS138cQO_V7PZHAdM"
    )
    assert parse_link(reference) == OfferReference(
        "https://server.example.com/credential-offer/GkurKxf5T0Y-mnPFCHqWOMiZi4VS138cQO_V7PZHAdM"
    )


def test_an_empty_object_asks_for_a_code_of_digits() -> None:
    assert parse_offer(json.dumps(with_grant(tx_code={}))).transaction_code == TransactionCode("numeric")
    assert parse_offer(json.dumps(with_grant())).transaction_code is None


def test_what_is_not_known_is_ignored() -> None:
    grants = {**document()["grants"], "authorization_code": {"issuer_state": "x"}, "urn:example": 1}
    assert parse_offer(json.dumps(document(grants=grants, new={"a": 1}))) == offer()


@pytest.mark.parametrize(
    "broken",
    [
        document(credential_issuer=None),
        document(credential_issuer="school"),
        document(credential_issuer="http://school.example"),
        document(credential_issuer="https://school.example/?a=b"),
        document(credential_issuer="https://school.example/#a"),
        document(credential_configuration_ids=None),
        document(credential_configuration_ids=[]),
        document(credential_configuration_ids=["a", "a"]),
        document(credential_configuration_ids=[{"format": "ldp_vc"}]),
        document(grants=[]),
        document(grants={PRE_AUTHORIZED_CODE: {}}),
        document(grants={PRE_AUTHORIZED_CODE: "code"}),
        with_grant(tx_code=True),
        with_grant(tx_code={"length": 0}),
        with_grant(tx_code={"length": "6"}),
        with_grant(tx_code={"input_mode": "emoji"}),
        with_grant(tx_code={"description": "x" * (MAX_DESCRIPTION + 1)}),
        with_grant(authorization_server=1),
    ],
)
def test_an_offer_that_breaks_a_rule_is_refused(broken: dict[str, Any]) -> None:
    assert kind_of(json.dumps(broken)) == "credential-offer"


@pytest.mark.parametrize("grants", [None, {}, {"authorization_code": {"issuer_state": "x"}}])
def test_an_offer_without_a_pre_authorized_code_is_not_for_us(grants: Any) -> None:
    with pytest.raises(Unsupported) as caught:
        parse_offer(json.dumps(document(grants=grants)))
    assert caught.value.problem.kind == "offer-grant"


@pytest.mark.parametrize(
    "link",
    [
        "",
        "https://school.example/badges/1",
        "openid-credential-offer://",
        "openid-credential-offer://?credential_offer_uri=",
        "openid-credential-offer://?credential_offer_uri=http%3A%2F%2Fschool.example%2F1",
        "openid-credential-offer://?credential_offer_uri=file%3A%2F%2F%2Fetc%2Fpasswd",
        "openid-credential-offer://?credential_offer=%FF",
        "https://[broken/?credential_offer={}",
        "https://w.example/?" + "&".join(f"a{number}=b" for number in range(100)),
        link_by_reference("https://school.example/" + "x" * MAX_LINK),
    ],
)
def test_a_link_without_an_offer_is_refused(link: str) -> None:
    assert kind_of(link) == "credential-offer"


def test_two_offers_in_one_link_are_refused_whichever_way_they_come() -> None:
    by_value, by_reference = link_by_value(offer()), link_by_reference("https://school.example/1")
    assert kind_of(by_value + "&" + urlsplit(by_value).query) == "credential-offer"
    assert kind_of(by_value + "&" + urlsplit(by_reference).query) == "credential-offer"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"credential_issuer": 1, "credential_issuer": 2}', "duplicate-member"),
        ("{", "not-json"),
        (quote("[]"), "credential-offer"),
    ],
)
def test_what_is_no_json_object_is_refused(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_a_large_offer_is_refused_before_it_is_read() -> None:
    with pytest.raises(MalformedInput) as caught:
        parse_offer(b" " * 70_000)
    assert caught.value.problem.kind == "too-large"


def test_the_code_is_not_in_the_text_form() -> None:
    assert CODE not in repr(offer())
    assert ISSUER in repr(offer())
