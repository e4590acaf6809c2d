from typing import Any

import pytest

from intaglio.errors import IntaglioError
from intaglio.protocols.vcapi.requests import (
    IssueRequest,
    StatusChange,
    StatusRequest,
    VerifyCredentialRequest,
    VerifyPresentationRequest,
)

CREDENTIAL = {"id": "urn:uuid:1", "type": ["VerifiableCredential"]}
ENTRY = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}


def kind_of(reader: Any, document: Any) -> str:
    with pytest.raises(IntaglioError) as caught:
        reader.from_json(document)
    return caught.value.problem.kind


def test_a_credential_to_issue_goes_by_its_own_id_or_by_another() -> None:
    assert IssueRequest.from_json({"credential": CREDENTIAL}) == IssueRequest(CREDENTIAL, "urn:uuid:1")
    assert IssueRequest.from_json({"credential": {"id": 5}}).credential_id is None
    options = {"credentialId": "example.com/1", "mandatoryPointers": ["/issuer", "/validFrom"]}
    named = IssueRequest.from_json({"credential": CREDENTIAL, "options": options, "extra": 1})
    assert (named.credential_id, named.mandatory_pointers) == ("example.com/1", ("/issuer", "/validFrom"))


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ([], "vc-api-request"),
        ({}, "vc-api-request"),
        ({"credential": None}, "vc-api-request"),
        ({"credential": "a.b.c"}, "vc-api-request"),
        ({"credential": [CREDENTIAL]}, "vc-api-request"),
        ({"credential": CREDENTIAL, "options": []}, "vc-api-request"),
        ({"credential": CREDENTIAL, "options": {"credentialId": 5}}, "vc-api-request"),
        ({"credential": CREDENTIAL, "options": {"mandatoryPointers": "/issuer"}}, "vc-api-request"),
        ({"credential": CREDENTIAL, "options": {"created": "2020-01-01T00:00:00Z"}}, "vc-api-option"),
    ],
)
def test_a_request_to_issue_that_breaks_a_rule_is_refused(document: Any, kind: str) -> None:
    assert kind_of(IssueRequest, document) == kind


@pytest.mark.parametrize(
    ("document", "changes"),
    [
        ({"credentialStatus": ENTRY, "status": True}, [StatusChange("revocation", is_set=True)]),
        ({"credentialStatus": ENTRY, "status": False}, [StatusChange("revocation", is_set=False)]),
        (
            {
                "credentialStatus": {**ENTRY, "statusListCredential": "https://a.example/1", "statusListIndex": "7"},
                "status": True,
            },
            [StatusChange("revocation", is_set=True, list_credential="https://a.example/1", list_index="7")],
        ),
        ({"credentialStatus": [{**ENTRY, "status": "1"}]}, [StatusChange("revocation", is_set=True)]),
        (
            {"credentialStatus": [{**ENTRY, "status": "false"}, {"statusPurpose": "suspension", "status": True}]},
            [StatusChange("revocation", is_set=False), StatusChange("suspension", is_set=True)],
        ),
    ],
)
def test_a_change_of_status_is_read_in_both_forms(document: dict[str, Any], changes: list[StatusChange]) -> None:
    read = StatusRequest.from_json({"credentialId": "urn:uuid:1", **document})
    assert (read.credential_id, list(read.changes)) == ("urn:uuid:1", changes)


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({}, "vc-api-request"),
        ({"credentialStatus": ENTRY, "status": True, "credentialId": None}, "vc-api-request"),
        ({"credentialStatus": None, "status": True}, "vc-api-request"),
        ({"credentialStatus": [], "status": True}, "vc-api-request"),
        ({"credentialStatus": [ENTRY] * 40, "status": True}, "vc-api-request"),
        ({"credentialStatus": ["x"], "status": True}, "vc-api-request"),
        ({"credentialStatus": ENTRY}, "vc-api-request"),
        ({"credentialStatus": ENTRY, "status": "maybe"}, "vc-api-request"),
        ({"credentialStatus": ENTRY, "status": 1}, "vc-api-request"),
        ({"credentialStatus": {"type": "RevocationList2020Status"}, "status": True}, "vc-api-option"),
    ],
)
def test_a_change_of_status_that_breaks_a_rule_is_refused(document: dict[str, Any], kind: str) -> None:
    assert kind_of(StatusRequest, {"credentialId": "urn:uuid:1", **document}) == kind


def test_a_credential_to_verify_may_say_what_decides_and_what_comes_back() -> None:
    assert VerifyCredentialRequest.from_json({"verifiableCredential": CREDENTIAL}) == VerifyCredentialRequest(
        CREDENTIAL
    )
    options = {"checks": ["proof"], "returnCredential": True, "returnResults": False, "returnProblemDetails": False}
    assert VerifyCredentialRequest.from_json(
        {"verifiableCredential": CREDENTIAL, "options": options}
    ) == VerifyCredentialRequest(CREDENTIAL, ("proof",), True, False, False)  # noqa: FBT003


def test_a_presentation_to_verify_says_what_it_must_answer() -> None:
    options = {"challenge": "c", "domain": "d", "checks": ["proof", "holder"], "returnPresentation": True}
    read = VerifyPresentationRequest.from_json({"verifiablePresentation": CREDENTIAL, "options": options})
    assert read == VerifyPresentationRequest(CREDENTIAL, "c", "d", ("proof", "holder"), return_presentation=True)


def test_a_presentation_without_a_proof_may_come_under_its_own_name() -> None:
    assert VerifyPresentationRequest.from_json({"presentation": CREDENTIAL}).presentation == CREDENTIAL
    both = {"presentation": {"a": 1}, "verifiablePresentation": CREDENTIAL}
    assert VerifyPresentationRequest.from_json(both).presentation == CREDENTIAL


@pytest.mark.parametrize(
    ("reader", "document", "kind"),
    [
        (VerifyCredentialRequest, {}, "vc-api-request"),
        (VerifyCredentialRequest, {"verifiableCredential": "a.b.c"}, "vc-api-request"),
        (VerifyCredentialRequest, {"verifiableCredential": {}, "options": {"checks": []}}, "vc-api-request"),
        (VerifyCredentialRequest, {"verifiableCredential": {}, "options": {"checks": "proof"}}, "vc-api-request"),
        (VerifyCredentialRequest, {"verifiableCredential": {}, "options": {"returnResults": 1}}, "vc-api-request"),
        (VerifyCredentialRequest, {"verifiableCredential": {}, "options": {"challenge": "c"}}, "vc-api-option"),
        (VerifyPresentationRequest, {}, "vc-api-request"),
        (VerifyPresentationRequest, {"verifiablePresentation": {}, "options": {"domain": 1}}, "vc-api-request"),
        (VerifyPresentationRequest, {"verifiablePresentation": {}, "options": {"x" * 500: 1}}, "vc-api-option"),
    ],
)
def test_a_request_to_verify_that_breaks_a_rule_is_refused(reader: Any, document: Any, kind: str) -> None:
    assert kind_of(reader, document) == kind
