"""The form of an achievement works without scripts: each button sends all of it, and nothing that was typed is lost."""

from issuer.achievements.definition import RUBRIC, Definition
from issuer.achievements.findings import MAX_ALIGNMENTS, MAX_LEVELS, MAX_RESULTS
from issuer.achievements.form import act, period_of, read
from tests.issuer.achievements.samples import LEVEL_IDS, RUBRIC_ID, definition


def typed(says: Definition) -> dict[str, str]:
    """Return the fields that a browser sends for a definition."""
    amount, unit = period_of(says)
    fields = {
        name: getattr(says, name)
        for name in (
            *("name", "description", "criteria", "achievement_type", "language", "field_of_study", "human_code"),
            *("credits_available", "image_caption", "status_purpose"),
        )
    }
    fields |= {"tags": ", ".join(says.tags), "valid_for": amount, "valid_for_unit": unit}
    for index, alignment in enumerate(says.alignments):
        fields |= {f"alignments-{index}-{name}": value for name, value in alignment.model_dump().items()}
    for index, result in enumerate(says.results):
        here = f"results-{index}"
        fields |= {
            f"{here}-{name}": getattr(result, name)
            for name in ("id", "name", "result_type", "required_level", "value_min", "value_max", "required_value")
        }
        fields[f"{here}-allowed_values"] = "\r\n".join(result.allowed_values)
        for number, level in enumerate(result.levels):
            fields |= {f"{here}-levels-{number}-{name}": value for name, value in level.model_dump().items()}
    return fields


def test_what_the_form_shows_is_what_comes_back() -> None:
    assert read(typed(definition())) == definition()
    assert read(typed(definition(status_purpose="suspension"))).status_purpose == "suspension"


def test_what_makes_no_sense_is_kept_as_it_was_typed() -> None:
    says = read(
        {"name": "x", "valid_for": "soon", "valid_for_unit": "?", "credits_available": "lots", "status_purpose": "?"}
    )

    assert (says.valid_for, says.credits_available, says.status_purpose) == ("PsoonY", "lots", "revocation")
    assert period_of(says) == ("soon", "Y")
    assert period_of(Definition()) == ("", "Y")


def test_an_empty_form_is_an_empty_definition() -> None:
    assert read({}).name == ""
    assert read({"tags": " , ,a,, b c "}).tags == ("a", "b c")


def test_rows_keep_their_order_over_gaps_and_strange_numbers() -> None:
    fields = {f"alignments-{index}-target_name": index for index in ("10", "2", "-1", "x", "٣", "999")}

    assert [row.target_name for row in read(fields).alignments] == ["2", "10"]


def test_identifiers_cannot_be_chosen_freely_or_twice() -> None:
    fields = typed(definition()) | {"results-1-id": RUBRIC_ID, "results-0-levels-0-id": "https://other.example/level"}
    says = read(fields)

    assert says.results[0].id == RUBRIC_ID
    assert says.results[1].id.startswith("urn:uuid:")
    assert says.results[1].id != RUBRIC_ID
    assert says.results[0].levels[0].id.startswith("urn:uuid:")
    assert says.results[0].required_level == ""  # its level is no longer there


def test_rows_have_an_end() -> None:
    fields = {f"alignments-{index}-target_name": "x" for index in range(99)}

    assert len(read(fields).alignments) == MAX_ALIGNMENTS


def test_a_standard_can_be_added_removed_and_moved() -> None:
    more, place = act(definition(), "add-alignment")
    assert (len(more.alignments), place) == (2, "alignments-1-target_name")

    moved, place = act(more, "up-alignment-1")
    assert (moved.alignments[1].target_name, place) == ("Speaks before an audience", "alignments-0-target_name")

    assert act(moved, "remove-alignment-0")[0].alignments == definition().alignments


def test_what_is_judged_can_be_added_and_removed() -> None:
    rubric, place = act(Definition(), "add-rubric")
    assert place == "results-0-name"
    assert [level.level for level in rubric.results[0].levels] == ["1", "2", "3", "4"]

    assert act(Definition(), "add-values")[0].results[0].result_type == "LetterGrade"
    assert act(Definition(), "add-range")[0].results[0].result_type == "RawScore"
    assert [item.name for item in act(definition(), "remove-result-0")[0].results] == ["Score", "Grade"]
    assert act(definition(), "up-result-2")[0].results[1].name == "Grade"


def test_levels_can_be_added_removed_and_moved() -> None:
    more, place = act(definition(), "add-level-0")
    assert (len(more.results[0].levels), place) == (3, "results-0-levels-2-name")

    moved, _ = act(definition(), "up-level-0-1")
    assert [level.id for level in moved.results[0].levels] == list(reversed(LEVEL_IDS))
    assert moved.results[0].required_level == LEVEL_IDS[0]

    fewer, _ = act(definition(), "remove-level-0-0")
    assert fewer.results[0].required_level == ""


def test_buttons_that_nobody_made_change_nothing() -> None:
    for do in (
        "save",
        "",
        "add-everything",
        "remove-alignment-7",
        "up-result-0",
        "add-level-9",
        "add-level-999",
        "add-result",
    ):
        assert act(definition(), do)[0] == definition()


def test_there_is_an_end_to_adding() -> None:
    says = definition()
    for _ in range(30):
        for do in ("add-rubric", "add-alignment", "add-level-0"):
            says, _ = act(says, do)

    assert len(says.results) == MAX_RESULTS
    assert len(says.alignments) == MAX_ALIGNMENTS
    assert len(says.results[0].levels) == MAX_LEVELS
    assert says.results[-1].result_type == RUBRIC
