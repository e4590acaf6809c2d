import json
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from intaglio.openbadges import shape
from intaglio.openbadges.models import __main__
from intaglio.openbadges.models.generate import DIALECT, schemas, texts

FOLDER = Path(__file__).parents[2] / "schemas" / "jsonschema"
_NOTES = {"title", "description"}


def test_the_schemas_in_the_repository_are_those_of_the_models(tmp_path: Path) -> None:
    """Write them anew with ``python -m intaglio.openbadges.models schemas/jsonschema``."""
    assert __main__.main([str(tmp_path)]) == 0

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        path.name: path.read_text() for path in FOLDER.iterdir()
    }


def test_generating_twice_gives_the_same_text() -> None:
    assert texts() == texts()


def test_the_generator_is_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["models", str(tmp_path / "new")])

    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(__main__.__file__), run_name="__main__")

    assert ended.value.code == 0
    assert len(list((tmp_path / "new").iterdir())) == 2


def test_the_generator_explains_its_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main([]) == 2
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
def test_a_reference_stands_alone_as_our_reader_takes_it(name: str) -> None:
    for rule in schemas()[name]["$defs"].values():
        assert all(inner.keys() == {"$ref"} for inner in _rules(rule) if "$ref" in inner)


@pytest.mark.parametrize("name", [shape.STRICT, shape.COMPACTED])
def test_each_keyword_stands_beside_the_type_that_it_is_about(name: str) -> None:
    about = {"required": "object", "contains": "array", "minItems": "array", "pattern": "string", "format": "string"}
    for rule in schemas()[name]["$defs"].values():
        for inner, kind in _typed(rule, None):
            assert all(about[keyword] == kind for keyword in about.keys() & inner.keys()), inner


@pytest.mark.parametrize("name", [shape.STRICT, shape.COMPACTED])
def test_every_class_can_be_explained_to_a_person(name: str) -> None:
    """Each rule that a value can break says what it expects, or has a type, a name or a list of names."""
    for rule in schemas()[name]["$defs"].values():
        for inner in _rules(rule):
            assert inner.keys() & {"title", "$ref", "const", "enum", "type", "if", "anyOf", "contains"}, inner


def test_the_generated_text_says_what_it_is() -> None:
    for name, text in texts().items():
        assert json.loads(text)["$id"] == f"urn:intaglio:schema:{name.removesuffix('.json')}"


def _parts(rule: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rules inside a rule, each with the keyword that holds it."""
    for keyword, value in rule.items():
        match keyword:
            case "properties":
                yield from ((keyword, each) for each in value.values())
            case "allOf" | "anyOf" | "prefixItems":
                yield from ((keyword, each) for each in value)
            case "if" | "then" | "else" | "items" | "contains" | "propertyNames":
                yield keyword, value
            case "additionalProperties" if isinstance(value, dict):
                yield keyword, value


def _typed(rule: dict[str, Any], around: str | None) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield each rule inside a rule, and the type that its value is known to have."""
    kind = rule.get("type", around)
    yield rule, kind
    for keyword, part in _parts(rule):
        same_value = keyword in {"allOf", "anyOf", "if", "then", "else"}
        yield from _typed(part, kind if same_value else "string" if keyword == "propertyNames" else None)


def _rules(rule: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (each for each, _ in _typed(rule, None))


def _keywords(rule: dict[str, Any]) -> Iterator[str]:
    for each in _rules(rule):
        yield from each
