"""The form of an achievement, between what a browser sends and a definition.

Rows have numbers in their fields' names: ``alignments-0-target_url``, ``results-1-levels-2-name``. A button that adds, removes or
moves a row sends the whole form with ``do``, such as ``add-level-1`` or ``remove-alignment-0``: it works without scripts, and
nothing that was typed is lost.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from issuer.achievements.definition import RUBRIC, Alignment, Definition, Level, ResultDescription, new_urn
from issuer.achievements.findings import MAX_ALIGNMENTS, MAX_LEVELS, MAX_RESULTS

T = TypeVar("T")
_URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_ROW = re.compile(r"(add|remove|up)-(alignment|result|level)(?:-(\d{1,2}))?(?:-(\d{1,2}))?\Z")
_LINES = ("name", "description", "criteria", "achievement_type", "language", "field_of_study", "human_code")
_UNITS = "DMY"
_LONGEST = 20_000
"""More letters than any field may have, so that `findings` still says so, and fewer than would fill a database."""
NEW_RESULTS = {"rubric": RUBRIC, "values": "LetterGrade", "range": "RawScore"}
"""What ``do=add-rubric``, ``add-values`` and ``add-range`` begin."""


def read(fields: Mapping[str, str]) -> Definition:
    """Return what a form says. What makes no sense is kept as it was typed, for `findings` to name."""
    fields = {name: value[:_LONGEST] for name, value in fields.items()}
    taken: set[str] = set()
    plain = {name: fields.get(name, "") for name in (*_LINES, "credits_available", "image_caption")}
    purpose = fields.get("status_purpose")
    return Definition(
        **plain,
        tags=_split(fields.get("tags", ""), ","),
        alignments=_rows(fields, "alignments", MAX_ALIGNMENTS, _alignment),
        results=_rows(fields, "results", MAX_RESULTS, lambda place: _result(fields, place, taken), own_fields=True),
        status_purpose="suspension" if purpose == "suspension" else "revocation",
        valid_for=_period(fields.get("valid_for", ""), fields.get("valid_for_unit", "")),
    )


def act(definition: Definition, do: str) -> tuple[Definition, str]:
    """Return a definition after a button was pressed, and the field to go on with; an unknown button changes nothing."""
    begun = NEW_RESULTS.get(do.removeprefix("add-")) if do.startswith("add-") else None
    if begun is not None:
        return _add_result(definition, begun)
    match = _ROW.match(do)
    if match is None:
        return definition, ""
    verb, kind, first, second = match[1], match[2], int(match[3] or 0), int(match[4] or 0)
    if kind == "alignment":
        rows, place = _changed(definition.alignments, verb, first, Alignment, MAX_ALIGNMENTS)
        return definition.model_copy(update={"alignments": rows}), f"alignments-{place}-target_name"
    if kind == "result":
        rows, place = _changed(definition.results, verb if verb != "add" else "", first, ResultDescription, MAX_RESULTS)
        return definition.model_copy(update={"results": rows}), f"results-{place}-name"
    return _change_levels(definition, verb, first, second)


def period_of(definition: Definition) -> tuple[str, str]:
    """Return the amount and the unit (``D``, ``M``, ``Y``) of how long a badge is good for, as the form shows them."""
    text = definition.valid_for
    return (text[1:-1], text[-1]) if text[:1] == "P" and text[-1:] in tuple(_UNITS) else (text, "Y")


def _alignment(row: Mapping[str, str]) -> Alignment:
    return Alignment(**{name: row.get(name, "") for name in Alignment.model_fields})


def _result(fields: Mapping[str, str], place: str, taken: set[str]) -> ResultDescription:
    def text(name: str) -> str:
        return fields.get(f"{place}-{name}", "")

    levels = _rows(fields, f"{place}-levels", MAX_LEVELS, lambda here: _level(fields, here, taken), own_fields=True)
    required = text("required_level")
    return ResultDescription(
        id=_own_id(text("id"), taken),
        name=text("name"),
        result_type=text("result_type"),
        levels=levels,
        required_level=required if required in {level.id for level in levels} else "",
        allowed_values=_split(text("allowed_values"), "\n"),
        value_min=text("value_min"),
        value_max=text("value_max"),
        required_value=text("required_value"),
    )


def _level(fields: Mapping[str, str], place: str, taken: set[str]) -> Level:
    words = {name: fields.get(f"{place}-{name}", "") for name in ("name", "level", "description", "points")}
    return Level(id=_own_id(fields.get(f"{place}-id", ""), taken), **words)


def _own_id(text: str, taken: set[str]) -> str:
    """Return the identifier that a hidden field brought back, or a new one for what is none or stands twice."""
    urn = text if _URN.match(text) and text not in taken else new_urn()
    taken.add(urn)
    return urn


def _rows(
    fields: Mapping[str, str], name: str, limit: int, make: Callable[[Any], T], *, own_fields: bool = False
) -> tuple[T, ...]:
    """Return what `make` makes of each row, in the order of their numbers: of its fields, or of the beginning of their names."""
    rows: dict[int, dict[str, str]] = {}
    for key, value in fields.items():
        number, _, rest = key.removeprefix(f"{name}-").partition("-")
        if key.startswith(f"{name}-") and rest and number.isascii() and number.isdigit() and len(number) <= 2:
            rows.setdefault(int(number), {})[rest] = value
    return tuple(make(f"{name}-{number}" if own_fields else rows[number]) for number in sorted(rows)[:limit])


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in text.split(separator)) if part)


def _period(amount: str, unit: str) -> str:
    amount = amount.strip()
    return f"P{amount}{unit if unit in tuple(_UNITS) else 'Y'}" if amount else ""


def _changed(
    rows: Sequence[Any], verb: str, index: int, new: Callable[[], Any], limit: int
) -> tuple[tuple[Any, ...], int]:
    """Return rows with one added at the end, removed, or moved up; and the number of the row to go on with."""
    changed = list(rows)
    if verb == "add" and len(changed) < limit:
        changed.append(new())
        return tuple(changed), len(changed) - 1
    if verb == "remove" and index < len(changed):
        del changed[index]
        return tuple(changed), max(0, index - 1)
    if verb == "up" and 0 < index < len(changed):
        changed[index - 1 : index + 1] = [changed[index], changed[index - 1]]
        return tuple(changed), index - 1
    return tuple(changed), min(index, max(0, len(changed) - 1))


def _add_result(definition: Definition, result_type: str) -> tuple[Definition, str]:
    if len(definition.results) >= MAX_RESULTS:
        return definition, "results"
    levels = tuple(Level(level=str(number)) for number in range(1, 5)) if result_type == RUBRIC else ()
    results = (*definition.results, ResultDescription(result_type=result_type, levels=levels))
    return definition.model_copy(update={"results": results}), f"results-{len(results) - 1}-name"


def _change_levels(definition: Definition, verb: str, result: int, level: int) -> tuple[Definition, str]:
    if result >= len(definition.results):
        return definition, ""
    described = definition.results[result]
    levels, place = _changed(described.levels, verb, level, Level, MAX_LEVELS)
    kept = described.required_level if described.required_level in {item.id for item in levels} else ""
    results = list(definition.results)
    results[result] = described.model_copy(update={"levels": levels, "required_level": kept})
    return definition.model_copy(update={"results": tuple(results)}), f"results-{result}-levels-{place}-name"
