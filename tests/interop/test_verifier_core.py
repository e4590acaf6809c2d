"""The verifier of the Digital Credentials Consortium, on the samples of its own tests."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import VECTORS
from tests.interop.peer import NodePeer
from tests.interop.samples import CREATED, NOW, key_pair, open_badge, published_documents
from tests.interop.verdicts import steps

SAMPLES = sorted(path.name for path in (VECTORS / "dcc-verifier-core").glob("*.json"))
REASONS = {
    "expired": ("expiration", False),
    "revoked": ("revocation_status", False),
    "status_unavailable": ("revocation_status", "status_list_not_found"),
    "jsonld_safe_mode": ("error", "jsonld.ValidationError"),
    "bad_signature": ("error", "invalid_signature"),
    "unresolvable_did": ("error", "did_web_unresolved"),
    "controller_not_stored": ("error", "did_web_unresolved"),
}
"""What each reason of the vectors' index looks like in a result of verifier-core."""


@pytest.mark.parametrize("file", SAMPLES)
def test_verifier_core_judges_its_samples_as_the_index_says(node: NodePeer, vectors: Path, file: str) -> None:
    index = {entry["file"]: entry for entry in json.loads((vectors / "index.json").read_text())}
    entry = index[f"dcc-verifier-core/{file}"]
    document = json.loads((vectors / entry["file"]).read_text())
    found = steps(node.ask("verifier_core_credential", document=document, documents=published_documents(), now=NOW))
    assert {name: value for name, value in found.items() if value is not True} == dict(
        REASONS[reason] for reason in entry["reason"]
    )
    if entry["expect"] == "valid":
        assert found["valid_signature"] is True


def test_without_its_status_list_a_sample_is_left_undecided(node: NodePeer, vectors: Path) -> None:
    document = json.loads((vectors / "dcc-verifier-core" / "v2__v2WithValidStatus.json").read_text())
    found = steps(node.ask("verifier_core_credential", document=document, now=NOW))
    assert found["revocation_status"] == "status_list_not_found"


def test_verifier_core_accepts_a_badge_that_digital_bazaar_signed(node: NodePeer, vectors: Path) -> None:
    result = node.ask("verifier_core_credential", document=_signed(node), documents=published_documents(), now=NOW)
    assert steps(result) == {"valid_signature": True, "expiration": True}
    assert [item["result"] for item in result["additionalInformation"][0]["results"]] == [{"valid": True}]


def test_verifier_core_finds_the_issuer_in_a_registry_of_the_request(node: NodePeer) -> None:
    url = "https://registry.example/registry.json"
    registries = [{"name": "Test registry", "type": "dcc-legacy", "url": url}]
    issuer = {"name": "Cedar Hollow School", "url": "https://school.example", "location": "Utah"}
    documents = {url: {"registry": {key_pair("ed25519").did: issuer}}}
    result = node.ask(
        "verifier_core_credential", document=_signed(node), documents=documents, registries=registries, now=NOW
    )
    assert {entry["id"]: entry.get("valid") for entry in result["log"]}["registered_issuer"] is True


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "ecdsa-rdfc-2019"])
def test_verifier_core_knows_two_suites_and_calls_others_invalid(node: NodePeer, suite: str) -> None:
    name = "p256" if suite.startswith("ecdsa") else "ed25519"
    result = node.ask("verifier_core_credential", document=_signed(node, suite, name), now=NOW)
    assert steps(result) == {"error": "invalid_signature"}


def test_verifier_core_checks_a_presentation_and_its_credentials(node: NodePeer) -> None:
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [_signed(node)],
    }
    key = key_pair("ed25519")
    signed = node.ask("di_sign", suite="eddsa-rdfc-2022", key={"jwk": key.jwk}, document=presentation, created=CREATED)
    result = node.ask("verifier_core_presentation", document=signed, now=NOW)
    assert result["presentationResult"]["signature"] == "valid"
    assert [steps(item)["valid_signature"] for item in result["credentialResults"]] == [True]
    unsigned = node.ask("verifier_core_presentation", document=presentation, unsigned=True, now=NOW)
    assert unsigned["presentationResult"]["signature"] == "unsigned"


def _signed(node: NodePeer, suite: str = "eddsa-rdfc-2022", name: str = "ed25519") -> dict[str, Any]:
    key = key_pair(name)
    request = {"suite": suite, "key": {"jwk": key.jwk}, "created": CREATED}
    signed: dict[str, Any] = node.ask("vc_sign", document=open_badge(key.did), **request)
    return signed
