"""What PyLD reads in one way and other readers in another, and keys of maps that mean nothing to any.

A signature over such a document would say one thing to one reader and another to the next. No credential needs any of it.
"""

from typing import Any

from intaglio.canonical.keyword_names import KeywordNames, Path, objects
from intaglio.documents import JsonObject, as_list, pointer
from intaglio.errors import MalformedInput, Unsupported


def refuse(document: JsonObject, names: set[str], keywords: KeywordNames) -> None:
    """Refuse a document that readers would not agree on. `names` are the names of all its members.

    :raises MalformedInput: ``undefined-term`` for ``__proto__``, ``bad-json-ld``, ``dropped-member``
    :raises Unsupported: ``context-feature``
    """
    suspicious = names & ({"__proto__"} | keywords.any_map | keywords.list | keywords.nest)
    for path, node in objects(document):
        if "@context" in node:
            _check_context(node["@context"], path)
        for name in sorted(node.keys() & suspicious):
            _check_member(name, node[name], (*path, name), keywords)


def _check_context(context: Any, path: Path) -> None:
    # PyLD takes false for null, which would take all protection away; to others it is an error.
    if any(item is False for item in as_list(context)):
        place = pointer(*path, "@context")
        raise MalformedInput("bad-json-ld", "A context cannot be false (invalid local context).", pointer=place)


def _check_member(name: str, value: Any, path: Path, keywords: KeywordNames) -> None:
    if name == "__proto__":
        # In JavaScript it is no member but the object's prototype: whoever copies the object loses it.
        raise MalformedInput("undefined-term", "No context can define “__proto__”.", pointer=pointer(*path))
    if name in keywords.any_map and isinstance(value, dict) and "@context" in value:
        # Here it is the key of a map, and what it holds is data: what looks for contexts and nulls elsewhere would miss it.
        raise MalformedInput("dropped-member", "A map has no context of its own.", pointer=pointer(*path, "@context"))
    for key, item in value.items() if name in keywords.id_map and isinstance(value, dict) else ():
        if _has_any(item, keywords.id):
            detail = "The key of a map is dropped where its value has an identifier of its own."
            raise MalformedInput("dropped-member", detail, pointer=pointer(*path, key))
    if name in keywords.list and _array_depth(value) > 2:
        # PyLD makes lists of all of them, jsonld.js of the outer two.
        raise MalformedInput("bad-json-ld", "Arrays nest too deeply in a @list.", pointer=pointer(*path))
    if name in keywords.nest and _has_any(value, keywords.type | {"@context"}):
        # PyLD applies it, as the specification says; jsonld.js does not.
        raise Unsupported("context-feature", "Under @nest stands a context or a type.", pointer=pointer(*path))


def _array_depth(value: Any) -> int:
    return 1 + max(map(_array_depth, value), default=0) if isinstance(value, list) else 0


def _has_any(value: Any, names: frozenset[str]) -> bool:
    return any(isinstance(item, dict) and not names.isdisjoint(item) for item in as_list(value))
