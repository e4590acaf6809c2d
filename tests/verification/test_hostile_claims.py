"""Tokens whose claims, type or content contradict each other, or the badge inside."""

from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.multikey import Algorithm
from intaglio.proofs.vc_jwt import pack_badge
from tests.verification.builders import (
    LEARNER,
    SCHOOL,
    STRANGER,
    assert_refused,
    assert_verified,
    badge,
    check_of,
    old_badge,
    presentation,
    signed,
    signer,
    token,
    verify,
)

_SITE = "https://school.example/issuers/1"
_KEYS = "https://school.example/keys/1"


def _site_badge(site: str = _SITE) -> JsonObject:
    return badge(issuer={"id": site, "type": ["Profile"], "name": "Riverside High School"})


def test_an_issuer_in_the_claims_that_is_not_the_badges() -> None:
    payload = {**pack_badge(_site_badge()), "iss": STRANGER}
    sealed = token(payload, signer("school", Algorithm.RSA), kid=_KEYS, typ="JWT")

    report = verify(sealed, {_KEYS: signer("school", Algorithm.RSA).public_key.to_jwk()})

    assert_refused(report, "format", "jwt-claim-mismatch", "/iss")


@pytest.mark.parametrize(
    ("claim", "value"), [("sub", STRANGER), ("jti", "urn:uuid:another"), ("nbf", 1), ("exp", 4_000_000_000)]
)
def test_a_claim_that_contradicts_the_badge(claim: str, value: Any) -> None:
    document = {**_site_badge(), "validUntil": "2030-01-01T00:00:00Z"}
    payload = {**pack_badge(document), claim: value}
    sealed = token(payload, signer("school", Algorithm.RSA), kid=_KEYS, typ="JWT")

    report = verify(sealed, {_KEYS: signer("school", Algorithm.RSA).public_key.to_jwk()})

    assert_refused(report, "format", "jwt-claim-mismatch", f"/{claim}")


def test_a_claim_that_the_profile_of_open_badges_needs_and_is_missing() -> None:
    payload = {name: value for name, value in pack_badge(_site_badge()).items() if name != "jti"}
    sealed = token(payload, signer("school", Algorithm.RSA), kid=_KEYS, typ="JWT")

    report = verify(sealed, {_KEYS: signer("school", Algorithm.RSA).public_key.to_jwk()})

    assert_refused(report, "format", "jwt-claim", "/jti")


def test_a_token_that_has_run_out_around_a_badge_that_has_not() -> None:
    assert_refused(verify(token({**badge(), "exp": 1_790_000_000})), "validity", "expired", "/exp")


def test_a_token_that_is_not_valid_yet_around_a_badge_that_is() -> None:
    assert_refused(verify(token({**badge(), "nbf": 1_800_000_000})), "validity", "not-yet-valid", "/nbf")


@pytest.mark.parametrize("value", ["soon", True, [], 1e300, None])
def test_a_time_in_the_claims_that_is_none(value: Any) -> None:
    report = verify(token({**badge(), "exp": value}))

    assert_refused(report, "format", "jwt-claim", "/exp")


def test_a_token_for_a_credential_that_holds_a_presentation() -> None:
    forged = token(presentation(), "learner", typ="vc+jwt")

    assert_refused(verify(forged), "format", "jwt-type", "/type")


def test_a_token_for_a_presentation_that_holds_a_credential() -> None:
    assert_refused(verify(token(badge(), typ="vp+jwt")), "format", "jwt-type", "/type")


@pytest.mark.parametrize("typ", ["at+jwt", "kb+jwt", "dpop+jwt", 7])
def test_a_token_of_another_kind(typ: Any) -> None:
    assert_refused(verify(token(badge(), typ=typ)), "format", "jwt-type", "/typ")


def test_a_token_that_is_a_credential_and_holds_one_too() -> None:
    forged = token({**badge(), "vc": old_badge()})

    assert_refused(verify(forged), "format", "jwt-type", None)


def test_a_token_around_a_badge_with_a_bad_proof_of_its_own() -> None:
    forged = {**signed(badge()), "name": "Forged"}

    assert_refused(verify(token(forged)), "proof", "bad-signature", "/proof")


def test_a_token_around_a_badge_with_a_good_proof_of_its_own() -> None:
    assert_verified(verify(token(signed(badge()))))


def test_a_strangers_token_around_a_sealed_badge_is_noted() -> None:
    report = verify(token(signed(badge()), "stranger"))

    assert_verified(report)
    assert check_of(report, "controller").note == f"Others signed it too: “{STRANGER}”."


def test_a_token_of_version_1_1_fills_in_what_its_claims_say() -> None:
    inner = {name: value for name, value in old_badge().items() if name not in ("issuer", "issuanceDate", "id")}
    subject = {name: value for name, value in inner["credentialSubject"].items() if name != "id"}
    claims = {"iss": SCHOOL, "sub": LEARNER, "jti": old_badge()["id"], "nbf": 1_780_272_000}

    report = verify(token({"vc": {**inner, "credentialSubject": subject}, **claims}, typ="JWT"))

    assert_verified(report)
    assert report.verified_document()["credentialSubject"]["id"] == LEARNER
    assert report.verified_document()["issuanceDate"] == "2026-06-01T00:00:00Z"
