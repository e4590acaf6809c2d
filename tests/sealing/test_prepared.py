import base64
import copy
import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.custody.local import LocalSigner, generate
from intaglio.documents import JsonObject
from intaglio.errors import NotSealable, SigningFailed, Unsupported
from intaglio.multikey import Algorithm, PublicKey, did_key
from intaglio.sealing import prepare as prepare_module
from intaglio.sealing.plan import SealPlan
from intaglio.sealing.prepare import SealingDesk
from intaglio.verification.report import Report, Role
from tests.sealing.desks import JCS, NOW, RDFC, TOKEN, plans_for, prepare, seal
from tests.verification.builders import SCHOOL, WEB, assert_verified, badge, did, signer, verify, web_document

SUITES = {
    "eddsa-rdfc-2022": Algorithm.ED25519,
    "eddsa-jcs-2022": Algorithm.ED25519,
    "ecdsa-rdfc-2019": Algorithm.P256,
    "ecdsa-jcs-2019": Algorithm.P384,
}


def _payload(compact: bytes) -> JsonObject:
    part = compact.split(b".")[1]
    payload: JsonObject = json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))
    return payload


def _header(compact: bytes) -> JsonObject:
    return _payload(b"." + compact.partition(b".")[0])


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
    assert _header(sealed) == {"alg": alg, "typ": "vc+jwt", "kid": by.verification_method}
    assert _payload(sealed) == document
    assert sealed == seal(document, {"jwt": alg}, by=by)


def test_an_open_badges_token_repeats_the_badge_in_its_claims_and_brings_its_key() -> None:
    by = signer("school", Algorithm.RSA)
    issuer = did("school", Algorithm.RSA)
    document = badge(issuer={"id": issuer, "type": ["Profile"], "name": "A"}, validUntil="2030-01-01T00:00:00.7Z")
    sealed = seal(document, {"jwt": "RS256"}, by=by)
    assert_verified(verify(sealed))
    assert _header(sealed) == {
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
    assert _payload(sealed) == {**document, **claims}


def test_an_open_badges_token_under_a_web_address_brings_no_key_along() -> None:
    by = signer("school", Algorithm.RSA, method=f"{WEB}#rsa")
    sealed = seal(badge(issuer=WEB), {"jwt": "RS256"}, by=by)
    assert "jwk" not in _header(sealed)


def test_a_learner_named_in_words_gives_the_token_no_subject() -> None:
    by = signer("school", Algorithm.RSA)
    name = {"type": "IdentityObject", "hashed": False, "identityHash": "Robin", "identityType": "name"}
    subject = {**badge()["credentialSubject"], "identifier": [name]}
    del subject["id"]
    sealed = seal(badge(issuer=did("school", Algorithm.RSA), credentialSubject=subject), {"jwt": "RS256"}, by=by)
    assert "sub" not in _payload(sealed)
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
    assert len(_payload(sealed)["proof"]) == 2
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


def test_a_preparation_is_redeemed_once() -> None:
    prepared = prepare(badge())
    prepared.seal([signer("school")])
    with pytest.raises(SigningFailed) as caught:
        prepared.seal([signer("school")])
    assert caught.value.problem.kind == "already-sealed"


@pytest.mark.parametrize(
    "signers",
    [
        [],
        [signer("stranger")],
        [signer("school", Algorithm.P256)],
        [signer("school", method=f"{WEB}#school")],
        [signer("school"), signer("school")],
    ],
    ids=["none", "another key", "another kind", "another name", "one too many"],
)
def test_other_keys_than_the_planned_ones_are_refused_and_nothing_is_redeemed(signers: list[LocalSigner]) -> None:
    prepared = prepare(badge())
    with pytest.raises(SigningFailed) as caught:
        prepared.seal(signers)
    assert caught.value.problem.kind == "not-the-planned-key"
    assert prepared.seal([signer("school")])


def test_what_was_prepared_is_what_is_sealed_whatever_becomes_of_the_dict() -> None:
    document = badge()
    before = copy.deepcopy(document)
    prepared = prepare(document)
    document["name"] = "Grand Prize"
    document["credentialSubject"]["achievement"]["name"] = "Grand Prize"
    document["@context"].clear()
    sealed = json.loads(prepared.seal([signer("school")]))
    del sealed["proof"]
    assert sealed == before


def test_preparing_and_sealing_change_nothing_in_the_dict() -> None:
    document = badge()
    before = copy.deepcopy(document)
    seal(document, RDFC, TOKEN)
    assert document == before


def test_the_throwaway_key_signs_once_per_key_and_is_nowhere_in_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def spy(algorithm: Algorithm, **options: Any) -> Any:
        made.append(generate(algorithm, **options))
        return made[-1]

    monkeypatch.setattr(prepare_module, "generate", spy)
    sealed = seal(badge(), RDFC, JCS, TOKEN)
    assert len(made) == 1
    throwaway = PublicKey.from_cryptography(made[0].public_key())
    texts = [sealed.decode(), json.dumps(_payload(sealed)), json.dumps(_header(sealed))]
    signature = verify(sealed)  # by the school's key, which is not the throwaway
    assert_verified(signature)
    assert throwaway.to_multikey() not in "".join(texts)
    assert throwaway.to_jwk()["x"] not in "".join(texts)


def test_the_real_key_is_not_used_for_what_fails_the_rehearsal() -> None:
    by = _Counting(signer("school"))
    with pytest.raises(NotSealable):
        prepare(badge(nickname="CT"), by=by)
    prepared = prepare(badge(), by=by)
    assert by.signed == []
    prepared.seal([by])
    assert len(by.signed) == 1


@pytest.mark.parametrize("form", [RDFC, JCS, TOKEN], ids=str)
def test_a_did_key_of_somebody_else_is_found_out_under_the_true_key(form: dict[str, str]) -> None:
    impostor = replace(signer("stranger"), verification_method=signer("school").verification_method)
    prepared = prepare(badge(), form, by=impostor)
    with pytest.raises(NotSealable) as caught:
        prepared.seal([impostor])
    assert caught.value.problem.kind == "bad-signature"


def test_a_did_jwk_of_somebody_else_is_found_out_under_the_true_key() -> None:
    own = signer("school", Algorithm.RSA)
    impostor = replace(signer("stranger", Algorithm.RSA), verification_method=own.verification_method)
    prepared = prepare(badge(issuer=did("school", Algorithm.RSA)), {"jwt": "RS256"}, by=impostor)
    with pytest.raises(NotSealable) as caught:
        prepared.seal([impostor])
    assert caught.value.problem.kind in {"bad-signature", "key-mismatch"}


@pytest.mark.parametrize("garbage", [b"", b"\0" * 64, b"x" * 64, b"x" * 5000], ids=len)
@pytest.mark.parametrize("form", [RDFC, JCS, TOKEN], ids=str)
@pytest.mark.parametrize("method", [None, f"{WEB}#school"])
def test_a_signer_that_signs_garbage_is_caught_before_anything_leaves(
    form: dict[str, str], garbage: bytes, method: str | None
) -> None:
    by = _Counting(signer("school", method=method), answer=garbage)
    prepared = prepare(badge(issuer=SCHOOL if method is None else WEB), form, by=by)
    with pytest.raises(NotSealable):
        prepared.seal([by])


def test_a_signer_that_fails_says_why_and_the_preparation_is_spent() -> None:
    class Unplugged(_Counting):
        def sign(self, message: bytes) -> bytes:
            raise SigningFailed("key-file-missing", "The token was pulled out.")

    by = Unplugged(signer("school"))
    prepared = prepare(badge(), by=by)
    with pytest.raises(SigningFailed) as caught:
        prepared.seal([by])
    assert caught.value.problem.detail == "The token was pulled out."
    with pytest.raises(SigningFailed) as caught:
        prepared.seal([by])
    assert caught.value.problem.kind == "already-sealed"


def test_a_check_that_nobody_made_is_a_reason_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = Report(Role.CREDENTIAL, (), frozenset())
    monkeypatch.setattr(prepare_module.Verifier, "verify", lambda *_: empty)
    with pytest.raises(NotSealable) as caught:
        prepare(badge())
    assert caught.value.problem.kind == "not-verified"


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


@dataclass
class _Counting:
    """A signer that keeps what it was given to sign, and may answer with something else than a signature."""

    inner: LocalSigner
    answer: bytes | None = None

    def __post_init__(self) -> None:
        self.signed: list[bytes] = []

    @property
    def verification_method(self) -> str:
        return self.inner.verification_method

    @property
    def algorithm(self) -> Algorithm:
        return self.inner.algorithm

    @property
    def public_key(self) -> PublicKey:
        return self.inner.public_key

    def sign(self, message: bytes) -> bytes:
        self.signed.append(message)
        return self.inner.sign(message) if self.answer is None else self.answer


def test_the_school_goes_by_its_did_key() -> None:
    # The fixed builders and the library must mean the same identifier, or the tests above would test nothing.
    assert did_key(signer("school").public_key) == SCHOOL
