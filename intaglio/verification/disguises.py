"""Words of the standards under other names.

The checks read plain JSON: a credential without the member ``credentialStatus`` cannot be withdrawn. A proof over RDF covers
what the members mean and not what they are called, so whoever holds a sealed credential can rename them: to their full address,
by a context of their own, or by moving them under a keyword such as ``@nest``. The signature still fits, and the end of its
validity, its status or the credentials inside it are gone from sight. (Data Integrity 1.0, section 2.4.1, leaves it to verifiers
to know the contexts that they rely on.)

The contexts that are bundled give none of these words a second name; a test keeps it so. What is left are the contexts that a
document brings along.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from intaglio.documents import JsonObject, as_list, pointer
from intaglio.errors import MalformedInput
from intaglio.fetch.rules import show
from intaglio.openbadges.kinds import Kind, kind_of
from intaglio.schemas import Contexts

_Place: TypeAlias = "tuple[_Place, str | int] | None"
_OF_VALUES = frozenset({"@value", "@type", "@language", "@direction"})
_ALIASES = frozenset({("id", "@id"), ("type", "@type")})
_MAX_STEPS = 8
"""How often a compact address may begin with a prefix that is itself one."""


def refuse(document: JsonObject) -> list[str]:
    """Return the words that a document defines itself, where none of them stands in for a word of the standards.

    :raises MalformedInput: ``disguised-word``
    """
    contexts: list[tuple[_Place, Any]] = []
    kinds: list[tuple[_Place, str]] = []
    for place, node in _objects(document):
        for name in node:
            if name == "@context":
                contexts.append(((place, name), node[name]))
            elif ":" in name or (name.startswith("@") and not ("@value" in node and name in _OF_VALUES)):
                raise _disguise((place, name), f"{show(name)} is not the plain name of a member.")
        kinds += [
            ((place, "type"), kind) for kind in as_list(node.get("type")) if isinstance(kind, str) and ":" in kind
        ]
    own = _own_words(contexts)
    for place, kind in kinds:
        if _expand(kind, own) in _standard_words() or kind.partition(":")[0] in _prefixes():
            raise _disguise(place, f"{show(kind)} is not the plain name of a type.")
    return [word for word, target in own.items() if not target.startswith("@")]


def _own_words(contexts: list[tuple[_Place, Any]]) -> Mapping[str, str]:
    """Return what each word stands for that the contexts of a document define, those scoped to their words included."""
    found = [definition for place, context in contexts for definition in _definitions(place, context)]
    own: dict[str, str] = {}
    for place, word, target in found:
        if own.setdefault(word, target) != target:
            raise _disguise(place, f"{show(word)} is defined in two ways.")
    for place, word, target in found:
        _check_word(place, word, target, own)
    return own


def _definitions(place: _Place, context: Any) -> Iterator[tuple[_Place, str, str]]:
    for index, item in enumerate(as_list(context)):
        for word, definition in item.items() if isinstance(item, dict) else ():
            here = ((place, index) if isinstance(context, list) else place, word)
            if word.startswith("@"):
                continue
            if isinstance(definition, dict):
                if "@reverse" in definition:
                    raise _disguise(here, f"{show(word)} is a word for the opposite direction.")
                yield from _definitions((here, "@context"), definition.get("@context"))
            target = definition.get("@id") if isinstance(definition, dict) else definition
            if isinstance(target, str):
                yield here, word, target


def _check_word(place: _Place, word: str, target: str, own: Mapping[str, str]) -> None:
    if target.startswith("@"):
        if (word, target) not in _ALIASES:
            raise _disguise(place, f"{show(word)} is another name for {show(target)}.")
        return
    names = _standard_words().get(_expand(target, own), frozenset())
    if ":" not in target or (names and word not in names):
        raise _disguise(place, f"{show(word)} is another name for {show(min(names, default=target))}.")
    if kind_of({"type": word}) is not Kind.OTHER and word not in names:
        raise _disguise(place, f"{show(word)} is given another meaning.")


def _expand(text: str, own: Mapping[str, str]) -> str:
    """Expand a compact address (JSON-LD 1.1, section 4.1.5); what cannot be expanded stays as it is.

    :raises MalformedInput: ``disguised-word`` where that takes more than `_MAX_STEPS`.
    """
    for _ in range(_MAX_STEPS):
        prefix, colon, rest = text.partition(":")
        start = own.get(prefix) or _prefixes().get(prefix)
        if not colon or rest.startswith("//") or start is None:
            return text
        text = start + rest
    raise MalformedInput("disguised-word", f"What {show(text)} stands for takes too many steps to tell.")


@functools.cache
def _prefixes() -> Mapping[str, str]:
    """Return what the words of the bundled contexts stand for that compact addresses can begin with."""
    return MappingProxyType({word: target for word, target in _bundled_words() if _is_beginning(target)})


@functools.cache
def _standard_words() -> Mapping[str, frozenset[str]]:
    """Return, for each address that the bundled contexts have a word for, the words that they have for it."""
    # Bitstring Status List 1.0 calls it so in section 2.2, and its context does not know the name.
    words: dict[str, set[str]] = {"https://www.w3.org/ns/credentials/status#statusMessage": {"statusMessages"}}
    for word, target in _bundled_words():
        if not _is_beginning(target):  # several words for the beginning of an address hide nothing
            words.setdefault(_expand(target, {}), set()).add(word)
    return MappingProxyType({address: frozenset(names) for address, names in words.items()})


def _is_beginning(target: str) -> bool:
    return target.endswith(("#", "/"))


def _bundled_words() -> Iterator[tuple[str, str]]:
    """Yield each word of the bundled contexts with what it stands for; reading them all takes five milliseconds."""
    contexts = Contexts.bundled()
    stack: list[Any] = [contexts.get(url)["@context"] for url in contexts]
    while stack:
        for item in as_list(stack.pop()):
            for word, definition in item.items() if isinstance(item, dict) else ():
                target = definition.get("@id") if isinstance(definition, dict) else definition
                if isinstance(target, str) and not word.startswith("@"):
                    yield word, target
                if isinstance(definition, dict) and "@context" in definition:
                    stack.append(definition["@context"])


def _objects(document: JsonObject) -> Iterator[tuple[_Place, JsonObject]]:
    """Yield every object of a document, but for its contexts, with its place."""
    stack: list[tuple[_Place, Any]] = [(None, document)]
    while stack:
        place, item = stack.pop()
        if isinstance(item, dict):
            yield place, item
            members: Iterable[tuple[str | int, Any]] = item.items()
        else:
            members = enumerate(item)
        stack.extend(
            ((place, step), member)
            for step, member in members
            if isinstance(member, dict | list) and step != "@context"
        )


def _disguise(place: _Place, detail: str) -> MalformedInput:
    steps: list[str | int] = []
    while place is not None:
        place, step = place
        steps.append(step)
    return MalformedInput("disguised-word", detail, pointer=pointer(*reversed(steps)))
