"""What JSON-LD expansion drops without telling anybody.

Undefined members it reports, and nulls and lonely nodes can be made to survive it. Four things it drops in silence: a scalar
that stands in a graph by itself, a value object with a language but no value, the ``@index`` of a ``@set``, and the key of an
id map whose value has an ``@id`` of its own. All need a keyword or a container that credentials do not have, so a look at the
names in a document nearly always settles it. For the rest there is an exact test: what can be taken away, with the expansion
staying the same, is dropped.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from intaglio.canonical.keyword_names import KeywordNames, Path, objects
from intaglio.documents import JsonObject, pointer
from intaglio.errors import MalformedInput

_MAX_SUSPECTS = 20


class _Suspect(NamedTuple):
    """Something that may be dropped: the path to it, and what changes a document there so that it would show."""

    path: Path
    change: Callable[[Any, str | int], None]


def refuse(
    document: JsonObject, names: set[str], keywords: KeywordNames, expand: Callable[[JsonObject], list[Any]]
) -> None:
    """Refuse a document of which expansion drops something in silence. `names` are the names of all its members.

    :raises MalformedInput: ``free-floating-value``; ``bad-json-ld`` where there is too much to suspect.
    """
    if names.isdisjoint(keywords.graph | keywords.included | keywords.set | keywords.language | keywords.id_map):
        return
    expanded = expand(document)
    for count, suspect in enumerate(_suspects(document, keywords)):
        if count >= _MAX_SUSPECTS:
            raise MalformedInput("bad-json-ld", "Too many of its values stand in places where JSON-LD may drop them.")
        if expand(_changed(document, suspect)) == expanded:
            detail = "JSON-LD drops it, because of where it stands."
            raise MalformedInput("free-floating-value", detail, pointer=pointer(*suspect.path))


def _suspects(document: JsonObject, keywords: KeywordNames) -> Iterator[_Suspect]:
    at_the_top = {name: document[name] for name in document.keys() & keywords.set}
    yield from (_Suspect(path, _remove) for path in _scalars(at_the_top, (), keywords))
    for path, node in objects(document):
        members = {name: value for name, value in node.items() if name != "@context"}
        if path and len(members) == 1 and members.keys() <= keywords.language:
            yield _Suspect(path, _remove)
        if members.keys() & keywords.set:
            yield from (_Suspect((*path, name), _remove) for name in members.keys() & keywords.index)
        for name, value in members.items():
            yield from _suspects_in(name, value, (*path, name), keywords)


def _suspects_in(name: str, value: Any, path: Path, keywords: KeywordNames) -> Iterator[_Suspect]:
    if name in keywords.graph | keywords.included:
        yield from (_Suspect(scalar, _remove) for scalar in _scalars(value, path, keywords))
    if name in keywords.id_map and isinstance(value, dict):
        yield from (_Suspect((*path, key), _rename) for key, item in value.items() if _has_id(item, keywords))


def _scalars(value: Any, path: Path, keywords: KeywordNames) -> Iterator[Path]:
    """Yield the paths of the scalars that stand in a graph directly, or in sets and lists there."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _scalars(item, (*path, index), keywords)
    elif isinstance(value, dict):
        for name in value.keys() & (keywords.set | keywords.list):
            yield from _scalars(value[name], (*path, name), keywords)
    else:
        yield path


def _has_id(value: Any, keywords: KeywordNames) -> bool:
    if isinstance(value, list):
        return any(_has_id(item, keywords) for item in value)
    return isinstance(value, dict) and not keywords.id.isdisjoint(value)


def _changed(document: JsonObject, suspect: _Suspect) -> JsonObject:
    changed = copy.deepcopy(document)
    parent: Any = changed
    for step in suspect.path[:-1]:
        parent = parent[step]
    suspect.change(parent, suspect.path[-1])
    return changed


def _remove(parent: Any, step: str | int) -> None:
    del parent[step]


def _rename(parent: Any, step: str | int) -> None:
    parent["urn:intaglio:another-name"] = parent.pop(step)
