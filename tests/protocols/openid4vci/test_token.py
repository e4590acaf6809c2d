import json
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from intaglio.errors import IntaglioError
from intaglio.protocols.openid4vci.nonce import NonceResponse, parse_nonce_response
from intaglio.protocols.openid4vci.offer import PRE_AUTHORIZED_CODE
from intaglio.protocols.openid4vci.token import (
    MAX_REQUEST,
    TokenRequest,
    TokenResponse,
    check_transaction_code_presence,
    parse_token_response,
)
from tests.protocols.openid4vci.issuer import CODE, PIN, TOKEN


def form(**changes: Any) -> bytes:
    members = {"grant_type": PRE_AUTHORIZED_CODE, "pre-authorized_code": CODE, **changes}
    return urlencode({name: value for name, value in members.items() if value is not None}).encode()


def request_kind(body: bytes) -> str:
    with pytest.raises(IntaglioError) as caught:
        TokenRequest.from_form(body)
    return caught.value.problem.kind


def response_kind(**changes: Any) -> str:
    document = {"access_token": TOKEN, "token_type": "Bearer", **changes}
    with pytest.raises(IntaglioError) as caught:
        parse_token_response(json.dumps(document).encode())
    return caught.value.problem.kind


@pytest.mark.parametrize(
    "sent",
    [
        TokenRequest(CODE),
        TokenRequest(CODE, PIN),
        TokenRequest("a&b=c d+é%", "ñ 1", "https://wallet.example", ("mastery", "purpose")),
    ],
)
def test_a_request_arrives_as_it_was_sent(sent: TokenRequest) -> None:
    assert TokenRequest.from_form(sent.to_form()) == sent


def test_a_request_is_a_form_without_what_it_has_not() -> None:
    assert parse_qs(TokenRequest(CODE, PIN).to_form().decode()) == {
        "grant_type": [PRE_AUTHORIZED_CODE],
        "pre-authorized_code": [CODE],
        "tx_code": [PIN],
    }


def test_what_is_not_known_or_empty_counts_as_left_out() -> None:
    assert TokenRequest.from_form(form(new="1", tx_code="", client_id="", scope="x")) == TokenRequest(CODE)


def test_other_kinds_of_authorization_details_are_ignored() -> None:
    details = [{"type": "other"}, {"type": "openid_credential", "credential_configuration_id": "a", "claims": []}]
    assert TokenRequest.from_form(form(authorization_details=json.dumps(details))).configuration_ids == ("a",)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "token-request"),
        (form(grant_type=""), "token-request"),
        (form(grant_type="authorization_code"), "unsupported-grant"),
        (form(grant_type="refresh_token"), "unsupported-grant"),
        (form(**{"pre-authorized_code": None}), "token-request"),
        (form(**{"pre-authorized_code": ""}), "token-request"),
        (form(**{"pre-authorized_code": "x" * 3000}), "token-request"),
        (form() + b"&tx_code=1&tx_code=2", "token-request"),
        (form() + b"&grant_type=refresh_token", "token-request"),
        (form() + b"&a=%FF", "token-request"),
        ("ñ=1".encode(), "token-request"),
        (b"&".join(b"a%d=1" % number for number in range(100)), "token-request"),
        (b"x" * (MAX_REQUEST + 1), "token-request"),
        (form(authorization_details="[]"), "token-request"),
        (form(authorization_details="1"), "token-request"),
        (form(authorization_details='[{"type":"openid_credential"}]'), "token-request"),
        (form(authorization_details="{"), "not-json"),
        (form(authorization_details='[],"authorization_details":[]'), "duplicate-member"),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused(body: bytes, kind: str) -> None:
    assert request_kind(body) == kind


def test_neither_codes_nor_tokens_are_in_a_text_form() -> None:
    shown = repr(TokenRequest(CODE, PIN)) + repr(TokenResponse(TOKEN))
    assert not any(secret in shown for secret in (CODE, PIN, TOKEN))


@pytest.mark.parametrize(
    ("code", "expected", "kind"),
    [
        (None, True, "transaction-code-missing"),
        (PIN, False, "transaction-code-unexpected"),
        (PIN, True, None),
        (None, False, None),
    ],
)
def test_a_transaction_code_is_there_where_the_offer_asks_for_one(
    code: str | None, expected: bool, kind: str | None
) -> None:
    try:
        check_transaction_code_presence(TokenRequest(CODE, code), expected=expected)
        found = None
    except IntaglioError as error:
        found = error.problem.kind
    assert found == kind


@pytest.mark.parametrize(
    "sent", [TokenResponse(TOKEN), TokenResponse(TOKEN, 600, {"mastery": ("a", "b"), "purpose": ("c",)})]
)
def test_a_response_arrives_as_it_was_sent(sent: TokenResponse) -> None:
    assert parse_token_response(json.dumps(sent.to_json()).encode()) == sent


def test_a_type_of_token_may_be_written_in_any_case_and_the_rest_is_ignored() -> None:
    document = {
        "access_token": TOKEN,
        "token_type": "bearer",
        "refresh_token": "x",
        "c_nonce": "y",
        "authorization_details": [{"type": "other"}],
    }
    assert parse_token_response(json.dumps(document).encode()) == TokenResponse(TOKEN)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"access_token": None}, "token-response"),
        ({"access_token": "a b"}, "token-response"),
        ({"access_token": "a\r\nX-Evil: b"}, "token-response"),
        ({"access_token": "ñ"}, "token-response"),
        ({"token_type": None}, "token-response"),
        ({"token_type": "DPoP"}, "token-type"),
        ({"expires_in": "600"}, "token-response"),
        ({"authorization_details": []}, "token-response"),
        ({"authorization_details": [{"type": "openid_credential"}]}, "token-response"),
        (
            {"authorization_details": [{"type": "openid_credential", "credential_configuration_id": "a"}]},
            "token-response",
        ),
    ],
)
def test_a_response_that_breaks_a_rule_is_refused(changes: dict[str, Any], kind: str) -> None:
    assert response_kind(**changes) == kind


def test_a_nonce_arrives_as_it_was_sent() -> None:
    sent = NonceResponse("wKI4LT17ac15ES9bw8ac4")
    assert parse_nonce_response(json.dumps({**sent.to_json(), "new": 1}).encode()) == sent


@pytest.mark.parametrize("document", [{}, {"c_nonce": ""}, {"c_nonce": 5}, {"c_nonce": "x" * 2000}])
def test_a_nonce_is_a_text_of_some_length(document: dict[str, Any]) -> None:
    with pytest.raises(IntaglioError) as caught:
        parse_nonce_response(json.dumps(document).encode())
    assert caught.value.problem.kind == "nonce-response"
