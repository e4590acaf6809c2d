"""The JSON Schemas (2020-12) that the models stand for.

Two of them, each with every class as a definition. The strict one says what the words of the standard say. The other accepts
what 1EdTech's published schemas for compacted JSON-LD accept beyond that: any single text as a ``type`` or ``@context``, and
maps from language to text also where only one identifier makes sense.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from intaglio.openbadges.models.achievement import AchievementCredential
from intaglio.openbadges.models.clr import ClrCredential
from intaglio.openbadges.models.legacy import AchievementCredentialV1, ClrCredentialV1
from intaglio.openbadges.models.values import by_language
from intaglio.openbadges.models.vocabularies import EXTENSION
from intaglio.openbadges.shape import COMPACTED, STRICT

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ROOTS: tuple[type[BaseModel], ...] = (
    AchievementCredential,
    AchievementCredentialV1,
    ClrCredential,
    ClrCredentialV1,
)
"""From these every other class is reached."""
_TITLES: Mapping[str, str] = MappingProxyType(
    {
        STRICT: "Open Badges 3.0 and CLR 2.0, as the words of the standards have them",
        COMPACTED: "Open Badges 3.0 and CLR 2.0, with what compacted JSON-LD may look like",
    }
)
_PLAIN = ("Token", "Uri", "Iri", "LanguageCode", "CompactJws")


def schemas() -> dict[str, JsonSchemaValue]:
    """Return both schemas by the name of their file, without ``.json``."""
    _, generated = models_json_schema([(root, "validation") for root in _ROOTS], schema_generator=_Generator)
    strict = {name: _stated(rule) for name, rule in generated["$defs"].items()}
    definitions = {STRICT: strict, COMPACTED: {name: _compacted(name, rule) for name, rule in strict.items()}}
    return {
        name: {"$schema": DIALECT, "$id": f"urn:intaglio:schema:{name}", "title": title, "$defs": definitions[name]}
        for name, title in _TITLES.items()
    }


def texts() -> dict[str, str]:
    """Return what stands in ``schemas/jsonschema``: the text of each file, by its name."""
    return {
        f"{name}.json": json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        for name, schema in schemas().items()
    }


class _Generator(GenerateJsonSchema):
    """Absent is not null, and a default is for those who write, not for those who read."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic asks it this way
        return False


def _stated(rule: JsonSchemaValue) -> JsonSchemaValue:
    """Require what has a default for makers only."""
    if "properties" not in rule:
        return rule
    stated = {"@context", "type"} & rule["properties"].keys()
    return {**rule, "required": sorted(stated | set(rule.get("required", ())))}


def _compacted(name: str, rule: JsonSchemaValue) -> JsonSchemaValue:
    if name in _PLAIN:
        return _or_by_language(rule)
    if "anyOf" in rule:
        return {**rule, "anyOf": [_unanchored(branch) for branch in rule["anyOf"]]}
    if "properties" not in rule:
        return rule
    properties = {member: _compacted_member(member, each) for member, each in rule["properties"].items()}
    return {**rule, "properties": properties}


def _compacted_member(name: str, rule: JsonSchemaValue) -> JsonSchemaValue:
    if name == "@context":
        return {"if": {"type": "array"}, "then": rule, "else": {"$ref": "#/$defs/Context"}}
    if name == "issuer" and "if" in rule:
        return {"anyOf": [rule["then"], rule["else"]]}
    if name != "type" or "$ref" in rule:
        return rule
    if "const" in rule:
        return _or_by_language(rule)
    return {"if": {"type": "array"}, "then": rule.get("then", rule), "else": {"$ref": "#/$defs/Iri"}}


def _or_by_language(rule: JsonSchemaValue) -> JsonSchemaValue:
    return {"if": {"type": "object"}, "then": by_language(rule), "else": rule}


def _unanchored(rule: JsonSchemaValue) -> JsonSchemaValue:
    return {**rule, "pattern": EXTENSION.removeprefix("^")} if rule.get("pattern") == EXTENSION else rule
