import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.errors import NotSealable, SigningFailed, Unsupported
from intaglio.multikey import Algorithm
from intaglio.sealing.plan import SealPlan
from intaglio.sealing.prepare import SealingDesk
from tests.sealing.desks import JCS, NOW, RDFC, TOKEN, header_of, payload_of, plans_for, prepare, seal
from tests.verification.builders import WEB, assert_verified, badge, did, signer, verify, web_document

SUITES = {
    "eddsa-rdfc-2022": Algorithm.ED25519,
    "eddsa-jcs-2022": Algorithm.ED25519,
    "ecdsa-rdfc-2019": Algorithm.P256,
    "ecdsa-jcs-2019": Algorithm.P384,
}


@pytest.mark.parametrize(("suite", "algorithm"), SUITES.items())
def test_what_is_sealed_by_a_suite_verifies_and_states_its_time(suite: str, algorithm: Algorithm) -> None:
    by = signer("school", algorithm)
    sealed = seal(badge(issuer=did("school", algorithm)), {"suite": suite}, by=by)
    assert_verified(verify(sealed))
    proof = json.loads(sealed)["proof"]
    assert proof["cryptosuite"] == suite
    assert proof["created"] == "2026-09-01T08:00:00Z"
    assert proof["proofPurpose"] == "assertionMethod"
    assert proof["verificationMethod"] == by.verification_method


@pytest.mark.parametrize(("suite", "algorithm"), SUITES.items())
def test_the_same_credential_at_the_same_time_gets_the_same_bytes(suite: str, algorithm: Algorithm) -> None:
    document, by = badge(issuer=did("school", algorithm)), signer("school", algorithm)
    assert seal(document, {"suite": suite}, by=by) == seal(document, {"suite": suite}, by=by)


@pytest.mark.parametrize(
    ("alg", "algorithm"), [("EdDSA", Algorithm.ED25519), ("ES256", Algorithm.P256), ("ES384", Algorithm.P384)]
)
def test_a_token_of_vc_jose_cose_is_the_credential_itself(alg: str, algorithm: Algorithm) -> None:
    document, by = badge(issuer=did("school", algorithm)), signer("school", algorithm)
    sealed = seal(document, {"jwt": alg}, by=by)
    assert_verified(verify(sealed))
    assert header_of(sealed) == {"alg": alg, "typ": "vc+jwt", "kid": by.verification_method}
    assert payload_of(sealed) == document
    assert sealed == seal(document, {"jwt": alg}, by=by)


def test_an_open_badges_token_repeats_the_badge_in_its_claims_and_brings_its_key() -> None:
    by = signer("school", Algorithm.RSA)
    issuer = did("school", Algorithm.RSA)
    document = badge(issuer={"id": issuer, "type": ["Profile"], "name": "A"}, validUntil="2030-01-01T00:00:00.7Z")
    sealed = seal(document, {"jwt": "RS256"}, by=by)
    assert_verified(verify(sealed))
    assert header_of(sealed) == {
        "alg": "RS256",
        "typ": "JWT",
        "kid": by.verification_method,
        "jwk": by.public_key.to_jwk(),
    }
    claims = {
        "iss": issuer,
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": 1780272000,
        "exp": 1893456000,
    }
    assert payload_of(sealed) == {**document, **claims}


def test_an_open_badges_token_under_a_web_address_brings_no_key_along() -> None:
    by = signer("school", Algorithm.RSA, method=f"{WEB}#rsa")
    sealed = seal(badge(issuer=WEB), {"jwt": "RS256"}, by=by)
    assert "jwk" not in header_of(sealed)


def test_a_learner_named_in_words_gives_the_token_no_subject() -> None:
    by = signer("school", Algorithm.RSA)
    name = {"type": "IdentityObject", "hashed": False, "identityHash": "Robin", "identityType": "name"}
    subject = {**badge()["credentialSubject"], "identifier": [name]}
    del subject["id"]
    sealed = seal(badge(issuer=did("school", Algorithm.RSA), credentialSubject=subject), {"jwt": "RS256"}, by=by)
    assert "sub" not in payload_of(sealed)
    assert_verified(verify(sealed))


def test_two_keys_make_a_proof_set_of_which_both_proofs_hold() -> None:
    first, second = (
        signer("school", method=f"{WEB}#school"),
        signer("school", Algorithm.P256, method=f"{WEB}#p256"),
    )
    plans = [SealPlan.of(first, suite="eddsa-rdfc-2022"), SealPlan.of(second, suite="ecdsa-rdfc-2019")]
    sealed = SealingDesk().prepare(badge(issuer=WEB), plans, created=NOW).seal([first, second])
    assert [proof["verificationMethod"] for proof in json.loads(sealed)["proof"]] == [f"{WEB}#school", f"{WEB}#p256"]
    document = web_document("school")
    document["verificationMethod"].append(
        {
            "id": f"{WEB}#p256",
            "type": "Multikey",
            "controller": WEB,
            "publicKeyMultibase": second.public_key.to_multikey(),
        }
    )
    document["assertionMethod"].append(f"{WEB}#p256")
    documents = {"https://school.example/.well-known/did.json": document, WEB: document}
    assert_verified(verify(sealed, documents))


def test_one_key_may_seal_in_several_forms_and_the_token_comes_last() -> None:
    sealed = seal(badge(), RDFC, JCS, TOKEN)
    assert len(payload_of(sealed)["proof"]) == 2
    assert_verified(verify(sealed))


@pytest.mark.parametrize("forms", [(TOKEN, RDFC), (TOKEN, TOKEN), (RDFC, TOKEN, JCS)], ids=str)
def test_a_token_anywhere_but_last_is_refused(forms: tuple[dict[str, str], ...]) -> None:
    with pytest.raises(SigningFailed) as caught:
        prepare(badge(), *forms)
    assert caught.value.problem.kind == "seal-form"


def test_no_plan_at_all_is_refused() -> None:
    with pytest.raises(SigningFailed) as caught:
        SealingDesk().prepare(badge(), [], created=NOW)
    assert caught.value.problem.kind == "seal-form"


def test_one_verification_method_for_keys_of_two_kinds_is_refused() -> None:
    plans = [
        SealPlan(Algorithm.ED25519, f"{WEB}#key", suite="eddsa-rdfc-2022"),
        SealPlan(Algorithm.P256, f"{WEB}#key", suite="ecdsa-rdfc-2019"),
    ]
    with pytest.raises(SigningFailed) as caught:
        SealingDesk().prepare(badge(issuer=WEB), plans, created=NOW)
    assert caught.value.problem.kind == "seal-form"


def test_two_keys_of_one_kind_under_one_verification_method_do_not_get_out() -> None:
    first, second = (signer(name, method=f"{WEB}#key") for name in ("school", "stranger"))
    prepared = prepare(badge(issuer=WEB), RDFC, JCS, by=first)
    with pytest.raises(NotSealable) as caught:
        prepared.seal([first, second])
    assert caught.value.problem.kind == "bad-signature"


def test_thirty_three_proofs_are_too_many() -> None:
    with pytest.raises(NotSealable) as caught:
        prepare(badge(), *[JCS] * 33)
    assert caught.value.problem.kind == "proof-list"


@given(name=st.text(), other=st.text(min_size=1))
@settings(max_examples=20, deadline=None)
def test_any_text_seals_and_verifies_and_no_other_text_fits_its_seal(name: str, other: str) -> None:
    document = badge(name=name)
    try:
        sealed = json.loads(seal(document))
    except NotSealable as error:
        assert all(problem.pointer == "/name" for problem in error.problems)  # noqa: PT017
        return
    assert_verified(verify(sealed))
    if other != name:
        assert not verify({**sealed, "name": other}).verified


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ({}, "seal-form"),
        ({"suite": "eddsa-rdfc-2022", "jwt": "EdDSA"}, "seal-form"),
        ({"suite": "Ed25519Signature2020"}, "unknown-suite"),
        ({"suite": "ecdsa-sd-2023"}, "unknown-suite"),
        ({"jwt": "none"}, "unknown-algorithm"),
        ({"jwt": "HS256"}, "unknown-algorithm"),
        ({"jwt": "Ed25519"}, "unknown-algorithm"),
    ],
    ids=str,
)
def test_a_plan_for_no_known_form_cannot_be_made(form: dict[str, str], kind: str) -> None:
    with pytest.raises(Unsupported) as caught:
        plans_for(signer("school"), form)
    assert caught.value.problem.kind == kind
