"""What an achievement says: the words that its school writes, as they are kept, edited and, one day, sealed.

A definition is kept as it was typed, also where it is not finished: `issuer.achievements.findings` names what is missing before
it can be published, and `to_open_badge` writes what was published as an ``Achievement`` of Open Badges 3.0.
"""

import re
from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from intaglio.documents import JsonObject
from intaglio.server.texts import Block, Line

StatusPurpose: TypeAlias = Literal["revocation", "suspension"]
RUBRIC = "RubricCriterionLevel"
PERIOD = re.compile(r"P([1-9][0-9]{0,3})([DMY])\Z", re.ASCII)
"""How long a badge is good for: so many days, months or years (ISO 8601-1, 5.5.2.2)."""
_DECEMBER = 12
_LAST_YEAR = 9999


def new_urn() -> str:
    """Return an identifier that nothing else has."""
    return f"urn:uuid:{uuid4()}"


class Part(BaseModel):
    """A part of a definition: frozen, cleaned when it is made, without members of its own invention."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Alignment(Part):
    """A node of a framework that this achievement answers to."""

    target_name: Line = ""
    target_url: Line = ""
    target_type: Line = ""
    target_code: Line = ""
    target_framework: Line = ""


class Level(Part):
    """One level of a rubric. `id` is what an award names."""

    id: str = Field(default_factory=new_urn)
    name: Line = ""
    level: Line = ""
    description: Block = ""
    points: Line = ""


class ResultDescription(Part):
    """One thing that is judged, and how: by levels (`result_type` `RUBRIC`), by a list of values, or within a range.

    Levels and values go from low to high. `required_level` is the id of one of the levels. An empty text stands for nothing.
    """

    id: str = Field(default_factory=new_urn)
    name: Line = ""
    result_type: Line = RUBRIC
    levels: tuple[Level, ...] = Field(default=(), strict=False)
    required_level: str = ""
    allowed_values: tuple[Line, ...] = Field(default=(), strict=False)
    value_min: Line = ""
    value_max: Line = ""
    required_value: Line = ""


class Definition(Part):
    """The content of one version of an achievement.

    `status_purpose` fixes what can happen to its badges: ``revocation`` (withdrawn for good) or ``suspension`` (paused and
    resumed); a badge has one status entry, so it is one of the two. `valid_for` is empty for ever, or as `PERIOD` says.
    `image_caption` describes the picture to those who cannot see it.
    """

    name: Line = ""
    description: Block = ""
    criteria: Block = ""
    achievement_type: Line = "Competency"
    language: Line = "en"
    tags: tuple[Line, ...] = Field(default=(), strict=False)
    field_of_study: Line = ""
    human_code: Line = ""
    credits_available: Line = ""
    image_caption: Line = ""
    alignments: tuple[Alignment, ...] = Field(default=(), strict=False)
    results: tuple[ResultDescription, ...] = Field(default=(), strict=False)
    status_purpose: StatusPurpose = "revocation"
    valid_for: Line = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as it is kept in the database; `Definition.from_json` reads it."""
        return self.model_dump(mode="json")

    @classmethod
    def from_json(cls, value: JsonObject) -> "Definition":
        """Read what `to_json` wrote."""
        return cls.model_validate(value)

    def result(self, result_id: str) -> ResultDescription | None:
        """Return the description of a result by its id."""
        return next((result for result in self.results if result.id == result_id), None)

    def with_new_ids(self) -> "Definition":
        """Return the same words under new identifiers.

        Each version has its own: a record with badges of two versions would otherwise say two things about one level.
        """
        return self.model_copy(update={"results": tuple(_renamed(result) for result in self.results)})


def valid_until(definition: Definition, begin: datetime) -> datetime | None:
    """Return when a badge that is awarded at `begin` (aware) ends, or None for never.

    A month later is the same day of the month, or the last of a shorter month.
    """
    match = PERIOD.match(definition.valid_for)
    if match is None:
        return None
    amount, unit = int(match[1]), match[2]
    if unit == "D":
        return begin + timedelta(days=amount)
    months = begin.month - 1 + amount * (_DECEMBER if unit == "Y" else 1)
    year, month = begin.year + months // _DECEMBER, months % _DECEMBER + 1
    if year > _LAST_YEAR:
        return None
    return begin.replace(year=year, month=month, day=min(begin.day, monthrange(year, month)[1]))


def to_open_badge(
    definition: Definition,
    *,
    address: str,
    version: int,
    image_address: str | None = None,
    creator: JsonObject | None = None,
) -> JsonObject:
    """Return the ``Achievement`` of a definition without findings (Open Badges 3.0, class Achievement).

    `address` is the id: the public page of this version, where the criteria can be read too. `creator` is a ``Profile``.
    """
    credits_available = definition.credits_available
    return _without_blanks(
        {
            "id": address,
            "type": ["Achievement"],
            "name": definition.name,
            "description": definition.description,
            "achievementType": definition.achievement_type,
            # An id of its own: with the achievement's, both would be one node of the graph that is signed.
            "criteria": {"id": f"{address}#criteria", "narrative": definition.criteria},
            "image": _image(image_address, definition.image_caption),
            "creator": creator,
            "inLanguage": definition.language,
            "version": str(version),
            "humanCode": definition.human_code,
            "fieldOfStudy": definition.field_of_study,
            "creditsAvailable": _number(credits_available) if credits_available else None,
            "tag": list(definition.tags),
            "alignment": [_alignment(alignment) for alignment in definition.alignments],
            "resultDescription": [_result(result) for result in definition.results],
        }
    )


def _image(address: str | None, caption: str) -> JsonObject | None:
    return None if address is None else _without_blanks({"id": address, "type": "Image", "caption": caption})


def _alignment(alignment: Alignment) -> JsonObject:
    return _without_blanks(
        {
            "type": ["Alignment"],
            "targetName": alignment.target_name,
            "targetUrl": alignment.target_url,
            "targetType": alignment.target_type,
            "targetCode": alignment.target_code,
            "targetFramework": alignment.target_framework,
        }
    )


def _result(result: ResultDescription) -> JsonObject:
    return _without_blanks(
        {
            "id": result.id,
            "type": ["ResultDescription"],
            "name": result.name,
            "resultType": result.result_type,
            "rubricCriterionLevel": [_level(level) for level in result.levels],
            "requiredLevel": result.required_level,
            "allowedValue": list(result.allowed_values),
            "valueMin": result.value_min,
            "valueMax": result.value_max,
            "requiredValue": result.required_value,
        }
    )


def _level(level: Level) -> JsonObject:
    return _without_blanks(
        {
            "id": level.id,
            "type": ["RubricCriterionLevel"],
            "name": level.name,
            "level": level.level,
            "description": level.description,
            "points": level.points,
        }
    )


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value


def _without_blanks(members: JsonObject) -> JsonObject:
    """Leave out what is not said: JSON-LD would drop an empty member, and it would look signed without being so."""
    return {name: value for name, value in members.items() if value not in ("", None, [])}


def _renamed(result: ResultDescription) -> ResultDescription:
    levels = tuple(level.model_copy(update={"id": new_urn()}) for level in result.levels)
    names = {old.id: new.id for old, new in zip(result.levels, levels, strict=True)}
    required = names.get(result.required_level, "")
    return result.model_copy(update={"id": new_urn(), "levels": levels, "required_level": required})
