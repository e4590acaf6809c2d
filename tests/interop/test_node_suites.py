"""Each suite of the Node packages, on its own output and on the published vectors."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.interop.peer import NodePeer, PeerFailed, messages
from tests.interop.samples import CREATED, key_pair, open_badge, published_contexts

SUITES = [
    ("eddsa-rdfc-2022", "ed25519"),
    ("eddsa-jcs-2022", "ed25519"),
    ("ecdsa-rdfc-2019", "p256"),
    ("ecdsa-rdfc-2019", "p384"),
    ("ecdsa-jcs-2019", "p256"),
    ("ecdsa-jcs-2019", "p384"),
    ("Ed25519Signature2020", "ed25519"),
]
SINGLE_PROOFS = [
    "vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json",
    "vc-di-eddsa/eddsa-rdfc-2022/employ/signedDataInt.json",
    "vc-di-eddsa/eddsa-jcs-2022/signedJCS.json",
    "vc-di-eddsa/Ed25519Signature2020/signedEdSig.json",
    "vc-di-eddsa/proof-set-chain/signedProofSet1.json",
    "vc-di-eddsa/proof-set-chain/signedProofSet2.json",
    "vc-di-ecdsa/ecdsa-rdfc-2019-p256/signedECDSAP256.json",
    "vc-di-ecdsa/ecdsa-rdfc-2019-p256/employ/signedECDSAP256.json",
    "vc-di-ecdsa/ecdsa-rdfc-2019-p384/signedECDSAP384.json",
    "vc-di-ecdsa/ecdsa-rdfc-2019-p384/employ/signedECDSAP384.json",
    "vc-di-ecdsa/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json",
    "vc-di-ecdsa/ecdsa-jcs-2019-p384/signedJCSECDSAP384.json",
]


@pytest.mark.parametrize(("suite", "key_name"), SUITES)
def test_node_verifies_what_node_signed(node: NodePeer, suite: str, key_name: str) -> None:
    key = key_pair(key_name)
    signed = node.ask("di_sign", suite=suite, key={"jwk": key.jwk}, document=open_badge(key.did), created=CREATED)
    assert signed["proof"]["verificationMethod"] == key.verification_method
    assert node.ask("di_verify", document=signed) == {"verified": True, "errors": []}


@pytest.mark.parametrize(("suite", "key_name"), SUITES)
@pytest.mark.parametrize("place", ["claim", "option", "signature"])
def test_node_refuses_what_was_changed(node: NodePeer, suite: str, key_name: str, place: str) -> None:
    key = key_pair(key_name)
    signed = node.ask("di_sign", suite=suite, key={"jwk": key.jwk}, document=open_badge(key.did), created=CREATED)
    changed = _change(signed, place)
    assert changed != signed
    assert node.ask("di_verify", document=changed)["verified"] is False


@pytest.mark.parametrize("file", SINGLE_PROOFS)
def test_node_verifies_the_published_vectors(node: NodePeer, vectors: Path, file: str) -> None:
    document = json.loads((vectors / "w3c" / file).read_text())
    assert node.ask("di_verify", document=document, documents=published_contexts())["verified"] is True


def test_node_refuses_a_published_vector_that_was_changed(node: NodePeer, vectors: Path) -> None:
    document = json.loads((vectors / "w3c" / SINGLE_PROOFS[0]).read_text())
    document["name"] = "Another name"
    result = node.ask("di_verify", document=document, documents=published_contexts())
    assert result["verified"] is False
    assert "Invalid signature." in messages(result["errors"])


@pytest.mark.parametrize(("form", "suite"), [("seed", "eddsa-rdfc-2022"), ("multikey", "eddsa-rdfc-2022")])
def test_a_key_may_be_given_as_seed_or_multikey(node: NodePeer, vectors: Path, form: str, suite: str) -> None:
    key: dict[str, str] = {"seed": bytes(range(32)).hex()}
    issuer = key_pair("ed25519").did
    if form == "multikey":
        pair = json.loads((vectors / "w3c" / "vc-di-eddsa" / "keyPair.json").read_text())
        key = {"publicKeyMultibase": pair["publicKeyMultibase"], "secretKeyMultibase": pair["privateKeyMultibase"]}
        issuer = f"did:key:{pair['publicKeyMultibase']}"
    signed = node.ask("di_sign", suite=suite, key=key, document=open_badge(issuer), created=CREATED)
    assert signed["proof"]["verificationMethod"].startswith(issuer)
    assert node.ask("di_verify", document=signed)["verified"] is True


def test_the_ed25519_2020_commands_know_that_suite_alone(node: NodePeer) -> None:
    key = key_pair("ed25519")
    badge = open_badge(key.did)
    old = node.ask("ed25519_2020_sign", key={"jwk": key.jwk}, document=badge, created=CREATED)
    new = node.ask("di_sign", suite="eddsa-rdfc-2022", key={"jwk": key.jwk}, document=badge, created=CREATED)
    assert node.ask("ed25519_2020_verify", document=old)["verified"] is True
    assert node.ask("ed25519_2020_verify", document=new)["verified"] is False


def test_a_key_is_resolved_from_the_documents_of_the_request(node: NodePeer) -> None:
    key, school = key_pair("p256"), "https://school.example/issuer"
    method = {
        "@context": "https://w3id.org/security/multikey/v1",
        "id": f"{school}#key",
        "type": "Multikey",
        "controller": school,
        "publicKeyMultibase": key.public.to_multikey(),
    }
    controller = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": school,
        "assertionMethod": [method],
    }
    request = {"document": open_badge(school), "verificationMethod": method["id"], "key": {"jwk": key.jwk}}
    signed = node.ask("di_sign", suite="ecdsa-rdfc-2019", created=CREATED, **request)
    documents = {school: controller, method["id"]: method}
    assert node.ask("di_verify", document=signed, documents=documents)["verified"] is True
    unlisted = {school: {**controller, "assertionMethod": []}, method["id"]: method}
    assert node.ask("di_verify", document=signed, documents=unlisted)["verified"] is False
    assert node.ask("di_verify", document=signed)["verified"] is False


def test_a_proof_for_another_purpose_is_verified_for_that_purpose_alone(node: NodePeer) -> None:
    key = key_pair("ed25519")
    request = {"suite": "eddsa-rdfc-2022", "key": {"jwk": key.jwk}, "document": open_badge(key.did), "created": CREATED}
    signed = node.ask("di_sign", purpose="capabilityInvocation", **request)
    assert signed["proof"]["proofPurpose"] == "capabilityInvocation"
    assert node.ask("di_verify", document=signed, purpose="capabilityInvocation")["verified"] is True
    assert node.ask("di_verify", document=signed)["verified"] is False


def test_an_unknown_suite_is_an_error(node: NodePeer) -> None:
    with pytest.raises(PeerFailed, match="Unknown cryptosuite"):
        node.ask("di_sign", suite="rsa-1978", key={"seed": "00" * 32}, document=open_badge("did:example:a"))


@pytest.mark.parametrize("number", ["003", "060"])
def test_rdf_canonize_reproduces_two_published_canonical_forms(node: NodePeer, vectors: Path, number: str) -> None:
    folder = vectors / "rdf-canon" / "rdfc10"
    given = (folder / f"test{number}-in.nq").read_text()
    assert node.ask("rdf_canonize", nquads=given) == (folder / f"test{number}-rdfc10.nq").read_text()


def test_rdf_canonize_takes_another_hash(node: NodePeer, vectors: Path) -> None:
    folder = vectors / "rdf-canon" / "rdfc10"
    given = (folder / "test075-in.nq").read_text()
    assert node.ask("rdf_canonize", nquads=given, hash="SHA-384") == (folder / "test075-rdfc10.nq").read_text()


def test_jcs_sorts_by_utf16_units_and_writes_numbers_as_ecmascript(node: NodePeer) -> None:
    value = {"\ufb33": 1.0, "\U0001f600": -0.0, "\u20ac": 1e21, "a": 1e-7}
    assert node.ask("jcs", value=value) == '{"a":1e-7,"\u20ac":1e+21,"\U0001f600":0,"\ufb33":1}'


def _change(signed: dict[str, Any], place: str) -> dict[str, Any]:
    proof = signed["proof"]
    if place == "claim":
        return {**signed, "validFrom": "2024-09-02T08:00:00Z"}
    if place == "option":
        return {**signed, "proof": {**proof, "created": "2026-09-02T08:00:00Z"}}
    value = proof["proofValue"]
    return {**signed, "proof": {**proof, "proofValue": value[:-1] + ("2" if value[-1] != "2" else "3")}}
