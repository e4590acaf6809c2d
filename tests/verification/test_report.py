"""What a report says, and what it refuses to be taken for."""

import json

import pytest

from intaglio.cli.verify import to_json
from intaglio.documents import JsonObject
from intaglio.errors import InvalidProof, MalformedInput, Problem, Unavailable, Unsupported
from intaglio.verification.report import (
    Check,
    CheckOutcome,
    Outcome,
    Report,
    Role,
    failed,
    from_error,
    passed,
    unknown,
)
from intaglio.verification.verify import unreadable_input
from tests.verification.builders import assert_refused, badge, check_of, presentation, signed, verify

_PROBLEM = Problem("expired", "It was good until yesterday.", "/validUntil")
_CHECKS = {"good": passed("proof"), "bad": failed("proof", _PROBLEM), "doubt": unknown("proof", _PROBLEM)}
_ORDER = ["good", "doubt", "bad"]
_OUTCOMES = {"good": Outcome.VERIFIED, "doubt": Outcome.UNKNOWN, "bad": Outcome.NOT_VERIFIED}


def _report(kind: str, *inside: Report, role: Role = Role.CREDENTIAL) -> Report:
    return Report(role, (_CHECKS[kind],), frozenset({"proof"}), inside)


def test_a_report_is_neither_true_nor_false() -> None:
    for report in (verify(signed(badge())), verify(b"")):
        with pytest.raises(TypeError, match="neither true nor false"):
            bool(report)
        with pytest.raises(TypeError):
            assert not report


def test_where_nothing_was_checked_nothing_is_verified() -> None:
    assert Report(Role.CREDENTIAL, (), frozenset()).outcome is Outcome.NOT_VERIFIED
    assert Report(Role.CREDENTIAL, (), frozenset({"proof"})).outcome is Outcome.NOT_VERIFIED


def test_where_nothing_was_required_nothing_is_verified() -> None:
    assert Report(Role.CREDENTIAL, (passed("proof"),), frozenset()).outcome is Outcome.NOT_VERIFIED


def test_a_required_check_that_was_not_made_is_unknown() -> None:
    report = Report(Role.CREDENTIAL, (passed("proof"),), frozenset({"proof", "status"}))

    assert (report.outcome, report.verified) == (Outcome.UNKNOWN, False)


def test_a_check_of_the_same_name_that_failed_is_not_outvoted() -> None:
    checks = (passed("proof"), failed("proof", _PROBLEM))

    assert Report(Role.CREDENTIAL, checks, frozenset({"proof"})).outcome is Outcome.NOT_VERIFIED


@pytest.mark.parametrize("outer", _ORDER)
@pytest.mark.parametrize("inner", _ORDER)
def test_the_worst_of_a_document_and_what_it_holds_counts(outer: str, inner: str) -> None:
    worst = max(outer, inner, key=_ORDER.index)

    report = _report(outer, _report("good"), _report(inner))

    assert report.outcome is _OUTCOMES[worst]
    assert report.own_outcome is _OUTCOMES[outer]
    assert _report("good", report).outcome is _OUTCOMES[worst]


@pytest.mark.parametrize("inner", _ORDER)
def test_an_endorsement_does_not_count_however_deep_its_trouble(inner: str) -> None:
    statement = _report("good", _report(inner), role=Role.ENDORSEMENT)

    assert _report("good", statement).outcome is Outcome.VERIFIED


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Unavailable("offline", "It was not looked up."), CheckOutcome.UNKNOWN),
        (Unsupported("unknown-suite", "We cannot check it."), CheckOutcome.UNKNOWN),
        (InvalidProof("bad-signature", "It does not fit."), CheckOutcome.FAILED),
        (MalformedInput("bad-time", "It is no time."), CheckOutcome.FAILED),
    ],
)
def test_what_cannot_be_known_here_is_unknown_and_all_else_failed(error: Unavailable, outcome: CheckOutcome) -> None:
    assert from_error("proof", error) == Check("proof", outcome, error.problem)


def test_only_a_verified_document_is_handed_out() -> None:
    document = signed(badge())

    assert verify(document).verified_document() == document
    for report in (verify({**document, "name": "Forged"}), verify(b""), _report("good"), _report("doubt")):
        with pytest.raises(InvalidProof) as refused:
            report.verified_document()
        assert refused.value.problem.kind == "not-verified"


def test_a_record_with_a_bad_badge_is_not_handed_out() -> None:
    report = verify(signed(presentation({**signed(badge()), "name": "Forged"}), "learner"))

    with pytest.raises(InvalidProof):
        report.verified_document()


def test_the_checks_of_a_credential_and_of_a_presentation() -> None:
    of_credential = ["format", "proof", "controller", "validity", "status", "schema", "issuer"]
    of_presentation = ["format", "proof", "controller", "validity", "holder"]
    report = verify(signed(presentation(signed(badge())), "learner"))

    assert [check.name for check in report.checks] == of_presentation
    assert [check.name for check in report.credentials[0].checks] == of_credential
    assert report.check("schema") is None


def test_an_input_that_cannot_be_opened_is_reported_like_any_other() -> None:
    report = unreadable_input(Problem("input-unreadable", "badge.json: No such file or directory."))

    assert_refused(report, "format", "input-unreadable")


def test_the_form_of_a_check_in_json() -> None:
    assert passed("status").to_json() == {"name": "status", "outcome": "passed", "problem": None}
    assert passed("status", "Good.").to_json()["note"] == "Good."
    assert failed("validity", _PROBLEM, _PROBLEM).to_json() == {
        "name": "validity",
        "outcome": "failed",
        "problem": _PROBLEM.to_json(),
        "further": [_PROBLEM.to_json()],
    }
    assert _PROBLEM.to_json() == {
        "type": "urn:intaglio:problem:expired",
        "title": "It has expired.",
        "detail": "It was good until yesterday.",
        "advice": "Ask the issuer whether it can be renewed.",
        "pointer": "/validUntil",
    }


def test_the_form_of_a_report_in_json() -> None:
    report = verify(signed(presentation(signed(badge())), "learner"))
    shown = to_json(report)

    assert shown.keys() == {"verified", "outcome", "summary", "checks", "credentials"}
    assert (shown["verified"], shown["outcome"]) == (True, "verified")
    assert [check["name"] for check in shown["checks"]] == [check.name for check in report.checks]
    (inner,) = shown["credentials"]
    assert inner.keys() == shown.keys() | {"pointer", "endorsement"}
    assert (inner["pointer"], inner["endorsement"]) == ("/verifiableCredential/0", False)
    assert json.loads(json.dumps(shown)) == shown


def test_every_problem_of_a_broken_document_is_named_up_to_a_hundred() -> None:
    broken: JsonObject = {**signed(badge()), "evidence": [7] * 500}
    check = check_of(verify(broken), "format")

    assert check.problem is not None
    assert check.problem.pointer == "/evidence/0"
    assert [problem.pointer for problem in check.further] == [f"/evidence/{index}" for index in range(1, 100)]
