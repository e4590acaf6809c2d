"""Hypothesis strategies for documents like Open Badges, with whatever text, numbers and structures JSON-LD allows in them."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from tests.interop.samples import CONTEXTS

_TERMS = "https://school.example/terms#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
INLINE_CONTEXT: dict[str, Any] = {
    "note": f"{_TERMS}note",
    "part": f"{_TERMS}part",
    "raw": {"@id": f"{_TERMS}raw", "@type": "@json"},
    "words": {"@id": f"{_TERMS}words", "@container": "@language"},
    "steps": {"@id": f"{_TERMS}steps", "@container": "@list"},
    "bag": {"@id": f"{_TERMS}bag", "@container": "@set"},
    "sees": {"@id": f"{_TERMS}sees", "@type": "@id"},
    "whole": {"@id": f"{_TERMS}whole", "@type": f"{_XSD}integer"},
    "measured": {"@id": f"{_TERMS}measured", "@type": f"{_XSD}double"},
    "exact": {"@id": f"{_TERMS}exact", "@type": f"{_XSD}decimal"},
    "on": {"@id": f"{_TERMS}on", "@type": f"{_XSD}date"},
    "greeting": {"@id": f"{_TERMS}greeting", "@language": "es"},
    "Piece": f"{_TERMS}Piece",
    "Draft": f"{_TERMS}Draft",
    "terms": _TERMS,
}
"""What the generated documents use beside the terms of Open Badges: one term for each thing that JSON-LD can do with a value."""

CONTROLS = "".join(
    map(chr, [*range(0x20), 0x22, 0x5C, 0x7F, *range(0x80, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF])
)
texts = st.text(st.one_of(st.sampled_from(CONTROLS), st.characters(exclude_categories=["Cs"])), max_size=12)
integers = st.integers(-(2**53) + 1, 2**53 - 1)
floats = st.floats(allow_nan=False, allow_infinity=False)
_edges = st.sampled_from([0.0, -0.0, 1.0, 1e-6, 1.5e-7, 1e20, 1e21, 1.5e300, 2251799813685248.75, 1125899906842624.125])
numbers = st.one_of(integers, floats, _edges).filter(
    # jsonld.js tells a double by the point in its text and makes 0 of 1e-7; such numbers have a test of their own.
    lambda number: number == 0 or abs(number) >= 1e-6 or "." in repr(number)
)
scalars = st.one_of(texts, numbers, st.booleans())
languages = st.sampled_from(["en", "es", "de-CH", "zh-Hant-TW", "sl-rozaj-biske"])
iris = st.one_of(
    st.uuids().map("urn:uuid:{}".format),
    st.sampled_from(
        ["https://school.example/a", "https://schöl.example/ü?x=%20#f", "did:example:1", "mailto:a@b.example"]
    ),
)
_names = texts.filter(lambda name: not name.startswith("@") and name != "__proto__")
json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(scalars, st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_names, inner, max_size=3)),
    max_leaves=6,
)


def shuffled(members: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return the same object with its members in any order."""
    return st.permutations(list(members.items())).map(dict)


def _one_or_more(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(items, st.lists(items, max_size=3))


_words = st.dictionaries(languages, st.one_of(texts, st.lists(texts, max_size=2)), max_size=3)
_value_objects = st.one_of(
    st.fixed_dictionaries({"@value": texts, "@language": languages}),
    st.fixed_dictionaries({"@value": scalars}),
    st.fixed_dictionaries({"@value": texts, "@type": st.sampled_from([f"{_XSD}token", "terms:kind"])}),
)


def _node(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    members: dict[str, st.SearchStrategy[Any]] = {
        "id": iris,
        "type": st.lists(st.sampled_from(["Piece", "Draft", "Evidence", "terms:More"]), min_size=1, max_size=2),
        "note": _one_or_more(st.one_of(scalars, _value_objects)),
        "part": _one_or_more(inner),
        "raw": json_values,
        "words": _words,
        "steps": st.lists(st.one_of(scalars, inner), max_size=3),
        "bag": st.lists(scalars, max_size=3),
        "sees": _one_or_more(iris),
        "whole": numbers,
        "measured": numbers,
        "exact": numbers,
        "on": st.dates().map(str),
        "greeting": texts,
        "terms:more": scalars,
    }
    return st.fixed_dictionaries({}, optional=members).flatmap(shuffled)


nodes: st.SearchStrategy[dict[str, Any]] = st.recursive(_node(st.builds(dict)), _node, max_leaves=4)


def badges(extra: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return Open Badges with the members that `extra` draws, all objects in any order of members."""
    achievement = st.fixed_dictionaries(
        {
            "id": iris,
            "type": st.just(["Achievement"]),
            "name": texts,
            "description": texts,
            "criteria": st.fixed_dictionaries({"narrative": texts}),
        },
        optional={
            "creditsAvailable": numbers,
            "tag": st.lists(texts, max_size=3),
            "alignment": st.lists(_alignment, max_size=2),
            "inLanguage": languages,
        },
    ).flatmap(shuffled)
    subject = st.fixed_dictionaries(
        {"type": st.just(["AchievementSubject"]), "achievement": achievement}, optional={"id": iris}
    ).flatmap(shuffled)
    members = st.fixed_dictionaries(
        {
            "@context": st.just([*CONTEXTS, INLINE_CONTEXT]),
            "id": iris,
            "type": st.just(["VerifiableCredential", "OpenBadgeCredential"]),
            "issuer": st.one_of(iris, st.fixed_dictionaries({"id": iris, "type": st.just(["Profile"]), "name": texts})),
            "validFrom": st.just("2024-09-01T08:00:00Z"),
            "credentialSubject": subject,
        },
        optional={"name": texts, "description": _value_objects, "evidence": _one_or_more(nodes)},
    )
    return (
        st.tuples(members, extra)
        .map(lambda pair: in_one_order(_with_ids_of_their_own({**pair[0], **pair[1]})))
        .flatmap(shuffled)
    )


def in_one_order(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document on whose texts code points and UTF-16 units agree which comes first.

    Where both U+E000 to U+FFFF and characters beyond stand in it, the former are replaced: rdf-canonize sorts by UTF-16 units.
    """
    text = json.dumps(document, ensure_ascii=False)
    if max(text) > "\uffff":
        text = re.sub("[\ue000-\uffff]", "?", text)
    result: dict[str, Any] = json.loads(text)
    return result


def _with_ids_of_their_own(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with its ids numbered: two descriptions of one node are another matter (see `linked_nodes`)."""
    for number, node in enumerate(_nodes_in(document)):
        if "id" in node:
            node["id"] = f"{node['id']}/{number}"
    return document


def _nodes_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _nodes_in(item)
    elif isinstance(value, dict):
        yield value
        for name, member in value.items():
            if name not in {"@context", "raw"}:
                yield from _nodes_in(member)


_alignment = st.fixed_dictionaries(
    {"type": st.just(["Alignment"]), "targetName": texts, "targetUrl": iris}, optional={"targetCode": texts}
).flatmap(shuffled)

honest_badges = badges(st.builds(dict))


def _linked_node(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    members = {
        "id": _few_ids,
        "note": _one_or_more(scalars),
        "words": _words,
        "sees": _few_ids,
        "part": _one_or_more(inner),
    }
    return st.fixed_dictionaries({}, optional=members).flatmap(shuffled)


_few_ids = st.sampled_from(["urn:x:1", "urn:x:2", "urn:x:3"])
linked_nodes: st.SearchStrategy[dict[str, Any]] = st.recursive(
    _linked_node(st.builds(dict)), _linked_node, max_leaves=6
)
"""Nodes that refer to each other and are described more than once, blank ones among them, without lists and JSON literals."""

_FAULTS: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
    "unheardOf": lambda: scalars,
    "sees": lambda: st.sampled_from(["relative", "/rooted", "https://a.example/with space", "terms"]),
    "note": lambda: st.fixed_dictionaries({"@value": texts, "@type": st.just("unheardOf")}),
    "part": lambda: st.fixed_dictionaries({"type": st.just(["UnheardOf"])}),
    "https://school.example/with space": lambda: scalars,
    "words": lambda: st.fixed_dictionaries({"not a language": texts}),
    "@unheardOf": lambda: scalars,
    "evidence": lambda: st.fixed_dictionaries({"id": st.just("relative")}),
}
faulty_badges = st.sampled_from(sorted(_FAULTS)).flatmap(
    lambda name: badges(st.fixed_dictionaries({name: _FAULTS[name]()}))
)
"""Badges with one member that JSON-LD would drop, or make something else of."""
