import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from intaglio.openbadges import shape
from intaglio.openbadges.models.__main__ import main
from intaglio.openbadges.models.generate import DIALECT, schemas, texts

FOLDER = Path(__file__).parents[2] / "schemas" / "jsonschema"
_NOTES = {"title", "description"}


def test_the_schemas_in_the_repository_are_those_of_the_models(tmp_path: Path) -> None:
    """Write them anew with ``python -m intaglio.openbadges.models schemas/jsonschema``."""
    assert main([str(tmp_path)]) == 0

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        path.name: path.read_text() for path in FOLDER.iterdir()
    }


def test_generating_twice_gives_the_same_text() -> None:
    assert texts() == texts()


def test_the_generator_explains_its_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "FOLDER" in capsys.readouterr().err


@pytest.mark.parametrize("name", [shape.STRICT, shape.COMPACTED])
def test_each_schema_is_a_schema(name: str) -> None:
    schema = schemas()[name]

    assert schema["$schema"] == DIALECT
    assert jsonschema_rs.meta.is_valid(schema)


@pytest.mark.parametrize("name", [shape.STRICT, shape.COMPACTED])
def test_no_schema_uses_a_keyword_that_our_reader_would_overlook(name: str) -> None:
    used = {keyword for rule in schemas()[name]["$defs"].values() for keyword in _keywords(rule)}

    assert used - _NOTES == shape.KEYWORDS


@pytest.mark.parametrize("name", [shape.STRICT, shape.COMPACTED])
def test_every_class_can_be_explained_to_a_person(name: str) -> None:
    """Each rule that a value can break says what it expects, or has a type, a name or a list of names."""
    for rule in schemas()[name]["$defs"].values():
        for inner in _rules(rule):
            assert inner.keys() & {"title", "$ref", "const", "enum", "type", "if", "anyOf", "contains"}, inner


def test_the_generated_text_says_what_it_is() -> None:
    for name, text in texts().items():
        assert json.loads(text)["$id"] == f"urn:intaglio:schema:{name.removesuffix('.json')}"


def _rules(rule: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield rule
    for keyword, value in rule.items():
        match keyword:
            case "properties":
                inner = list(value.values())
            case "allOf" | "anyOf" | "prefixItems":
                inner = value
            case "if" | "then" | "else" | "items" | "contains" | "propertyNames" | "additionalProperties":
                inner = [value] if isinstance(value, dict) else []
            case _:
                inner = []
        for each in inner:
            yield from _rules(each)


def _keywords(rule: dict[str, Any]) -> Iterator[str]:
    for each in _rules(rule):
        yield from each
