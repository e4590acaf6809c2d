"""How a model is read from a document, and written to one."""

from types import MappingProxyType
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    model_serializer,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput
from intaglio.openbadges import shape

_ORDER = MappingProxyType(
    {name: place for place, name in enumerate(("@context", "id", "type", "name"))} | {"proof": 99}
)
_READING = object()
_STATED = frozenset({"@context", "type"})
"""What a maker may leave to its default, and a document must state."""


class Model(BaseModel):
    """A class of the data model: frozen, without conversions, open to members that it does not know.

    Construct one by the Python names of its members, in code that knows what it writes: mistakes there are pydantic's
    `ValidationError`. For anything from outside there is `read`.
    """

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="allow",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        allow_inf_nan=False,
        defer_build=True,
    )

    @classmethod
    def read(cls, document: JsonObject) -> Self:
        """Read one object of a document that passed `intaglio.documents.parse`.

        :raises MalformedInput: the first of the ``schema-…`` problems that `intaglio.openbadges.findings` would name.
        """
        for problem in shape.problems(cls.__name__, document):
            raise MalformedInput(problem.kind, problem.detail, pointer=problem.pointer)
        try:
            return cls.model_validate(document, by_alias=True, by_name=False, context=_READING)
        except ValidationError as error:
            raise MalformedInput("schema-value", f"It is no {cls.__name__}: {error.errors()[0]['msg']}.") from None

    def to_json(self) -> JsonObject:
        """Return the object as a document has it: members by their public names, absent ones left out, lists as lists."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @model_serializer(mode="wrap")
    def _what_it_is_first(self, handler: SerializerFunctionWrapHandler) -> JsonObject:
        """Begin with what says what this is and end with the proof, as people write credentials."""
        members: JsonObject = handler(self)
        return dict(sorted(members.items(), key=lambda member: _ORDER.get(member[0], len(_ORDER))))

    @model_validator(mode="before")
    @classmethod
    def _is_stated(cls, data: Any, info: ValidationInfo) -> Any:
        """In a document nothing may be missing that only a maker may leave out, and null is not absence."""
        if info.context is not _READING or not isinstance(data, dict):
            return data
        for name, field in cls.model_fields.items():
            # A class that is built as part of another has no aliases of its own yet.
            alias = field.alias or to_camel(name)
            if (alias in _STATED and alias not in data) or (alias in data and data[alias] is None):
                raise PydanticCustomError("not_stated", "a member is missing or null")
        return data


class Closed(Model):
    """A class that the standard does not open to extensions (Open Badges 3.0, section “Extending the Data Model”)."""

    model_config = ConfigDict(extra="forbid")
