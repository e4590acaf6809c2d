"""The package openbadgeslib on its own output, and on what the Node packages make of it and it of theirs."""

import json
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from openbadgeslib.errors import LibOpenBadgesException

from intaglio.multikey import PublicKey
from tests.interop import openbadgeslib_peer as openbadgeslib
from tests.interop.differences import LIST_URL, badge, signed
from tests.interop.peer import NodePeer
from tests.interop.samples import (
    CONTEXTS,
    key_pair,
    open_badge,
    published_contexts,
    status_entry,
    with_achievement,
)
from tests.interop.verdicts import PEERS, accepting

KEY = key_pair("ed25519")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>'
ALGORITHMS = [("EdDSA", "ed25519"), ("ES256", "p256"), ("ES384", "p384"), ("RS256", "rsa")]


def test_every_peer_verifies_what_openbadgeslib_issued(node: NodePeer) -> None:
    issued = openbadgeslib.issue_data_integrity(badge(), KEY)
    assert issued["credentialSchema"]
    assert issued["@context"] == [*CONTEXTS, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    assert accepting(node, issued, {}) == set(PEERS)


def test_openbadgeslib_refuses_its_own_badge_when_it_was_changed() -> None:
    issued = openbadgeslib.issue_data_integrity(badge(), KEY)
    assert "signature mismatch" in str(openbadgeslib.refusal({**issued, "name": "Another"}))


def test_openbadgeslib_and_node_make_the_same_signature(node: NodePeer) -> None:
    ours = openbadgeslib.sign_data_integrity(badge(), KEY, datetime(2026, 9, 1, 8, tzinfo=UTC))
    assert ours == signed(node, badge())


def test_openbadgeslib_verifies_a_published_vector(vectors: Path) -> None:
    file = vectors / "w3c" / "vc-di-eddsa" / "eddsa-rdfc-2022" / "signedDataInt.json"
    document = json.loads(file.read_text())
    signer = _ed25519_pem(document["proof"]["verificationMethod"].partition("#")[2])
    assert openbadgeslib.proof_refusal(document, signer, published_contexts()) is None
    changed = {**document, "name": "Another"}
    assert "signature mismatch" in str(openbadgeslib.proof_refusal(changed, signer, published_contexts()))


@pytest.mark.parametrize(("algorithm", "key_name"), ALGORITHMS)
def test_jose_and_openbadgeslib_verify_a_token_of_openbadgeslib(node: NodePeer, algorithm: str, key_name: str) -> None:
    key = key_pair(key_name)
    token = openbadgeslib.issue_jwt(open_badge(key.did), key, algorithm)
    assert openbadgeslib.jwt_refusal(token, key) is None
    result = node.ask("jwt_verify", token=token, jwk=key.public.to_jwk(), algorithms=[algorithm], typ="JWT")
    assert result["verified"] is True
    assert {"iss", "sub", "jti", "nbf"} <= set(result["payload"])


@pytest.mark.parametrize(("algorithm", "key_name"), ALGORITHMS)
def test_openbadgeslib_verifies_a_token_of_jose(node: NodePeer, algorithm: str, key_name: str) -> None:
    key = key_pair(key_name)
    header = {"alg": algorithm, "typ": "JWT", "jwk": key.public.to_jwk()}
    token = node.ask("jwt_sign", header=header, payload=_payload(open_badge(key.did)), jwk=key.jwk)
    assert openbadgeslib.jwt_refusal(token, key) is None
    assert openbadgeslib.jwt_refusal(token, key_pair("ed25519-other")) is not None


def test_openbadgeslib_refuses_a_token_without_the_registered_claims(node: NodePeer) -> None:
    """VC-JOSE-COSE, 3.1.3: the payload is the credential, and no registered claim is required."""
    assert "missing the required 'iss' claim" in str(_jwt_refusal(node, badge(), typ="vc+jwt"))


def test_openbadgeslib_refuses_a_token_with_the_badge_in_a_vc_claim(node: NodePeer) -> None:
    """Open Badges 3.0, “Verify a Credential”: badges of VC Data Model 1.1 stand in the claim `vc`."""
    old = {
        **badge(issuanceDate="2024-09-01T08:00:00Z"),
        "@context": ["https://www.w3.org/2018/credentials/v1", CONTEXTS[1]],
    }
    claims = {name: value for name, value in _payload(badge()).items() if name in ("iss", "sub", "jti", "nbf")}
    assert "not an OpenBadgeCredential" in str(_jwt_refusal(node, {"vc": old, **claims}))


def test_openbadgeslib_refuses_the_algorithm_name_that_says_the_curve(node: NodePeer) -> None:
    """RFC 9864, 2.2: `Ed25519` is the name that tells all, `EdDSA` the one to be given up."""
    assert "not allowed for this key" in str(_jwt_refusal(node, _payload(badge()), alg="Ed25519"))


def test_openbadgeslib_accepts_a_token_whose_nbf_is_not_its_valid_from(node: NodePeer) -> None:
    """Open Badges 3.0, “Verify a Credential VC-JWT Signature”: `nbf` must equal `validFrom`."""
    assert _jwt_refusal(node, {**_payload(badge()), "nbf": 0}) is None


def test_openbadgeslib_accepts_a_token_with_further_header_parameters(node: NodePeer) -> None:
    """Open Badges 3.0, “Create the JOSE Header”: others than alg, kid, jwk and typ are not allowed."""
    assert _jwt_refusal(node, _payload(badge()), cty="json") is None


def test_openbadgeslib_looks_at_the_first_of_two_subjects_alone(node: NodePeer) -> None:
    """Open Badges 3.0, AchievementCredential: exactly one credentialSubject."""
    subject = badge()["credentialSubject"]
    two = signed(node, badge(credentialSubject=[subject, {**subject, "id": "did:example:another"}]))
    assert openbadgeslib.refusal(two) is None


def test_openbadgeslib_signs_a_control_character_so_that_nobody_else_verifies_it(node: NodePeer) -> None:
    """RDFC-1.0, 5: canonical N-Quads escape U+0008; PyLD leaves it as it is."""
    issued = openbadgeslib.issue_data_integrity(badge(name="bell \b"), KEY)
    assert accepting(node, issued, {}) == {"openbadgeslib"}


def test_openbadgeslib_reads_a_number_written_with_a_point_like_node(node: NodePeer) -> None:
    document = signed(node, with_achievement(badge(), creditsAvailable=1))
    document["credentialSubject"]["achievement"]["creditsAvailable"] = 1.0
    assert accepting(node, document, {}) == set(PEERS)


@pytest.mark.parametrize("form", ["data integrity", "jwt"])
@pytest.mark.parametrize("image_format", ["png", "svg"])
def test_a_baked_badge_comes_out_as_it_went_in(form: str, image_format: str) -> None:
    credential: Any = openbadgeslib.issue_data_integrity(badge(name="Größe < & >"), KEY)
    if form == "jwt":
        credential = openbadgeslib.issue_jwt(badge(), KEY, "EdDSA")
    found = openbadgeslib.unbake(openbadgeslib.bake(_png() if image_format == "png" else SVG, credential))
    assert found == credential if form == "jwt" else json.loads(found) == credential


@pytest.mark.parametrize("file", ["simple-json.png", "simple-json.svg", "simple-jwt.png", "simple-jwt.svg"])
def test_openbadgeslib_reads_the_baked_samples(vectors: Path, file: str) -> None:
    path = vectors / "baked" / f"digital-credentials-public-v__{file}"
    assert openbadgeslib.unbake(path.read_bytes())[0] == ("e" if "jwt" in file else "{")


def test_openbadgeslib_refuses_a_baked_svg_with_another_prefix() -> None:
    """Namespaces in XML 1.0, 4: the prefix is only a placeholder for the namespace name."""
    other = SVG.replace(b"<rect", b'<ob:credential xmlns:ob="https://purl.imsglobal.org/ob/v3p0" verify="a.b.c"/><rect')
    with pytest.raises(LibOpenBadgesException, match="No openbadges:credential element"):
        openbadgeslib.unbake(other)


def test_openbadgeslib_accepts_a_baked_svg_in_another_namespace() -> None:
    """Open Badges 3.0, SVG baking: the namespace is https://purl.imsglobal.org/ob/v3p0."""
    other = SVG.replace(
        b"<rect", b'<openbadges:credential xmlns:openbadges="https://else.example" verify="a.b.c"/><rect'
    )
    assert openbadgeslib.unbake(other) == "a.b.c"


def test_openbadgeslib_bakes_a_second_credential_beside_the_first() -> None:
    """Open Badges 3.0, PNG baking: the chunk must not appear more than once."""
    twice = openbadgeslib.bake(openbadgeslib.bake(_png(), "a.b.c"), "d.e.f")
    assert twice.count(b"iTXtopenbadgecredential") == 2
    assert openbadgeslib.unbake(twice) == "a.b.c"


def test_status_lists_of_node_and_openbadgeslib_are_read_by_each_other(node: NodePeer) -> None:
    indexes = {0, 7, 8, 131071}
    made = node.ask("status_list_create", length=131072, set=sorted(indexes), id=LIST_URL, statusPurpose="revocation")
    assert openbadgeslib.decode_status_list(made["credentialSubject"]["encodedList"]) == indexes
    encoded = openbadgeslib.encode_status_list(indexes)
    found = node.ask("status_list_decode", encodedList=encoded, indexes=[0, 1, 7, 8, 131070, 131071])
    assert found == {"length": 131072, "set": [True, False, True, True, False, True]}


@pytest.mark.parametrize(("index", "reason"), [(5, "Credential status 'revocation' is set"), (6, None)])
def test_openbadgeslib_reads_the_status_from_a_token_of_the_same_issuer(
    node: NodePeer, index: int, reason: str | None
) -> None:
    made = node.ask("status_list_create", length=131072, set=[5], id=LIST_URL, statusPurpose="revocation")
    payload = {**made, "issuer": KEY.did, "iss": KEY.did, "jti": LIST_URL, "nbf": 1725177600}
    documents = {LIST_URL: openbadgeslib.sign_jwt(payload, KEY, "EdDSA").encode()}
    document = signed(node, badge(credentialStatus=status_entry(LIST_URL, index)))
    found = openbadgeslib.refusal(document, documents=documents)
    assert found is None if reason is None else reason in str(found)
    assert "could not fetch status list" in str(openbadgeslib.refusal(document, documents={}))


def _jwt_refusal(node: NodePeer, payload: dict[str, Any], **header: str) -> str | None:
    full = {"alg": "EdDSA", "typ": "JWT", "jwk": KEY.public.to_jwk(), **header}
    return openbadgeslib.jwt_refusal(node.ask("jwt_sign", header=full, payload=payload, jwk=KEY.jwk), KEY)


def _payload(document: dict[str, Any]) -> dict[str, Any]:
    claims = {"iss": document["issuer"]["id"], "sub": document["credentialSubject"]["id"], "jti": document["id"]}
    return {**document, **claims, "nbf": int(datetime.fromisoformat(document["validFrom"]).timestamp())}


def _ed25519_pem(multikey: str) -> bytes:
    key = ed25519.Ed25519PublicKey.from_public_bytes(PublicKey.from_multikey(multikey).data)
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    header = struct.pack("!IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
