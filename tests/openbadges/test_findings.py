import tracemalloc
from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.errors import Problem
from intaglio.openbadges import shape
from intaglio.openbadges.findings import MAX_FINDINGS, Findings, findings
from intaglio.openbadges.kinds import Kind
from tests.openbadges import samples


@pytest.mark.parametrize("name", samples.OWN)
def test_nothing_is_amiss_with_what_keeps_to_the_standard(name: str) -> None:
    found = findings(samples.OWN[name])

    assert found.problems == ()
    assert found.kind is not Kind.OTHER


@pytest.mark.parametrize("types", [["VerifiableCredential", "AlumniCredential"], "VerifiableCredential", None, 5])
def test_a_credential_of_another_standard_is_told_apart_from_a_good_badge(types: Any) -> None:
    assert findings({"type": types}) == Findings(Kind.OTHER)
    assert findings(samples.badge()) == Findings(Kind.BADGE)


def _found(**members: Any) -> list[tuple[str, str | None]]:
    problems = findings(samples.badge(credentialSubject=samples.subject(**members))).problems
    return [(problem.kind, problem.pointer) for problem in problems]


def test_a_badge_for_nobody_is_named() -> None:
    assert _found(identifier=[]) == [("schema-missing", "/credentialSubject")]
    assert _found(identifier=[], id="") == [("schema-missing", "/credentialSubject")]
    assert _found(identifier=[], id="did:example:learner") == []


def test_a_record_for_nobody_is_named() -> None:
    subject = {key: value for key, value in samples.record()["credentialSubject"].items() if key != "id"}

    (problem,) = findings(samples.record(credentialSubject=subject)).problems

    assert problem == Problem("schema-missing", "The learner has neither “id” nor “identifier”.", "/credentialSubject")


@pytest.mark.parametrize("text", ["alex@school.example", "sha256$xyz", "md5$" + "0" * 64, "sha256$" + "0" * 64 + "\n"])
def test_an_identity_that_only_claims_to_be_hashed_is_named(text: str) -> None:
    identity = {"type": "IdentityObject", "hashed": True, "identityHash": text, "identityType": "emailAddress"}

    assert _found(identifier=[identity]) == [("schema-value", "/credentialSubject/identifier/0/identityHash")]
    assert _found(identifier=identity) == [("schema-value", "/credentialSubject/identifier/identityHash")]
    assert _found(identifier=[{**identity, "hashed": False}]) == []


def test_a_result_measured_by_nothing_in_the_achievement_is_named() -> None:
    assert _found(result={"type": "Result", "resultDescription": "urn:other"}) == [
        ("schema-link", "/credentialSubject/result/resultDescription")
    ]


def test_a_level_of_no_rubric_is_named() -> None:
    assert _found(result=[{"type": "Result", "achievedLevel": "urn:level:9"}]) == [
        ("schema-link", "/credentialSubject/result/0/achievedLevel")
    ]


def test_a_result_of_type_status_needs_its_status() -> None:
    scale = {"id": "urn:s", "type": ["ResultDescription"], "name": "Status", "resultType": "Status"}
    achievement = {**samples.subject()["achievement"], "resultDescription": scale}
    result = {"type": "Result", "resultDescription": "urn:s"}

    assert _found(achievement=achievement, result=result) == [("schema-missing", "/credentialSubject/result")]
    assert _found(achievement=achievement, result={**result, "status": "Completed"}) == []


@pytest.mark.parametrize(
    "subject",
    [5, [], [samples.subject()], {}, {"achievement": 5, "result": 5, "identifier": 5}, {"result": [{"resultDescription": []}]},
     {"achievement": {"resultDescription": [{"id": []}, {"id": "a", "rubricCriterionLevel": 5}]}, "result": [None]}],
)  # fmt: skip
def test_hostile_a_subject_of_any_shape_is_findings_and_no_accident(subject: Any) -> None:
    assert findings(samples.badge(credentialSubject=subject)).problems


def test_hostile_a_million_mistakes_are_cut_short() -> None:
    results = [{"type": "Result", "resultDescription": 5}] * 100_000
    document = samples.badge(credentialSubject=samples.subject(result=results))
    findings(samples.badge())  # what is read once stays
    tracemalloc.start()

    found = findings(document)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(found.problems) == MAX_FINDINGS
    assert peak < 2_000_000


def test_hostile_a_document_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "MAX_STEPS", 1000)
    achievement = {**samples.subject()["achievement"], "tag": [""] * 2000}

    ((kind, place),) = _found(achievement=achievement)

    assert kind == "schema-too-long"
    assert place is not None
    assert place.startswith("/credentialSubject/achievement/tag/")


def test_hostile_results_beside_a_rubric_of_thousands_of_levels_take_linear_work() -> None:
    levels = [{"id": f"urn:l:{number}", "type": "RubricCriterionLevel", "name": "x"} for number in range(5_000)]
    scale: JsonObject = {
        "id": "urn:s", "type": "ResultDescription", "name": "x", "resultType": "Result", "rubricCriterionLevel": levels
    }  # fmt: skip
    result = {"type": "Result", "resultDescription": "urn:s", "achievedLevel": "urn:l:4999"}
    achievement = {**samples.subject()["achievement"], "resultDescription": [scale]}

    assert _found(achievement=achievement, result=[result] * 5_000) == []


def test_findings_stop_at_the_credential_and_leave_those_inside_to_their_own() -> None:
    inside = samples.badge(credentialSubject={"type": "nothing"})
    subject = {**samples.record()["credentialSubject"], "verifiableCredential": [inside]}

    assert findings(samples.record(credentialSubject=subject)).problems == ()
    assert findings(inside).problems
