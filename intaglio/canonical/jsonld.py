"""JSON-LD 1.1 to quads, in safe mode: a document becomes quads as a whole, or it is refused.

JSON-LD drops what no context defines, and what is dropped is not signed: it could be added to a sealed credential, or changed
in it, and the signature would still verify. PyLD expands the document (JSON-LD 1.1 Processing Algorithms and API, section
5.1) with contexts from `Contexts` alone and no base IRI. Whatever it would drop or make up is an error here, at the JSON
pointer of the member that is to blame.
"""

import importlib
import sys
import threading
from functools import cache
from typing import Any

from intaglio.canonical import culprits, disagreements, silent_drops, to_rdf
from intaglio.canonical.context_resolver import ContextResolver
from intaglio.canonical.keyword_names import KeywordNames
from intaglio.canonical.located import locate, place_of
from intaglio.canonical.nquads import Quad, shorten
from intaglio.canonical.survey import Survey
from intaglio.documents import JsonObject, check_depth
from intaglio.errors import IntaglioError, MalformedInput
from intaglio.schemas import Contexts

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
            ``too-deep``, ``too-large``, ``not-an-object``, ``not-json``, ``lone-surrogate``, ``number-out-of-range``.
        :raises Unsupported: ``context-feature``
        :raises Unavailable: ``unknown-context``
        """
        if not isinstance(document, dict):
            raise MalformedInput("not-an-object", "A JSON-LD document must be an object here.", pointer="")
        check_depth(document)
        survey = Survey.of(document)
        with self._lock:
            if survey.has_null:
                return self._convert_located(document, survey, allow_blank_node_ids=allow_blank_node_ids)
            try:
                return self._convert(document, survey, allow_blank_node_ids=allow_blank_node_ids)
            except IntaglioError as error:
                if error.problem.pointer is None:
                    # Raises the same error, with its place.
                    self._convert_located(document, survey, allow_blank_node_ids=allow_blank_node_ids)
                raise

    def _convert_located(self, document: JsonObject, survey: Survey, *, allow_blank_node_ids: bool) -> list[Quad]:
        """Convert slowly: as `locate` returns it, the document keeps its nulls and knows the place of whatever is wrong."""
        located = locate(document)
        try:
            return self._convert(located, survey, allow_blank_node_ids=allow_blank_node_ids)
        except IntaglioError as error:
            if error.problem.pointer is not None:
                raise
            place = culprits.guess(located, error, self._resolver)
            raise type(error)(error.problem.kind, error.problem.detail, pointer=place) from None

    def _convert(self, document: JsonObject, survey: Survey, *, allow_blank_node_ids: bool) -> list[Quad]:
        expanded = self._expand(document)
        keywords = KeywordNames.of(self._resolver.aliases)
        disagreements.refuse(document, survey.names, keywords)
        silent_drops.refuse(document, survey, keywords, expanded, self._expand)
        return to_rdf.quads(expanded, allow_blank_node_ids=allow_blank_node_ids)

    def _expand(self, document: JsonObject) -> list[Any]:
        jsonld = _pyld()
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
            raise culprits.explain(error) from None
        except RecursionError:
            raise MalformedInput("too-deep", "It nests too deeply for its contexts to be applied.") from None
        except _PYLD_STUMBLES:
            raise MalformedInput("bad-json-ld", "One of its contexts breaks the rules in an unusual way.") from None
        return expanded


@cache
def _pyld() -> Any:
    """Return PyLD, imported at the first use: it takes 60 ms, which a command without JSON-LD to read need not wait for.

    Where `requests` or `aiohttp` happen to be installed it would load them for document loaders that we never call.
    """
    absent = [name for name in ("requests", "aiohttp") if name not in sys.modules]
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(absent))  # None is how the import system says “not there”
    try:
        return importlib.import_module("pyld.jsonld")
    finally:
        for name in absent:
            del sys.modules[name]


def _refuse_property(name: str | None) -> None:
    detail = "A name means nothing here." if name is None else f"No context defines “{shorten(name)}”."
    raise MalformedInput("undefined-term", detail, pointer=place_of(name))
