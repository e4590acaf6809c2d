import json
from typing import Any

import pytest

from intaglio.errors import IntaglioError, MalformedInput
from intaglio.protocols.openid4vci.configuration import JWT_VC_JSON_LD, LDP_VC
from intaglio.protocols.openid4vci.credential import CredentialRequest, CredentialResponse, parse_credential_request
from intaglio.protocols.openid4vci.notification import Event, NotificationRequest, parse_notification_request
from tests.protocols.openid4vci.issuer import BADGE

TOKEN = b"eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln"


def request_kind(document: Any) -> str:
    with pytest.raises(IntaglioError) as caught:
        parse_credential_request(json.dumps(document).encode())
    return caught.value.problem.kind


def response_kind(data: bytes | dict[str, Any], format_name: str = LDP_VC) -> str:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(IntaglioError) as caught:
        CredentialResponse.parse(body, format_name=format_name)
    return caught.value.problem.kind


@pytest.mark.parametrize(
    "sent",
    [
        CredentialRequest("mastery"),
        CredentialRequest(None, "mastery-2026", ("a.b.c",)),
        CredentialRequest("mastery", None, ("a.b.c", "d.e.f")),
    ],
)
def test_a_request_arrives_as_it_was_sent(sent: CredentialRequest) -> None:
    assert parse_credential_request(json.dumps({**sent.to_json(), "new": 1}).encode()) == sent


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({}, "credential-request"),
        ([], "not-an-object"),
        ({"credential_configuration_id": ""}, "credential-request"),
        ({"credential_configuration_id": "a", "credential_identifier": "b"}, "credential-request"),
        ({"credential_configuration_id": 1}, "credential-request"),
        ({"format": "ldp_vc", "proof": {"proof_type": "jwt", "jwt": "a.b.c"}}, "credential-request"),
        ({"credential_configuration_id": "a", "proofs": []}, "credential-request"),
        ({"credential_configuration_id": "a", "proofs": {"jwt": []}}, "credential-request"),
        ({"credential_configuration_id": "a", "proofs": {"jwt": "a.b.c"}}, "credential-request"),
        ({"credential_configuration_id": "a", "proofs": {"jwt": [{}]}}, "credential-request"),
        ({"credential_configuration_id": "a", "proofs": {"jwt": ["a.b.c", "a.b.c"]}}, "credential-request"),
        ({"credential_configuration_id": "a", "proofs": {}}, "key-proof"),
        ({"credential_configuration_id": "a", "proofs": {"di_vp": [{}]}}, "key-proof"),
        ({"credential_configuration_id": "a", "proofs": {"attestation": ["a.b.c"]}}, "key-proof"),
        ({"credential_configuration_id": "a", "proofs": {"jwt": ["a.b.c"], "di_vp": [{}]}}, "key-proof"),
        (
            {"credential_configuration_id": "a", "credential_response_encryption": {"jwk": {}, "enc": "A128GCM"}},
            "message-encryption",
        ),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused(document: Any, kind: str) -> None:
    assert request_kind(document) == kind


def test_signed_bytes_travel_untouched() -> None:
    sent = CredentialResponse((BADGE, b'{"b":2}'), "3fwe98js")
    body = sent.to_bytes()
    assert BADGE in body
    assert json.loads(body)["credentials"][0]["credential"]["n"] == 1.5
    assert CredentialResponse.parse(body, format_name=LDP_VC) == sent


def test_tokens_travel_as_text() -> None:
    sent = CredentialResponse((TOKEN,))
    assert json.loads(sent.to_bytes()) == {"credentials": [{"credential": TOKEN.decode()}]}
    assert CredentialResponse.parse(sent.to_bytes(), format_name=JWT_VC_JSON_LD) == sent


def test_a_response_laid_out_in_another_way_is_read_too() -> None:
    body = (
        b' {\n "new" : {"credentials": [1]}, "notification_id" :"n" ,\r\n'
        b' "credentials":[ {"x": "}", "credential" : { "a" : [ "\\u007d", "}" ] } ,"y":0} ] } '
    )
    found = CredentialResponse.parse(body, format_name=LDP_VC)
    assert found == CredentialResponse((b'{ "a" : [ "\\u007d", "}" ] }',), "n")
    escaped = b'{"credentials":[{"credential":"a\\u002eb.c"}]}'
    assert CredentialResponse.parse(escaped, format_name=JWT_VC_JSON_LD).credentials == (b"a.b.c",)


@pytest.mark.parametrize(
    ("data", "format_name", "kind"),
    [
        ({}, LDP_VC, "credential-response"),
        ({"credentials": []}, LDP_VC, "credential-response"),
        ({"credentials": [{}]}, LDP_VC, "credential-response"),
        ({"credentials": ["a.b.c"]}, JWT_VC_JSON_LD, "credential-response"),
        ({"credentials": [{"credential": "a.b.c"}]}, LDP_VC, "credential-response"),
        ({"credentials": [{"credential": {}}]}, JWT_VC_JSON_LD, "credential-response"),
        ({"credential": {}}, LDP_VC, "credential-response"),
        ({"credentials": [{"credential": {}}], "notification_id": 1}, LDP_VC, "credential-response"),
        ({"transaction_id": "8xLOxBtZp8", "interval": 3600}, LDP_VC, "issuance-deferred"),
        (b'{"credentials":[{"credential":{},"credential":{"a":1}}]}', LDP_VC, "duplicate-member"),
        (b'{"credentials":[{"credential":{"a":1,"a":2}}]}', LDP_VC, "duplicate-member"),
        (b"\xff", LDP_VC, "not-utf8"),
    ],
)
def test_a_response_that_breaks_a_rule_is_refused(data: bytes | dict[str, Any], format_name: str, kind: str) -> None:
    assert response_kind(data, format_name) == kind


def test_what_is_neither_an_object_nor_a_token_is_not_sent() -> None:
    with pytest.raises(MalformedInput):
        CredentialResponse(("ñ".encode(),)).to_bytes()


@pytest.mark.parametrize("event", list(Event))
def test_a_notification_arrives_as_it_was_sent(event: Event) -> None:
    for description in (None, "Could not store the Credential. Out of storage."):
        sent = NotificationRequest("3fwe98js", event, description)
        assert parse_notification_request(json.dumps({**sent.to_json(), "new": 1}).encode()) == sent


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"notification_id": "a"},
        {"event": "credential_accepted"},
        {"notification_id": "a", "event": "CREDENTIAL_ACCEPTED"},
        {"notification_id": 1, "event": "credential_accepted"},
        {"notification_id": "a", "event": "credential_accepted", "event_description": "x" * 2000},
    ],
)
def test_a_notification_that_breaks_a_rule_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(IntaglioError) as caught:
        parse_notification_request(json.dumps(document).encode())
    assert caught.value.problem.kind == "notification-request"
