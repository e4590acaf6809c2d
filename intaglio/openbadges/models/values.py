"""What the members of a model hold: texts, identifiers, times, and how many of them.

Each named type becomes a definition of its own in the generated schemas. Texts are either plain or, as 1EdTech's published
schemas allow, a map from language to text; an identifier, a code or a point in time is always plain.
"""

from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from typing_extensions import TypeAliasType

from intaglio.openbadges.formats import is_date, is_date_time, is_date_time_stamp

T = TypeVar("T")

_LANGUAGE_KEY = r"^[a-z]{2}(-[A-Z]{2})?$"
_LANGUAGE_CODE = r"^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
_COMPACT_JWS = r"^[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]*\.[a-zA-Z0-9_-]+$"


def _plain(title: str, **keywords: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "title": title, **keywords})


def _check_date(text: str) -> str:
    return _checked(text, holds=is_date(text))


def _check_date_time(text: str) -> str:
    return _checked(text, holds=is_date_time(text))


def _check_date_time_stamp(text: str) -> str:
    return _checked(text, holds=is_date_time_stamp(text))


def _checked(text: str, *, holds: bool) -> str:
    if not holds:
        raise PydanticCustomError("bad_time", "not a point in time")
    return text


def by_language(rule: JsonSchemaValue) -> JsonSchemaValue:
    """Return the schema of a map from language to what `rule` describes."""
    keys = {"pattern": _LANGUAGE_KEY, "title": "a language such as en or es-MX"}
    return {"type": "object", "propertyNames": keys, "additionalProperties": rule}


_LanguageKey = Annotated[str, StringConstraints(pattern=_LANGUAGE_KEY)]
Text = TypeAliasType(
    "Text",
    Annotated[
        str | dict[_LanguageKey, str],
        WithJsonSchema(
            {
                **by_language({"type": "string"}),
                "title": "a text, or texts by language",
                "type": ["string", "object"],
            }
        ),
    ],
)
"""Words for a person: ``"Teamwork"`` or ``{"en": "Teamwork", "es": "Trabajo en equipo"}``."""
Token = TypeAliasType("Token", Annotated[str, _plain("a text in no language")])
"""A text that is the same in every language: an e-mail address, a hash, a proof value."""
Uri = TypeAliasType("Uri", Annotated[str, _plain("an address or identifier")])
Iri = TypeAliasType("Iri", Annotated[str, _plain("the name of a type")])
LanguageCode = TypeAliasType(
    "LanguageCode",
    Annotated[
        str,
        StringConstraints(pattern=_LANGUAGE_CODE),
        _plain("a language such as en, es-MX or zh-Hant", pattern=_LANGUAGE_CODE),
    ],
)
CompactJws = TypeAliasType(
    "CompactJws",
    Annotated[str, StringConstraints(pattern=_COMPACT_JWS), _plain("a signed token", pattern=_COMPACT_JWS)],
)
DateTimeZ = TypeAliasType(
    "DateTimeZ",
    Annotated[
        str,
        AfterValidator(_check_date_time_stamp),
        _plain("a time with its offset, such as 2026-06-30T12:00:00Z", format="date-time"),
    ],
)
DateTime = TypeAliasType(
    "DateTime",
    Annotated[
        str, AfterValidator(_check_date_time), _plain("a time such as 2026-06-30T12:00:00", format="local-date-time")
    ],
)
Date = TypeAliasType(
    "Date", Annotated[str, AfterValidator(_check_date), _plain("a day such as 2026-06-30", format="date")]
)
Number: TypeAlias = Annotated[int | float, WithJsonSchema({"type": "number"})]


class _OneOrMany:
    """A single value stands for a list of one (JSON-LD 1.1, section 4.3.2)."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_many, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        many = handler(schema)
        # Not oneOf: of two branches that both fail, nobody can say which one was meant.
        return {"if": {"type": "array"}, "then": many, "else": many["items"]}


def _many(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


OneOrMany: TypeAlias = Annotated[tuple[T, ...], _OneOrMany()]


class _TextOrObject:
    """A union of a text and one model, told apart by what the value is."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        text, model = handler(schema)["anyOf"]
        return {"if": {"type": "object"}, "then": model, "else": text}


TEXT_OR_OBJECT = _TextOrObject()
SomeOf: TypeAlias = Annotated[tuple[T, ...], Field(min_length=1), _OneOrMany()]
"""Like `OneOrMany`, but at least one."""
