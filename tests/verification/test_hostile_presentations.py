"""Presentations that were stolen, replayed, made for somebody else, or made by nobody."""

from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.multikey import Algorithm
from intaglio.verification.report import CheckOutcome, Role
from tests.verification.builders import (
    LEARNER,
    SCHOOL,
    STRANGER,
    V2,
    assert_doubted,
    assert_refused,
    assert_verified,
    badge,
    check_of,
    envelope,
    multikey,
    presentation,
    problem_of,
    signed,
    signer,
    token,
    verify,
    web_document,
)

_ASKED = {"challenge": "c-1", "domain": "college.example"}
_HOLDER_PAGE = "https://learner.example/me"


def _presented(by: str = "learner", holder: str | None = LEARNER, **options: Any) -> JsonObject:
    """Return a signed presentation of the learner's badge."""
    return signed(presentation(signed(badge()), holder=holder), by, **options)


def _presented_token(by: str = "learner", holder: str | None = LEARNER, **claims: Any) -> str:
    return token({**presentation(envelope(token(badge())), holder=holder), **claims}, by)


def test_a_presentation_by_its_holder_for_this_reader() -> None:
    report = verify(_presented(**_ASKED), **_ASKED)

    assert_verified(report)
    assert report.role is Role.PRESENTATION
    assert check_of(report, "holder").note is None
    assert [(inner.pointer, inner.verified) for inner in report.credentials] == [("/verifiableCredential/0", True)]


def test_a_presentation_token_by_its_holder_for_this_reader() -> None:
    assert_verified(verify(_presented_token(nonce="c-1", aud="college.example"), **_ASKED))
    assert_verified(verify(_presented_token(nonce="c-1", aud=["college.example", "x"]), **_ASKED))


def test_a_presentation_that_nobody_asked_for_is_noted() -> None:
    report = verify(_presented())

    assert_verified(report)
    expected = "No challenge was asked for, so it may have been made for somebody else, some time ago."
    assert check_of(report, "holder").note == expected


def test_a_presentation_that_nobody_signed() -> None:
    report = verify(presentation(signed(badge())))

    assert_refused(report, "proof", "no-proof", "/proof")
    assert (check_of(report, "holder").outcome, problem_of(report, "holder").kind) == (
        CheckOutcome.UNKNOWN,
        "no-proof-holds",
    )
    assert report.credentials[0].verified


def test_a_presentation_whose_signer_is_not_its_holder() -> None:
    report = verify(_presented("stranger"))

    assert_refused(report, "holder", "not-the-holder", "/holder")
    assert problem_of(report, "controller").kind == "not-the-controller"


def test_a_stolen_credential_that_another_presents_in_their_own_name() -> None:
    report = verify(_presented("stranger", STRANGER))

    assert_doubted(report, "holder", "about-somebody-else", "/verifiableCredential/0")
    assert problem_of(report, "holder").detail == f"It is about “{LEARNER}”."


def test_a_stolen_credential_that_another_presents_in_no_name() -> None:
    assert_doubted(verify(_presented("stranger", None)), "holder", "about-somebody-else", "/verifiableCredential/0")


def test_the_learner_may_leave_out_who_presents() -> None:
    assert_verified(verify(_presented("learner", None)))


def test_a_credential_that_names_its_learner_in_words_alone() -> None:
    subject = {**badge()["credentialSubject"], "id": None}
    words = badge(credentialSubject={name: value for name, value in subject.items() if value is not None})

    report = verify(signed(presentation(signed(words)), "learner"))

    assert_doubted(report, "holder", "bearer-credential", "/verifiableCredential/0")


def test_one_stolen_credential_among_own_ones() -> None:
    stolen = signed(badge(credentialSubject={**badge()["credentialSubject"], "id": STRANGER}))

    report = verify(signed(presentation(signed(badge()), stolen), "learner"))

    assert_doubted(report, "holder", "about-somebody-else", "/verifiableCredential/1")


@pytest.mark.parametrize("challenge", ["c-2", None])
def test_a_presentation_replayed_from_another_question(challenge: str | None) -> None:
    report = verify(_presented(challenge=challenge, domain="college.example"), **_ASKED)

    assert_refused(report, "holder", "wrong-challenge", "/proof/challenge")
    assert problem_of(report, "proof").kind == "wrong-challenge"


def test_a_replay_is_not_verified_even_where_only_the_holder_counts() -> None:
    report = verify(_presented(challenge="c-2"), challenge="c-1", only=frozenset({"holder"}))

    assert_refused(report, "holder", "wrong-challenge", "/proof/challenge")


@pytest.mark.parametrize("domain", ["employer.example", ["college.example", "employer.example"], None])
def test_a_presentation_made_for_another_reader(domain: Any) -> None:
    report = verify(_presented(challenge="c-1", domain=domain), **_ASKED)

    assert_refused(report, "holder", "wrong-domain", "/proof/domain")


@pytest.mark.parametrize("claims", [{"nonce": "c-2"}, {}, {"nonce": ["c-1"]}])
def test_a_presentation_token_replayed_from_another_question(claims: JsonObject) -> None:
    report = verify(_presented_token(aud="college.example", **claims), **_ASKED)

    assert_refused(report, "holder", "wrong-challenge", "/nonce")


@pytest.mark.parametrize("claims", [{"aud": "employer.example"}, {"aud": []}, {}])
def test_a_presentation_token_made_for_another_reader(claims: JsonObject) -> None:
    assert_refused(verify(_presented_token(nonce="c-1", **claims), **_ASKED), "holder", "wrong-domain", "/aud")


def test_the_answer_beside_an_embedded_proof_does_not_count() -> None:
    document = signed(
        presentation(signed(badge()), **{"@context": [V2, {"nonce": "https://school.example/terms#nonce"}]}), "learner"
    )

    report = verify({**document, "nonce": "c-1"}, challenge="c-1")

    assert not report.verified
    assert problem_of(report, "holder").kind == "wrong-challenge"


def test_one_answering_proof_beside_one_that_does_not_answer() -> None:
    both = signed(_presented(**_ASKED), "learner", challenge="c-2", domain="college.example")

    report = verify(both, **_ASKED)

    assert_refused(report, "holder", "wrong-challenge", "/proof/1/challenge")


def test_an_older_presentation_that_somebody_wraps_in_a_token_of_their_own() -> None:
    stolen = _presented(challenge="for-another-reader", domain="employer.example")
    wrapped = token({**stolen, "nonce": "c-1", "aud": "college.example"}, "stranger")

    report = verify(wrapped, **_ASKED)

    assert check_of(report, "proof").outcome is CheckOutcome.PASSED
    assert_refused(report, "holder", "not-the-holder", "/holder")
    assert problem_of(report, "controller").kind == "not-the-controller"


def test_an_older_presentation_in_no_name_that_somebody_wraps_in_a_token_of_their_own() -> None:
    stolen = _presented(holder=None)
    wrapped = token({**stolen, "nonce": "c-1"}, "stranger")

    report = verify(wrapped, challenge="c-1")

    assert_doubted(report, "holder", "about-somebody-else", "/verifiableCredential/0")


def test_a_presentation_that_the_learner_wraps_in_a_token_of_their_own() -> None:
    wrapped = token({**_presented(), "nonce": "c-1", "aud": "college.example"}, "learner")

    assert_verified(verify(wrapped, **_ASKED))


def test_a_presentation_with_a_proof_for_issuing() -> None:
    report = verify(_presented(proofPurpose="assertionMethod"))

    assert_refused(report, "proof", "proof-purpose", "/proof/proofPurpose")


def test_a_presentation_signed_with_a_key_that_is_not_for_logging_in() -> None:
    holder = "did:web:learner.example"
    document = signed(presentation(signed(badge()), holder=holder), signer("learner", method=f"{holder}#learner"))

    report = verify(document, {holder: web_document("learner", did=holder)})

    assert_refused(report, "controller", "method-not-for-purpose", None)


def test_a_presentation_whose_key_nobody_vouches_for() -> None:
    method = f"{_HOLDER_PAGE}#{multikey('learner')}"
    subject = {**badge()["credentialSubject"], "id": _HOLDER_PAGE}
    document = presentation(signed(badge(credentialSubject=subject)), holder=_HOLDER_PAGE)

    report = verify(signed(document, signer("learner", method=method)))

    assert_doubted(report, "holder", "holder-unproved", None)
    assert problem_of(report, "controller").kind == "not-stored"


def test_a_presentation_signed_with_a_bare_key_on_the_holders_site_leaves_the_holder_unknown() -> None:
    payload = presentation(holder=_HOLDER_PAGE)
    sealed = token(payload, signer("learner", Algorithm.P256), kid="https://learner.example/key")

    report = verify(sealed, {"https://learner.example/key": signer("learner", Algorithm.P256).public_key.to_jwk()})

    assert_doubted(report, "holder", "holder-unproved", None)


def test_a_presentation_token_without_a_name_or_a_key() -> None:
    sealed = token(presentation(holder=None), "learner", kid=None)

    assert_doubted(verify(sealed), "proof", "no-key", None)


def test_a_presentation_with_a_bad_credential_inside() -> None:
    forged = {**signed(badge()), "name": "Forged"}

    report = verify(signed(presentation(signed(badge()), forged), "learner"))

    assert (report.own_outcome.value, report.outcome.value) == ("verified", "not_verified")
    assert_refused(report.credentials[1], "proof", "bad-signature", "/proof")


def test_a_presentation_with_an_unsigned_credential_inside() -> None:
    report = verify(signed(presentation(badge()), "learner"))

    assert not report.verified
    assert_refused(report.credentials[0], "proof", "no-proof", "/proof")


def test_a_presentation_with_a_credential_of_unknown_status_inside_is_unknown() -> None:
    document = badge(issuer={"id": "did:web:gone.example", "type": ["Profile"], "name": "A school"})
    sealed = signed(document, signer("school", method="did:web:gone.example#school"))

    report = verify(signed(presentation(sealed), "learner"))

    assert (report.own_outcome.value, report.outcome.value) == ("verified", "unknown")


@pytest.mark.parametrize("item", [None, 7, [], "not a token", "a.b.c"])
def test_a_presentation_of_what_is_no_credential(item: Any) -> None:
    document = presentation(verifiableCredential=[item])

    report = verify(token(document, "learner"))

    assert not report.verified
    assert check_of(report.credentials[0], "format").outcome is CheckOutcome.FAILED


def test_a_presentation_in_a_presentation_speaks_for_nobody() -> None:
    inner = _presented(**_ASKED)

    report = verify(signed(presentation(inner), "learner", **_ASKED), **_ASKED)

    assert not report.verified
    assert_refused(report.credentials[0], "format", "not-a-credential", None)


@pytest.mark.parametrize("holder", ["learner", "_:b0", {"name": "A learner"}, ["did:example:1"], None, 7])
def test_a_holder_that_is_not_named_by_a_url(holder: Any) -> None:
    report = verify({**_presented(), "holder": holder})

    assert_refused(report, "format", "vc-holder", "/holder")


def test_a_holder_named_after_signing() -> None:
    report = verify({**_presented("stranger", STRANGER), "holder": LEARNER})

    assert_refused(report, "proof", "bad-signature", "/proof")


def test_a_credential_put_into_a_signed_presentation() -> None:
    document = _presented(**_ASKED)
    document["verifiableCredential"].append(signed(badge(id="urn:uuid:another")))

    assert_refused(verify(document, **_ASKED), "proof", "bad-signature", "/proof")


def test_one_credential_need_not_stand_in_a_list() -> None:
    document = presentation(verifiableCredential=signed(badge()))

    report = verify(signed(document, "learner"))

    assert_verified(report)
    assert report.credentials[0].pointer == "/verifiableCredential"


def test_a_credential_about_several_people_may_be_presented_by_one_of_them() -> None:
    people = [badge()["credentialSubject"], {**badge()["credentialSubject"], "id": STRANGER}]

    assert_verified(verify(signed(presentation(signed(badge(credentialSubject=people))), "learner")))


def test_the_issuer_of_a_credential_is_not_its_learner() -> None:
    assert_doubted(verify(_presented("school", SCHOOL)), "holder", "about-somebody-else", "/verifiableCredential/0")
