import re
from typing import Any

import pytest

from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, Unavailable, Unsupported
from intaglio.fetch.messages import Response
from intaglio.protocols.openid4vci.errors import (
    Endpoint,
    bearer_token,
    error_code,
    json_body,
    missing_token,
    refusal_of,
    refused,
)
from tests.protocols.openid4vci.issuer import ok

DESCRIPTION = re.compile(r"[\x20-\x21\x23-\x5B\x5D-\x7E]+")  # section 8.3.1.2


@pytest.mark.parametrize(
    ("error", "endpoint", "code"),
    [
        (MalformedInput("token-request", "x"), Endpoint.TOKEN, "invalid_request"),
        (MalformedInput("not-json", "x"), Endpoint.TOKEN, "invalid_request"),
        (MalformedInput("transaction-code-missing", "x"), Endpoint.TOKEN, "invalid_request"),
        (MalformedInput("transaction-code-unexpected", "x"), Endpoint.TOKEN, "invalid_request"),
        (Unsupported("unsupported-grant", "x"), Endpoint.TOKEN, "unsupported_grant_type"),
        (InvalidProof("grant-refused", "x"), Endpoint.TOKEN, "invalid_grant"),
        (MalformedInput("credential-request", "x"), Endpoint.CREDENTIAL, "invalid_credential_request"),
        (MalformedInput("duplicate-member", "x"), Endpoint.CREDENTIAL, "invalid_credential_request"),
        (MalformedInput("unknown-configuration", "x"), Endpoint.CREDENTIAL, "unknown_credential_configuration"),
        (MalformedInput("unknown-credential-identifier", "x"), Endpoint.CREDENTIAL, "unknown_credential_identifier"),
        (InvalidProof("key-proof", "x"), Endpoint.CREDENTIAL, "invalid_proof"),
        (InvalidProof("key-proof-nonce", "x"), Endpoint.CREDENTIAL, "invalid_nonce"),
        (Unsupported("message-encryption", "x"), Endpoint.CREDENTIAL, "invalid_encryption_parameters"),
        (Unavailable("issuance-denied", "x"), Endpoint.CREDENTIAL, "credential_request_denied"),
        (MalformedInput("notification-request", "x"), Endpoint.NOTIFICATION, "invalid_notification_request"),
        (MalformedInput("unknown-notification", "x"), Endpoint.NOTIFICATION, "invalid_notification_id"),
    ],
)
def test_each_problem_has_the_code_of_its_endpoint(error: IntaglioError, endpoint: Endpoint, code: str) -> None:
    refusal = refusal_of(error, endpoint)
    assert (refusal.status, refusal.error) == (400, code)
    assert refusal.to_json()["error"] == code
    assert refusal.headers == {"Cache-Control": "no-store"}
    assert DESCRIPTION.fullmatch(refusal.description or "")


@pytest.mark.parametrize("endpoint", list(Endpoint))
def test_a_bad_token_is_challenged_anywhere(endpoint: Endpoint) -> None:
    refusal = refusal_of(InvalidProof("access-token", "It has “run out”."), endpoint)
    assert (refusal.status, refusal.error) == (401, "invalid_token")
    assert refusal.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token", error_description="')
    assert refusal.headers["WWW-Authenticate"].count('"') == 4
    assert missing_token().headers["WWW-Authenticate"] == "Bearer"
    assert missing_token().to_json() == {"error": "invalid_token"}


@pytest.mark.parametrize("text", ['a"b\\c', "ñ💡\r\nX-Evil: 1\0", "“…”" * 400])
def test_a_description_keeps_to_the_characters_it_may_have(text: str) -> None:
    description = refusal_of(InvalidProof("key-proof", text), Endpoint.CREDENTIAL).description or ""
    assert DESCRIPTION.fullmatch(description)
    assert len(description) <= 500


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (None, None),
        ("", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("Basic abc", None),
        ("DPoP abc", None),
        ("Bearer abc", "abc"),
        ("bearer abc", "abc"),
        ("BEARER  abc", "abc"),
    ],
)
def test_a_bearer_token_is_taken_from_its_header(header: str | None, token: str | None) -> None:
    assert bearer_token(header) == token


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (ok({"error": "invalid_grant"}, status=400), "invalid_grant"),
        (ok({}, status=400), None),
        (ok({"error": {"a": 1}}, status=400), None),
        (ok(b"[]", status=400), None),
        (ok(b"<html>", status=502), None),
        (Response("https://school.example/", 400, {"content-type": ("text/html",)}, b'{"error":"a"}'), None),
    ],
)
def test_the_code_of_a_refusal_is_read_where_there_is_one(response: Response, code: str | None) -> None:
    assert error_code(response) == code


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"error": "invalid_grant"}, 400, "grant-refused"),
        ({"error": "credential_request_denied"}, 400, "issuance-denied"),
        ({"error": "invalid_token"}, 401, "issuance-timeout"),
        ({"error": "invalid_request"}, 400, "issuance-refused"),
        ({"error": "\x1b[31m" + "x" * 500}, 400, "issuance-refused"),
        ({}, 500, "http-status"),
    ],
)
def test_a_refusal_is_said_in_words_for_the_learner(body: Any, status: int, kind: str) -> None:
    error = refused(ok(body, status=status))
    assert error.problem.kind == kind
    assert len(error.problem.detail) < 300
    assert error.problem.detail.isprintable()


def test_an_answer_must_be_json_and_a_success() -> None:
    assert json_body(ok({"a": 1})) == b'{"a": 1}'
    assert json_body(ok({}, status=201), any_success=True) == b"{}"
    page = Response("https://school.example/", 200, {"content-type": ("text/html",)}, b"{}")
    for response, kind in ((ok({}, status=201), "http-status"), (page, "wrong-content-type")):
        with pytest.raises(Unavailable) as caught:
            json_body(response)
        assert caught.value.problem.kind == kind
