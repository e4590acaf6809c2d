"""What JSON-LD expansion drops without telling anybody.

Undefined members it reports, and nulls and lonely nodes can be made to survive it. Four things it drops in silence: a scalar
that stands in a graph by itself, a value object with a language but no value, the ``@index`` of a ``@set``, and the key of an
id map whose value has an ``@id`` of its own. All need a keyword or a container that credentials do not have, so a look at the
names in a document nearly always settles it. For the rest there is an exact test: what can be taken away, with the expansion
staying the same, is dropped.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

from intaglio.canonical.context_rules import Aliases, names_for
from intaglio.documents import JsonObject, pointer
from intaglio.errors import MalformedInput

_MAX_SUSPECTS = 20
_Path: TypeAlias = tuple[str | int, ...]


class _Suspect(NamedTuple):
    """Something that may be dropped: its place, and what changes a document there so that it would show."""

    path: _Path
    change: Callable[[Any, str | int], None]


class _Names(NamedTuple):
    """The names in use for each keyword that matters here."""

    graph: frozenset[str]
    included: frozenset[str]
    set: frozenset[str]
    list: frozenset[str]
    language: frozenset[str]
    index: frozenset[str]
    id: frozenset[str]
    id_map: frozenset[str]
    any_map: frozenset[str]


def refuse(document: JsonObject, names: set[str], aliases: Aliases, expand: Callable[[JsonObject], Any]) -> None:
    """Refuse a document of which expansion drops something in silence.

    `names` are the names of all its members, `aliases` the terms that its contexts make to stand for keywords.

    :raises MalformedInput: ``free-floating-value``, ``dropped-member``; ``bad-json-ld`` where there is too much to suspect.
    """
    meaning = _meaning(aliases)
    if names.isdisjoint(meaning.graph | meaning.included | meaning.set | meaning.language | meaning.any_map):
        return
    _refuse_contexts_in_maps(document, meaning)
    expanded = expand(document)
    for count, suspect in enumerate(_suspects(document, meaning)):
        if count >= _MAX_SUSPECTS:
            raise MalformedInput("bad-json-ld", "Too many of its values stand in places where JSON-LD may drop them.")
        if expand(_changed(document, suspect)) == expanded:
            detail = "JSON-LD drops it, because of where it stands."
            raise MalformedInput("free-floating-value", detail, pointer=pointer(*suspect.path))


def _meaning(aliases: Aliases) -> _Names:
    maps = [
        names_for(f"@container @{kind}", aliases) - {f"@container @{kind}"}
        for kind in ("id", "type", "index", "language")
    ]
    names = (names_for(f"@{keyword}", aliases) for keyword in _Names._fields[:-2])
    return _Names(*names, id_map=maps[0], any_map=frozenset().union(*maps))


def _refuse_contexts_in_maps(document: JsonObject, names: _Names) -> None:
    """Refuse maps with the key ``@context``: expansion takes what is there for data, and everything else for a context."""
    for path, node in _objects(document, ()):
        for name in node.keys() & names.any_map:
            if isinstance(node[name], dict) and "@context" in node[name]:
                place = pointer(*path, name, "@context")
                raise MalformedInput("dropped-member", "A map has no context of its own.", pointer=place)


def _suspects(document: JsonObject, names: _Names) -> Iterator[_Suspect]:
    at_the_top = {name: document[name] for name in document.keys() & names.set}
    yield from (_Suspect(place, _remove) for place in _scalars(at_the_top, (), names))
    for path, node in _objects(document, ()):
        members = {name: value for name, value in node.items() if name != "@context"}
        if path and len(members) == 1 and members.keys() <= names.language:
            yield _Suspect(path, _remove)
        if members.keys() & names.set:
            yield from (_Suspect((*path, name), _remove) for name in members if name in names.index)
        for name, value in members.items():
            if name in names.graph | names.included:
                yield from (_Suspect(place, _remove) for place in _scalars(value, (*path, name), names))
            if name in names.id_map and isinstance(value, dict):
                yield from (
                    _Suspect((*path, name, key), _rename) for key, item in value.items() if _has_id(item, names.id)
                )


def _objects(value: Any, path: _Path) -> Iterator[tuple[_Path, dict[str, Any]]]:
    """Yield the objects of a document with their paths, but not its contexts."""
    if isinstance(value, dict):
        yield path, value
        for name, member in value.items():
            if name != "@context":
                yield from _objects(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _objects(item, (*path, index))


def _scalars(value: Any, path: _Path, names: _Names) -> Iterator[_Path]:
    """Yield the paths of the scalars that stand in a graph directly, or in sets and lists there."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _scalars(item, (*path, index), names)
    elif isinstance(value, dict):
        for name in value.keys() & (names.set | names.list):
            yield from _scalars(value[name], (*path, name), names)
    else:
        yield path


def _has_id(value: Any, id_names: frozenset[str]) -> bool:
    if isinstance(value, list):
        return any(_has_id(item, id_names) for item in value)
    return isinstance(value, dict) and not id_names.isdisjoint(value)


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
