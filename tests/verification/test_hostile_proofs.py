"""Proofs that are missing, altered, borrowed, outdated or of unknown kinds."""

from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.multikey import Algorithm, decode_base58btc, encode_base58btc, encode_base64url
from intaglio.verification.report import CheckOutcome
from tests.verification.builders import (
    SCHOOL,
    STRANGER,
    V2,
    assert_doubted,
    assert_refused,
    assert_verified,
    badge,
    check_of,
    problem_of,
    signed,
    signer,
    verify,
)


def _with_proof(document: JsonObject, **changes: Any) -> JsonObject:
    proof = {**document["proof"], **changes}
    return {**document, "proof": {name: value for name, value in proof.items() if value is not None}}


def _unknown_proof() -> JsonObject:
    proof: JsonObject = signed(badge())["proof"]
    return {**proof, "cryptosuite": "quantum-rdfc-2031"}


def test_a_badge_without_any_proof() -> None:
    report = verify(badge())

    assert_refused(report, "proof", "no-proof", "/proof")
    assert problem_of(report, "controller").kind == "no-proof-holds"


def test_an_empty_list_of_proofs_is_not_trivially_valid() -> None:
    assert_refused(verify(badge(proof=[])), "proof", "no-proof", "/proof")


@pytest.mark.parametrize("proof", ["signed", 1, True, ["signed"], [[]]])
def test_a_proof_that_is_no_object(proof: Any) -> None:
    report = verify(badge(proof=proof))

    assert_refused(report, "proof", "proof-list", "/proof")
    assert problem_of(report, "format").kind == "proof-list"


def test_a_proof_that_is_null() -> None:
    report = verify({**badge(), "proof": None})

    assert_refused(report, "proof", "no-proof", "/proof")


def test_more_proofs_than_are_checked() -> None:
    document = signed(badge())

    assert_refused(verify({**document, "proof": [document["proof"]] * 33}), "proof", "proof-list", "/proof")


def test_one_bad_proof_in_a_set_of_good_ones() -> None:
    document = signed(signed(badge()), created="2026-09-02T08:00:00Z")
    document["proof"][1]["created"] = "2026-09-03T08:00:00Z"

    assert_refused(verify(document), "proof", "bad-signature", "/proof/1")


def test_a_bad_proof_before_a_good_one() -> None:
    document = signed(badge())
    forged = {**document["proof"], "proofValue": signed(badge(name="Another"))["proof"]["proofValue"]}

    assert_refused(verify({**document, "proof": [forged, document["proof"]]}), "proof", "bad-signature", "/proof/0")


def test_every_bad_proof_of_a_set_is_named() -> None:
    document = signed(signed(badge()))
    for proof in document["proof"]:
        proof["proofPurpose"] = "authentication"
    check = check_of(verify(document), "proof")

    assert check.problem is not None
    places = [check.problem.pointer, *(problem.pointer for problem in check.further)]
    assert places == ["/proof/0/proofPurpose", "/proof/1/proofPurpose"]


def test_two_good_proofs_are_a_set() -> None:
    assert_verified(verify(signed(signed(badge()), created="2026-09-02T08:00:00Z")))


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_proof_that_has_run_out(suite: str) -> None:
    document = signed(badge(), suite=suite, expires="2026-10-01T00:00:00Z")

    assert_refused(verify(document), "proof", "proof-expired", "/proof/expires")


def test_a_proof_runs_out_at_the_very_moment_that_it_states() -> None:
    assert_refused(verify(signed(badge(), expires="2026-11-22T00:00:00Z")), "proof", "proof-expired", "/proof/expires")
    assert_verified(verify(signed(badge(), expires="2026-11-22T00:00:01Z")))


def test_an_expiry_moved_into_the_future_after_signing() -> None:
    document = _with_proof(signed(badge(), expires="2026-10-01T00:00:00Z"), expires="2036-10-01T00:00:00Z")

    assert_refused(verify(document), "proof", "bad-signature", "/proof")


@pytest.mark.parametrize("name", ["created", "expires"])
def test_a_time_in_a_proof_that_is_no_time(name: str) -> None:
    document = _with_proof(signed(badge()), **{name: "yesterday"})

    assert_refused(verify(document), "proof", "bad-time", f"/proof/{name}")


def test_a_signature_in_another_base_than_the_suites() -> None:
    document = signed(badge())
    value = "u" + encode_base64url(decode_base58btc(document["proof"]["proofValue"]))

    assert_refused(verify(_with_proof(document, proofValue=value)), "proof", "bad-multibase", "/proof/proofValue")


@pytest.mark.parametrize("value", [None, 7, "", "z", "z0OIl", "z" + "2" * 1000, ["z3"]])
def test_a_signature_that_is_none(value: Any) -> None:
    document = _with_proof(signed(badge()), proofValue=value)
    kind = "bad-signature" if value == "z" else "bad-multibase"

    assert_refused(verify(document), "proof", kind, "/proof" if value == "z" else "/proof/proofValue")


def test_a_signature_with_one_bit_turned() -> None:
    document = signed(badge())
    value = bytearray(decode_base58btc(document["proof"]["proofValue"]))
    value[7] ^= 1

    assert_refused(
        verify(_with_proof(document, proofValue=encode_base58btc(bytes(value)))), "proof", "bad-signature", "/proof"
    )


def test_a_signature_with_a_byte_behind_it() -> None:
    document = signed(badge())
    value = decode_base58btc(document["proof"]["proofValue"]) + b"\0"

    assert_refused(
        verify(_with_proof(document, proofValue=encode_base58btc(value))), "proof", "bad-signature", "/proof"
    )


def test_a_proof_borrowed_from_another_badge() -> None:
    assert_refused(
        verify({**badge(name="Forged"), "proof": signed(badge())["proof"]}), "proof", "bad-signature", "/proof"
    )


def test_a_credential_with_a_proof_for_logging_in() -> None:
    document = signed(badge(), proofPurpose="authentication")

    assert_refused(verify(document), "proof", "proof-purpose", "/proof/proofPurpose")


def test_a_login_proof_renamed_to_an_assertion() -> None:
    document = _with_proof(signed(badge(), proofPurpose="authentication"), proofPurpose="assertionMethod")

    assert_refused(verify(document), "proof", "bad-signature", "/proof")


@pytest.mark.parametrize("name", ["verificationMethod", "proofPurpose"])
def test_a_proof_that_leaves_out_what_it_must_state(name: str) -> None:
    document = _with_proof(signed(badge()), **{name: None})

    assert_refused(verify(document), "proof", "proof-incomplete", f"/proof/{name}")


@pytest.mark.parametrize("changes", [{"type": None}, {"cryptosuite": None}, {"cryptosuite": 7}, {"type": ["X"]}])
def test_a_proof_that_does_not_say_what_it_is(changes: JsonObject) -> None:
    assert_refused(verify(_with_proof(signed(badge()), **changes)), "proof", "proof-suite", "/proof/type")


def test_a_proof_with_a_context_of_its_own() -> None:
    document = _with_proof(signed(badge()), **{"@context": [V2]})

    assert_refused(verify(document), "proof", "proof-context", "/proof")


def test_a_jcs_proof_with_contexts_put_before_its_own() -> None:
    document = signed(badge(), suite="eddsa-jcs-2022")
    document["@context"] = [V2, V2, *document["@context"][1:]]

    assert_refused(verify(document), "proof", "proof-context", "/proof")


def test_a_member_added_to_a_proof() -> None:
    assert_refused(verify(_with_proof(signed(badge()), nonce="again")), "proof", "bad-signature", "/proof")


def test_a_proof_with_a_member_that_nothing_defines() -> None:
    report = verify(_with_proof(signed(badge()), intention="good"))

    assert_refused(report, "proof", "undefined-term", "/proof/intention")


def test_a_p256_key_under_an_ed25519_suite() -> None:
    method = signer("school", Algorithm.P256).verification_method

    assert_refused(
        verify(_with_proof(signed(badge()), verificationMethod=method)), "proof", "wrong-key-for-suite", "/proof"
    )


@pytest.mark.parametrize(
    "method", ["", "school", "did:key:0", "https://school.example/issuer", SCHOOL + "#a#b", "did:web:a b#c"]
)
def test_a_verification_method_that_names_no_key(method: str) -> None:
    report = verify(_with_proof(signed(badge()), verificationMethod=method))

    assert check_of(report, "proof").outcome is CheckOutcome.FAILED
    assert problem_of(report, "proof").kind in ("bad-identifier", "bad-public-key", "bad-multibase")
    assert not report.verified


def test_a_verification_method_of_megabytes() -> None:
    method = f"{SCHOOL}#{'z' * 5_000_000}"

    assert_refused(verify(_with_proof(signed(badge()), verificationMethod=method)), "proof", "bad-identifier", "/proof")


def test_a_proof_of_an_unknown_suite_alone_is_unknown() -> None:
    report = verify(badge(proof=_unknown_proof()))

    assert_doubted(report, "proof", "unknown-suite", "/proof")
    assert problem_of(report, "controller").kind == "no-proof-holds"


def test_a_proof_of_an_unknown_suite_beside_a_good_one_is_noted() -> None:
    document = signed(badge())
    report = verify({**document, "proof": [_unknown_proof(), document["proof"]]})

    assert_verified(report)
    note = "1 of 2 proofs could not be checked. We cannot check proofs of the kind “quantum-rdfc-2031”."
    assert check_of(report, "proof").note == note


def test_a_proof_of_an_unknown_suite_does_not_excuse_a_bad_one() -> None:
    document = {**signed(badge()), "name": "Forged"}

    report = verify({**document, "proof": [_unknown_proof(), document["proof"]]})

    assert_refused(report, "proof", "bad-signature", "/proof/1")


def test_a_good_proof_by_a_stranger_beside_that_of_the_issuer_is_noted() -> None:
    report = verify(signed(signed(badge()), "stranger"))

    assert_verified(report)
    assert check_of(report, "controller").note == f"Others signed it too: “{STRANGER}”."


def test_a_chain_whose_first_proof_was_taken_away() -> None:
    document = signed(signed(badge(), id="urn:uuid:1"), previousProof="urn:uuid:1")
    assert_verified(verify(document))

    assert_refused(
        verify({**document, "proof": document["proof"][1]}), "proof", "previous-proof-missing", "/proof/previousProof"
    )


def test_a_chain_whose_first_proof_is_bad() -> None:
    document = signed(signed(badge(), id="urn:uuid:1"), previousProof="urn:uuid:1")
    document["proof"][0]["created"] = "2026-09-03T08:00:00Z"
    check = check_of(verify(document), "proof")

    assert check.outcome is CheckOutcome.FAILED
    assert check.problem is not None
    assert [check.problem.kind, *(problem.kind for problem in check.further)] == ["bad-signature", "bad-signature"]


def test_proofs_that_build_on_each_other_in_a_circle() -> None:
    document = signed(badge())
    first = {**document["proof"], "id": "urn:uuid:1", "previousProof": "urn:uuid:2"}
    second = {**document["proof"], "id": "urn:uuid:2", "previousProof": "urn:uuid:1"}

    report = verify({**document, "proof": [first, second]})

    assert check_of(report, "proof").outcome is CheckOutcome.FAILED
    assert not report.verified
