import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from intaglio.dids import jwk, key
from intaglio.dids.controller import RELATIONSHIPS
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, Unsupported
from intaglio.multikey import Algorithm, PublicKey, did_jwk, did_key, encode_base64url
from tests.dids.samples import ED25519, ED25519_JWK, P256, P256_JWK, P384, P384_JWK, X25519_JWK

SIGNING = ("assertionMethod", "authentication", "capabilityDelegation", "capabilityInvocation")


def jwk_did(value: Any) -> str:
    return "did:jwk:" + encode_base64url(json.dumps(value).encode())


@pytest.mark.parametrize(
    ("multibase", "expected"),
    [(ED25519, ED25519_JWK), (P256, P256_JWK), (P384, P384_JWK)],
    ids=["ed25519", "p256", "p384"],
)
def test_a_did_key_holds_the_key_of_the_specifications_examples(multibase: str, expected: dict[str, str]) -> None:
    did = f"did:key:{multibase}"
    parsed = key.resolve(did)
    for purpose in SIGNING:
        method = parsed.method_for(f"{did}#{multibase}", purpose)
        assert method.key.to_jwk() == expected
        assert (method.id, method.controller) == (f"{did}#{multibase}", did)
    assert parsed.relationships["keyAgreement"] == frozenset()


def test_a_did_key_holds_the_keys_of_the_published_vectors(vectors: Path) -> None:
    files = sorted((vectors / "w3c").rglob("*[kK]eyPair*.json"))
    assert files
    for file in files:
        pairs = json.loads(file.read_bytes())
        for pair in [pairs] if "publicKeyMultibase" in pairs else pairs.values():
            multibase = pair["publicKeyMultibase"]
            method = key.resolve(f"did:key:{multibase}").method_for(
                f"did:key:{multibase}#{multibase}", "assertionMethod"
            )
            assert method.key.to_multikey() == multibase


def test_the_bare_did_key_names_its_one_key() -> None:
    did = f"did:key:{P256}"
    assert key.resolve(did).method_for(did, "assertionMethod").id == f"{did}#{P256}"


def test_a_did_key_may_state_its_version() -> None:
    did = f"did:key:1:{P256}"
    assert key.resolve(did).method_for(f"{did}#{P256}", "assertionMethod").controller == did


@pytest.mark.parametrize("fragment", [ED25519, "key-1", "0", P256[:-1]])
def test_the_fragment_of_a_did_key_must_be_its_key(fragment: str) -> None:
    """Else a reader might take the key of the fragment, and believe the name before it."""
    with pytest.raises(InvalidProof) as caught:
        key.resolve(f"did:key:{P256}").method_for(f"did:key:{P256}#{fragment}", "assertionMethod")
    assert caught.value.problem.kind == "method-not-found"


@pytest.mark.parametrize(
    ("did", "expected"),
    [
        ("did:key:", (MalformedInput, "bad-identifier")),
        ("did:key:z", (MalformedInput, "bad-identifier")),
        ("did:key:m7QE", (MalformedInput, "bad-identifier")),
        (f"did:key:2:{P256}", (MalformedInput, "bad-identifier")),
        (f"did:key:{P256}#{P256}", (MalformedInput, "bad-identifier")),
        (f"did:key:{P256[:-1]}0", (MalformedInput, "bad-identifier")),
        (f"did:key:{P256}\n", (MalformedInput, "bad-identifier")),
        ("did:key:" + "z" * 4000, (MalformedInput, "bad-multibase")),
        ("did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooW", (Unsupported, "unknown-key-type")),
        ("did:key:z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F", (Unsupported, "unknown-key-type")),
        ("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", (Unsupported, "unknown-key-type")),
    ],
)
def test_what_is_no_did_key_is_refused(did: str, expected: tuple[type, str]) -> None:
    with pytest.raises(IntaglioError) as caught:
        key.resolve(did)
    assert (type(caught.value), caught.value.problem.kind) == expected


def test_a_did_key_of_a_point_that_is_not_on_the_curve_is_refused() -> None:
    off_curve = PublicKey.from_multikey(P256).data[:1] + b"\xff" * 32
    with pytest.raises(MalformedInput) as caught:
        key.resolve(did_key(_unchecked(Algorithm.P256, off_curve)))
    assert caught.value.problem.kind == "bad-public-key"


@pytest.mark.parametrize("value", [ED25519_JWK, P256_JWK, P384_JWK], ids=["ed25519", "p256", "p384"])
def test_a_did_jwk_holds_its_key_for_every_purpose(value: dict[str, str]) -> None:
    did = jwk_did(value)
    parsed = jwk.resolve(did)
    for purpose in RELATIONSHIPS:
        method = parsed.method_for(f"{did}#0", purpose)
        assert method.key == PublicKey.from_jwk(value)
        assert (method.id, method.controller) == (f"{did}#0", did)


def test_a_did_jwk_may_be_an_rsa_key() -> None:
    public = PublicKey.from_cryptography(rsa.generate_private_key(65537, 2048).public_key())
    did = did_jwk(public)
    assert jwk.resolve(did).method_for(did, "assertionMethod").key == public


def test_the_example_of_the_did_jwk_specification_is_read() -> None:
    did = (
        "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5"
        "IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
    )
    method = jwk.resolve(did).method_for(f"{did}#0", "assertionMethod")
    assert method.key.to_jwk() == {
        "crv": "P-256",
        "kty": "EC",
        "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
        "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
    }


def test_a_did_jwk_for_signatures_is_not_for_key_agreement() -> None:
    relationships = jwk.resolve(jwk_did({**P256_JWK, "use": "sig"})).relationships
    assert {name for name, methods in relationships.items() if methods} == set(SIGNING)


def test_a_did_jwk_for_encryption_signs_nothing() -> None:
    did = jwk_did({**P256_JWK, "use": "enc"})
    parsed = jwk.resolve(did)
    assert {name for name, methods in parsed.relationships.items() if methods} == {"keyAgreement"}
    for purpose in RELATIONSHIPS:
        with pytest.raises(InvalidProof) as caught:
            parsed.method_for(f"{did}#0", purpose)
        assert caught.value.problem.kind == "method-not-for-purpose"


def test_a_kid_inside_a_did_jwk_is_not_its_fragment() -> None:
    did = jwk_did({**P256_JWK, "kid": "key-1"})
    with pytest.raises(InvalidProof) as caught:
        jwk.resolve(did).method_for(f"{did}#key-1", "assertionMethod")
    assert caught.value.problem.kind == "method-not-found"


def test_a_did_jwk_of_a_kind_that_we_do_not_know_has_a_key_that_cannot_be_read() -> None:
    did = jwk_did(X25519_JWK)
    with pytest.raises(Unsupported):
        jwk.resolve(did).method_for(f"{did}#0", "keyAgreement")


@pytest.mark.parametrize(
    "did",
    [
        pytest.param("did:jwk:", id="empty"),
        pytest.param("did:jwk:eyJ", id="cut short"),
        pytest.param("did:jwk:e30=", id="padded"),
        pytest.param("did:jwk:e31", id="stray bits"),
        pytest.param("did:jwk:W10", id="a list"),
        pytest.param("did:jwk:" + encode_base64url(b'{"kty":"EC","kty":"OKP"}'), id="a member twice"),
        pytest.param("did:jwk:" + encode_base64url(b"\xff"), id="no text"),
        pytest.param(jwk_did({**P256_JWK, "d": "gPh-VvVS8MbvKQ9LSVVmfnxnKjHn4Tqj0bmbpehRlpc"}), id="a private key"),
    ],
)
def test_what_is_no_did_jwk_is_refused(did: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        jwk.resolve(did)
    assert caught.value.problem.kind == "bad-identifier"


@given(st.binary(min_size=32, max_size=32))
def test_both_methods_agree_on_every_key(seed: bytes) -> None:
    public = PublicKey.from_cryptography(Ed25519PrivateKey.from_private_bytes(seed).public_key())
    assert key.resolve(did_key(public)).methods[0].key == jwk.resolve(did_jwk(public)).methods[0].key == public


def _unchecked(algorithm: Algorithm, data: bytes) -> PublicKey:
    made = object.__new__(PublicKey)
    object.__setattr__(made, "algorithm", algorithm)
    object.__setattr__(made, "data", data)
    return made
