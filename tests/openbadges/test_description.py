from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.documents import JsonObject
from intaglio.openbadges.description import Line, describe
from tests.verification.builders import (
    LEARNER,
    SCHOOL,
    STRANGER,
    badge,
    endorsement,
    learner_record,
    old_badge,
    presentation,
)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = [
    "name",
    "issuer",
    "credentialSubject",
    "validFrom",
    "validUntil",
    "evidence",
    "credentialStatus",
    "type",
    "verifiableCredential",
    "holder",
    "achievement",
    "identifier",
    "identityType",
    "hashed",
    "result",
    "resultDescription",
    "rubricCriterionLevel",
    "id",
    "achievedLevel",
    "value",
    "status",
    "alignment",
    "targetName",
    "criteria",
    "narrative",
    "endorsementComment",
    "@value",
    "statusPurpose",
]


def said(document: JsonObject) -> list[tuple[str, str]]:
    return [(line.label, line.text) for line in describe(document)]


def test_a_badge_says_what_a_person_asks_in_the_order_in_which_they_ask() -> None:
    subject = {
        **badge()["credentialSubject"],
        "narrative": "Over two years.",
        "identifier": [
            {"type": "IdentityObject", "hashed": False, "identityHash": "Robin", "identityType": "name"},
            {"type": "IdentityObject", "hashed": True, "identityHash": "sha256$00", "identityType": "emailAddress"},
        ],
    }
    evidence = [
        {"id": "https://school.example/essay", "type": ["Evidence"], "name": "Essay", "narrative": "Ten pages."}
    ]
    status = {"id": "urn:x#1", "type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    status["statusListCredential"] = "https://school.example/status/1"
    document = badge(
        credentialSubject=subject, evidence=evidence, credentialStatus=status, validUntil="2030-01-01T00:00:00Z"
    )
    assert said(document) == [
        ("name", "Critical thinking"),
        ("issued by", f"Riverside High School · {SCHOOL}"),
        ("learner", f"Robin · {LEARNER}"),
        ("achievement", "Critical thinking"),
        ("description", "Weighs evidence before judging."),
        ("criteria", "Defended a thesis."),
        ("narrative", "Over two years."),
        ("valid from", "2026-06-01T00:00:00Z"),
        ("valid until", "2030-01-01T00:00:00Z"),
        ("evidence", "Essay · Ten pages. · https://school.example/essay"),
        ("status kept in", "revocation · https://school.example/status/1"),
    ]


def test_a_result_is_told_by_the_names_of_its_scale_and_level() -> None:
    level = {"id": "urn:level:3", "type": ["RubricCriterionLevel"], "name": "Proficient", "level": "3"}
    nameless = {"id": "urn:level:4", "type": ["RubricCriterionLevel"], "level": "4"}
    scale = {
        "id": "urn:scale",
        "type": ["ResultDescription"],
        "name": "Rubric",
        "rubricCriterionLevel": [level, nameless],
    }
    alignment = {"type": ["Alignment"], "targetName": "Standard 4", "targetUrl": "https://state.example/4"}
    results = [
        {"type": ["Result"], "resultDescription": "urn:scale", "achievedLevel": "urn:level:3", "value": "87"},
        {"type": ["Result"], "resultDescription": "urn:scale", "achievedLevel": "urn:level:4"},
        {"type": ["Result"], "achievedLevel": "urn:level:9", "status": "Completed"},
        {"type": ["Result"], "resultDescription": "urn:nothing", "value": 4.5},
    ]
    achievement = {
        "name": "Thinking",
        "achievementType": "Competency",
        "resultDescription": [scale],
        "alignment": alignment,
    }
    lines = said(badge(credentialSubject={"achievement": achievement, "result": results}))
    assert [text for label, text in lines if label == "result"] == [
        "Rubric · 87 · Proficient",
        "Rubric · 4",
        "urn:level:9 · Completed",
        "4.5",
    ]
    assert ("achievement", "Thinking · Competency") in lines
    assert ("aligned with", "Standard 4 · https://state.example/4") in lines


def test_an_endorsement_says_about_what_it_speaks_and_names_no_learner() -> None:
    lines = said(endorsement())
    assert ("about", badge()["id"]) in lines
    assert ("comment", "Seen.") in lines
    assert ("issued by", f"A museum · {STRANGER}") in lines


def test_a_badge_of_version_1_1_says_its_dates() -> None:
    lines = said(old_badge(expirationDate="2030-01-01T00:00:00Z"))
    assert ("valid from", "2026-06-01T00:00:00Z") in lines
    assert ("valid until", "2030-01-01T00:00:00Z") in lines


def test_a_presentation_says_who_presents_how_many_and_what_is_in_them() -> None:
    lines = list(describe(presentation(badge(), badge(name="Second"))))
    assert lines[:2] == [Line("presentation", "of 2 credentials"), Line("presented by", LEARNER)]
    assert [line.text for line in lines if line.label == "name"] == ["Critical thinking", "Second"]
    assert {line.depth for line in lines[2:]} == {1}


@pytest.mark.parametrize(
    ("count", "words"), [(0, "of 0 credentials"), (1, "of one credential"), (1200, "of 1,200 credentials")]
)
def test_a_presentation_counts_in_words_for_a_person(count: int, words: str) -> None:
    assert next(describe(presentation(*[badge()] * count))) == Line("presentation", words)


def test_a_single_credential_need_not_stand_in_a_list() -> None:
    lines = said({**presentation(), "verifiableCredential": badge()})
    assert ("presentation", "of one credential") in lines
    assert ("name", "Critical thinking") in lines


def test_a_learner_record_says_what_is_in_the_badges_inside_it() -> None:
    lines = list(describe(learner_record(badge())))
    assert Line("name", "A learner record") in lines
    assert Line("learner", LEARNER) in lines
    assert Line("name", "Critical thinking", 1) in lines


def test_what_stands_inside_is_opened_by_whoever_can() -> None:
    lines = list(describe(presentation("a.b.c", {"id": "data:"}), lambda value: badge() if value == "a.b.c" else None))
    assert Line("name", "Critical thinking", 1) in lines
    assert lines[-1] == Line("inside", "something that cannot be opened", 1)


def test_a_token_that_nobody_opens_is_told_as_such() -> None:
    assert list(describe(presentation("a.b.c", 7)))[2:] == [Line("inside", "something that cannot be opened", 1)] * 2


def test_presentations_in_presentations_end_somewhere() -> None:
    document = badge()
    for _ in range(50):
        document = presentation(document)
    lines = list(describe(document))
    assert max(line.depth for line in lines) == 6


def test_the_first_lines_of_a_million_cost_no_more_than_themselves() -> None:
    # A hundred thousand achievements that each look at a hundred thousand results would be ten thousand million lines.
    subject = {"achievement": [{"name": "A"}] * 100_000, "result": [{"value": "1"}] * 100_000}
    lines = list(islice(describe(badge(credentialSubject=subject)), 1000))
    assert lines[-1] == Line("result", "1")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ({"@value": "a language's", "@language": "en"}, "a language's"),
        ([{"@value": "", "@language": "en"}, {"@value": "second"}], "second"),
        ([["deep"]], "deep"),
        (4.5, "4.5"),
        (True, ""),
        (None, ""),
        ([], ""),
        ([None, {}], ""),
        ({"@value": {"@value": "no"}}, ""),
    ],
    ids=str,
)
def test_a_name_may_be_a_text_a_number_or_texts_with_languages(value: Any, text: str) -> None:
    lines = dict(said({"name": value}))
    assert lines.get("name", "") == text


@pytest.mark.parametrize("identifier", [{"@value": "urn:x"}, ["urn:x"], {"a": 1}, [[]], 5, None, True], ids=str)
def test_identifiers_of_other_types_than_texts_are_no_trouble(identifier: Any) -> None:
    scale = {"id": identifier, "name": "Scale", "rubricCriterionLevel": [{"id": identifier, "name": "Level"}]}
    result = {"resultDescription": identifier, "achievedLevel": identifier}
    subject = {"id": identifier, "achievement": {"resultDescription": scale}, "result": result}
    assert isinstance(said(badge(id=identifier, issuer=identifier, credentialSubject=subject)), list)


@pytest.mark.parametrize(
    "value", [None, True, 0, -1.5, "text", [], [[[]]], {}, [None, 1, "a", {}], {"id": {}}], ids=str
)
@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize("kind", ["VerifiableCredential", "VerifiablePresentation"])
def test_a_member_of_a_hostile_type_is_no_trouble(member: str, value: Any, kind: str) -> None:
    # The same value wherever a member of this name can stand.
    inner: JsonObject = {"type": kind, member: value}
    document = {
        "type": kind,
        "issuer": inner,
        "holder": inner,
        "credentialSubject": {
            **inner,
            "identifier": [inner],
            "result": [inner],
            "achievement": {
                "criteria": inner,
                "resultDescription": {"id": "a", "rubricCriterionLevel": inner},
                **inner,
            },
        },
        "evidence": inner,
        "credentialStatus": inner,
        "verifiableCredential": [inner, value],
        member: value,
    }
    assert all(isinstance(line.text, str) and line.text for line in describe(document))


@given(st.dictionaries(st.sampled_from(MEMBERS), ANY_JSON | st.dictionaries(st.sampled_from(MEMBERS), ANY_JSON)))
@settings(deadline=None)
def test_any_object_can_be_described(document: JsonObject) -> None:
    assert all(isinstance(line, Line) for line in describe(document))
