from datetime import UTC, datetime
from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.errors import SigningFailed
from intaglio.multikey import Algorithm
from tests.sealing.desks import JCS, RDFC, TOKEN, found, prepare, refusal, seal
from tests.verification.builders import (
    LEARNER,
    LIST_URL,
    SCHOOL,
    STRANGER,
    V2,
    WEB,
    badge,
    endorsement,
    entry,
    envelope,
    learner_record,
    old_badge,
    presentation,
    signed,
    signer,
    status_list,
    token,
    web_badge,
    web_document,
    with_status,
)

FORMS = pytest.mark.parametrize("form", [RDFC, JCS, TOKEN], ids=str)
SUBJECT = badge()["credentialSubject"]


@FORMS
@pytest.mark.parametrize(
    ("changes", "kind", "pointer"),
    [
        ({"nickname": "CT"}, "undefined-term", "/nickname"),
        ({"endorsementJwt": ["a.b.c"]}, "undefined-term", "/endorsementJwt"),
        ({"type": ["VerifiableCredential", "OpenBadgeCredential", "Medal"]}, "undefined-type", "/type/2"),
        (
            {"issuer": {"id": SCHOOL, "type": ["Profile"], "image": {"id": "a.png", "type": "Image"}}},
            "relative-iri",
            "/issuer/image/id",
        ),
        ({"id": "_:b0"}, "vc-id", "/id"),
        ({"id": "badge-1"}, "vc-id", "/id"),
        ({"validFrom": "yesterday"}, "bad-time", "/validFrom"),
        ({"validFrom": "2026-06-01T00:00:00"}, "bad-time", "/validFrom"),
        ({"validUntil": "2026-01-01T00:00:00Z"}, "vc-date", "/validUntil"),
        ({"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2026-08-31T00:00:00Z"}, "expired", "/validUntil"),
        ({"credentialSubject": {**SUBJECT, "narrative": None}}, "null-member", "/credentialSubject/narrative"),
        ({"credentialSubject": {}}, "vc-subject", "/credentialSubject"),
        (
            {"credentialSubject": {**SUBJECT, "achievement": {**SUBJECT["achievement"], "criteria": "none"}}},
            "schema-type",
            "/credentialSubject/achievement/criteria",
        ),
        ({"@context": [V2, "https://words.example/v1"]}, "unknown-context", "/@context/1"),
        ({"@context": ["https://words.example/v1"]}, "vc-context", "/@context"),
        ({"@context": [V2, {"@vocab": "urn:x:"}]}, "context-vocab", "/@context/1/@vocab"),
        ({"issuer": STRANGER}, "not-the-controller", ""),
    ],
)
def test_what_a_verifier_would_not_accept_is_refused_with_its_place(
    form: dict[str, str], changes: JsonObject, kind: str, pointer: str | None
) -> None:
    document = {**badge(), **changes}
    if kind == "not-the-controller":
        pointer = "" if form == TOKEN else "/proof"
    assert (kind, pointer) in found(refusal(document, form))


@FORMS
def test_everything_that_is_wrong_is_said_at_once_and_once(form: dict[str, str]) -> None:
    achievement = {name: value for name, value in SUBJECT["achievement"].items() if name != "criteria"}
    subject = {**SUBJECT, "achievement": {**achievement, "colour": "green"}}
    problems = refusal(badge(credentialSubject=subject, validUntil="never"), form)
    everywhere = {("schema-missing", "/credentialSubject/achievement"), ("bad-time", "/validUntil")}
    # The other forms get as far as a signature, and then the dates keep the check of the format from looking further.
    at_signing = {("undefined-term", "/credentialSubject/achievement/colour")} if form == RDFC else set()
    assert everywhere | at_signing <= found(problems)
    assert len(problems) == len(set(problems))


def test_a_sealed_credential_is_not_sealed_again() -> None:
    assert found(refusal(signed(badge()))) == {("already-sealed", "/proof")}


@pytest.mark.parametrize("proof", [None, [], {}], ids=str)
def test_an_empty_proof_is_a_proof_too(proof: Any) -> None:
    assert found(refusal({**badge(), "proof": proof})) == {("already-sealed", "/proof")}


def test_an_envelope_around_a_token_is_sealed_already() -> None:
    assert found(refusal(envelope(token(badge())))) == {("already-sealed", "/id")}


def test_a_presentation_is_not_sealed_by_an_issuer() -> None:
    assert found(refusal(presentation(signed(badge())))) == {("vc-type", "/type")}


def test_credentials_of_version_1_1_are_not_issued_any_more() -> None:
    assert found(refusal(old_badge())) == {("old-version", "/@context")}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (float("nan"), "not-json"),
        (float("inf"), "not-json"),
        (2**53, "number-out-of-range"),
        ({1, 2}, "not-json"),
        ("\ud800", "not-json"),
        (b"bytes", "not-json"),
    ],
    ids=str,
)
def test_what_json_cannot_hold_is_refused(value: Any, kind: str) -> None:
    assert [problem.kind for problem in refusal(badge(name=value))] == [kind]


@pytest.mark.parametrize("levels", [101, 100_000])
def test_what_nests_too_deeply_is_refused(levels: int) -> None:
    nested: Any = "x"
    for _ in range(levels):
        nested = [nested]
    assert {problem.kind for problem in refusal(badge(name=nested))} <= {"too-deep", "not-json"}


def test_a_dict_that_holds_itself_is_refused() -> None:
    document = badge()
    document["evidence"] = document
    assert [problem.kind for problem in refusal(document)] == ["not-json"]


def test_what_is_no_object_at_all_is_refused() -> None:
    assert [problem.kind for problem in refusal(["a"])] == ["not-a-credential"]  # type: ignore[arg-type]


def test_a_document_too_large_to_verify_is_too_large_to_seal() -> None:
    assert [problem.kind for problem in refusal(badge(evidence=[{}] * 200_001))] == ["too-large"]


def test_a_status_list_that_says_withdrawn_is_a_reason_to_refuse() -> None:
    withdrawn = {LIST_URL: signed(status_list(set_at=[7]))}
    assert [problem.kind for problem in refusal(with_status(entry()), documents=withdrawn)] == ["revoked"]
    assert seal(with_status(entry(8)), documents=withdrawn)


def test_a_tampered_status_list_is_a_reason_to_refuse() -> None:
    tampered = {**signed(status_list()), "validFrom": "2026-01-01T00:00:00Z"}
    assert [problem.kind for problem in refusal(with_status(entry()), documents={LIST_URL: tampered})] == [
        "status-list-refused"
    ]


def test_a_status_list_that_is_not_at_hand_is_no_reason_to_refuse() -> None:
    assert seal(with_status(entry()))


def test_a_status_entry_without_its_list_is_refused() -> None:
    incomplete = {"id": "urn:x", "type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    assert [problem.kind for problem in refusal(with_status(incomplete))] == ["status-malformed"]


def test_a_status_list_signed_by_the_same_key_as_the_credential_is_read_with_the_real_key() -> None:
    by, documents = signer("school", method=f"{WEB}#school"), {WEB: web_document("school")}
    documents["https://school.example/.well-known/did.json"] = web_document("school")
    documents[LIST_URL] = signed(status_list(set_at=[7], issuer=WEB), by)
    issuer = {"id": WEB, "type": ["Profile"], "name": "A"}
    assert seal(with_status(entry(8), issuer=issuer), by=by, documents=documents)
    problems = refusal(with_status(entry(7), issuer=issuer), by=by, documents=documents)
    assert [problem.kind for problem in problems] == ["revoked"]


def test_a_learner_record_may_hold_badges_of_the_very_key_that_seals_it() -> None:
    assert seal(learner_record(signed(badge())))


def test_a_learner_record_may_hold_badges_of_an_older_key_of_its_issuer() -> None:
    by = signer("school", method=f"{WEB}#school")
    record = learner_record(web_badge("stranger"), issuer={"id": WEB, "type": ["Profile"], "name": "A"})
    assert seal(record, by=by)
    assert seal(record, by=by, documents={WEB: web_document("school", "stranger")})


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        ({**signed(badge()), "name": "Changed"}, "bad-signature"),
        (badge(), "no-proof"),
        (signed(badge(issuer=STRANGER)), "not-the-controller"),
        (signed(badge(validUntil="2026-07-01T00:00:00Z")), "expired"),
        (7, "not-a-credential"),
        (signed(badge(nickname="x"), suite="eddsa-jcs-2022"), "undefined-term"),
    ],
    ids=["changed", "unsigned", "by a stranger", "expired", "a number", "with a smuggled member"],
)
def test_a_learner_record_with_a_bad_credential_inside_is_refused_with_its_place(inner: Any, kind: str) -> None:
    problems = refusal(learner_record(signed(badge()), inner), TOKEN)
    places = [problem.pointer or "" for problem in problems if problem.kind == kind]
    assert places
    assert all(place.startswith("/credentialSubject/verifiableCredential/1") for place in places)


def test_a_credential_inside_whose_issuer_cannot_be_asked_is_no_reason_to_refuse() -> None:
    assert seal(learner_record(web_badge()))


def test_a_bad_endorsement_does_not_make_the_badge_bad() -> None:
    forged = {**signed(endorsement(), "stranger"), "name": "Forged"}
    assert seal(badge(endorsement=[forged]))


def test_a_schema_that_the_credential_names_must_be_at_hand() -> None:
    url = "https://school.example/schema.json"
    document = badge(credentialSchema={"id": url, "type": "JsonSchema"})
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "required": ["name"]}
    assert ("offline", "/credentialSchema") in found(refusal(document))
    assert seal(document, documents={url: schema})
    strict = {**schema, "required": ["image"]}
    assert "schema-mismatch" in {problem.kind for problem in refusal(document, documents={url: strict})}


def test_a_badge_whose_learner_is_named_by_nothing_is_refused() -> None:
    nobody = {name: value for name, value in SUBJECT.items() if name != "id"}
    assert ("schema-missing", "/credentialSubject") in found(refusal(badge(credentialSubject=nobody)))


@pytest.mark.parametrize("missing", ["id", "validFrom"])
def test_an_open_badges_token_needs_what_its_claims_repeat(missing: str) -> None:
    by = signer("school", Algorithm.RSA)
    document = badge(issuer=by.verification_method.partition("#")[0], **{missing: None})
    assert ("jwt-claim", f"/{missing}") in found(refusal(document, {"jwt": "RS256"}, by=by))


def test_a_postdated_credential_is_rehearsed_as_of_its_first_moment() -> None:
    assert seal(badge(validFrom="2031-01-01T00:00:00Z"))
    problems = refusal(badge(validFrom="2031-01-01T00:00:00Z", validUntil="2030-01-01T00:00:00Z"))
    assert ("vc-date", "/validUntil") in found(problems)


def test_a_credential_that_ends_at_the_moment_of_sealing_is_still_good() -> None:
    assert seal(badge(validUntil="2026-09-01T08:00:00Z"))
    late = datetime(2026, 9, 1, 8, 0, 1, tzinfo=UTC)
    assert "expired" in {problem.kind for problem in refusal(badge(validUntil="2026-09-01T08:00:00Z"), created=late)}


def test_a_key_of_another_kind_than_the_suite_is_refused() -> None:
    with pytest.raises(SigningFailed) as caught:
        prepare(badge(), RDFC, by=signer("school", Algorithm.P256))
    assert caught.value.problem.kind == "wrong-key-for-suite"


def test_the_learner_cannot_issue_in_the_name_of_the_school() -> None:
    assert ("not-the-controller", "/proof") in found(refusal(badge(), by=signer("learner")))
    assert LEARNER != SCHOOL
