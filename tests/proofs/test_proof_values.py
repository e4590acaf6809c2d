import base64
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import utils

from intaglio.errors import InvalidProof, MalformedInput, SigningFailed
from intaglio.multikey import Algorithm, decode_base58btc, encode_base58btc, encode_base64url
from intaglio.proofs.suites import SUITE_NAMES
from tests.proofs.published import suites
from tests.proofs.samples import (
    ALGORITHMS,
    CREDENTIAL,
    OPTIONS,
    PAIRS,
    all_suites,
    prove,
    refusal,
    verify,
    without,
)
from tests.proofs.tokens import signer

# — proof values —

_BASES: list[Callable[[bytes], str]] = [
    lambda data: "u" + encode_base64url(data),
    lambda data: "f" + data.hex(),
    lambda data: "m" + base64.b64encode(data).decode().rstrip("="),
    lambda data: "M" + base64.b64encode(data).decode(),
    lambda data: "b" + base64.b32encode(data).decode().lower().rstrip("="),
    lambda data: encode_base58btc(data)[1:],
    lambda data: "Z" + encode_base58btc(data)[1:],
    lambda data: data.hex(),
]


@all_suites
@pytest.mark.parametrize("base", _BASES)
def test_a_proof_value_in_another_base_is_refused(
    name: str, algorithm: Algorithm, base: Callable[[bytes], str]
) -> None:
    proof = prove(name, algorithm)
    other = {**proof, "proofValue": base(decode_base58btc(proof["proofValue"]))}
    problem = refusal(CREDENTIAL, other, signer(algorithm).public_key).problem
    assert (problem.kind, problem.pointer) == ("bad-multibase", "/proof/proofValue")


@all_suites
@pytest.mark.parametrize("value", [None, 5, [], {}, "", "z!", "z" + "2" * 600])
def test_a_proof_value_that_is_none_is_refused(name: str, algorithm: Algorithm, value: object) -> None:
    problem = refusal(CREDENTIAL, {**prove(name, algorithm), "proofValue": value}, signer(algorithm).public_key).problem
    assert (problem.kind, problem.pointer) == ("bad-multibase", "/proof/proofValue")


@all_suites
def test_a_proof_without_its_value_is_refused(name: str, algorithm: Algorithm) -> None:
    proof = without(prove(name, algorithm), ("proofValue",))
    assert refusal(CREDENTIAL, proof, signer(algorithm).public_key).problem.kind == "bad-multibase"


@all_suites
def test_a_truncated_padded_or_empty_signature_is_refused(name: str, algorithm: Algorithm) -> None:
    proof = prove(name, algorithm)
    signature = decode_base58btc(proof["proofValue"])
    texts = [
        encode_base58btc(data) for data in (signature[:-1], signature + b"\0", b"\0" + signature, b"", signature[:32])
    ]
    for text in (*texts, proof["proofValue"][:-1], "z1" + proof["proofValue"][1:]):
        changed = {**proof, "proofValue": text}
        assert refusal(CREDENTIAL, changed, signer(algorithm).public_key).problem.kind == "bad-signature"


@pytest.mark.parametrize(("name", "algorithm"), [pair for pair in PAIRS if "ecdsa" in pair[0]])
def test_an_ecdsa_signature_in_der_is_refused(name: str, algorithm: Algorithm) -> None:
    proof = prove(name, algorithm)
    signature = decode_base58btc(proof["proofValue"])
    size = len(signature) // 2
    der = utils.encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))
    changed = {**proof, "proofValue": encode_base58btc(der)}
    assert refusal(CREDENTIAL, changed, signer(algorithm).public_key).problem.kind == "bad-signature"


# — keys and names of suites —


@pytest.mark.parametrize(
    ("name", "algorithm", "other"),
    [
        (name, algorithm, other)
        for (name, algorithm), other in product(PAIRS, Algorithm)
        if other not in ALGORITHMS[name]
    ],
)
def test_a_key_of_another_kind_neither_signs_nor_verifies(name: str, algorithm: Algorithm, other: Algorithm) -> None:
    problem = refusal(CREDENTIAL, prove(name, algorithm), signer(other).public_key).problem
    assert problem.kind == "wrong-key-for-suite"
    with pytest.raises(SigningFailed) as caught:
        prove(name, other)
    assert caught.value.problem.kind == "wrong-key-for-suite"


@pytest.mark.parametrize("name", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
def test_a_key_on_the_other_curve_does_not_verify(name: str) -> None:
    for algorithm, other in ((Algorithm.P256, Algorithm.P384), (Algorithm.P384, Algorithm.P256)):
        error = refusal(CREDENTIAL, prove(name, algorithm), signer(other).public_key)
        assert error.problem.kind == "bad-signature"


def test_a_signature_over_the_hashes_of_another_curve_is_refused() -> None:
    # P-384 goes with SHA-384 throughout; a P-384 signature over SHA-256 hashes is another suite's.
    key = signer(Algorithm.P384)
    suite: Any = suites().by_name("ecdsa-jcs-2019")
    stated = {**suite.identity, **OPTIONS, "@context": CREDENTIAL["@context"]}
    data = suite.hash_data(CREDENTIAL, stated, Algorithm.P256)
    proof = {**stated, "proofValue": encode_base58btc(key.sign(data.combined))}
    assert refusal(CREDENTIAL, proof, key.public_key).problem.kind == "bad-signature"


@all_suites
def test_a_proof_that_is_renamed_to_another_suite_does_not_verify(name: str, algorithm: Algorithm) -> None:
    proof = prove(name, algorithm)
    for other in set(SUITE_NAMES) - {name}:
        error = refusal(CREDENTIAL, {**proof, "cryptosuite": other}, signer(algorithm).public_key)
        assert error.problem.kind in ("bad-signature", "wrong-key-for-suite")
    older = {**without(proof, ("cryptosuite",)), "type": "Ed25519Signature2020"}
    assert isinstance(refusal(CREDENTIAL, older, signer(algorithm).public_key), InvalidProof | MalformedInput)


@all_suites
def test_a_suite_verifies_only_proofs_that_call_themselves_so(name: str, algorithm: Algorithm) -> None:
    proof, suite = prove(name, algorithm), suites().by_name(name)
    for changed in (
        {**proof, "cryptosuite": "eddsa-2022"},
        without(proof, ("cryptosuite",)),
        {**proof, "type": "Ed25519Signature2020"},
        {**proof, "type": ["DataIntegrityProof"]},
        without(proof, ("type",)),
    ):
        with pytest.raises(MalformedInput) as caught:
            suite.verify_proof(CREDENTIAL, changed, signer(algorithm).public_key)
        assert caught.value.problem.kind == "proof-suite"
    with pytest.raises(MalformedInput):
        prove(name, algorithm, cryptosuite="eddsa-2022")
    with pytest.raises(MalformedInput):
        prove(name, algorithm, type="Ed25519Signature2020")


@all_suites
@pytest.mark.parametrize(
    "created", ["2026-07-01", "2026-07-01T00:00:00", "yesterday", "", None, 5, "2026-02-30T00:00:00Z"]
)
def test_a_time_of_making_that_is_none_is_refused_both_ways(name: str, algorithm: Algorithm, created: object) -> None:
    with pytest.raises(MalformedInput) as caught:
        prove(name, algorithm, created=created)
    assert (caught.value.problem.kind, caught.value.problem.pointer) == ("bad-time", "/proof/created")
    proof = {**prove(name, algorithm), "created": created}
    assert refusal(CREDENTIAL, proof, signer(algorithm).public_key).problem.kind == "bad-time"


@all_suites
def test_a_time_of_making_may_be_left_out(name: str, algorithm: Algorithm) -> None:
    stated = without(OPTIONS, ("created",))
    proof = suites().by_name(name).create_proof(CREDENTIAL, stated, signer(algorithm))
    verify(CREDENTIAL, proof, signer(algorithm).public_key)
