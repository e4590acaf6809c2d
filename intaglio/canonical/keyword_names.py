"""Under which names the keywords of JSON-LD go in a document, told from its contexts without applying them.

A context can give keywords other names (``id`` for ``@id``), in some of its scopes and not in others. What is told here is all
that a name means anywhere: more than it may mean where it stands, and never less.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from intaglio.documents import as_list

Aliases: TypeAlias = frozenset[tuple[str, str]]
"""Pairs of a term and what it stands for: a keyword, another term, `IGNORED`, or its container as in ``@container @id``."""
Path: TypeAlias = tuple[str | int, ...]

IGNORED = "null"
"""What a term stands for that is mapped to null."""
# fmt: off
KEYWORDS = frozenset((
    "@base", "@container", "@context", "@default", "@direction", "@embed", "@explicit", "@first", "@graph", "@id", "@import",
    "@included", "@index", "@json", "@language", "@list", "@nest", "@none", "@omitDefault", "@prefix", "@preserve",
    "@propagate", "@protected", "@requireAll", "@reverse", "@set", "@type", "@value", "@version", "@vocab",
))
# fmt: on
"""The keywords of JSON-LD and of its framing."""


@dataclass(frozen=True, slots=True)
class KeywordNames:
    """The names for each keyword that a check asks about, and of the terms whose values are maps."""

    graph: frozenset[str]
    id: frozenset[str]
    included: frozenset[str]
    index: frozenset[str]
    language: frozenset[str]
    list: frozenset[str]
    nest: frozenset[str]
    set: frozenset[str]
    type: frozenset[str]
    id_map: frozenset[str]
    any_map: frozenset[str]

    @classmethod
    def of(cls, aliases: Aliases) -> "KeywordNames":
        """Read them from the aliases of all contexts that a document uses."""
        maps = [_maps(kind, aliases) for kind in ("id", "type", "index", "language")]
        return cls(
            graph=names_for("@graph", aliases),
            id=names_for("@id", aliases),
            included=names_for("@included", aliases),
            index=names_for("@index", aliases),
            language=names_for("@language", aliases),
            list=names_for("@list", aliases),
            nest=names_for("@nest", aliases),
            set=names_for("@set", aliases),
            type=names_for("@type", aliases),
            id_map=maps[0],
            any_map=frozenset().union(*maps),
        )


def _maps(kind: str, aliases: Aliases) -> frozenset[str]:
    container = f"@container @{kind}"
    return names_for(container, aliases) - {container}


def names_for(keyword: str, aliases: Aliases) -> frozenset[str]:
    """Return a keyword and every term that stands for it, directly or through other terms."""
    names = {keyword}
    while more := {term for term, target in aliases if target in names} - names:
        names |= more
    return frozenset(names)


def aliases_of(context: Any) -> Aliases:
    """Return the terms that a context, or any context inside it, makes to stand for keywords or for other terms."""
    return frozenset(_aliases_of(context))


def _aliases_of(value: Any) -> Iterator[tuple[str, str]]:
    for context in as_list(value):
        for term, definition in context.items() if isinstance(context, dict) else []:
            if term == "@context":
                yield from _aliases_of(definition)
            elif term not in KEYWORDS:
                yield from _aliases_of_term(str(term), definition)


def _aliases_of_term(term: str, definition: Any) -> Iterator[tuple[str, str]]:
    members = definition if isinstance(definition, dict) else {"@id": definition}
    target = members.get("@id", "")
    if target is None:
        yield term, IGNORED
    if isinstance(target, str) and target and ":" not in target:
        yield term, str(target)
    for container in as_list(members.get("@container")):
        if isinstance(container, str):
            yield term, f"@container {container}"
    yield from _aliases_of(members.get("@context"))


def objects(value: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the objects of a document with the paths to them, but not what is in its contexts."""
    if isinstance(value, dict):
        yield path, value
        for name, member in value.items():
            if name != "@context":
                yield from objects(member, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from objects(item, (*path, index))
