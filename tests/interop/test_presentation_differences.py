"""Where the Node packages differ from the specifications on presentations and proof chains."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.interop.differences import badge, signed
from tests.interop.peer import NodePeer, PeerFailed, messages
from tests.interop.samples import CONTEXTS, CREATED, NOW, key_pair, published_contexts


def test_digital_bazaar_accepts_a_presentation_whose_signer_is_not_its_holder(node: NodePeer) -> None:
    """VC Data Model 2.0, appendix on validation, “Holder”: the holder is expected to be who signed."""
    presentation = _presentation(node, holder="did:example:someone-else")
    key = key_pair("ed25519")
    request = {"suite": "eddsa-rdfc-2022", "key": {"jwk": key.jwk}, "created": CREATED}
    document = node.ask("vp_sign", document=presentation, challenge="abc", **request)
    assert node.ask("vp_verify", document=document, challenge="abc", now=NOW)["verified"] is True


def test_verifier_core_does_not_look_at_the_challenge_of_a_presentation(node: NodePeer) -> None:
    """Data Integrity 1.0, 4.4, step 7: a challenge that does not match is an error."""
    document = signed(node, _presentation(node), proof={"challenge": "of another day"})
    result = node.ask("verifier_core_presentation", document=document, challenge="of today", now=NOW)
    assert result["presentationResult"] == {"signature": "valid"}


def test_verifier_core_refuses_a_presentation_signed_for_authentication(node: NodePeer) -> None:
    """Data Integrity 1.0, 2.2: authentication is the purpose by which a holder proves to be present."""
    document = signed(node, _presentation(node), purpose="authentication", challenge="abc")
    result = node.ask("verifier_core_presentation", document=document, challenge="abc", now=NOW)
    assert result["presentationResult"]["signature"] == "invalid"
    assert node.ask("vp_verify", document=document, challenge="abc", now=NOW)["verified"] is True


@pytest.mark.parametrize(("file", "chained"), [("signedProofChain1.json", 1), ("signedProofChain2.json", 2)])
def test_digital_bazaar_cannot_check_a_chained_proof_and_accepts_the_chain(
    node: NodePeer, vectors: Path, file: str, chained: int
) -> None:
    """Data Integrity 1.0, 4.5: a proof with `previousProof` covers the proofs that it names, and each must verify."""
    document = json.loads((vectors / "w3c" / "vc-di-eddsa" / "proof-set-chain" / file).read_text())
    assert sum("previousProof" in proof for proof in document["proof"]) == chained
    result = node.ask("di_verify", document=document, documents=published_contexts())
    assert result["verified"] is True
    assert messages(result["errors"]) == ["Invalid signature."] * chained


def test_digital_bazaar_hashes_a_base_direction_that_plain_json_ld_drops(node: NodePeer) -> None:
    """JSON-LD 1.1 API, rdfDirection: null by default, where the direction is dropped; the suites say i18n-datatype."""
    name = {"@value": "x", "@language": "ar", "@direction": "rtl"}
    document = {"@context": CONTEXTS, "id": "urn:a", "name": name}
    with pytest.raises(PeerFailed, match="rdfDirection not set"):
        node.ask("canonize", document=document)
    nquads = node.ask("canonize", document=document, rdfDirection="i18n-datatype")
    assert nquads == '<urn:a> <https://schema.org/name> "x"^^<https://www.w3.org/ns/i18n#ar_rtl> .\n'


def _presentation(node: NodePeer, **members: Any) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [signed(node, badge())],
        **members,
    }
