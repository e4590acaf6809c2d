"""Tokens that choose their own rules, their own key or their own owner."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from intaglio.documents import JsonObject
from intaglio.multikey import Algorithm, encode_base64url
from intaglio.verification.report import CheckOutcome
from tests.verification.builders import (
    WEB,
    assert_doubted,
    assert_refused,
    assert_verified,
    badge,
    badge_token,
    check_of,
    did,
    key,
    problem_of,
    signer,
    token,
    verify,
    web_document,
)

_SITE = "https://school.example/issuers/1"
_KEYS = "https://school.example/keys/1"
_WEB_ISSUER = {"id": WEB, "type": ["Profile"], "name": "Riverside High School"}


def _part(value: JsonObject) -> str:
    return encode_base64url(json.dumps(value).encode())


def _forged(header: JsonObject, payload: JsonObject, signature: bytes = b"") -> str:
    return f"{_part(header)}.{_part(payload)}.{encode_base64url(signature)}"


def _site_badge(site: str = _SITE) -> JsonObject:
    return badge(issuer={"id": site, "type": ["Profile"], "name": "Riverside High School"})


@pytest.mark.parametrize("name", ["none", "None", "NONE"])
def test_a_token_that_says_it_needs_no_signature(name: str) -> None:
    forged = _forged({"alg": name, "typ": "vc+jwt", "kid": signer("school").verification_method}, badge())

    assert_refused(verify(forged), "proof", "forbidden-algorithm", "/alg")


def test_a_token_signed_with_the_public_key_as_a_password() -> None:
    header = {"alg": "HS256", "typ": "vc+jwt", "kid": signer("school", Algorithm.RSA).verification_method}
    issuer = {"id": did("school", Algorithm.RSA), "type": ["Profile"], "name": "A school"}
    payload = badge(issuer=issuer)
    public = key("school", Algorithm.RSA).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    mac = hmac.new(pem, f"{_part(header)}.{_part(payload)}".encode(), hashlib.sha256).digest()

    assert_refused(verify(_forged(header, payload, mac)), "proof", "forbidden-algorithm", "/alg")


def test_a_token_without_an_algorithm() -> None:
    forged = _forged({"typ": "vc+jwt", "kid": signer("school").verification_method}, badge(), b"x" * 64)

    assert_refused(verify(forged), "proof", "not-a-jws", "/alg")


def test_a_token_of_an_algorithm_that_we_do_not_know_is_unknown() -> None:
    forged = _forged({"alg": "ES256K", "typ": "vc+jwt", "kid": signer("school").verification_method}, badge(), b"x")

    assert_doubted(verify(forged), "proof", "unknown-algorithm", "/alg")


def test_a_token_that_names_another_algorithm_than_its_keys() -> None:
    header = {"alg": "ES256", "typ": "vc+jwt", "kid": signer("school").verification_method}

    assert_refused(verify(_forged(header, badge(), b"x" * 64)), "proof", "wrong-key-for-suite", None)


def test_a_token_whose_payload_was_changed() -> None:
    header, _, signature = token(badge()).split(".")

    assert_refused(verify(f"{header}.{_part(badge(name='Forged'))}.{signature}"), "proof", "bad-signature", None)


def test_a_token_whose_header_was_changed() -> None:
    _, payload, signature = token(badge()).split(".")
    header = _part({"alg": "EdDSA", "typ": "vc+jwt", "kid": signer("school").verification_method, "x": 1})

    assert_refused(verify(f"{header}.{payload}.{signature}"), "proof", "bad-signature", None)


def test_a_token_cut_off_before_its_signature() -> None:
    assert_refused(verify(token(badge()).rpartition(".")[0] + "."), "proof", "bad-signature", None)


def test_a_token_with_an_extension_that_must_be_understood() -> None:
    assert_refused(verify(token(badge(), crit=["exp"])), "proof", "critical-header", "/crit")


def test_a_token_with_unencoded_payload() -> None:
    assert_refused(verify(token(badge(), b64=False, crit=["b64"])), "proof", "critical-header", "/crit")


def test_a_token_with_a_member_twice_in_its_payload() -> None:
    payload = json.dumps(badge())[:-1] + ', "name": "Anything"}'
    header = _part({"alg": "EdDSA", "typ": "vc+jwt", "kid": signer("school").verification_method})
    head = f"{header}.{encode_base64url(payload.encode())}"
    forged = f"{head}.{encode_base64url(signer('school').sign(head.encode()))}"

    assert_refused(verify(forged), "format", "duplicate-member")


def test_a_strangers_token_in_the_issuers_name() -> None:
    assert_refused(verify(token(badge(), "stranger")), "controller", "not-the-controller", "")


def test_the_issuers_key_name_beside_a_strangers_key() -> None:
    forged = token(
        badge(), "stranger", kid=signer("school").verification_method, jwk=signer("stranger").public_key.to_jwk()
    )

    assert_refused(verify(forged), "proof", "key-mismatch", None)


def test_the_issuers_key_name_over_a_strangers_signature() -> None:
    forged = token(badge(), "stranger", kid=signer("school").verification_method)

    assert_refused(verify(forged), "proof", "bad-signature", None)


def test_a_key_that_only_the_token_brings_along_vouches_for_nobody() -> None:
    forged = badge_token(_site_badge(), kid=None, jwk=signer("school", Algorithm.RSA).public_key.to_jwk())

    report = verify(forged)

    assert check_of(report, "proof").outcome is CheckOutcome.PASSED
    assert_doubted(report, "controller", "not-stored", None)


def test_a_key_that_the_token_brings_along_and_the_issuer_lists_proves_the_issuer() -> None:
    sealed = token(badge(issuer=_WEB_ISSUER), kid=None, jwk=signer("school").public_key.to_jwk())

    assert_verified(verify(sealed, {WEB: web_document("school", "learner")}))


def test_a_key_that_the_token_brings_along_and_the_issuer_does_not_list() -> None:
    forged = token(badge(issuer=_WEB_ISSUER), "stranger", kid=None, jwk=signer("stranger").public_key.to_jwk())

    assert_refused(verify(forged, {WEB: web_document("school")}), "proof", "no-key", None)


def test_a_token_that_does_not_say_which_of_several_keys_made_it() -> None:
    sealed = token(badge(issuer=_WEB_ISSUER), kid=None)

    assert_refused(verify(sealed, {WEB: web_document("school", "learner")}), "proof", "no-key", None)
    assert_verified(verify(sealed, {WEB: web_document("school")}))


def test_a_private_key_in_the_header() -> None:
    jwk = {**signer("school").public_key.to_jwk(), "d": "AAAA"}

    assert_refused(verify(token(badge(), jwk=jwk)), "proof", "bad-public-key", None)


@pytest.mark.parametrize("jwk", [None, "key", [], {}, {"kty": "oct", "k": "AAAA"}])
def test_a_key_in_the_header_that_is_none(jwk: Any) -> None:
    header = {"alg": "EdDSA", "typ": "vc+jwt", "jwk": jwk}
    report = verify(_forged(header, badge(), b"x" * 64))

    assert not report.verified
    assert problem_of(report, "proof").kind in ("bad-public-key", "unknown-key-type")


def _certificate() -> str:
    own = key("stranger", Algorithm.P256)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "school.example")])
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(1)
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=3650))
        .sign(own, hashes.SHA256())
    )
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()


def test_a_certificate_that_only_the_token_brings_along_vouches_for_nobody() -> None:
    forged = token(_site_badge(), signer("stranger", Algorithm.P256), kid=None, x5c=[_certificate()])

    report = verify(forged)

    assert check_of(report, "proof").outcome is CheckOutcome.PASSED
    assert_doubted(report, "controller", "not-stored", None)


@pytest.mark.parametrize("chain", [[], {}, None, 7, ["@@"], ["AAAA"], [7], "AAAA"])
def test_a_certificate_that_is_none(chain: Any) -> None:
    forged = _forged({"alg": "ES256", "typ": "vc+jwt", "x5c": chain}, _site_badge(), b"x" * 64)

    assert_refused(verify(forged), "proof", "bad-public-key", "/x5c")


def test_a_key_name_that_is_no_text() -> None:
    forged = _forged({"alg": "EdDSA", "typ": "vc+jwt", "kid": 7}, badge(), b"x" * 64)

    assert_refused(verify(forged), "proof", "no-key", "/kid")


def test_a_key_name_within_the_issuers_document() -> None:
    document = web_document("school")

    assert_verified(verify(token(badge(issuer=_WEB_ISSUER), kid="school"), {WEB: document}))
    assert_verified(verify(token(badge(issuer=_WEB_ISSUER), kid="#school"), {WEB: document}))
    assert_refused(verify(token(badge(issuer=_WEB_ISSUER), kid="other"), {WEB: document}), "proof", "method-not-found")


def test_a_bare_key_on_the_issuers_own_site_proves_the_issuer() -> None:
    sealed = badge_token(_site_badge(), kid=_KEYS)

    assert_verified(verify(sealed, {_KEYS: signer("school", Algorithm.RSA).public_key.to_jwk()}))


def test_a_bare_key_on_another_site_vouches_for_nobody() -> None:
    elsewhere = "https://elsewhere.example/keys/1"
    forged = badge_token(_site_badge(), "stranger", kid=elsewhere)

    report = verify(forged, {elsewhere: signer("stranger", Algorithm.RSA).public_key.to_jwk()})

    assert check_of(report, "proof").outcome is CheckOutcome.PASSED
    assert_doubted(report, "controller", "nobody-vouches", None)


@pytest.mark.parametrize(
    "address",
    [
        "https://school.example.evil.example/key",
        "https://school.example:8443/key",
        "https://school.example@evil.example/key",
        "http://school.example/key",
    ],
)
def test_a_bare_key_on_a_site_that_only_looks_like_the_issuers(address: str) -> None:
    forged = badge_token(_site_badge(), "stranger", kid=address)

    report = verify(forged, {address: signer("stranger", Algorithm.RSA).public_key.to_jwk()})

    assert not report.verified
    assert check_of(report, "controller").outcome is CheckOutcome.UNKNOWN


def test_the_issuers_address_that_is_itself_a_bare_key() -> None:
    sealed = badge_token(_site_badge(_KEYS), kid=None)

    assert_verified(verify(sealed, {_KEYS: signer("school", Algorithm.RSA).public_key.to_jwk()}))


def test_a_key_address_that_does_not_answer_is_unknown() -> None:
    assert_doubted(verify(badge_token(_site_badge(), kid=_KEYS)), "proof", "not-stored", None)


def test_a_key_address_that_does_not_answer_beside_the_key_itself_vouches_for_nobody() -> None:
    sealed = badge_token(_site_badge(), kid=_KEYS, jwk=signer("school", Algorithm.RSA).public_key.to_jwk())

    assert_doubted(verify(sealed), "controller", "not-stored", None)


def test_a_retired_key_that_a_token_says_it_was_used_before() -> None:
    document = web_document("school")
    document["verificationMethod"][0]["expires"] = "2026-09-02T00:00:00Z"
    payload = badge(issuer=_WEB_ISSUER)
    dated = token({**payload, "iat": 1_788_249_600}, kid=f"{WEB}#school")

    assert_verified(verify(dated, {WEB: document}))
    for claims in ({}, {"iat": 1_790_000_000}, {"iat": "2026"}, {"iat": True}, {"iat": 1e300}):
        late = token({**payload, **claims}, kid=f"{WEB}#school")
        assert_refused(verify(late, {WEB: document}), "controller", "key-expired", "")


def test_a_token_of_fifteen_megabytes() -> None:
    assert_refused(verify("a." + "b" * 16_000_000 + ".c"), "format", "too-large")


def test_a_header_of_a_megabyte() -> None:
    assert_refused(verify(token(badge(), pad="x" * 1_000_000)), "format", "too-large")
