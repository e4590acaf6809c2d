"""What a learner reached, as a badge says it: levels and values of the very achievement that the badge holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput
from intaglio.server.texts import clean_line
from issuer.achievements.definition import RUBRIC, Definition, ResultDescription
from issuer.achievements.findings import as_number
from issuer.achievements.vocabulary import SCORE_TYPES

_MAX_RESULTS = 20
_STATUSES = frozenset({"Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"})
"""Class ResultStatusType."""


@dataclass(frozen=True, slots=True)
class AwardedResult:
    """What was reached: by the id of its description, a level of its rubric, or a value, or a status of Open Badges."""

    result_id: str
    level_id: str | None = None
    value: str | None = None
    status: str | None = None


def write_results(results: Sequence[AwardedResult], definition: Definition) -> list[JsonObject]:
    """Return the results of an award, as an ``AchievementSubject`` has them.

    :raises MalformedInput: ``award-malformed`` with the place in the credential.
    """
    check(len(results) <= _MAX_RESULTS, "There are too many results.", "/credentialSubject/result")
    check(
        len({result.result_id for result in results}) == len(results),
        "One thing is judged twice.",
        "/credentialSubject/result",
    )
    return [_result(result, definition, f"/credentialSubject/result/{index}") for index, result in enumerate(results)]


def _result(result: AwardedResult, definition: Definition, place: str) -> JsonObject:
    """Return a ``Result`` (Open Badges 3.0): what it refers to must be in this very achievement.

    What does not reach the required level or value earns no badge, whoever pressed the button.
    """
    described = definition.result(result.result_id)
    if described is None:
        raise MalformedInput("award-malformed", "The achievement describes no such result.", pointer=place)
    members: JsonObject = {"type": ["Result"], "resultDescription": described.id}
    if described.result_type == RUBRIC:
        ids = [level.id for level in described.levels]
        check(result.level_id in ids, "The rubric has no such level.", place)
        reached = ids.index(str(result.level_id))
        enough = not described.required_level or reached >= ids.index(described.required_level)
        check(enough, f"“{described.levels[reached].name}” is below the level that the badge needs.", place)
        return {**members, "achievedLevel": ids[reached], "value": described.levels[reached].name}
    check(result.level_id is None, "What is judged by values has no levels.", place)
    if described.result_type == "Status":
        check(result.status in _STATUSES, "Its status is none of Open Badges.", place)
        return {**members, "status": result.status}
    value = clean_line(result.value or "")
    check(_fits(value, described), f"“{value[:40]}” is not a value of this result.", place)
    check(_is_enough(value, described), f"“{value[:40]}” is below what the badge needs.", place)
    return {**members, "value": value}


def _fits(value: str, described: ResultDescription) -> bool:
    if described.result_type not in SCORE_TYPES:
        return value in described.allowed_values
    number, least, most = (as_number(text) for text in (value, described.value_min, described.value_max))
    return number is not None and least is not None and most is not None and least <= number <= most


def _is_enough(value: str, described: ResultDescription) -> bool:
    required = described.required_value
    if not required:
        return True
    if described.result_type not in SCORE_TYPES:
        return described.allowed_values.index(value) >= described.allowed_values.index(required)
    number, needed = as_number(value), as_number(required)
    return number is not None and needed is not None and number >= needed


def check(holds: bool, detail: str, place: str) -> None:  # noqa: FBT001 - the question is the argument's own text
    """Refuse what does not hold about an award.

    :raises MalformedInput: ``award-malformed``
    """
    if not holds:
        raise MalformedInput("award-malformed", detail, pointer=place)
