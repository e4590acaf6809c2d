"""The achievements that a school can begin with, so that nobody has to begin with an empty page.

The names are those that a state publishes for its portrait; every description and rubric here is Intaglio's own wording, meant to
be changed. A set is a JSON file::

    {"framework": "…", "framework_url": "…", "scale": [{"name": "…", "level": "1"}, …], "required": 3,
     "competencies": [{"code": "…", "name": "…", "description": "…", "criteria": "…", "tags": ["…"], "levels": ["…", …]}, …]}
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from issuer.access import Scope
from issuer.achievements.definition import Alignment, Definition, Level, ResultDescription
from issuer.achievements.models import Achievement
from issuer.achievements.service import add, take_turns

PORTRAIT = Path(__file__).parent / "starter_sets" / "portrait_of_a_graduate.json"
RUBRIC_NAME = "Level"


def read_set(path: Path = PORTRAIT) -> dict[str, Definition]:
    """Return the definitions of a set by their codes. Each call gives their results new identifiers."""
    content = json.loads(path.read_bytes())
    return {item["code"]: _definition(content, item) for item in content["competencies"]}


def load(db: Session, scope: Scope, *, now: datetime, path: Path = PORTRAIT) -> Sequence[Achievement]:
    """Make drafts of a set's achievements in the scope's organization, and return those that were made.

    Loading again adds what is missing, by the codes, and changes nothing that is there.
    """
    definitions = read_set(path)
    take_turns(db, scope)
    wanted = select(Achievement.code).where(
        Achievement.organization_id == scope.organization.id, col(Achievement.code).in_(definitions)
    )
    present = set(db.exec(wanted))
    made = [
        add(db, scope, definition, now=now, code=code)
        for code, definition in definitions.items()
        if code not in present
    ]
    db.commit()
    return made


def empty_rubric() -> ResultDescription:
    """Return a rubric of four levels whose descriptions nobody has written yet."""
    content = json.loads(PORTRAIT.read_bytes())
    return rubric(RUBRIC_NAME, content["scale"], [""] * len(content["scale"]), content["required"])


def rubric(name: str, scale: Sequence[dict[str, str]], descriptions: Sequence[str], required: int) -> ResultDescription:
    """Return a rubric with the levels of a scale, from low to high; `required` counts from 1."""
    levels = tuple(
        Level(name=step["name"], level=step["level"], description=text)
        for step, text in zip(scale, descriptions, strict=True)
    )
    return ResultDescription(name=name, levels=levels, required_level=levels[required - 1].id)


def _definition(content: dict[str, Any], item: dict[str, Any]) -> Definition:
    aligned = Alignment(
        target_name=item["name"],
        target_url=content["framework_url"],
        target_framework=content["framework"],
    )
    return Definition(
        name=item["name"],
        description=item["description"],
        criteria=item["criteria"],
        tags=tuple(item["tags"]),
        alignments=(aligned,),
        results=(rubric(RUBRIC_NAME, content["scale"], item["levels"], content["required"]),),
    )
