import copy
import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

from intaglio.custody.local import LocalSigner, generate
from intaglio.errors import NotSealable, SigningFailed
from intaglio.multikey import Algorithm, PublicKey, did_key
from intaglio.sealing import prepare as prepare_module
from intaglio.verification.report import Report, Role
from tests.sealing.desks import JCS, RDFC, TOKEN, header_of, payload_of, prepare, seal
from tests.verification.builders import SCHOOL, WEB, assert_verified, badge, did, signer, verify


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
    assert_verified(verify(sealed))  # by the school's key, which is not the throwaway
    texts = "".join([sealed.decode(), json.dumps(payload_of(sealed)), json.dumps(header_of(sealed))])
    assert throwaway.to_multikey() not in texts
    assert throwaway.to_jwk()["x"] not in texts


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
        def sign(self, _message: bytes) -> bytes:
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
