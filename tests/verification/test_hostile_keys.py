"""Signatures that are right, under keys that prove nothing, or not what they should."""

from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.verification.report import CheckOutcome, Report
from tests.verification.builders import (
    SCHOOL,
    STRANGER,
    WEB,
    assert_doubted,
    assert_refused,
    assert_verified,
    badge,
    check_of,
    multikey,
    problem_of,
    signed,
    signer,
    verify,
    web_badge,
    web_document,
)

_PAGE = "https://school.example/issuers/1"
_ELSEWHERE = "did:web:elsewhere.example"


def _controlled(document: JsonObject, **elsewhere: Any) -> Report:
    """Verify a badge of the school's did:web, against a controller document."""
    return verify(web_badge(), {WEB: document, **elsewhere})


def _with_method(**changes: Any) -> JsonObject:
    """Return the school's controller document with changes to its only key; None takes a member away."""
    document = web_document("school")
    method = {**document["verificationMethod"][0], **changes}
    return {**document, "verificationMethod": [{name: value for name, value in method.items() if value is not None}]}


def test_a_key_that_its_controller_lists_for_assertions_proves_the_issuer() -> None:
    assert_verified(_controlled(web_document("school")))


def test_an_issuer_who_signed_with_somebody_elses_key() -> None:
    report = verify(signed(badge(), "stranger"))

    assert_refused(report, "controller", "not-the-controller", "/proof")
    assert f"It was signed by “{STRANGER}”, but names “{SCHOOL}”." in problem_of(report, "controller").detail
    assert check_of(report, "proof").outcome is CheckOutcome.PASSED


def test_an_issuer_named_after_sealing() -> None:
    document = signed(badge(issuer={"id": STRANGER, "type": ["Profile"]}), "stranger")
    document["issuer"]["id"] = SCHOOL

    assert_refused(verify(document), "proof", "bad-signature", "/proof")


def test_a_key_that_is_listed_for_no_purpose() -> None:
    report = _controlled({**web_document("school"), "assertionMethod": []})

    assert_refused(report, "controller", "method-not-for-purpose", None)
    assert check_of(report, "proof").outcome is CheckOutcome.PASSED


@pytest.mark.parametrize("purpose", ["authentication", "keyAgreement", "capabilityInvocation"])
def test_a_key_that_is_listed_for_another_purpose(purpose: str) -> None:
    assert_refused(_controlled(web_document("school", purpose=purpose)), "controller", "method-not-for-purpose")


def test_a_key_that_is_not_for_assertions_beside_one_that_is() -> None:
    document = web_document("school", "learner", assertionMethod=[f"{WEB}#school"])
    issuer = {"id": WEB, "type": ["Profile"], "name": "A school"}
    first = signed(badge(issuer=issuer), signer("school", method=f"{WEB}#school"))
    both = signed(first, signer("learner", method=f"{WEB}#learner"))

    assert_verified(verify(first, {WEB: document}))
    assert_refused(verify(both, {WEB: document}), "controller", "method-not-for-purpose")


def test_a_key_that_is_not_listed_at_all() -> None:
    report = _controlled(web_document("learner"))

    assert_refused(report, "proof", "method-not-found", "/proof")


def test_a_key_that_was_replaced_under_its_name() -> None:
    report = _controlled(_with_method(publicKeyMultibase=multikey("stranger")))

    assert_refused(report, "proof", "bad-signature", "/proof")


def test_a_key_that_its_document_says_belongs_to_another() -> None:
    report = _controlled(_with_method(controller=_ELSEWHERE))

    assert_refused(report, "controller", "method-of-another-controller")


def test_a_strangers_key_that_is_listed_under_the_strangers_own_name() -> None:
    document = web_document("school")
    document["verificationMethod"][0]["id"] = f"{_ELSEWHERE}#school"
    document["assertionMethod"] = [f"{_ELSEWHERE}#school"]

    assert_refused(_controlled(document), "proof", "method-not-found", "/proof")


def test_a_key_whose_controller_is_left_open() -> None:
    assert_refused(_controlled(_with_method(controller=None)), "proof", "bad-verification-method", "/proof")


def test_a_controller_document_that_is_somebody_elses() -> None:
    report = _controlled({**web_document("school"), "id": _ELSEWHERE})

    assert_refused(report, "proof", "controller-document-id", "/proof")


def test_a_controller_document_that_gives_one_name_to_two_keys() -> None:
    document = web_document("school")
    document["verificationMethod"].append(
        {**document["verificationMethod"][0], "publicKeyMultibase": multikey("stranger")}
    )

    assert_refused(_controlled(document), "proof", "bad-controller-document", "/proof")


def test_a_controller_document_that_is_no_json() -> None:
    assert_refused(verify(web_badge(), {WEB: b"<html>"}), "proof", "bad-controller-document", "/proof")


def test_a_controller_who_published_the_private_key() -> None:
    assert_refused(_controlled(_with_method(secretKeyMultibase="z3u2")), "proof", "bad-public-key", "/proof")


def test_a_key_that_was_retired_before_it_signed() -> None:
    report = _controlled(_with_method(expires="2026-08-31T00:00:00Z"))

    assert_refused(report, "controller", "key-expired", "/proof")
    assert check_of(report, "proof").outcome is CheckOutcome.PASSED


def test_a_key_that_was_retired_after_it_signed_still_proves_the_issuer() -> None:
    assert_verified(_controlled(_with_method(expires="2026-09-02T00:00:00Z")))


def test_a_retired_key_without_a_word_about_when_it_signed() -> None:
    report = verify(web_badge(), {WEB: _with_method(expires="2026-11-01T00:00:00Z")})
    assert_verified(report)
    undated = signed(
        badge(issuer={"id": WEB, "type": ["Profile"]}), signer("school", method=f"{WEB}#school"), created=None
    )

    assert_refused(
        verify(undated, {WEB: _with_method(expires="2026-11-01T00:00:00Z")}), "controller", "key-expired", "/proof"
    )


def test_a_key_that_was_revoked_leaves_the_issuer_unknown() -> None:
    report = _controlled(_with_method(revoked="2026-10-01T00:00:00Z"))

    assert_doubted(report, "controller", "key-revoked", "/proof")


def test_a_key_that_will_be_revoked_later_is_good() -> None:
    assert_verified(_controlled(_with_method(revoked="2027-10-01T00:00:00Z")))


def test_a_controller_document_that_cannot_be_had_leaves_the_proof_unknown() -> None:
    report = verify(web_badge())

    assert_doubted(report, "proof", "not-stored", "/proof")
    assert problem_of(report, "controller").kind == "no-proof-holds"


def test_a_key_in_the_fragment_of_an_address_that_does_not_answer_vouches_for_nobody() -> None:
    document = badge(issuer={"id": _PAGE, "type": ["Profile"], "name": "A school"})
    sealed = signed(document, signer("stranger", method=f"{_PAGE}#{multikey('stranger')}"))

    report = verify(sealed)

    assert check_of(report, "proof").outcome is CheckOutcome.PASSED
    assert_doubted(report, "controller", "not-stored", None)
    assert verify(sealed, only=frozenset({"proof"})).verified


def test_a_key_in_the_fragment_of_an_address_that_answers_without_it() -> None:
    document = badge(issuer={"id": _PAGE, "type": ["Profile"], "name": "A school"})
    sealed = signed(document, signer("stranger", method=f"{_PAGE}#{multikey('stranger')}"))

    report = verify(sealed, {_PAGE: web_document("school", did=_PAGE)})

    assert_refused(report, "proof", "method-not-found", "/proof")


def test_a_controller_document_at_an_https_address_proves_the_issuer() -> None:
    document = badge(issuer={"id": _PAGE, "type": ["Profile"], "name": "A school"})
    sealed = signed(document, signer("school", method=f"{_PAGE}#school"))

    assert_verified(verify(sealed, {_PAGE: web_document("school", did=_PAGE)}))


def test_a_bare_key_at_the_address_of_an_embedded_proof_names_no_other_issuer() -> None:
    document = badge(issuer={"id": WEB, "type": ["Profile"], "name": "A school"})
    sealed = signed(document, signer("stranger", method="https://elsewhere.example/key#1"))

    report = verify(sealed, {"https://elsewhere.example/key": signer("stranger").public_key.to_jwk()})

    assert_doubted(report, "controller", "nobody-vouches", None)


def test_a_did_method_that_we_do_not_know_is_unknown() -> None:
    document = badge(issuer={"id": "did:ion:abc", "type": ["Profile"], "name": "A school"})
    sealed = signed(document, signer("stranger", method="did:ion:abc#key-1"))

    assert_doubted(verify(sealed), "proof", "unknown-did-method", "/proof")


def test_a_did_of_an_unknown_method_with_the_key_in_its_fragment_vouches_for_nobody() -> None:
    document = badge(issuer={"id": "did:ion:abc", "type": ["Profile"], "name": "A school"})
    sealed = signed(document, signer("stranger", method=f"did:ion:abc#{multikey('stranger')}"))

    assert_doubted(verify(sealed), "controller", "unknown-did-method", None)


def test_doubts_about_one_proof_do_not_hide_that_another_is_a_strangers() -> None:
    first = signed(badge(), "stranger")
    both = signed(first, signer("stranger", method=f"{_PAGE}#{multikey('stranger')}"))

    report = verify(both)

    assert_doubted(report, "controller", "not-stored", None)


def test_the_did_of_the_issuer_in_other_letters_is_another_did() -> None:
    document = badge(issuer={"id": "did:web:School.example", "type": ["Profile"], "name": "A school"})
    sealed = signed(document, signer("school", method=f"{WEB}#school"))

    assert_refused(verify(sealed, {WEB: web_document("school")}), "controller", "not-the-controller", "/proof")


def test_a_controller_that_is_also_known_as_the_issuer_is_not_the_issuer() -> None:
    document = badge(issuer={"id": "https://ministry.example/", "type": ["Profile"], "name": "A ministry"})
    sealed = signed(document, signer("school", method=f"{WEB}#school"))
    claims = web_document("school", alsoKnownAs=["https://ministry.example/"])

    assert_refused(verify(sealed, {WEB: claims}), "controller", "not-the-controller", "/proof")
