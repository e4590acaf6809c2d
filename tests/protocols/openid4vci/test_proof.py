import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from jwcrypto import jwk, jws

from intaglio.custody.local import LocalSigner, generate
from intaglio.dids.resolver import Resolver
from intaglio.errors import IntaglioError, InvalidProof, Unavailable, Unsupported
from intaglio.fetch.sources import Memory
from intaglio.multikey import Algorithm, did_jwk, encode_base64url
from intaglio.proofs import jose
from intaglio.protocols.openid4vci.proof import (
    BINDING_METHODS,
    TYPE,
    WINDOW,
    Challenge,
    Expected,
    ProvedKey,
    build_proof,
    verify_proofs,
)
from tests.protocols.openid4vci.issuer import ISSUER, NOW

NONCE = "LarRGSbmUPYtRYO6BQ4yn8"
ED25519 = LocalSigner.over(generate(Algorithm.ED25519))
P256 = LocalSigner.over(generate(Algorithm.P256))
ASKED = Challenge(ISSUER, NONCE)


def expected(accept: Callable[[str], bool] | None = NONCE.__eq__, **changes: Any) -> Expected:
    return Expected(ISSUER, accept, **changes)


def kind_of(*proofs: str, wanted: Expected | None = None) -> str:
    with pytest.raises(InvalidProof) as caught:
        verify_proofs(proofs, wanted or expected(), now=NOW)
    return caught.value.problem.kind


def forged(
    header: dict[str, Any] | None = None, payload: dict[str, Any] | None = None, signer: LocalSigner = ED25519
) -> str:
    """Return a proof, properly signed, with other members; None leaves one out."""
    headers = {"typ": TYPE, "alg": "EdDSA", "kid": signer.verification_method, **(header or {})}
    claims = {"aud": ISSUER, "iat": int(NOW.timestamp()), "nonce": NONCE, **(payload or {})}
    parts = [{name: value for name, value in part.items() if value is not None} for part in (headers, claims)]
    signing_input = ".".join(encode_base64url(json.dumps(part).encode()) for part in parts)
    return f"{signing_input}.{encode_base64url(signer.sign(signing_input.encode()))}"


@pytest.mark.parametrize("signer", [ED25519, P256])
def test_a_wallet_shows_that_it_holds_the_key_of_its_did(signer: LocalSigner) -> None:
    holder = signer.verification_method.partition("#")[0]
    proof = build_proof(signer, ASKED, now=NOW)
    assert verify_proofs([proof], expected(), now=NOW) == (
        ProvedKey(holder, signer.verification_method, signer.public_key, NONCE, NOW),
    )
    assert jose.decode(proof).payload == {"aud": ISSUER, "iat": int(NOW.timestamp()), "nonce": NONCE}


@pytest.mark.parametrize("signer", [ED25519, P256])
def test_a_key_without_a_did_goes_by_its_did_jwk(signer: LocalSigner) -> None:
    (proved,) = verify_proofs([build_proof(signer, ASKED, now=NOW, as_jwk=True)], expected(), now=NOW)
    assert proved.holder == did_jwk(signer.public_key)
    assert proved.verification_method == f"{proved.holder}#0"


def test_a_did_jwk_and_a_bare_did_key_name_one_key_too() -> None:
    own = did_jwk(P256.public_key)
    by_jwk = LocalSigner(P256.key, f"{own}#0", P256.public_key)
    bare = LocalSigner(ED25519.key, ED25519.verification_method.partition("#")[0], ED25519.public_key)
    proved = verify_proofs([build_proof(signer, ASKED, now=NOW) for signer in (by_jwk, bare)], expected(), now=NOW)
    assert [item.holder for item in proved] == [own, bare.verification_method]
    assert {item.holder.rpartition(":")[0] for item in proved} <= set(BINDING_METHODS)


def test_another_implementation_reads_ours_and_writes_what_we_read() -> None:
    key = jwk.JWK.generate(kty="EC", crv="P-256")
    own = json.loads(key.export_public())
    token = jws.JWS(json.dumps({"aud": ISSUER, "iat": int(NOW.timestamp()), "nonce": NONCE}))
    header = {"typ": TYPE, "alg": "ES256", "jwk": own}
    token.add_signature(key, None, json.dumps(header), None)
    (proved,) = verify_proofs([token.serialize(compact=True)], expected(), now=NOW)
    assert proved.key.to_jwk() == {"crv": "P-256", "kty": "EC", "x": own["x"], "y": own["y"]}
    theirs = jws.JWS()
    theirs.deserialize(build_proof(P256, ASKED, now=NOW), jwk.JWK(**P256.public_key.to_jwk()))
    assert json.loads(theirs.payload)["nonce"] == NONCE


def test_a_client_identifier_is_claimed_where_there_is_one_and_not_looked_at() -> None:
    proof = build_proof(ED25519, Challenge(ISSUER, NONCE, "wallet"), now=NOW)
    assert jose.decode(proof).payload["iss"] == "wallet"
    assert verify_proofs([proof], expected(), now=NOW)[0].key == ED25519.public_key


@pytest.mark.parametrize("algorithm", [Algorithm.P384, Algorithm.RSA])
def test_proofs_are_not_signed_with_other_keys(algorithm: Algorithm) -> None:
    signer = LocalSigner.over(generate(algorithm, rsa_bits=2048))
    with pytest.raises(Unsupported) as caught:
        build_proof(signer, ASKED, now=NOW)
    assert caught.value.problem.kind == "unknown-algorithm"


@pytest.mark.parametrize(
    ("header", "payload"),
    [
        ({"typ": None}, {}),
        ({"typ": "JWT"}, {}),
        ({"typ": "OPENID4VCI-PROOF+JWT"}, {}),
        ({"typ": "vp+jwt"}, {}),
        ({"alg": None}, {}),
        ({"alg": "none"}, {}),
        ({"alg": "HS256"}, {}),
        ({"alg": "ES256"}, {}),
        ({"alg": "ES384"}, {}),
        ({"alg": "RS256"}, {}),
        ({"crit": ["b64"], "b64": False}, {}),
        ({"kid": None}, {}),
        ({"kid": 5}, {}),
        ({"kid": "0"}, {}),
        ({"kid": "https://school.example/key"}, {}),
        ({"kid": "did:web:school.example#key-1"}, {}),
        ({"kid": "did:example:123#key-1"}, {}),
        ({"kid": P256.verification_method}, {}),
        ({"jwk": ED25519.public_key.to_jwk()}, {}),
        ({"x5c": ["MII"]}, {}),
        ({"kid": None, "x5c": ["MII"]}, {}),
        ({"kid": None, "jwk": P256.public_key.to_jwk()}, {}),
        ({"kid": None, "jwk": {**ED25519.public_key.to_jwk(), "d": "AA"}}, {}),
        ({"kid": None, "jwk": {"kty": "oct", "k": "AA"}}, {}),
        ({"kid": None, "jwk": "x"}, {}),
        ({}, {"aud": None}),
        ({}, {"aud": "https://school.example"}),
        ({}, {"aud": f"{ISSUER}/"}),
        ({}, {"aud": [ISSUER]}),
        ({}, {"iat": None}),
        ({}, {"iat": str(int(NOW.timestamp()))}),
        ({}, {"iat": True}),
        ({}, {"iat": 1e300}),
        ({}, {"iat": int((NOW - WINDOW).timestamp()) - 1}),
        ({}, {"iat": int((NOW + WINDOW).timestamp()) + 1}),
        ({}, {"exp": int(NOW.timestamp())}),
        ({}, {"exp": "never"}),
        ({}, {"nonce": None}),
        ({}, {"nonce": 5}),
        ({}, {"nonce": [NONCE]}),
    ],
)
def test_a_proof_that_breaks_a_rule_is_refused(header: dict[str, Any], payload: dict[str, Any]) -> None:
    assert kind_of(forged(header, payload)) == "key-proof"


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "x" * 20_000, "ñ.ñ.ñ"])
def test_what_is_no_signed_token_is_refused(text: str) -> None:
    assert kind_of(text) == "key-proof"


def test_a_proof_that_is_cut_or_lengthened_is_refused() -> None:
    assert kind_of(forged()[:-4]) == kind_of(forged() + "AAAA") == "key-proof"


def test_a_proof_signed_by_another_key_than_it_names_is_refused() -> None:
    thief = LocalSigner(generate(Algorithm.ED25519), ED25519.verification_method, ED25519.public_key)
    assert kind_of(forged(signer=thief)) == "key-proof"


def test_a_clock_may_be_off_by_minutes() -> None:
    for moment in (NOW - WINDOW, NOW + WINDOW - timedelta(seconds=1)):
        assert verify_proofs([build_proof(P256, ASKED, now=moment)], expected(), now=NOW)


def test_a_stale_nonce_is_a_problem_of_its_own() -> None:
    assert kind_of(build_proof(P256, Challenge(ISSUER, "another"), now=NOW)) == "key-proof-nonce"
    assert kind_of(build_proof(P256, Challenge(ISSUER, ""), now=NOW)) == "key-proof-nonce"


def test_an_issuer_without_a_nonce_endpoint_takes_proofs_without_a_nonce() -> None:
    proof = build_proof(P256, Challenge(ISSUER), now=NOW)
    assert verify_proofs([proof], expected(None), now=NOW)[0].nonce is None
    assert kind_of(proof) == "key-proof"


def test_a_nonce_is_asked_about_once_and_only_when_every_signature_holds() -> None:
    asked: list[str] = []

    def accept(nonce: str) -> bool:
        asked.append(nonce)
        return True

    good = [build_proof(signer, ASKED, now=NOW) for signer in (ED25519, P256)]
    wanted = expected(accept)
    assert kind_of(good[0], good[1][:-4] + "AAAA", wanted=wanted) == "key-proof"
    assert asked == []
    assert [item.key for item in verify_proofs(good, wanted, now=NOW)] == [ED25519.public_key, P256.public_key]
    assert asked == [NONCE]


def test_no_proof_and_one_key_twice_are_refused() -> None:
    proof = build_proof(P256, ASKED, now=NOW)
    assert kind_of() == "key-proof"
    assert kind_of(proof, build_proof(P256, ASKED, now=NOW, as_jwk=True)) == "key-proof"


def test_an_issuer_takes_no_algorithm_that_its_metadata_do_not_name() -> None:
    assert kind_of(build_proof(P256, ASKED, now=NOW), wanted=expected(algorithms=("EdDSA",))) == "key-proof"


def test_an_issuer_with_a_resolver_takes_other_dids() -> None:
    did = "did:web:wallet.example"
    document = {
        "@context": "https://www.w3.org/ns/did/v1",
        "id": did,
        "verificationMethod": [
            {
                "id": f"{did}#{name}",
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": P256.public_key.to_multikey(),
            }
            for name in ("key-1", "key-2")
        ],
        "authentication": [f"{did}#key-1"],
    }
    source = Memory({"https://wallet.example/.well-known/did.json": json.dumps(document).encode()})
    wanted = expected(resolver=Resolver(source))
    for name, good in (("key-1", True), ("key-2", False)):
        proof = build_proof(LocalSigner(P256.key, f"{did}#{name}", P256.public_key), ASKED, now=NOW)
        if good:
            assert verify_proofs([proof], wanted, now=NOW)[0].holder == did
        else:  # listed, but not for authentication
            assert kind_of(proof, wanted=wanted) == "key-proof"
    absent = build_proof(LocalSigner(P256.key, "did:web:other.example#key-1", P256.public_key), ASKED, now=NOW)
    with pytest.raises(Unavailable):
        verify_proofs([absent], wanted, now=NOW)


@pytest.mark.parametrize("place", [5, 60, 120, -5])
def test_any_changed_character_is_noticed(place: int) -> None:
    proof = build_proof(ED25519, ASKED, now=NOW)
    changed = list(proof)
    changed[place] = "A" if changed[place] != "A" else "B"
    with pytest.raises(IntaglioError):
        verify_proofs(["".join(changed)], expected(), now=NOW)
