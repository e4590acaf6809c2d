"""What a reader can ask for, and what that decides."""

from datetime import UTC, datetime

import pytest

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput, Unsupported
from intaglio.verification.policy import CHECK_NAMES, Policy, Registry
from intaglio.verification.report import CheckOutcome, Outcome
from intaglio.verification.verify import Verifier
from tests.verification.builders import (
    AT,
    SCHOOL,
    as_bytes,
    assert_doubted,
    assert_refused,
    assert_verified,
    badge,
    check_of,
    presentation,
    signed,
    verify,
    web_badge,
)

_UNSHAPED = badge(credentialSubject={"type": ["AchievementSubject"]})


def _only(*names: str) -> frozenset[str]:
    return frozenset(names)


def test_by_default_the_schema_and_the_issuer_are_reported_and_do_not_decide() -> None:
    report = verify(signed(_UNSHAPED))

    assert check_of(report, "schema").outcome is CheckOutcome.FAILED
    assert check_of(report, "issuer").outcome is CheckOutcome.UNKNOWN
    assert_verified(report)


def test_the_schema_decides_where_the_reader_requires_it() -> None:
    report = verify(signed(_UNSHAPED), require=_only("schema"))

    assert_refused(report, "schema", "schema-missing", "/credentialSubject")


def test_the_issuer_decides_where_the_reader_requires_it() -> None:
    known, other = Registry({SCHOOL: "Riverside"}), Registry({"did:web:other.example": "Other"})

    assert_doubted(verify(signed(badge()), require=_only("issuer")), "issuer", "no-registry")
    assert_doubted(
        verify(signed(badge()), require=_only("issuer"), registry=other), "issuer", "unknown-issuer", "/issuer"
    )
    report = verify(signed(badge()), require=_only("issuer"), registry=known)
    assert_verified(report)
    assert check_of(report, "issuer").note == "The registry knows it as “Riverside”."


def test_a_credential_without_an_issuer_is_in_no_registry() -> None:
    report = verify(signed(badge(issuer=None)), registry=Registry({SCHOOL: "Riverside"}))

    problem = check_of(report, "issuer").problem
    assert problem is not None
    assert problem.detail == "It names no issuer."


def test_only_the_named_checks_decide() -> None:
    stale = signed(badge(validUntil="2026-10-01T00:00:00Z"), "stranger")

    assert verify(stale).outcome is Outcome.NOT_VERIFIED
    assert verify(stale, only=_only("proof")).outcome is Outcome.VERIFIED
    assert verify(stale, only=_only("proof", "validity")).outcome is Outcome.NOT_VERIFIED
    assert verify(stale, only=_only("proof"), require=_only("controller")).outcome is Outcome.NOT_VERIFIED


def test_the_checks_that_do_not_decide_are_made_and_reported_all_the_same() -> None:
    report = verify(signed(badge(), "stranger"), only=_only("proof"))

    assert check_of(report, "controller").outcome is CheckOutcome.FAILED


def test_checks_that_a_document_cannot_have_decide_nothing_and_so_verify_nothing() -> None:
    assert verify(signed(badge()), only=_only("holder")).outcome is Outcome.NOT_VERIFIED
    assert verify(signed(presentation(), "learner"), only=_only("status")).outcome is Outcome.NOT_VERIFIED


def test_for_a_presentation_only_the_proofs_of_all_may_decide() -> None:
    document = signed(presentation(signed(badge(), "stranger")), "learner")

    assert verify(document, only=_only("proof")).verified
    assert not verify(document).verified


def test_what_cannot_be_read_is_not_verified_whatever_decides() -> None:
    for name in CHECK_NAMES:
        assert_refused(verify(b"{", only=_only(name)), "format", "not-json")
    assert not verify(signed(presentation("a.b.c"), "learner", suite="eddsa-jcs-2022"), only=_only("proof")).verified


@pytest.mark.parametrize("asked", [{"require": _only("taste")}, {"only": _only("proof", "taste")}])
def test_a_check_that_there_is_none_of(asked: JsonObject) -> None:
    with pytest.raises(Unsupported) as refused:
        Policy(at=AT, **asked)
    assert (refused.value.problem.kind, "“taste”" in refused.value.problem.detail) == ("unknown-check", True)


def test_the_reference_time_is_the_readers() -> None:
    document = signed(badge(validFrom="2020-01-01T00:00:00Z", validUntil="2021-01-01T00:00:00Z"))

    assert not verify(document).verified
    assert verify(document, at=datetime(2020, 6, 1, tzinfo=UTC)).verified


def test_without_a_policy_the_present_counts_and_nothing_is_looked_up() -> None:
    undated = as_bytes(signed(badge(validFrom=None)))

    assert Policy.now().at.tzinfo is UTC
    assert Verifier().verify(undated).verified
    assert_doubted(Verifier().verify(as_bytes(web_badge(validFrom=None))), "proof", "offline", "/proof")


def test_a_registry_knows_issuers_by_a_name_or_by_their_identifier() -> None:
    entries = {"did:web:a.example": {"name": "A"}, "did:web:b.example": "B", "did:web:c.example": {"name": 7}}
    names = {"did:web:a.example": "A", "did:web:b.example": "B", "did:web:c.example": "did:web:c.example"}

    assert Registry.from_json({"issuers": entries}).names == names
    assert Registry.from_json({"registry": entries}).names == names


@pytest.mark.parametrize("document", [{}, {"issuers": ["did:web:a.example"]}, {"issuers": None}])
def test_a_registry_that_is_none(document: JsonObject) -> None:
    with pytest.raises(MalformedInput) as refused:
        Registry.from_json(document)
    assert (refused.value.problem.kind, refused.value.problem.pointer) == ("bad-registry", "/issuers")
