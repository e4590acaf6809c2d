"""From an award to the credential: both copies pass the rehearsal and 1EdTech's schema; what may not be in a badge is refused."""

import json
from datetime import timedelta
from typing import Any

import jsonschema_rs
import pytest

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput
from intaglio.openbadges.findings import findings
from intaglio.sealing.plan import SealPlan
from intaglio.sealing.prepare import SealingDesk
from issuer.achievements.composing import (
    SCHEMA,
    AwardedAchievement,
    AwardedResult,
    AwardFacts,
    EvidenceLink,
    IssuerProfile,
    compose,
)
from issuer.achievements.definition import ResultDescription
from tests.conftest import STANDARDS
from tests.issuer.achievements.samples import (
    ADDRESS,
    AWARDED,
    DID,
    GRADE_ID,
    LEVEL_IDS,
    RUBRIC_ID,
    SCORE_ID,
    STATUS_ID,
    award,
    definition,
)
from tests.verification.builders import signer

HOLDER = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
BARE = AwardedAchievement(ADDRESS, 1, definition(results=(), alignments=(), tags=(), valid_for=""))
COPIES = {
    "the school's copy": award(),
    "the learner's copy": award(holder=HOLDER, valid_from=AWARDED + timedelta(days=3)),
    "the least": award(achievement=BARE, results=(), evidence=(), narrative="", status=None),
    "a district's": award(
        achievement=AwardedAchievement(
            ADDRESS, 1, definition(), None, IssuerProfile("did:web:district.example", "District")
        )
    ),
}


@pytest.mark.parametrize("copy", COPIES)
def test_every_copy_passes_the_rehearsal(copy: str) -> None:
    facts = COPIES[copy]
    desk = SealingDesk()
    by = signer("school")
    plan = SealPlan(by.algorithm, f"{DID}#key-1", suite="eddsa-rdfc-2022")

    assert desk.prepare(compose(facts), [plan], created=facts.valid_from)


@pytest.mark.parametrize("copy", COPIES)
def test_every_copy_keeps_to_the_standard(copy: str) -> None:
    assert findings(compose(COPIES[copy])).problems == ()


@pytest.mark.skipif(not STANDARDS.is_dir(), reason="no official schemas here")
@pytest.mark.parametrize("copy", COPIES)
def test_every_copy_keeps_to_the_published_schema(copy: str) -> None:
    schema = json.loads((STANDARDS / "jsonschema/ob3/ob_v3p0_achievementcredential_schema.json").read_bytes())

    assert jsonschema_rs.validator_for(schema).is_valid(compose(COPIES[copy]))


def test_the_schools_copy_names_its_subject_by_name_alone() -> None:
    subject = compose(award())["credentialSubject"]

    assert "id" not in subject
    assert subject["identifier"] == [
        {"type": "IdentityObject", "hashed": False, "identityHash": "Robin Castañeda", "identityType": "name"}
    ]


def test_the_learners_copy_is_the_same_award_bound_to_her_key() -> None:
    school, learner = (compose(COPIES[name]) for name in ("the school's copy", "the learner's copy"))

    assert learner["credentialSubject"].pop("id") == HOLDER
    assert learner.pop("validFrom") > school.pop("validFrom")
    assert learner == school


def test_its_end_counts_from_the_award_in_both_copies() -> None:
    assert {compose(COPIES[name])["validUntil"] for name in ("the school's copy", "the learner's copy")} == {
        "2029-05-29T15:00:00Z"
    }


def test_what_was_reached_refers_to_the_achievement_inside() -> None:
    subject = compose(award())["credentialSubject"]

    assert subject["result"] == [
        {"type": ["Result"], "resultDescription": RUBRIC_ID, "achievedLevel": LEVEL_IDS[1], "value": "Proficient"},
        {"type": ["Result"], "resultDescription": SCORE_ID, "value": "18.5"},
        {"type": ["Result"], "resultDescription": GRADE_ID, "value": "A"},
    ]


def test_the_status_has_the_purpose_of_the_achievement() -> None:
    pausing = AwardedAchievement(ADDRESS, 1, definition(status_purpose="suspension"))
    entry = compose(award(achievement=pausing))["credentialStatus"]

    assert isinstance(entry, dict)
    assert (entry["statusPurpose"], entry["statusListIndex"]) == ("suspension", "70012")


def test_it_names_the_schema_that_it_keeps_to() -> None:
    assert compose(award())["credentialSchema"] == [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}]


def test_a_creator_is_named_where_it_is_not_the_issuer() -> None:
    def creator(facts: AwardFacts) -> JsonObject | None:
        found: JsonObject | None = compose(facts)["credentialSubject"]["achievement"].get("creator")
        return found

    same = AwardedAchievement(ADDRESS, 1, definition(), None, award().issuer)

    assert creator(COPIES["a district's"]) == {
        "id": "did:web:district.example",
        "type": ["Profile"],
        "name": "District",
    }
    assert creator(award(achievement=same)) is None


def test_a_status_is_a_result_too() -> None:
    described = ResultDescription(id=STATUS_ID, name="State", result_type="Status")
    achievement = AwardedAchievement(ADDRESS, 1, definition(results=(described,)))
    facts = award(achievement=achievement, results=(AwardedResult(STATUS_ID, status="Completed"),))

    assert compose(facts)["credentialSubject"]["result"][0]["status"] == "Completed"
    assert findings(compose(facts)).problems == ()


def results(*given: AwardedResult) -> dict[str, Any]:
    return {"results": given}


def evidence(**given: Any) -> dict[str, Any]:
    return {"evidence": (EvidenceLink(**given),)}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"credential_id": "5f0c2f0a"}, "/id"),
        ({"learner_name": " "}, "/credentialSubject/identifier/0/identityHash"),
        ({"learner_name": "robin@school.example"}, "/credentialSubject/identifier/0/identityHash"),
        ({"learner_name": "Robin 4471203"}, "/credentialSubject/identifier/0/identityHash"),
        ({"holder": "robin@school.example"}, "/credentialSubject/id"),
        ({"holder": "did:key:z6 Mk"}, "/credentialSubject/id"),
        ({"valid_from": AWARDED + timedelta(days=4000)}, "/validUntil"),
        ({"narrative": "x" * 10_001}, "/credentialSubject/narrative"),
        (results(AwardedResult("urn:uuid:other")), "/credentialSubject/result/0"),
        (results(AwardedResult(RUBRIC_ID)), "/credentialSubject/result/0"),
        (results(AwardedResult(RUBRIC_ID, level_id="urn:uuid:other")), "/credentialSubject/result/0"),
        (results(AwardedResult(SCORE_ID, value="21")), "/credentialSubject/result/0"),
        (results(AwardedResult(SCORE_ID, value="many")), "/credentialSubject/result/0"),
        (results(AwardedResult(SCORE_ID, level_id=LEVEL_IDS[0], value="1")), "/credentialSubject/result/0"),
        (results(AwardedResult(GRADE_ID, value="D")), "/credentialSubject/result/0"),
        (results(AwardedResult(GRADE_ID)), "/credentialSubject/result/0"),
        (results(*[AwardedResult(GRADE_ID, value="A")] * 2), "/credentialSubject/result"),
        (results(*[AwardedResult(GRADE_ID, value="A")] * 21), "/credentialSubject/result"),
        (evidence(), "/evidence/0"),
        (evidence(name="x" * 501), "/evidence/0/name"),
        (evidence(narrative="x" * 10_001), "/evidence/0/narrative"),
        (evidence(address="mailto:robin@school.example"), "/evidence/0/id"),
        (evidence(address="javascript:alert(1)"), "/evidence/0/id"),
        ({"evidence": (EvidenceLink("a"),) * 21}, "/evidence"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        compose(award(**changes))

    assert (caught.value.problem.kind, caught.value.problem.pointer) == ("award-malformed", place)


@pytest.mark.parametrize(
    ("index", "changes", "value", "is_enough"),
    [
        (0, {"required_level": LEVEL_IDS[1]}, LEVEL_IDS[0], False),
        (0, {"required_level": LEVEL_IDS[1]}, LEVEL_IDS[1], True),
        (1, {"required_value": "12.5"}, "9", False),
        (1, {"required_value": "12.5"}, "12.50", True),
        (2, {"required_value": "B"}, "C", False),
        (2, {"required_value": "B"}, "A", True),
    ],
)
def test_what_is_below_the_bar_earns_no_badge(index: int, changes: dict[str, Any], value: str, is_enough: bool) -> None:
    described = definition().results[index].model_copy(update=changes)
    achievement = AwardedAchievement(ADDRESS, 1, definition(results=(described,)))
    given = {"level_id": value} if index == 0 else {"value": value}
    facts = award(achievement=achievement, results=(AwardedResult(described.id, **given),))

    if is_enough:
        assert compose(facts)
    else:
        with pytest.raises(MalformedInput) as caught:
            compose(facts)
        assert "below" in caught.value.problem.detail


def test_an_unknown_status_is_refused() -> None:
    described = ResultDescription(id=STATUS_ID, name="State", result_type="Status")
    achievement = AwardedAchievement(ADDRESS, 1, definition(results=(described,)))

    with pytest.raises(MalformedInput):
        compose(award(achievement=achievement, results=(AwardedResult(STATUS_ID, status="Splendid"),)))


@pytest.mark.parametrize("name", ["Robin Castañeda III", "Ana de la O", "John Smith 3rd", "李雷", "O’Brien-Núñez"])
def test_names_are_written_as_schools_write_them(name: str) -> None:
    assert compose(award(learner_name=name))["credentialSubject"]["identifier"][0]["identityHash"] == name
