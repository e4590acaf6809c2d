"""What contexts may do here.

A context that a document brings along is the work of whoever wrote the document. It may define terms. It may not define all
of them at once, for then no misspelt or smuggled member would ever count as undefined, and it may not use features through
which members vanish, or which readers handle differently.
"""

import re
from typing import Any

from intaglio.canonical.keyword_names import KEYWORDS
from intaglio.canonical.located import place_of
from intaglio.canonical.nquads import is_absolute_iri, shorten
from intaglio.documents import JsonObject, pointer
from intaglio.errors import MalformedInput, Unsupported

_KEYWORD_LIKE = re.compile(r"@[A-Za-z]+\Z")
_IN_A_CONTEXT = frozenset({"@language", "@propagate", "@protected", "@type", "@version", "@vocab"})
_IN_A_DEFINITION = frozenset(
    {"@container", "@context", "@id", "@language", "@nest", "@prefix", "@protected", "@reverse", "@type"}
)


def is_keyword_like(text: str) -> bool:
    """Tell whether JSON-LD takes a text for a keyword of the future, and so ignores it (JSON-LD 1.1, section 1.7)."""
    return _KEYWORD_LIKE.match(text) is not None and text not in KEYWORDS


def check(context: Any, *, chosen: bool) -> None:
    """Refuse a context object that does not keep to the rules. The contexts scoped inside it are not looked into.

    `chosen` is true for contexts that the reader has chosen, bundled or from a folder: these may have ``@vocab``.

    :raises MalformedInput: ``bad-json-ld``; ``context-vocab`` for ``@vocab`` and ``@base``; ``undefined-term`` for terms that
        look like keywords.
    :raises Unsupported: ``context-feature`` for ``@import``, ``@direction``, a null default language, a context scoped to
        ``@nest``, an ``@index`` that is a property (which PyLD misreads), and keywords that belong elsewhere.
    """
    if not isinstance(context, dict):
        detail = "A context is neither a URL nor an object (invalid local context)."
        raise MalformedInput("bad-json-ld", detail, pointer=place_of(context))
    place = place_of(context)
    for term, definition in context.items():
        where = None if place is None else place + pointer(term)
        if term in KEYWORDS:
            _check_keyword(term, definition, where, chosen=chosen)
        elif is_keyword_like(term) or term == "__proto__":
            raise MalformedInput("undefined-term", f"“{shorten(term)}” cannot be defined.", pointer=where)
        elif isinstance(definition, dict):
            _check_definition(definition, where)
        elif isinstance(definition, str) and is_keyword_like(definition):
            raise MalformedInput("undefined-term", f"“{shorten(definition)}” means nothing.", pointer=where)


def _check_keyword(term: str, value: Any, where: str | None, *, chosen: bool) -> None:
    if term == "@base" or (term == "@vocab" and not chosen):
        raise MalformedInput("context-vocab", f"Its own context sets {term}.", pointer=where)
    # A @vocab of the reader's own must be a whole IRI: with “@” as a vocabulary, the term graph would be a keyword.
    if term not in _IN_A_CONTEXT or (term == "@vocab" and not is_absolute_iri(value)):
        raise Unsupported("context-feature", f"A context uses {term}.", pointer=where)
    if term == "@language" and value is None:
        raise Unsupported("context-feature", "A context unsets the default language.", pointer=where)


def _check_definition(definition: JsonObject, where: str | None) -> None:
    for member, value in definition.items():
        if member in KEYWORDS and member not in _IN_A_DEFINITION:
            raise Unsupported("context-feature", f"A term is defined with {member}.", pointer=where)
        if member in {"@id", "@reverse"} and isinstance(value, str) and is_keyword_like(value):
            raise MalformedInput("undefined-term", f"“{shorten(value)}” means nothing.", pointer=where)
    target = definition.get("@id")
    if "@context" in definition and isinstance(target, str) and ":" not in target:
        # PyLD applies what is scoped to @nest, as the specification says; jsonld.js does not, and reads something else.
        raise Unsupported("context-feature", "A context is scoped to a keyword.", pointer=where)
