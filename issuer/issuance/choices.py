"""What can be awarded here, and what can be said about how well it was reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from issuer.access import Scope
from issuer.achievements.definition import RUBRIC, Definition, ResultDescription
from issuer.achievements.library import awardable
from issuer.achievements.models import Achievement, AchievementVersion


@dataclass(frozen=True)
class Choice:
    """An achievement that can be awarded: its newest published version."""

    achievement: Achievement
    version: AchievementVersion

    @property
    def definition(self) -> Definition:
        """What it says."""
        return Definition.from_json(self.version.definition)


def choices(db: Session, scope: Scope) -> list[Choice]:
    """Return what can be awarded in an organization: its own achievements, and those of the organizations above it."""
    return [Choice(achievement, version) for achievement, version in awardable(db, scope.organization)]


def choice(db: Session, scope: Scope, achievement_id: UUID) -> Choice | None:
    """Return an achievement that can be awarded here, or None."""
    return next((found for found in choices(db, scope) if found.achievement.id == achievement_id), None)


def options(result: ResultDescription) -> list[tuple[str, str]] | None:
    """Return the values and texts to choose from for one result, or None where a number is typed.

    Levels below the required one are left out: who has not reached it does not get the badge yet.
    """
    if result.result_type == RUBRIC:
        ids = [level.id for level in result.levels]
        first = ids.index(result.required_level) if result.required_level in ids else 0
        return [(level.id, level.name) for level in result.levels[first:]]
    if result.allowed_values:
        values = list(result.allowed_values)
        first = values.index(result.required_value) if result.required_value in values else 0
        return [(value, value) for value in values[first:]]
    return None


def as_result(result: ResultDescription, chosen: str) -> dict[str, str]:
    """Return what an award keeps of what was chosen, as `issuer.issuance.models.Award.results` describes it."""
    return {"result_id": result.id, "level_id" if result.result_type == RUBRIC else "value": chosen}


def in_words(definition: Definition, results: Sequence[dict[str, str]]) -> str:
    """Return results as people read them in a list: ``Proficient``, or ``Writing: 3, Speaking: 4``."""
    said = []
    for kept in results:
        described = definition.result(kept["result_id"])
        if described is not None:
            said.append((described.name, _word(described, kept)))
    return said[0][1] if len(said) == 1 else ", ".join(f"{name}: {word}" for name, word in said)


def _word(described: ResultDescription, kept: dict[str, str]) -> str:
    names = {level.id: level.name for level in described.levels}
    return names.get(kept.get("level_id", "")) or kept.get("value", "")
