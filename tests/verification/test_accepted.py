"""What is unusual and legal, and so verifies."""

from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.multikey import Algorithm
from tests.verification.builders import (
    OPEN_BADGES,
    SCHOOL,
    V2,
    assert_verified,
    badge,
    badge_token,
    did,
    envelope,
    learner_record,
    old_badge,
    presentation,
    signed,
    signer,
    token,
    verify,
    web_badge,
    web_document,
)

_SUITES = [
    ("eddsa-rdfc-2022", Algorithm.ED25519),
    ("eddsa-jcs-2022", Algorithm.ED25519),
    ("ecdsa-rdfc-2019", Algorithm.P256),
    ("ecdsa-rdfc-2019", Algorithm.P384),
    ("ecdsa-jcs-2019", Algorithm.P256),
    ("ecdsa-jcs-2019", Algorithm.P384),
]


def _by(algorithm: Algorithm, **changes: Any) -> JsonObject:
    return badge(**{"issuer": {"id": did("school", algorithm), "type": ["Profile"], "name": "A school"}, **changes})


@pytest.mark.parametrize(("suite", "algorithm"), _SUITES)
def test_every_suite_that_we_make(suite: str, algorithm: Algorithm) -> None:
    assert_verified(verify(signed(_by(algorithm), signer("school", algorithm), suite=suite)))


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_every_kind_of_token_that_we_make(algorithm: Algorithm) -> None:
    assert_verified(verify(token(_by(algorithm), signer("school", algorithm))))


def test_a_token_in_the_profile_of_open_badges() -> None:
    assert_verified(verify(badge_token()))


def test_a_badge_by_a_did_web() -> None:
    assert_verified(verify(web_badge(), {"did:web:school.example": web_document("school")}))


def test_a_badge_by_a_did_web_whose_document_lies_on_its_web_site() -> None:
    address = "https://school.example/.well-known/did.json"

    assert_verified(verify(web_badge(), {address: web_document("school")}))


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"name": None},
        {"issuer": SCHOOL},
        {"validFrom": None},
        {"validUntil": "2036-01-01T00:00:00.123456789-07:00"},
        {"credentialSubject": [badge()["credentialSubject"], badge()["credentialSubject"] | {"id": "urn:uuid:1"}]},
        {"evidence": {"id": "https://school.example/e", "type": "Evidence"}},
        {"name": "bell \b, delete \x7f, null \x00, line\r\n\t\v\f end"},
        {"name": "\u202eright to left\u202c, \u200bzero width, \ufeffmark, \ufffe, \uffff, \U0010ffff, \U0001f3c5"},
        {"name": "quotes \" ' \\ < > & % {} [] \\u0041"},
        {"name": "é and e\u0301 are two texts"},
        {"description": ""},
    ],
)
def test_a_badge_that_is_unusual_and_legal(suite: str, changes: JsonObject) -> None:
    assert_verified(verify(signed(badge(**changes), suite=suite)))


def test_a_type_that_is_one_text() -> None:
    document = badge(type="VerifiableCredential", **{"@context": [V2, OPEN_BADGES]})
    document["credentialSubject"]["achievement"]["type"] = "Achievement"

    assert_verified(verify(signed(document)))


def test_one_context_that_is_a_text() -> None:
    document = badge(**{"@context": V2}, type=["VerifiableCredential"], issuer=SCHOOL, credentialSubject={"id": SCHOOL})

    assert_verified(verify(signed(document)))


def test_members_in_any_order() -> None:
    sealed = signed(badge())

    assert_verified(verify(dict(reversed(sealed.items()))))
    assert_verified(verify({**sealed, "proof": dict(reversed(sealed["proof"].items()))}))


def test_a_credential_of_version_1_1() -> None:
    assert_verified(verify(signed(old_badge())))
    assert_verified(verify(signed(old_badge(issuanceDate="2026-06-01T00:00:00"))))


def test_a_credential_in_an_envelope() -> None:
    assert_verified(verify(envelope(token(badge()))))


def test_a_presentation_in_an_envelope() -> None:
    compact = token(presentation(envelope(token(badge()))), "learner")

    assert_verified(verify(envelope(compact, "EnvelopedVerifiablePresentation", "application/vp+jwt")))


def test_a_record_that_holds_its_badges_as_envelopes() -> None:
    assert_verified(verify(token(learner_record(envelope(token(badge()))))))


def test_a_presentation_of_version_1_1_may_hold_tokens() -> None:
    document = presentation(token(badge()), **{"@context": ["https://www.w3.org/2018/credentials/v1"]})

    assert_verified(verify(token({"vp": document}, "learner", typ="JWT")))


def test_a_presentation_of_nothing_shows_who_holds_a_key() -> None:
    assert_verified(verify(signed(presentation(verifiableCredential=None), "learner")))
