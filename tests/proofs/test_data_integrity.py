import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput
from intaglio.multikey import Algorithm, decode_base58btc, encode_base58btc
from tests.proofs.published import suites
from tests.proofs.samples import CREDENTIAL, OPTIONS, PAIRS, all_suites, prove, rdfc_suites, refusal, verify, without
from tests.proofs.tokens import signer

# — round trips —


@all_suites
def test_a_proof_verifies_as_it_was_made(name: str, algorithm: Algorithm) -> None:
    proof = prove(name, algorithm)
    assert (proof["type"], proof["cryptosuite"]) == ("DataIntegrityProof", name)
    assert {option: proof[option] for option in OPTIONS} == OPTIONS
    assert proof["proofValue"].startswith("z")
    verify(CREDENTIAL, proof, signer(algorithm).public_key)


@all_suites
def test_making_and_verifying_a_proof_changes_nothing_of_what_was_given(name: str, algorithm: Algorithm) -> None:
    document, options = copy.deepcopy(CREDENTIAL), copy.deepcopy(OPTIONS)
    proof = suites().by_name(name).create_proof(document, options, signer(algorithm))
    kept = copy.deepcopy(proof)
    verify(document, proof, signer(algorithm).public_key)
    assert (document, options, proof) == (CREDENTIAL, OPTIONS, kept)


@all_suites
def test_making_a_proof_twice_gives_the_same_proof(name: str, algorithm: Algorithm) -> None:
    assert prove(name, algorithm) == prove(name, algorithm)


@all_suites
@settings(max_examples=20, deadline=None)
@given(order=st.permutations(list(CREDENTIAL)), text=st.text())
def test_the_order_of_members_does_not_matter_and_any_text_is_signed(
    name: str, algorithm: Algorithm, order: list[str], text: str
) -> None:
    document = {**CREDENTIAL, "credentialSubject": {"id": "did:example:learner", "description": text}}
    proof = prove(name, algorithm, document)
    shuffled = {member: document[member] for member in order}
    verify(shuffled, dict(reversed(proof.items())), signer(algorithm).public_key)


# — anything changed —


def _changed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [[*value, "urn:x:added"], value[1:], [*value[:-1], "urn:x:other"]]
    return ["2027-01-01T00:00:00Z" if "T" in value and value.endswith("Z") else f"{value}x", f"{value}9"]


def _places(value: Any, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [found for name, child in value.items() for found in _places(child, (*place, name))]
    return [place]


def _with(document: JsonObject, place: tuple[str | int, ...], value: Any) -> JsonObject:
    changed: Any = copy.deepcopy(document)
    holder = changed
    for token in place[:-1]:
        holder = holder[token]
    holder[place[-1]] = value
    return dict(changed)


@all_suites
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_changed_claim_does_not_verify(name: str, algorithm: Algorithm, data: Any) -> None:
    proof = prove(name, algorithm)
    place = data.draw(st.sampled_from([place for place in _places(CREDENTIAL) if place != ("@context",)]))
    value = CREDENTIAL
    for token in place:
        value = value[token]
    changed = data.draw(st.sampled_from([_with(CREDENTIAL, place, other) for other in _changed(value)]))
    removed = without(CREDENTIAL, place)
    for document in (changed, removed):
        error = refusal(document, proof, signer(algorithm).public_key)
        # Over RDF some changes have no meaning at all, which safe mode says before the signature could.
        assert isinstance(error, InvalidProof | MalformedInput)
        assert "rdfc" in name or error.problem.kind == "bad-signature"


@all_suites
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_changed_proof_option_does_not_verify(name: str, algorithm: Algorithm, data: Any) -> None:
    proof = prove(name, algorithm)
    options = sorted(proof.keys() - {"@context", "proofValue", "type", "cryptosuite"})
    option = data.draw(st.sampled_from(options))
    others = [*_changed(proof[option]), data.draw(st.text(min_size=1, max_size=10))]
    candidates = [{**proof, option: other} for other in others if other != proof[option]] + [without(proof, (option,))]
    for changed in candidates:
        error = refusal(CREDENTIAL, changed, signer(algorithm).public_key)
        assert isinstance(error, InvalidProof | MalformedInput)


@all_suites
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_changed_byte_of_the_signature_does_not_verify(name: str, algorithm: Algorithm, data: Any) -> None:
    proof = prove(name, algorithm)
    signature = bytearray(decode_base58btc(proof["proofValue"]))
    signature[data.draw(st.integers(0, len(signature) - 1))] ^= data.draw(st.integers(1, 255))
    changed = {**proof, "proofValue": encode_base58btc(bytes(signature))}
    assert refusal(CREDENTIAL, changed, signer(algorithm).public_key).problem.kind == "bad-signature"


_ORDERS = {
    Algorithm.P256: 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    Algorithm.P384: 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
}


@pytest.mark.parametrize(("name", "algorithm"), [pair for pair in PAIRS if "ecdsa" in pair[0]])
def test_the_twin_of_an_ecdsa_signature_verifies_and_signs_nothing_else(name: str, algorithm: Algorithm) -> None:
    # (r, n − s) fits wherever (r, s) does; FIPS 186-5 knows no low s. Anybody can make the twin, but it stands for the same
    # document, options and key, so it proves what was proved before. Only who takes a proofValue for a name is deceived.
    proof = prove(name, algorithm)
    signature = decode_base58btc(proof["proofValue"])
    size = len(signature) // 2
    twin = signature[:size] + (_ORDERS[algorithm] - int.from_bytes(signature[size:])).to_bytes(size)
    assert twin != signature
    other = {**proof, "proofValue": encode_base58btc(twin)}
    verify(CREDENTIAL, other, signer(algorithm).public_key)
    changed = {**CREDENTIAL, "name": "Other"}
    assert refusal(changed, other, signer(algorithm).public_key).problem.kind == "bad-signature"


@all_suites
def test_an_added_proof_option_is_signed_or_refused(name: str, algorithm: Algorithm) -> None:
    proof = {option: value for option, value in prove(name, algorithm).items() if option not in ("nonce", "domain")}
    for option, value in (("nonce", "n-2"), ("domain", "https://c.example"), ("unknown", "x"), ("jws", "x")):
        assert isinstance(refusal(CREDENTIAL, {**proof, option: value}, signer(algorithm).public_key), IntaglioError)


@rdfc_suites
def test_what_is_wrong_with_a_proof_option_is_found_in_the_proof(name: str, algorithm: Algorithm) -> None:
    for option, value in (("unknown", "x"), ("nonce", None)):
        error = refusal(CREDENTIAL, {**prove(name, algorithm), option: value}, signer(algorithm).public_key)
        assert error.problem.pointer == f"/proof/{option}"


@pytest.mark.parametrize("nonce", ["n-2", "", "n-1 ", "N-1"])
@all_suites
def test_a_changed_nonce_is_a_bad_signature(name: str, algorithm: Algorithm, nonce: str) -> None:
    proof = {**prove(name, algorithm), "nonce": nonce}
    assert refusal(CREDENTIAL, proof, signer(algorithm).public_key).problem.kind == "bad-signature"
