"""The starter set is whole, in words that can be published as they are."""

import json

from issuer.achievements.findings import findings
from issuer.achievements.starter import PORTRAIT, empty_rubric, read_set


def test_it_has_thirteen_competencies_that_could_be_published() -> None:
    definitions = read_set()

    assert len(definitions) == 13
    assert [findings(definition) for definition in definitions.values()] == [()] * 13


def test_each_has_a_rubric_of_four_levels_of_its_own_words() -> None:
    rubrics = [definition.results[0] for definition in read_set().values()]
    descriptions = [level.description for rubric in rubrics for level in rubric.levels]

    assert all(
        [level.name for level in rubric.levels] == ["Beginning", "Developing", "Proficient", "Extending"]
        for rubric in rubrics
    )
    assert all(rubric.required_level == rubric.levels[2].id for rubric in rubrics)
    assert len(set(descriptions)) == len(descriptions) == 52


def test_two_schools_that_load_it_have_levels_of_their_own() -> None:
    first, second = (read_set()["communication"].results[0] for _ in range(2))

    assert first.id != second.id
    assert not {level.id for level in first.levels} & {level.id for level in second.levels}


def test_codes_are_their_own_and_texts_are_written_cleanly() -> None:
    content = json.loads(PORTRAIT.read_bytes())
    codes = [item["code"] for item in content["competencies"]]

    assert len(set(codes)) == 13
    for item in content["competencies"]:
        read = read_set()[item["code"]]
        assert (read.description, read.criteria) == (item["description"], item["criteria"])


def test_an_empty_rubric_waits_for_its_words() -> None:
    assert [level.description for level in empty_rubric().levels] == [""] * 4
