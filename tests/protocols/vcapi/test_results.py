from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput, Problem
from intaglio.protocols.vcapi.problem_details import problem_details, type_of
from intaglio.protocols.vcapi.requests import VerifyCredentialRequest, VerifyPresentationRequest
from intaglio.protocols.vcapi.results import credential_result, presentation_result, status_of
from intaglio.verification.report import Report
from tests.verification.builders import (
    LEARNER,
    LIST_URL,
    badge,
    endorsement,
    entry,
    presentation,
    signed,
    status_list,
    verify,
    with_status,
)

# VCALM's own description of the answers, with `additionalProperties: false`.
CREDENTIAL_MEMBERS = {"verified", "credential", "problemDetails", "results"}
CREDENTIAL_RESULTS = {"validFrom", "validUntil", "credentialSchema", "credentialStatus", "proof"}
PRESENTATION_MEMBERS = {"verified", "verifiablePresentation", "problemDetails", "results"}
PRESENTATION_RESULTS = {"challenge", "domain", "holder", "proof"}


def asked(document: JsonObject, **options: Any) -> VerifyCredentialRequest:
    return VerifyCredentialRequest.from_json({"verifiableCredential": document, "options": options})


def result(document: JsonObject, report: Report, **options: Any) -> JsonObject:
    answer = credential_result(report, asked(document, **options))
    assert set(answer) <= CREDENTIAL_MEMBERS | {"checks"}
    assert set(answer.get("results", {})) <= CREDENTIAL_RESULTS
    return answer


def presented(document: JsonObject, report: Report, **options: Any) -> JsonObject:
    answer = presentation_result(
        report, VerifyPresentationRequest.from_json({"verifiablePresentation": document, "options": options})
    )
    assert set(answer) <= PRESENTATION_MEMBERS | {"checks"}
    assert set(answer["results"]) == {"presentation", "credentials"}
    assert set(answer["results"]["presentation"]) <= PRESENTATION_RESULTS
    assert all(set(inner) <= CREDENTIAL_MEMBERS for inner in answer["results"]["credentials"])
    return answer


def test_a_good_credential_is_verified_part_by_part() -> None:
    document = signed(with_status(entry()))
    report = verify(document, {LIST_URL: signed(status_list())})
    assert status_of(report) == 200
    assert result(document, report, returnCredential=True) == {
        "verified": True,
        "credential": document,
        "problemDetails": [],
        "results": {
            "validFrom": {"verified": True, "input": document["validFrom"]},
            "credentialStatus": [{"verified": True, "input": document["credentialStatus"]}],
            "proof": [{"verified": True, "input": document["proof"]}],
        },
    }


def test_a_changed_credential_is_an_error_with_the_whole_result() -> None:
    document = {**signed(badge()), "name": "Changed"}
    report = verify(document)
    assert status_of(report) == 400
    answer = result(document, report)
    assert answer["verified"] is False
    assert answer["results"]["proof"][0]["verified"] is False
    assert answer["results"]["validFrom"]["verified"] is True
    problem = answer["problemDetails"][0]
    assert problem["type"] == "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"
    assert problem["kind"] == "urn:intaglio:problem:bad-signature"
    assert (problem["check"], problem["severity"]) == ("proof", "error")


def test_a_list_that_did_not_answer_is_neither_verified_nor_an_error_of_the_asker() -> None:
    document = signed(with_status(entry()))
    report = verify(document)
    assert status_of(report) == 200
    answer = result(document, report)
    assert answer["verified"] is False
    assert answer["results"]["credentialStatus"][0]["verified"] is False
    assert answer["problemDetails"][0]["type"] == (
        "https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR"
    )


def test_of_several_entries_the_one_that_withdraws_is_named() -> None:
    document = signed(with_status(entry(7), entry(8, "suspension", f"{LIST_URL}/s")))
    lists = {
        LIST_URL: signed(status_list({7})),
        f"{LIST_URL}/s": signed({**status_list((), "suspension"), "id": f"{LIST_URL}/s"}),
    }
    answer = result(document, verify(document, lists))
    assert [item["verified"] for item in answer["results"]["credentialStatus"]] == [False, True]
    assert answer["problemDetails"][0]["type"] == "urn:intaglio:problem:revoked"
    assert answer["problemDetails"][0]["pointer"] == "/credentialStatus/0"


def test_an_expired_credential_was_valid_from_its_first_day() -> None:
    document = signed(badge(validUntil="2026-10-01T00:00:00Z"))
    answer = result(document, verify(document))
    assert answer["results"]["validFrom"]["verified"] is True
    assert answer["results"]["validUntil"] == {"verified": False, "input": "2026-10-01T00:00:00Z"}


def test_what_does_not_decide_is_a_warning_after_the_errors() -> None:
    document = signed(badge(validUntil="2026-10-01T00:00:00Z"))
    answer = result(document, verify(document, only=frozenset({"proof"})), checks=["proof"])
    assert answer["verified"] is True
    warnings = [problem for problem in answer["problemDetails"] if problem["check"] == "validity"]
    assert [problem["severity"] for problem in warnings] == ["warning"]
    assert {check["name"] for check in answer["checks"]} >= {"proof", "validity"}


def test_the_asker_may_leave_out_what_she_does_not_need() -> None:
    document = signed(badge())
    answer = result(document, verify(document), returnResults=False, returnProblemDetails=False)
    assert answer == {"verified": True}


def test_a_presentation_tells_of_each_credential_inside() -> None:
    good, bad = signed(badge()), {**signed(badge()), "name": "Changed"}
    document = signed(presentation(good, bad), "learner", challenge="c", domain="d")
    report = verify(document, challenge="c", domain="d")
    answer = presented(document, report, challenge="c", domain="d", returnPresentation=True, checks=["proof"])
    assert status_of(report) == 400
    assert answer["verified"] is False
    assert answer["verifiablePresentation"] == document
    parts = answer["results"]["presentation"]
    assert parts["challenge"] == {"verified": True, "input": "c"}
    assert parts["domain"] == {"verified": True, "input": "d"}
    assert parts["holder"]["input"] == LEARNER
    assert parts["proof"] == [{"verified": True, "input": document["proof"], "problemDetails": []}]
    assert [inner["verified"] for inner in answer["results"]["credentials"]] == [True, False]
    assert answer["results"]["credentials"][1]["credential"]["name"] == "Changed"
    pointers = [problem["pointer"] for problem in answer["problemDetails"] if problem["check"] == "proof"]
    assert all(pointer.startswith("/verifiableCredential/1") for pointer in pointers)


@pytest.mark.parametrize(
    ("expected", "part", "name"),
    [
        ({"challenge": "other", "domain": "d"}, "challenge", "INVALID_CHALLENGE_ERROR"),
        ({"challenge": "c", "domain": "other"}, "domain", "INVALID_DOMAIN_ERROR"),
    ],
)
def test_a_presentation_made_for_another_is_told_apart(expected: dict[str, str], part: str, name: str) -> None:
    document = signed(presentation(signed(badge())), "learner", challenge="c", domain="d")
    answer = presented(document, verify(document, **expected), **expected)
    assert answer["verified"] is False
    assert answer["results"]["presentation"][part] == {"verified": False, "input": expected[part]}
    types = {problem["type"] for problem in answer["results"]["presentation"]["proof"][0]["problemDetails"]}
    assert types == {f"https://w3id.org/security#{name}"}


def test_a_presentation_without_a_proof_answers_nothing() -> None:
    document = presentation(signed(badge()))
    answer = presented(document, verify(document, challenge="c"), challenge="c")
    assert answer["verified"] is False
    assert answer["results"]["presentation"]["challenge"]["verified"] is False


def test_what_cannot_be_read_at_all_is_not_verified_and_says_why() -> None:
    report = verify(b"{")
    assert status_of(report) == 400
    assert result({}, report)["problemDetails"][0]["type"] == "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"
    assert presented({}, report)["results"]["presentation"] == {}


def test_a_presentation_does_not_pass_for_a_credential_nor_the_other_way_round() -> None:
    credential, answer = signed(badge()), signed(presentation(), "learner")
    with pytest.raises(MalformedInput, match="not a credential"):
        credential_result(verify(answer), asked(answer))
    with pytest.raises(MalformedInput, match="not a presentation"):
        presentation_result(verify(credential), VerifyPresentationRequest(credential))


def test_what_others_say_of_a_badge_does_not_count() -> None:
    spoilt = {**signed(endorsement()), "name": "Changed"}
    document = signed(badge(endorsement=[spoilt]))
    report = verify(document)
    assert [inner.verified for inner in report.credentials] == [False]
    assert result(document, report)["problemDetails"] == []


def test_where_a_registry_decides_its_absence_is_an_error() -> None:
    document = signed(badge())
    answer = result(document, verify(document, require=frozenset({"issuer"})))
    assert [(problem["kind"], problem["severity"]) for problem in answer["problemDetails"]] == [
        ("urn:intaglio:problem:no-registry", "error")
    ]


@pytest.mark.parametrize(
    ("kind", "check", "type_"),
    [
        ("revoked", "status", "urn:intaglio:problem:revoked"),
        ("status-list-malformed", "status", "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR"),
        ("status-list-too-short", "status", "https://www.w3.org/ns/credentials/status-list#STATUS_LIST_LENGTH_ERROR"),
        ("status-index-out-of-range", "status", "https://www.w3.org/TR/vc-data-model#RANGE_ERROR"),
        ("unreachable", "controller", "https://w3id.org/security#PROOF_VERIFICATION_ERROR"),
        ("vc-type", "format", "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"),
        ("vc-api-option", None, "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED"),
        ("our-mistake", None, "urn:intaglio:problem:our-mistake"),
    ],
)
def test_a_problem_has_the_type_of_the_standard_that_knows_it(kind: str, check: str | None, type_: str) -> None:
    problem = Problem(kind, "x")
    assert type_of(problem, check) == type_
    details = problem_details(problem, check=check)
    assert {"type", "title", "detail"} <= set(details)
    assert "pointer" not in details
