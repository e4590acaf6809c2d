"""Making proof sets and looking at what became of each proof, for the tests of sets and chains."""

from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from intaglio.custody.local import LocalSigner
from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError
from intaglio.proofs.proof_set import Expectations, ProofResult, ProofVerifier, add_proof
from tests.proofs.published import key_in, suites

AT = datetime(2026, 11, 22, tzinfo=UTC)
EXPECTED = Expectations("assertionMethod", AT)
PURPOSE = {"proofPurpose": "assertionMethod"}
SIGNERS = [LocalSigner.over(Ed25519PrivateKey.from_private_bytes(bytes([number] * 32))) for number in range(1, 5)]


def add(document: JsonObject, name: str = "eddsa-jcs-2022", by: LocalSigner = SIGNERS[0], **options: Any) -> JsonObject:
    return add_proof(document, suites().by_name(name), {**PURPOSE, **options}, by)


def results_of(
    document: JsonObject, expected: Expectations = EXPECTED, find_key: Any = key_in
) -> tuple[ProofResult, ...]:
    return ProofVerifier(suites(), expected, find_key).verify(document)


def kinds_of(document: JsonObject, **arguments: Any) -> list[str | None]:
    return [result.error.problem.kind if result.error else None for result in results_of(document, **arguments)]


def error_of(document: JsonObject, **expected: Any) -> IntaglioError:
    wanted = Expectations(**{"purpose": "assertionMethod", "at": AT, **expected})
    (result,) = results_of(document, expected=wanted)
    assert result.error is not None
    return result.error


def with_proofs(document: JsonObject, *proofs: object) -> JsonObject:
    return {**document, "proof": list(proofs)}
