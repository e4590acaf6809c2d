"""Credentials in credentials: the worst of them counts, what others say does not, and there is an end to it."""

from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.verification.report import CheckOutcome, Outcome, Role
from intaglio.verification.verify import MAX_DEPTH, MAX_DOCUMENTS
from tests.verification.builders import (
    LEARNER,
    assert_refused,
    assert_verified,
    badge,
    check_of,
    endorsement,
    learner_record,
    presentation,
    problem_of,
    signed,
    token,
    verify,
)


def _forged() -> JsonObject:
    return {**signed(badge()), "name": "Forged"}


def test_a_learner_record_of_good_badges() -> None:
    report = verify(signed(learner_record(signed(badge()), signed(badge(id="urn:uuid:2")))))

    assert_verified(report)
    places = [inner.pointer for inner in report.credentials]
    assert places == ["/credentialSubject/verifiableCredential/0", "/credentialSubject/verifiableCredential/1"]


def test_a_learner_record_with_one_bad_badge() -> None:
    report = verify(signed(learner_record(signed(badge()), _forged())))

    assert (report.own_outcome, report.outcome) == (Outcome.VERIFIED, Outcome.NOT_VERIFIED)
    assert_refused(report.credentials[1], "proof", "bad-signature", "/proof")


def test_a_learner_record_with_an_unsigned_badge() -> None:
    report = verify(signed(learner_record(badge())))

    assert not report.verified
    assert_refused(report.credentials[0], "proof", "no-proof", "/proof")


def test_a_learner_record_with_an_expired_badge() -> None:
    report = verify(signed(learner_record(signed(badge(validUntil="2026-10-01T00:00:00Z")))))

    assert not report.verified
    assert_refused(report.credentials[0], "validity", "expired", "/validUntil")


def test_a_badge_in_a_record_in_a_presentation() -> None:
    record = signed(learner_record(_forged()))

    report = verify(signed(presentation(record), "learner"))

    assert [report.own_outcome, report.credentials[0].own_outcome, report.outcome] == [
        Outcome.VERIFIED,
        Outcome.VERIFIED,
        Outcome.NOT_VERIFIED,
    ]


def _endorsed(statement: Any) -> JsonObject:
    return signed(badge(endorsement=[statement]))


def test_a_good_endorsement_is_reported() -> None:
    report = verify(_endorsed(signed(endorsement(), "stranger")))

    assert_verified(report)
    assert [(inner.role, inner.verified, inner.pointer) for inner in report.credentials] == [
        (Role.ENDORSEMENT, True, "/endorsement/0")
    ]


def test_a_bad_endorsement_does_not_make_the_badge_bad() -> None:
    forged = {**signed(endorsement(), "stranger"), "name": "Forged"}

    report = verify(_endorsed(forged))

    assert_verified(report)
    assert_refused(report.credentials[0], "proof", "bad-signature", "/proof")


def test_an_endorsement_by_nobody_does_not_make_the_badge_bad() -> None:
    report = verify(_endorsed(endorsement()))

    assert_verified(report)
    assert report.credentials[0].outcome is Outcome.NOT_VERIFIED


def test_an_endorsement_does_not_make_a_bad_badge_good() -> None:
    forged = {**_endorsed(signed(endorsement(), "stranger")), "name": "Forged"}

    assert_refused(verify(forged), "proof", "bad-signature", "/proof")


def test_an_endorsement_of_the_issuer_deep_in_its_profile_is_found() -> None:
    issuer = badge()["issuer"]
    parent = {
        "id": "https://district.example/",
        "type": ["Profile"],
        "name": "A district",
        "endorsement": [signed(endorsement(), "stranger")],
    }

    report = verify(signed(badge(issuer={**issuer, "parentOrg": parent})))

    assert_verified(report)
    assert [inner.pointer for inner in report.credentials] == ["/issuer/parentOrg/endorsement/0"]


def test_a_presentation_in_the_place_of_an_endorsement_is_none() -> None:
    report = verify(token(badge(endorsement=[signed(presentation(), "learner")])))

    assert_refused(report.credentials[0], "format", "not-a-credential", None)
    assert report.credentials[0].role is Role.ENDORSEMENT


def _nested(levels: int) -> JsonObject:
    """Return records in records around one badge; only the innermost two are of the length that they should be."""
    document = signed(badge(), suite="eddsa-jcs-2022")
    for level in range(levels):
        document = signed(learner_record(document, id=f"urn:uuid:{level}"), suite="eddsa-jcs-2022")
    return document


def test_records_nested_as_deep_as_is_read() -> None:
    assert_verified(verify(_nested(MAX_DEPTH)))


def test_records_nested_ten_deep() -> None:
    report = verify(_nested(10))

    assert report.outcome is Outcome.NOT_VERIFIED
    for _ in range(MAX_DEPTH):
        (report,) = report.credentials
        assert check_of(report, "proof").outcome is CheckOutcome.PASSED
    assert_refused(report.credentials[0], "format", "too-many-credentials", None)
    assert report.credentials[0].credentials == ()


@pytest.mark.parametrize("item", [{}, "a.b.c", 7])
def test_a_thousand_and_one_credentials(item: Any) -> None:
    report = verify(presentation(*[item] * (MAX_DOCUMENTS + 500)))

    assert report.outcome is Outcome.NOT_VERIFIED
    assert len(report.credentials) == MAX_DOCUMENTS + 1
    assert problem_of(report.credentials[MAX_DOCUMENTS - 1], "format").kind != "too-many-credentials"
    assert_refused(report.credentials[MAX_DOCUMENTS], "format", "too-many-credentials", None)


def test_a_thousand_and_one_credentials_in_two_records() -> None:
    # Each of the two is short enough; what counts is what one input holds.
    half = learner_record(*[{}] * 600)

    report = verify(presentation(half, half))

    assert [len(record.credentials) for record in report.credentials] == [600, 399]
    assert_refused(report.credentials[1].credentials[-1], "format", "too-many-credentials", None)


def test_a_nested_credential_keeps_its_own_dates_and_subject() -> None:
    other = {**badge()["credentialSubject"], "id": LEARNER + "x"}
    report = verify(signed(learner_record(signed(badge(credentialSubject=other)))))

    assert report.credentials[0].document is not None
    assert report.credentials[0].document["credentialSubject"]["id"] == LEARNER + "x"
