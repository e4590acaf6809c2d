"""JSON-LD 1.1 to quads, in safe mode: a document becomes quads as a whole, or it is refused.

JSON-LD drops what no context defines, and what is dropped is not signed: it could be added to a sealed credential, or changed
in it, and the signature would still verify. PyLD expands the document (JSON-LD 1.1 Processing Algorithms and API, section
5.1) with contexts from `Contexts` alone and no base IRI. Whatever it would drop or make up is an error here, at the JSON
pointer of the member that is to blame.
"""

import threading
from collections.abc import Iterator
from typing import Any

from intaglio.canonical import silent_drops, to_rdf
from intaglio.canonical.context_resolver import ContextResolver
from intaglio.canonical.context_rules import IGNORED, is_keyword_like, names_for
from intaglio.canonical.located import locate, place_of
from intaglio.canonical.nquads import Quad, shorten
from intaglio.documents import JsonObject, as_list, check_depth, walk
from intaglio.errors import IntaglioError, MalformedInput
from intaglio.schemas import Contexts

_PROTECTED = {"protected term redefinition", "invalid context nullification"}
_PYLD_STUMBLES = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What PyLD raises, besides its own error, on some contexts that break the rules."""


class JsonLd:
    """Turns JSON-LD documents into quads, by one set of contexts. Threads may share it: they take turns."""

    def __init__(self, contexts: Contexts) -> None:
        self._resolver = ContextResolver(contexts)
        self._lock = threading.Lock()

    def to_quads(self, document: JsonObject, *, allow_blank_node_ids: bool = False) -> list[Quad]:
        """Return the quads of a document, in no particular order and with arbitrary blank node labels.

        Blank node identifiers (``_:b0``) of the document's own are refused unless allowed: they have no meaning outside it.

        :raises MalformedInput: ``undefined-term``, ``undefined-type``, ``relative-iri``, ``bad-iri``, ``null-member``,
            ``dropped-member``, ``free-floating-value``, ``bad-language-tag``, ``ambiguous-number``,
            ``blank-node-identifier``, ``protected-term``, ``context-vocab``, ``too-many-contexts``, ``bad-json-ld``,
            ``too-deep``, ``not-an-object``, ``lone-surrogate``, ``number-out-of-range``.
        :raises Unsupported: ``context-feature``
        :raises Unavailable: ``unknown-context``
        """
        if not isinstance(document, dict):
            raise MalformedInput("not-an-object", "A JSON-LD document must be an object here.", pointer="")
        check_depth(document)
        names, has_null = _survey(document)
        with self._lock:
            if not has_null:
                try:
                    return self._convert(document, names, allow_blank_node_ids=allow_blank_node_ids)
                except IntaglioError as error:
                    if error.problem.pointer is not None:
                        raise
            # Once more, slower: as `locate` returns it, the document says where its error is, and keeps its nulls.
            located = locate(document)
            try:
                return self._convert(located, names, allow_blank_node_ids=allow_blank_node_ids)
            except IntaglioError as error:
                if error.problem.pointer is not None:
                    raise
                place = self._guess_place(located)
                raise type(error)(error.problem.kind, error.problem.detail, pointer=place) from None

    def _convert(self, document: JsonObject, names: set[str], *, allow_blank_node_ids: bool) -> list[Quad]:
        expanded = self._expand(document)
        silent_drops.refuse(document, names, self._resolver.aliases, self._expand)
        return to_rdf.quads(expanded, allow_blank_node_ids=allow_blank_node_ids)

    def _expand(self, document: JsonObject) -> list[Any]:
        # Imported here because it takes 60 ms, which a command that has no JSON-LD to read need not wait for.
        from pyld import jsonld  # noqa: PLC0415

        self._resolver.begin()
        options = {
            "base": None,
            "contextResolver": self._resolver,
            "documentLoader": None,
            "keepFreeFloatingNodes": True,
            "processingMode": "json-ld-1.1",
        }
        try:
            expanded: list[Any] = jsonld.expand(document, options, on_property_dropped=_refuse_property)
        except jsonld.JsonLdError as error:
            raise _explain(error) from None
        except RecursionError:
            raise MalformedInput("too-deep", "It nests too deeply for its contexts to be applied.") from None
        except _PYLD_STUMBLES:
            raise MalformedInput("bad-json-ld", "One of its contexts breaks the rules in an unusual way.") from None
        return expanded

    def _guess_place(self, located: JsonObject) -> str | None:
        """Return the first place where something stands that expansion turns to nothing, so that no text is left of it."""
        ignored = names_for(IGNORED, self._resolver.aliases)
        for text, is_name in _texts(located):
            if is_keyword_like(text) or (is_name and text in ignored):
                return place_of(text)
        return None


def _survey(document: JsonObject) -> tuple[set[str], bool]:
    """Return the names of all members, and whether there is a null, contexts aside.

    :raises MalformedInput: for what is wrong wherever it stands.
    """
    names: set[str] = set()
    has_null = False
    stack: list[Any] = [document]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            names.update(item)
            stack.extend(member for name, member in item.items() if name != "@context")
            # PyLD takes it for null, which would take all protection away.
            if False in as_list(item.get("@context")):
                raise MalformedInput("bad-json-ld", "A context cannot be false (invalid local context).")
        elif isinstance(item, list):
            stack.extend(item)
        elif item is None:
            has_null = True
    if "__proto__" in names:
        place = next(place for place, _ in walk(document) if place.endswith("/__proto__"))
        # In JavaScript it is no member but the object's prototype: whoever copies the object loses it.
        raise MalformedInput("undefined-term", "No context can define “__proto__”.", pointer=place)
    return names, has_null


def _refuse_property(name: str | None) -> None:
    detail = "A name means nothing here." if name is None else f"No context defines “{shorten(name)}”."
    raise MalformedInput("undefined-term", detail, pointer=place_of(name))


def _explain(error: Any) -> IntaglioError:
    """Return what lies at the bottom of one of PyLD's errors."""
    code, place = None, None
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, IntaglioError):
            return cause
        if isinstance(cause, RecursionError):
            return MalformedInput("too-deep", "Its contexts nest too deeply.")
        code = getattr(cause, "code", None) or code
        details = getattr(cause, "details", None) or {}
        place = next((found for found in map(place_of, details.values()) if found is not None), place)
        cause = cause.__cause__
    kind = "protected-term" if code in _PROTECTED else "bad-json-ld"
    return MalformedInput(kind, f"JSON-LD error: {code or 'syntax error'}.", pointer=place)


def _texts(value: Any) -> Iterator[tuple[str, bool]]:
    """Yield the names of members and the texts in a document, contexts aside, and whether each is a name."""
    if isinstance(value, str):
        yield value, False
    elif isinstance(value, dict):
        for name, member in value.items():
            if name != "@context":
                yield name, True
                yield from _texts(member)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
