"""Credentials, presentations, tokens and status lists of the Node packages, on their own output."""

from typing import Any

import pytest

from tests.interop.peer import NodePeer, messages
from tests.interop.samples import CREATED, NOW, key_pair, open_badge, status_entry

LIST_URL = "https://school.example/status/1"


def test_the_issuer_must_control_the_key(node: NodePeer) -> None:
    key = key_pair("ed25519")
    request = {"suite": "eddsa-rdfc-2022", "key": {"jwk": key.jwk}, "created": CREATED}
    honest = node.ask("vc_sign", document=open_badge(key.did), **request)
    foreign = node.ask("vc_sign", document=open_badge("https://school.example/issuer"), **request)
    assert node.ask("vc_verify", document=honest, now=NOW) == {"verified": True, "errors": [], "status": None}
    result = node.ask("vc_verify", document=foreign, now=NOW)
    assert result["verified"] is False
    assert "Credential issuer must match the verification method controller." in messages(result["errors"])
    assert node.ask("di_verify", document=foreign)["verified"] is True


@pytest.mark.parametrize(("now", "verified"), [("2024-08-31T00:00:00Z", False), (NOW, True)])
def test_a_credential_is_valid_from_its_date_on(node: NodePeer, now: str, verified: bool) -> None:
    assert node.ask("vc_verify", document=_signed_badge(node), now=now)["verified"] is verified


@pytest.mark.parametrize(
    ("challenge", "domain", "verified"),
    [("abc", "college.example", True), ("other", "college.example", False), ("abc", "else.example", False)],
)
def test_a_presentation_answers_one_challenge_for_one_domain(
    node: NodePeer, challenge: str, domain: str, verified: bool
) -> None:
    presentation = _presentation(node, challenge="abc", domain="college.example")
    result = node.ask("vp_verify", document=presentation, challenge=challenge, domain=domain, now=NOW)
    assert result["verified"] is verified
    assert result["credentials"] == [{"verified": True, "errors": []}]


def test_a_presentation_of_a_changed_credential_is_refused(node: NodePeer) -> None:
    badge = {**_signed_badge(node), "validFrom": "2024-09-02T08:00:00Z"}
    presentation = _presentation(node, badge, challenge="abc")
    result = node.ask("vp_verify", document=presentation, challenge="abc", now=NOW)
    assert result["verified"] is False
    assert [item["verified"] for item in result["credentials"]] == [False]


@pytest.mark.parametrize(
    ("algorithm", "key_name"), [("EdDSA", "ed25519"), ("ES256", "p256"), ("ES384", "p384"), ("RS256", "rsa")]
)
def test_jose_verifies_what_jose_signed(node: NodePeer, algorithm: str, key_name: str) -> None:
    key = key_pair(key_name)
    header = {"alg": algorithm, "typ": "vc+jwt", "kid": key.verification_method}
    token = node.ask("jwt_sign", header=header, payload=open_badge(key.did), jwk=key.jwk)
    public = {"jwk": key.public.to_jwk(), "algorithms": [algorithm]}
    result = node.ask("jwt_verify", token=token, typ="vc+jwt", **public)
    assert (result["verified"], result["header"], result["payload"]) == (True, header, open_badge(key.did))
    assert node.ask("jwt_verify", token=token, typ="vp+jwt", **public)["verified"] is False
    assert node.ask("jwt_verify", token=_last_character_changed(token), **public)["verified"] is False


def test_jose_checks_audience_and_algorithm(node: NodePeer) -> None:
    key = key_pair("p256")
    token = node.ask("jwt_sign", header={"alg": "ES256"}, payload={"aud": "https://a.example"}, jwk=key.jwk)
    public = {"token": token, "jwk": key.public.to_jwk()}
    assert node.ask("jwt_verify", algorithms=["ES256"], audience="https://a.example", **public)["verified"] is True
    assert node.ask("jwt_verify", algorithms=["ES256"], audience="https://b.example", **public)["verified"] is False
    assert node.ask("jwt_verify", algorithms=["ES384"], **public)["verified"] is False


def test_a_status_list_comes_back_as_it_was_set(node: NodePeer) -> None:
    credential = node.ask(
        "status_list_create", length=131072, set=[0, 7, 131071], id=LIST_URL, statusPurpose="revocation"
    )
    encoded = credential["credentialSubject"]["encodedList"]
    result = node.ask("status_list_decode", encodedList=encoded, indexes=[0, 1, 7, 8, 131070, 131071])
    assert result == {"length": 131072, "set": [True, False, True, False, False, True]}


@pytest.mark.parametrize(("index", "revoked"), [(5, True), (6, False)])
def test_the_status_of_a_credential_is_read_from_its_list(node: NodePeer, index: int, revoked: bool) -> None:
    badge = _signed_badge(node, credentialStatus=status_entry(LIST_URL, index))
    documents = {LIST_URL: signed_status_list(node, [5])}
    assert node.ask("status_list_check", credential=badge, documents=documents, now=NOW) == {
        "verified": True,
        "set": [revoked],
        "error": None,
    }
    assert node.ask("vc_verify", document=badge, documents=documents, now=NOW)["status"]["set"] == [revoked]


def test_a_status_list_that_was_changed_is_refused(node: NodePeer) -> None:
    badge = _signed_badge(node, credentialStatus=status_entry(LIST_URL, 5))
    forged = {**signed_status_list(node, []), "validFrom": "2024-09-02T08:00:00Z"}
    result = node.ask("vc_verify", document=badge, documents={LIST_URL: forged}, now=NOW)
    assert result["verified"] is False
    assert "not verified" in result["status"]["error"]["message"]


def signed_status_list(node: NodePeer, indexes: list[int], length: int = 131072) -> dict[str, Any]:
    """Return a status list of the issuer of the badges here, signed."""
    key = key_pair("ed25519")
    unsigned = node.ask("status_list_create", length=length, set=indexes, id=LIST_URL, statusPurpose="revocation")
    document = {**unsigned, "issuer": key.did, "validFrom": "2024-09-01T08:00:00Z"}
    request = {"suite": "eddsa-rdfc-2022", "key": {"jwk": key.jwk}, "created": CREATED}
    signed: dict[str, Any] = node.ask("vc_sign", document=document, **request)
    return signed


def _signed_badge(node: NodePeer, **members: Any) -> dict[str, Any]:
    key = key_pair("ed25519")
    request = {"suite": "eddsa-rdfc-2022", "key": {"jwk": key.jwk}, "created": CREATED}
    signed: dict[str, Any] = node.ask("vc_sign", document=open_badge(key.did, **members), **request)
    return signed


def _presentation(node: NodePeer, badge: dict[str, Any] | None = None, **options: str) -> dict[str, Any]:
    holder = key_pair("p256")
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": holder.did,
        "verifiableCredential": [badge or _signed_badge(node)],
    }
    request = {"suite": "ecdsa-rdfc-2019", "key": {"jwk": holder.jwk}, "created": CREATED, "document": document}
    signed: dict[str, Any] = node.ask("vp_sign", **request, **options)
    return signed


def _last_character_changed(token: str) -> str:
    # The first character of the signature: the last may hold bits that do not count.
    head, _, signature = token.rpartition(".")
    return f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
