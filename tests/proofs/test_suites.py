from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput, Unsupported
from intaglio.multikey import Algorithm
from intaglio.proofs.suites import SUITE_NAMES
from tests.proofs.published import suites
from tests.proofs.samples import CREDENTIAL, refusal, verify
from tests.proofs.tokens import signer


def _older_proof() -> tuple[JsonObject, JsonObject]:
    document = {
        **CREDENTIAL,
        "@context": [*CREDENTIAL["@context"], "https://w3id.org/security/suites/ed25519-2020/v1"],
    }
    key = signer(Algorithm.ED25519)
    options = {
        "type": "Ed25519Signature2020",
        "created": "2026-07-01T00:00:00Z",
        "proofPurpose": "assertionMethod",
        "verificationMethod": key.verification_method,
    }
    older: Any = suites().of_proof(options)
    return document, older.suite.create_proof(document, options, key)


def test_an_ed25519_signature_2020_is_verified() -> None:
    document, proof = _older_proof()
    verify(document, proof, signer(Algorithm.ED25519).public_key)
    changed = {**document, "name": "Other"}
    assert refusal(changed, proof, signer(Algorithm.ED25519).public_key).problem.kind == "bad-signature"
    assert refusal(document, proof, signer(Algorithm.P256).public_key).problem.kind == "wrong-key-for-suite"


def test_an_ed25519_signature_2020_is_never_made() -> None:
    with pytest.raises(Unsupported) as caught:
        suites().of_proof({"type": "Ed25519Signature2020"}).create_proof(CREDENTIAL, {}, signer(Algorithm.ED25519))
    assert caught.value.problem.kind == "verify-only-suite"
    with pytest.raises(Unsupported):
        suites().by_name("Ed25519Signature2020")


@pytest.mark.parametrize("name", SUITE_NAMES)
def test_every_suite_is_found_by_its_name_and_by_its_proofs(name: str) -> None:
    assert suites().by_name(name) is suites().of_proof({"type": "DataIntegrityProof", "cryptosuite": name})


@pytest.mark.parametrize("name", ["", "EDDSA-RDFC-2022", "eddsa-2022", "bbs-2023", "ecdsa-sd-2023"])
def test_a_suite_of_another_name_is_unknown(name: str) -> None:
    for attempt in (
        lambda: suites().by_name(name),
        lambda: suites().of_proof({"type": "DataIntegrityProof", "cryptosuite": name}),
        lambda: suites().of_proof({"type": name, "cryptosuite": "eddsa-rdfc-2022"}),
    ):
        with pytest.raises(Unsupported) as caught:
            attempt()
        assert caught.value.problem.kind == "unknown-suite"


@pytest.mark.parametrize(
    "proof",
    [
        {},
        {"type": "DataIntegrityProof"},
        {"type": "DataIntegrityProof", "cryptosuite": None},
        {"type": "DataIntegrityProof", "cryptosuite": ["eddsa-rdfc-2022"]},
        {"type": ["DataIntegrityProof"], "cryptosuite": "eddsa-rdfc-2022"},
        {"type": None},
        {"type": 5},
        {"cryptosuite": "eddsa-rdfc-2022"},
    ],
)
def test_a_proof_that_does_not_say_of_which_kind_it_is_is_refused(proof: JsonObject) -> None:
    with pytest.raises(MalformedInput) as caught:
        suites().of_proof(proof)
    assert (caught.value.problem.kind, caught.value.problem.pointer) == ("proof-suite", "/proof/type")
