"""From expanded JSON-LD to quads (JSON-LD 1.1 Processing Algorithms and API, section 8, "RDF Serialization/Deserialization").

The specification flattens the document first, to merge what is said about one node in several places. In a set of quads that
happens by itself, so the expanded form is walked once, and each part of it becomes quads or an error: nothing is skipped.
"""

from collections.abc import Callable
from typing import Any, NoReturn

from intaglio.canonical import jcs
from intaglio.canonical.located import Null, place_of, restore
from intaglio.canonical.nquads import (
    DEFAULT_GRAPH,
    RDF,
    RDF_LANG_STRING,
    XSD,
    XSD_STRING,
    Quad,
    blank,
    iri,
    language_literal,
    literal,
    shorten,
)
from intaglio.canonical.rdf_numbers import double_text, number_literal
from intaglio.errors import MalformedInput

_TYPE, _FIRST, _REST, _NIL = (f"<{RDF}{name}>" for name in ("type", "first", "rest", "nil"))
_JSON_LITERAL = f"{RDF}JSON"
_XSD_BOOLEAN, _XSD_DOUBLE = f"{XSD}boolean", f"{XSD}double"
_VALUE_MEMBERS = {"@value", "@type", "@language", "@direction"}
_I18N = "https://www.w3.org/ns/i18n#"


def quads(expanded: list[Any], *, allow_blank_node_ids: bool = False) -> list[Quad]:
    """Return the quads of an expanded document, in no particular order and with arbitrary blank node labels.

    :raises MalformedInput: with the pointer of the culprit where the texts of `expanded` are `Located`: ``undefined-term``,
        ``undefined-type``, ``relative-iri``, ``bad-iri``, ``null-member``, ``dropped-member``, ``free-floating-value``,
        ``bad-language-tag``, ``ambiguous-number``, ``lone-surrogate``, ``blank-node-identifier`` (unless allowed).
    """
    writer = _Writer(allow_blank_node_ids=allow_blank_node_ids)
    writer.graph(expanded, DEFAULT_GRAPH)
    if not writer.quads:
        _refuse("free-floating-value", "The whole of it says nothing.", expanded)
    return writer.quads


class _Writer:
    def __init__(self, *, allow_blank_node_ids: bool) -> None:
        self.quads: list[Quad] = []
        self._allow_blank_node_ids = allow_blank_node_ids
        self._labels: dict[str, str] = {}
        self._anonymous = 0

    def graph(self, items: list[Any], graph: str) -> None:
        """Write the nodes that stand in a graph by themselves, as no other's value."""
        for item in items:
            if not isinstance(item, dict) or not item.keys() - {"@id", "@index"} or item.keys() & {"@value", "@list"}:
                _refuse("free-floating-value", "It is no statement about anything.", item)
            self._node(item, graph)

    def _node(self, node: dict[str, Any], graph: str) -> str:
        subject = self._identifier(node["@id"]) if "@id" in node else self._fresh_blank()
        for member, values in node.items():
            if member.startswith("@"):
                self._keyword(subject, member, values, graph)
            else:
                predicate = _predicate(member)
                for item in values:
                    self._write(subject, predicate, self._object(item, graph), graph)
        return subject

    def _keyword(self, subject: str, keyword: str, values: Any, graph: str) -> None:
        if keyword == "@type":
            for name in values:
                self._write(subject, _TYPE, self._identifier(name, of_type=True), graph)
        elif keyword == "@graph":
            self.graph(values, subject)
        elif keyword == "@included":
            self.graph(values, graph)
        elif keyword == "@reverse":
            for name, items in values.items():
                for item in items:
                    self._write(self._node(item, graph), _predicate(name), subject, graph)
        elif keyword != "@id":
            _refuse("dropped-member", f"{keyword} says nothing here that a signature could cover.", values)

    def _object(self, item: Any, graph: str) -> str:
        if "@value" in item:
            return _literal(item)
        if "@list" in item:
            for member in item.keys() - {"@list"}:
                _refuse("dropped-member", f"No signature covers the {member} of a list.", item[member])
            return self._list(item["@list"], graph)
        return self._node(item, graph)

    def _list(self, items: list[Any], graph: str) -> str:
        """List Conversion (section 8.3): a chain of blank nodes, written from its end."""
        rest = _NIL
        for item in reversed(items):
            cell = self._fresh_blank()
            self._write(cell, _FIRST, self._object(item, graph), graph)
            self._write(cell, _REST, rest, graph)
            rest = cell
        return rest

    def _identifier(self, value: Any, *, of_type: bool = False) -> str:
        _refuse_null(value)
        if not isinstance(value, str):
            _refuse("undefined-type" if of_type else "relative-iri", "It looks like a keyword, and is none.", value)
        if value.startswith("_:"):
            if not self._allow_blank_node_ids:
                detail = f"“{shorten(value)}” is a label for one file, and names nothing outside."
                _refuse("blank-node-identifier", detail, value)
            # The labels of the document are not written: they could be c14n0, or break out of their line.
            return self._labels.setdefault(value, self._fresh_blank())
        if not _has_scheme(value):
            kind, what = ("undefined-type", "type") if of_type else ("relative-iri", "whole identifier")
            _refuse(kind, f"“{shorten(value)}” is no {what} that the contexts define.", value)
        return _located(iri, value)

    def _fresh_blank(self) -> str:
        self._anonymous += 1
        return blank(f"b{self._anonymous}")

    def _write(self, subject: str, predicate: str, value: str, graph: str) -> None:
        self.quads.append(Quad(subject, predicate, value, graph))


def _literal(item: dict[str, Any]) -> str:
    """Object to RDF Conversion (section 8.2.2), for value objects."""
    for member in item.keys() - _VALUE_MEMBERS:
        _refuse("dropped-member", f"No signature covers the {member} of a value.", item[member])
    value, datatype = item["@value"], item.get("@type")
    if datatype == "@json":
        return _located(lambda json: literal(jcs.canonicalize(restore(json)).decode(), _JSON_LITERAL), value)
    _refuse_null(value)
    if datatype is not None:
        _check_datatype(datatype)
    if "@direction" in item and not isinstance(value, str):
        _refuse("dropped-member", "Only text has a direction.", value)
    if isinstance(value, bool):
        return literal("true" if value else "false", datatype or _XSD_BOOLEAN)
    if isinstance(value, int | float):
        return _located(lambda number: number_literal(number, datatype), value)
    if "@direction" in item:
        return _in_direction(value, item.get("@language", ""), item["@direction"])
    if "@language" in item:
        return _in_language(value, item["@language"])
    if datatype == _XSD_DOUBLE and value != double_text(value):
        # Some readers rewrite such a text, some do not; and some stop reading at the first letter.
        _refuse("ambiguous-number", f"“{shorten(value)}” is not the canonical form of a double.", value)
    return _located(lambda text: literal(text, datatype or XSD_STRING), value)


def _check_datatype(datatype: Any) -> None:
    _refuse_null(datatype)
    if not isinstance(datatype, str):
        _refuse("bad-json-ld", "A value has more than one type.", datatype)
    if datatype == RDF_LANG_STRING:
        _refuse("bad-language-tag", "A text of the type rdf:langString has no language.", datatype)
    _located(iri, datatype)


def _in_language(value: str, language: Any) -> str:
    _refuse_null(language)
    try:
        return language_literal(value, language)
    except MalformedInput as error:
        culprit = language if error.problem.kind == "bad-language-tag" else value
        _refuse(error.problem.kind, error.problem.detail, culprit)


def _in_direction(value: str, language: Any, direction: Any) -> str:
    """Return the term of a text with a base direction (section 8.2.2, rdfDirection ``i18n-datatype``, as the suites ask)."""
    _refuse_null(direction)
    if language:
        _in_language(value, language)  # refuses what is no language
    return _located(lambda text: literal(text, f"{_I18N}{language.lower()}_{direction}"), value)


def _predicate(name: str) -> str:
    if name.startswith("_:"):
        _refuse("blank-node-identifier", f"“{shorten(name)}” cannot be the name of a member.", name)
    if not _has_scheme(name):  # pragma: no cover - PyLD has reported it before; kept as a lock
        _refuse("undefined-term", f"No context defines “{shorten(name)}”.", name)
    return _located(iri, name)


def _located(make: Callable[[Any], str], value: Any) -> str:
    """Make a term of a value, and put the value's place to the error where that fails."""
    try:
        return make(value)
    except MalformedInput as error:
        _refuse(error.problem.kind, error.problem.detail, value)


def _has_scheme(value: str) -> bool:
    return ":" in value


def _refuse_null(value: Any) -> None:
    if isinstance(value, Null):
        _refuse("null-member", "JSON-LD drops what is null.", value)


def _refuse(kind: str, detail: str, culprit: Any) -> NoReturn:
    raise MalformedInput(kind, detail, pointer=place_of(culprit))
