"""A credential, options and proofs of every suite, for the tests of single proofs."""

import copy
from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError
from intaglio.multikey import Algorithm, PublicKey
from tests.proofs.published import suites
from tests.proofs.tokens import signer

CREDENTIAL: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:0f0c3e4a-7e9d-4d6e-9b7b-2d1c5a6b7c8d",
    "type": ["VerifiableCredential"],
    "issuer": {"id": "did:example:school", "name": "Escola São João"},
    "validFrom": "2026-06-30T12:00:00Z",
    "name": "Teamwork 🤝\u0007",
    "credentialSubject": {"id": "did:example:learner", "name": "Zoë"},
    "credentialStatus": {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://school.example/status/1",
    },
}
OPTIONS: JsonObject = {
    "created": "2026-07-01T00:00:00Z",
    "expires": "2031-07-01T00:00:00Z",
    "proofPurpose": "assertionMethod",
    "domain": ["https://a.example", "https://b.example"],
    "challenge": "c-1",
    "nonce": "n-1",
    "id": "urn:uuid:9c0b8e1a-0d4e-4c1b-8a5f-6a0a4b3c2d1e",
}
ALGORITHMS = {
    "eddsa-rdfc-2022": [Algorithm.ED25519],
    "eddsa-jcs-2022": [Algorithm.ED25519],
    "ecdsa-rdfc-2019": [Algorithm.P256, Algorithm.P384],
    "ecdsa-jcs-2019": [Algorithm.P256, Algorithm.P384],
}
PAIRS = [(name, algorithm) for name, algorithms in ALGORITHMS.items() for algorithm in algorithms]
all_suites = pytest.mark.parametrize(("name", "algorithm"), PAIRS)
jcs_suites = pytest.mark.parametrize(("name", "algorithm"), [pair for pair in PAIRS if "jcs" in pair[0]])
rdfc_suites = pytest.mark.parametrize(("name", "algorithm"), [pair for pair in PAIRS if "rdfc" in pair[0]])


def prove(name: str, algorithm: Algorithm, document: JsonObject | None = None, **options: Any) -> JsonObject:
    key = signer(algorithm)
    stated = {**OPTIONS, "verificationMethod": key.verification_method, **options}
    return suites().by_name(name).create_proof(CREDENTIAL if document is None else document, stated, key)


def verify(document: JsonObject, proof: JsonObject, key: PublicKey) -> None:
    suites().of_proof(proof).verify_proof(document, proof, key)


def refusal(document: JsonObject, proof: JsonObject, key: PublicKey) -> IntaglioError:
    with pytest.raises(IntaglioError) as caught:
        verify(document, proof, key)
    return caught.value


def without(document: JsonObject, place: tuple[str | int, ...]) -> JsonObject:
    changed: Any = copy.deepcopy(document)
    holder = changed
    for token in place[:-1]:
        holder = holder[token]
    del holder[place[-1]]
    return dict(changed)
