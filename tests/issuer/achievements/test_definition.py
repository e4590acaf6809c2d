"""What an achievement says: kept as it was typed, checked before it is published, written as Open Badges 3.0."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from intaglio.openbadges import shape
from issuer.achievements.definition import (
    RUBRIC,
    Alignment,
    Definition,
    Level,
    ResultDescription,
    to_open_badge,
    valid_until,
)
from issuer.achievements.findings import MAX_ALIGNMENTS, MAX_LEVELS, MAX_RESULTS, findings
from tests.issuer.achievements.samples import ADDRESS, LEVEL_IDS, RUBRIC_ID, definition


def fields(changed: Definition) -> list[str]:
    return [finding.field for finding in findings(changed)]


def result(**changes: Any) -> tuple[ResultDescription, ...]:
    return (definition().results[0].model_copy(update=changes),)


def test_a_whole_definition_has_no_findings() -> None:
    assert findings(definition()) == ()


def test_a_new_one_says_what_is_missing() -> None:
    assert fields(Definition()) == ["name", "description", "criteria"]


def test_a_definition_comes_back_from_the_database_as_it_was() -> None:
    assert Definition.from_json(definition().to_json()) == definition()


def test_what_is_kept_has_no_members_of_other_names() -> None:
    with pytest.raises(ValidationError):
        Definition.from_json({"name": "x", "hidden": True})


def test_texts_are_cleaned_when_they_come_in() -> None:
    changed = Definition(name=" a\u202e  b\n", description="x\x00\r\ny")

    assert (changed.name, changed.description) == ("a b", "x\ny")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "x" * 121}, "name"),
        ({"description": " "}, "description"),
        ({"criteria": "x" * 10_001}, "criteria"),
        ({"achievement_type": "Cool"}, "achievement_type"),
        ({"language": "english"}, "language"),
        ({"tags": ("a", "a")}, "tags"),
        ({"tags": ("a" * 300,)}, "tags"),
        ({"tags": tuple(map(str, range(40)))}, "tags"),
        ({"credits_available": "half"}, "credits_available"),
        ({"credits_available": "-1"}, "credits_available"),
        ({"credits_available": "NaN"}, "credits_available"),
        ({"credits_available": "1e3"}, "credits_available"),
        ({"credits_available": "1.2.3"}, "credits_available"),
        ({"valid_for": "P0Y"}, "valid_for"),
        ({"valid_for": "Psoon"}, "valid_for"),
        ({"image_caption": "x" * 201}, "image_caption"),
        ({"alignments": (Alignment(target_name="x"),)}, "alignments-0-target_url"),
        ({"alignments": (Alignment(target_url="https://a.example"),)}, "alignments-0-target_name"),
        ({"alignments": (Alignment(target_name="x", target_url="javascript:alert(1)"),)}, "alignments-0-target_url"),
        (
            {"alignments": (Alignment(target_name="x", target_url="https://a.example", target_type="CF"),)},
            "alignments-0-target_type",
        ),
        (
            {"alignments": (Alignment(target_name="x", target_url="https://a.example"),) * (MAX_ALIGNMENTS + 1)},
            "alignments",
        ),
        ({"results": result() * (MAX_RESULTS + 1)}, "results"),
        ({"results": result(name="")}, "results-0-name"),
        ({"results": result(result_type="Feeling")}, "results-0-result_type"),
        ({"results": result(levels=())}, "results-0-levels"),
        ({"results": result(required_level="urn:uuid:other")}, "results-0-required_level"),
        ({"results": result(levels=(Level(name="a"), Level()))}, "results-0-levels-1-name"),
        ({"results": result(levels=(Level(name="a"), Level(name="a")))}, "results-0-levels-1-name"),
        (
            {"results": result(levels=tuple(Level(name=str(n)) for n in range(MAX_LEVELS + 1)), required_level="")},
            "results-0-levels",
        ),
        ({"results": result(result_type="LetterGrade")}, "results-0-allowed_values"),
        (
            {"results": result(result_type="LetterGrade", allowed_values=("A", "B"), required_value="C")},
            "results-0-required_value",
        ),
        ({"results": result(result_type="Percent")}, "results-0-value_min"),
        ({"results": result(result_type="Percent", value_min="9", value_max="1")}, "results-0-value_min"),
        (
            {"results": result(result_type="Percent", value_min="0", value_max="100", required_value="101")},
            "results-0-required_value",
        ),
    ],
)
def test_each_mistake_is_named_at_its_field(changes: dict[str, Any], field: str) -> None:
    assert field in fields(definition(**changes))


def test_terms_of_extensions_are_kept() -> None:
    assert findings(definition(achievement_type="ext:Portfolio")) == ()


def test_a_finding_is_a_sentence() -> None:
    (finding,) = findings(definition(name="x" * 121))

    assert finding.text == "This is too long: 120 letters at most."


def test_it_is_an_achievement_of_open_badges() -> None:
    written = to_open_badge(definition(), address=ADDRESS, version=3, image_address=f"{ADDRESS}/image")

    assert list(shape.problems("Achievement", written)) == []
    assert (written["id"], written["criteria"]["id"]) == (ADDRESS, f"{ADDRESS}#criteria")
    assert written["version"] == "3"
    assert written["creditsAvailable"] == 0.5
    assert written["image"] == {"id": f"{ADDRESS}/image", "type": "Image", "caption": "Two speech bubbles"}


def test_what_is_not_said_is_not_written() -> None:
    written = to_open_badge(Definition(name="n", description="d", criteria="c"), address=ADDRESS, version=1)

    assert set(written) == {
        *("id", "type", "name", "description", "criteria", "achievementType", "inLanguage", "version")
    }


def test_whole_credits_are_whole() -> None:
    written = to_open_badge(definition(credits_available="2.0"), address=ADDRESS, version=1)

    assert repr(written["creditsAvailable"]) == "2"


def test_another_version_has_other_identifiers_and_the_same_words() -> None:
    first, second = definition(), definition().with_new_ids()

    assert second.results[0].id != RUBRIC_ID
    assert not {level.id for level in second.results[0].levels} & set(LEVEL_IDS)
    assert second.results[0].required_level == second.results[0].levels[0].id
    assert [level.name for level in second.results[0].levels] == [level.name for level in first.results[0].levels]
    assert second.result(RUBRIC_ID) is None
    assert first.result(RUBRIC_ID) is first.results[0]


def test_a_rubric_is_what_a_result_is_at_first() -> None:
    assert ResultDescription().result_type == RUBRIC


@pytest.mark.parametrize(
    ("period", "begin", "end"),
    [
        ("", (2026, 5, 29), None),
        ("P10D", (2026, 5, 29), (2026, 6, 8)),
        ("P1M", (2026, 1, 31), (2026, 2, 28)),
        ("P13M", (2026, 12, 31), (2028, 1, 31)),
        ("P1Y", (2028, 2, 29), (2029, 2, 28)),
        ("P4Y", (2024, 2, 29), (2028, 2, 29)),
        ("P9999Y", (2026, 1, 1), None),
    ],
)
def test_a_badge_ends_where_the_calendar_says(
    period: str, begin: tuple[int, int, int], end: tuple[int, int, int] | None
) -> None:
    ends = valid_until(definition(valid_for=period), datetime(*begin, 8, tzinfo=UTC))

    assert ends == (end and datetime(*end, 8, tzinfo=UTC))
