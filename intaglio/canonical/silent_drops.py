"""What JSON-LD expansion drops without telling anybody.

Undefined members it reports, and nulls and lonely nodes can be made to survive it. Three things it drops in silence: a scalar
that stands in a graph by itself, a value object with a language but no value, and the ``@index`` of a ``@set``. All need a
keyword that credentials do not have, so a look at the names in a document nearly always settles it. For the rest there is an
exact test: what can be taken away, with the expansion staying the same, is dropped.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from intaglio.canonical.keyword_names import KeywordNames, Path, objects
from intaglio.canonical.survey import Survey
from intaglio.documents import JsonObject, pointer
from intaglio.errors import MalformedInput

_MAX_SUSPECTS = 20
_MAX_WORK = 400_000
"""Values that may be expanded again to test suspects: in the largest documents, two suspects are one too many."""


def refuse(
    document: JsonObject,
    survey: Survey,
    keywords: KeywordNames,
    expanded: list[Any],
    expand: Callable[[JsonObject], list[Any]],
) -> None:
    """Refuse a document of which expansion, by `expand`, to `expanded`, drops something in silence.

    :raises MalformedInput: ``free-floating-value``; ``bad-json-ld`` where there is too much to suspect.
    """
    if survey.names.isdisjoint(keywords.graph | keywords.included | keywords.set | keywords.language):
        return
    for count, path in enumerate(_suspects(document, keywords)):
        if count >= min(_MAX_SUSPECTS, _MAX_WORK // survey.size):
            raise MalformedInput("bad-json-ld", "Too many of its values stand in places where JSON-LD may drop them.")
        if expand(_without(document, path)) == expanded:
            detail = "JSON-LD drops it, because of where it stands."
            raise MalformedInput("free-floating-value", detail, pointer=pointer(*path))


def _suspects(document: JsonObject, keywords: KeywordNames) -> Iterator[Path]:
    """Yield the paths of what may be dropped."""
    yield from _scalars({name: document[name] for name in sorted(document.keys() & keywords.set)}, (), keywords)
    for path, node in objects(document):
        members = {name: value for name, value in node.items() if name != "@context"}
        if path and len(members) == 1 and members.keys() <= keywords.language:
            yield path
        if members.keys() & keywords.set:
            yield from ((*path, name) for name in sorted(members.keys() & keywords.index))
        for name in sorted(members.keys() & (keywords.graph | keywords.included)):
            yield from _scalars(members[name], (*path, name), keywords)


def _scalars(value: Any, path: Path, keywords: KeywordNames) -> Iterator[Path]:
    """Yield the paths of the scalars that stand in a graph directly, or in sets and lists there."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _scalars(item, (*path, index), keywords)
    elif isinstance(value, dict):
        for name in sorted(value.keys() & (keywords.set | keywords.list)):
            yield from _scalars(value[name], (*path, name), keywords)
    else:
        yield path


def _without(document: JsonObject, path: Path) -> JsonObject:
    """Return a copy of a document without one member or item."""
    changed = copy.deepcopy(document)
    parent: Any = changed
    for step in path[:-1]:
        parent = parent[step]
    del parent[path[-1]]
    return changed
