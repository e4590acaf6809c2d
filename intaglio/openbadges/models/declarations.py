"""The two members by which a document says what it is: ``type`` and ``@context``."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from typing_extensions import TypeAliasType

from intaglio.documents import JsonObject
from intaglio.openbadges.formats import matches
from intaglio.vcdm import CONTEXT_V1, CONTEXT_V2

OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
LEARNER_RECORD: Final = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
_OPEN_BADGES_ANY = r"^https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.[0-9]\.[0-9])*\.json$"
_LEARNER_RECORD_ANY = r"^https://purl\.imsglobal\.org/spec/clr/v2p0/context(-2\.[0-9]\.[0-9])*\.json$"

Context = TypeAliasType(
    "Context",
    Annotated[str | JsonObject, WithJsonSchema({"title": "an address or a map", "type": ["string", "object"]})],
)


@dataclass(frozen=True)
class Includes:
    """A ``type`` that names at least one of each group; where there is but one name, it may stand alone, without a list."""

    groups: tuple[tuple[str, ...], ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        listed = core_schema.no_info_before_validator_function(self._listed, handler(source))
        return core_schema.no_info_after_validator_function(self._check, listed)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        many = handler(schema)
        if self._alone is None:
            return {**many, "allOf": [{"contains": _one_of(group)} for group in self.groups]}
        alone = {"const": self._alone}
        return {"if": {"type": "array"}, "then": {**many, "contains": alone}, "else": alone}

    @property
    def _alone(self) -> str | None:
        return self.groups[0][0] if len(self.groups) == len(self.groups[0]) == 1 else None

    def _listed(self, value: Any) -> Any:
        if isinstance(value, str) and value == self._alone:
            return (value,)
        return tuple(value) if isinstance(value, list) else value

    def _check(self, value: tuple[str, ...]) -> tuple[str, ...]:
        if all(any(name in value for name in group) for group in self.groups):
            return value
        raise PydanticCustomError("wrong_type", "the type lacks a name that it must have")


def includes(*names: str | tuple[str, ...]) -> Includes:
    """Return the rule that a ``type`` has each of these names; a tuple is a choice of names."""
    return Includes(tuple((name,) if isinstance(name, str) else name for name in names))


@dataclass(frozen=True)
class BeginsWith:
    """A ``@context`` whose first items are an address and then matches of patterns, in this order."""

    first: str
    patterns: tuple[str, ...] = ()

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        listed = core_schema.no_info_before_validator_function(_tuple, handler(source))
        return core_schema.no_info_after_validator_function(self._check, listed)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        title = "the context of this standard, in this place"
        patterns = [{"type": "string", "pattern": each, "title": title} for each in self.patterns]
        return {**handler(schema), "prefixItems": [{"const": self.first}, *patterns], "minItems": 1 + len(patterns)}

    def _check(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        rest = value[1 : 1 + len(self.patterns)]
        if value[:1] != (self.first,) or len(rest) < len(self.patterns):
            raise PydanticCustomError("wrong_context", "not the contexts of this standard")
        for item, pattern in zip(rest, self.patterns, strict=True):
            if not isinstance(item, str) or not matches(pattern, item):
                raise PydanticCustomError("wrong_context", "not the contexts of this standard")
        return value


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _one_of(names: tuple[str, ...]) -> JsonSchemaValue:
    return {"const": names[0]} if len(names) == 1 else {"enum": list(names)}


BADGE_CONTEXTS = BeginsWith(CONTEXT_V2, (_OPEN_BADGES_ANY,))
RECORD_CONTEXTS = BeginsWith(CONTEXT_V2, (_LEARNER_RECORD_ANY, _OPEN_BADGES_ANY))
CREDENTIAL_CONTEXTS = BeginsWith(CONTEXT_V2)
BADGE_CONTEXTS_V1 = BeginsWith(CONTEXT_V1, (_OPEN_BADGES_ANY,))
RECORD_CONTEXTS_V1 = BeginsWith(CONTEXT_V1, (_LEARNER_RECORD_ANY, _OPEN_BADGES_ANY))
CREDENTIAL_CONTEXTS_V1 = BeginsWith(CONTEXT_V1)
