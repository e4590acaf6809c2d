"""The doors for machines."""

import json
from typing import Any

import httpx2 as httpx
import pytest

from tests.services import UnderTest
from tests.verification import builders
from tests.verification.builders import AT, badge, presentation, signed


@pytest.fixture
def desk(verifier: UnderTest) -> UnderTest:
    verifier.clock.now = AT
    return verifier


def post(desk: UnderTest, path: str, body: Any) -> httpx.Response:
    return desk.client.post(path, json=body)


def test_a_verified_credential_is_200(desk: UnderTest) -> None:
    answer = post(desk, "/credentials/verify", {"verifiableCredential": signed(badge()), "options": {}})
    assert (answer.status_code, answer.json()["verified"]) == (200, True)


def test_a_failed_credential_is_400_with_the_whole_result(desk: UnderTest) -> None:
    changed = {**signed(badge()), "name": "Something better"}
    answer = post(desk, "/credentials/verify", {"verifiableCredential": changed})
    assert (answer.status_code, answer.json()["verified"]) == (400, False)
    assert answer.json()["problemDetails"]


def test_what_could_not_be_checked_is_200_and_not_verified(desk: UnderTest) -> None:
    entry = builders.status_entry(list_url=builders.LIST_URL, index=7, purpose="revocation")
    answer = post(desk, "/credentials/verify", {"verifiableCredential": signed(badge(credentialStatus=entry))})
    assert (answer.status_code, answer.json()["verified"]) == (200, False)
    assert answer.json()["problemDetails"]


def test_the_checks_that_decide_can_be_named(desk: UnderTest) -> None:
    entry = builders.status_entry(list_url=builders.LIST_URL, index=7, purpose="revocation")
    body = {"verifiableCredential": signed(badge(credentialStatus=entry)), "options": {"checks": ["proof"]}}
    assert post(desk, "/credentials/verify", body).json()["verified"] is True
    body["options"] = {"checks": ["charm"]}
    assert post(desk, "/credentials/verify", body).status_code == 422


def test_a_presentation_answers_its_challenge(desk: UnderTest) -> None:
    whole = signed(presentation(signed(badge())), "learner", challenge="abc", domain="verifier.example")
    for challenge, status in (("abc", 200), ("other", 400)):
        options = {"challenge": challenge, "domain": "verifier.example"}
        answer = post(desk, "/presentations/verify", {"verifiablePresentation": whole, "options": options})
        assert answer.status_code == status
        assert answer.json()["verified"] is (status == 200)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"verifiableCredential": 7}', b"\xff", b'{"a": 1, "a": 2}'])
def test_malformed_requests_are_problems(desk: UnderTest, body: bytes) -> None:
    for path in ("/credentials/verify", "/presentations/verify"):
        answer = desk.client.post(path, content=body, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422)
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_report_tells_everything_about_any_form(desk: UnderTest) -> None:
    answer = desk.client.post("/reports", content=json.dumps(signed(badge())).encode())
    report = answer.json()
    assert report["verified"] is True
    assert {check["name"] for check in report["checks"] if check["required"]} >= {"proof", "controller", "status"}
    assert desk.client.post("/reports", content=b"nothing").json()["verified"] is False


def test_more_than_the_limit_is_refused(desk: UnderTest) -> None:
    answer = desk.client.post("/reports", content=b"x" * (10 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
