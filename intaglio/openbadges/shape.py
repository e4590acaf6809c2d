"""Whether a document has the shape that our own generated schemas (``schemas/jsonschema``) ask for, and what is amiss if not.

A reader for the few keywords that those schemas use, no general JSON Schema validator; those that issuers name are
`intaglio.openbadges.credential_schema`'s. It is here because every deviation is to be named, also in a hostile document:
`jsonschema-rs` gathers all errors at once, each with a copy of the value it is about, which made 2 GB of a badge of 3 MB.
This one names them one after the other, holds nothing but its place in the document, and starts without any import that
takes time. Tests compare its verdicts with those of `jsonschema-rs`.
"""

from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from intaglio.documents import JsonObject, pointer
from intaglio.errors import Problem
from intaglio.openbadges.formats import FORMATS, matches
from intaglio.schemas import json_schema

STRICT = "openbadges"
"""The shape that the words of the standard ask for."""
COMPACTED = "openbadges-compacted"
"""The shape that 1EdTech's published schemas for compacted JSON-LD accept."""
MAX_STEPS = 300_000
"""About a second's work; 1EdTech's complete example takes 800 steps, a record of 2,000 badges 120,000."""
_REFERENCE = "#/$defs/"
_LONGEST = 60

_Rule: TypeAlias = JsonObject


class _Task(NamedTuple):
    rule: _Rule
    value: Any
    place: str


def problems(name: str, value: Any, *, schema: str = STRICT) -> Iterator[Problem]:
    """Yield what keeps a value from being an instance of the class `name`, in the order of the document.

    Kinds are ``schema-missing``, ``schema-type``, ``schema-value`` and ``schema-extra``; pointers begin at `value`. What takes
    more than `MAX_STEPS` ends with ``schema-too-long``. The value is one that passed `intaglio.documents.parse`.
    """
    return _problems(_Task({"$ref": _REFERENCE + name}, value, ""), json_schema(schema)["$defs"])


def _problems(start: _Task, definitions: _Rule) -> Iterator[Problem]:
    # A stack of iterators instead of recursion: memory grows with depth alone, not with the number of items.
    stack, seen = [iter([start])], 0
    while stack:
        task = next(stack[-1], None)
        if task is None:
            stack.pop()
            continue
        seen += 1
        if seen > MAX_STEPS:
            yield Problem("schema-too-long", f"After {MAX_STEPS:,} steps there is no end.", task.place)
            return
        while "$ref" in task.rule:
            task = _Task(definitions[task.rule["$ref"].removeprefix(_REFERENCE)], task.value, task.place)
        if not _has_type(task):
            # Of a value of the wrong type nothing else is worth saying.
            yield Problem("schema-type", f"Expected {_expected(task.rule)}, found {_kind_of(task.value)}.", task.place)
            continue
        for keyword in task.rule:
            if keyword in _CHECKS:
                yield from _CHECKS[keyword](task, definitions)
        if not _LEAVES.issuperset(task.rule):
            stack.append(_below(task, definitions))


def _has_type(task: _Task) -> bool:
    wanted = task.rule.get("type")
    if isinstance(wanted, list):
        return any(_IS[name](task.value) for name in wanted)
    return wanted is None or _IS[wanted](task.value)


def _holds(task: _Task, definitions: _Rule) -> bool:
    return next(_problems(task, definitions), None) is None


def _below(task: _Task, definitions: _Rule) -> Iterator[_Task]:
    """Yield what the rule says about the same value in other words, then about the values in it."""
    rule, value, place = task
    if "if" in rule:
        branch = "then" if _holds(_Task(rule["if"], value, place), definitions) else "else"
        yield _Task(rule[branch], value, place)
    for part in rule.get("allOf", ()):
        yield _Task(part, value, place)
    if isinstance(value, dict):
        yield from _members(rule, value, place)
    elif isinstance(value, list):
        yield from _items(rule, value, place)


def _members(rule: _Rule, value: JsonObject, place: str) -> Iterator[_Task]:
    known, others = rule.get("properties", {}), rule.get("additionalProperties")
    for name, member in value.items():
        if name in known:
            yield _Task(known[name], member, place + pointer(name))
        elif isinstance(others, dict):
            yield _Task(others, member, _member_place(place, name))
        if "propertyNames" in rule:
            yield _Task(rule["propertyNames"], name, place)


def _items(rule: _Rule, value: list[Any], place: str) -> Iterator[_Task]:
    first = rule.get("prefixItems", ())
    for index, item in enumerate(value):
        if index < len(first):
            yield _Task(first[index], item, f"{place}/{index}")
        elif "items" in rule:
            yield _Task(rule["items"], item, f"{place}/{index}")


def _one_of(task: _Task, _definitions: _Rule) -> Iterator[Problem]:
    if task.value not in _names(task.rule):
        yield Problem("schema-value", f"Expected {_expected(task.rule)}, found {_show(task.value)}.", task.place)


def _any_of(task: _Task, definitions: _Rule) -> Iterator[Problem]:
    branches = task.rule["anyOf"]
    if not any(_holds(task._replace(rule=branch), definitions) for branch in branches):
        expected = ", or ".join(_expected(branch) for branch in branches)
        yield Problem("schema-value", f"Expected {expected}, found {_show(task.value)}.", task.place)


def _pattern(task: _Task, _definitions: _Rule) -> Iterator[Problem]:
    if not matches(task.rule["pattern"], task.value):
        yield Problem("schema-value", f"{_show(task.value)} is not {_expected(task.rule)}.", task.place)


def _format(task: _Task, _definitions: _Rule) -> Iterator[Problem]:
    if not FORMATS[task.rule["format"]](task.value):
        yield Problem("schema-value", f"{_show(task.value)} is not {_expected(task.rule)}.", task.place)


def _required(task: _Task, _definitions: _Rule) -> Iterator[Problem]:
    for name in task.rule["required"]:
        if name not in task.value:
            yield Problem("schema-missing", f"The member “{name}” is missing.", task.place)


def _closed(task: _Task, _definitions: _Rule) -> Iterator[Problem]:
    if task.rule["additionalProperties"] is False:
        for name in task.value:
            if name not in task.rule["properties"]:
                detail = f"{_show(name)} is not one of the members of this class."
                yield Problem("schema-extra", detail, _member_place(task.place, name))


def _min_items(task: _Task, _definitions: _Rule) -> Iterator[Problem]:
    least = task.rule["minItems"]
    if len(task.value) < least:
        yield Problem("schema-missing", f"Here are {len(task.value)} items; {least} are the least.", task.place)


def _contains(task: _Task, _definitions: _Rule) -> Iterator[Problem]:
    wanted = task.rule["contains"]
    if not any(name in task.value for name in _names(wanted)):
        yield Problem("schema-missing", f"None of the items is {_expected(wanted)}.", task.place)


def _names(rule: _Rule) -> list[str]:
    names: list[str] = rule["enum"] if "enum" in rule else [rule["const"]]
    return names


def _expected(rule: _Rule) -> str:
    """Say in words for a person what a rule asks for."""
    if "title" in rule:
        return str(rule["title"])
    if "$ref" in rule:
        return str(rule["$ref"].removeprefix(_REFERENCE))
    if "const" in rule:
        return f"“{rule['const']}”"
    if "enum" in rule:
        names, more = [f"“{name}”" for name in rule["enum"][:3]], len(rule["enum"]) - 3
        return f"one of {', '.join(names)} and {more} more" if more > 0 else " or ".join(names)
    wanted = rule["type"]
    return " or ".join(_NAMES[name] for name in ([wanted] if isinstance(wanted, str) else wanted))


def _kind_of(value: Any) -> str:
    return next(_NAMES[name] for name, is_one in _IS.items() if is_one(value))


def _show(value: Any) -> str:
    if not isinstance(value, str):
        return _kind_of(value)
    return f"“{value}”" if len(value) <= _LONGEST else f"“{value[: _LONGEST - 1]}…”"


def _member_place(place: str, name: str) -> str:
    # A name that nobody would write is not worth a pointer as long as itself.
    return place + pointer(name) if len(name) <= _LONGEST else place


_NAMES = MappingProxyType(
    {
        "string": "a text",
        "object": "an object",
        "array": "a list",
        "boolean": "true or false",
        "number": "a number",
        "null": "null",
    }
)
_IS: MappingProxyType[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "string": lambda value: isinstance(value, str),
        "object": lambda value: isinstance(value, dict),
        "array": lambda value: isinstance(value, list),
        "boolean": lambda value: isinstance(value, bool),
        "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
        "null": lambda value: value is None,
    }
)
# None of the checks asks for the type that its keyword is about: in our schemas, a “type” beside it has seen to that.
_CHECKS: MappingProxyType[str, Callable[[_Task, _Rule], Iterator[Problem]]] = MappingProxyType(
    {
        "const": _one_of,
        "enum": _one_of,
        "anyOf": _any_of,
        "pattern": _pattern,
        "format": _format,
        "required": _required,
        "additionalProperties": _closed,
        "minItems": _min_items,
        "contains": _contains,
    }
)
_LEAVES = frozenset({"title", "type", "const", "enum", "pattern", "format"})
_FOLLOWED = frozenset(
    {"type", "$ref", "if", "then", "else", "allOf", "properties", "propertyNames", "prefixItems", "items"}
)
KEYWORDS = _FOLLOWED | _CHECKS.keys()
"""All keywords that have a meaning here; a test holds the generated schemas to them."""
