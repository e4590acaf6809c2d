"""RDF terms and quads, held as the text that canonical N-Quads writes for them (RDF Dataset Canonicalization 1.0, appendix A).

A term *is* its canonical text: ``<https://example.org/>``, ``_:b0``, ``"Ada"@en``. Each term has exactly one such text, so
equal terms are equal strings, and to write a dataset is to join them. Only the functions here make terms: what they have
made cannot break out of its line.
"""

import re
from typing import NamedTuple

from intaglio.errors import MalformedInput

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD_STRING = f"{XSD}string"
RDF_LANG_STRING = f"{RDF}langString"

DEFAULT_GRAPH = ""
"""What `Quad.graph` holds for the default graph, which has no name."""

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\ud800-\udfff]*\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*\Z")
_MAX_LANGUAGE = 100
# U+FFFE and U+FFFF are no characters of XML 1.1, nor are surrogates; the latter no UTF-8 can write, even escaped.
_TO_ESCAPE = re.compile(r"[\x00-\x1f\"\\\x7f\ud800-\udfff\ufffe\uffff]")
_ECHAR = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", '"': r"\"", "\\": r"\\"}


class Quad(NamedTuple):
    """One statement. `object` may be any term, the others no literal; `graph` is `DEFAULT_GRAPH` outside named graphs."""

    subject: str
    predicate: str
    object: str
    graph: str = DEFAULT_GRAPH

    def line(self) -> str:
        """Return the statement as one line of canonical N-Quads, its line feed included."""
        graph = f" {self.graph}" if self.graph else ""
        return f"{self.subject} {self.predicate} {self.object}{graph} .\n"


def iri(value: str) -> str:
    """Return the term of an absolute IRI (N-Quads, production ``IRIREF``, without its escapes).

    :raises MalformedInput: ``bad-iri`` for a relative one and for characters that no IRI may hold: with ``>`` and a line feed
        in it, an identifier could write statements of its own.
    """
    if not _IRI.match(value):
        raise MalformedInput("bad-iri", f"“{shorten(value)}” is not an absolute IRI.")
    return f"<{value}>"


def is_absolute_iri(value: object) -> bool:
    """Tell whether a value is a text that `iri` takes."""
    return isinstance(value, str) and _IRI.match(value) is not None


def blank(label: str) -> str:
    """Return the term of a blank node. The label is ours, never text from outside."""
    return f"_:{label}"


def is_blank(term: str) -> bool:
    """Tell a blank node from the other terms."""
    return term.startswith("_:")


def literal(value: str, datatype: str = XSD_STRING) -> str:
    """Return the term of a literal without a language; ``xsd:string`` is left out, as the canonical form asks.

    :raises MalformedInput: ``bad-iri`` for the datatype, ``lone-surrogate`` for the value.
    """
    text = f'"{_escape(value)}"'
    return text if datatype == XSD_STRING else f"{text}^^{iri(datatype)}"


def language_literal(value: str, language: str) -> str:
    """Return the term of a literal in a language, given by its BCP 47 tag.

    :raises MalformedInput: ``bad-language-tag``, ``lone-surrogate``
    """
    # The pattern matches by a stack: on a tag of 5 MB it would take 400 MB.
    if len(language) > _MAX_LANGUAGE or not _LANGUAGE.match(language):
        raise MalformedInput("bad-language-tag", f"“{shorten(language)}” is not a language tag.")
    return f'"{_escape(value)}"@{language}'


def shorten(text: str) -> str:
    """Return a text from outside so that a message can hold it: printable, and not longer than 80 characters."""
    safe = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[:80])
    return safe if len(text) <= 80 else f"{safe[:79]}…"


def _escape(value: str) -> str:
    return _TO_ESCAPE.sub(_escaped, value) if _TO_ESCAPE.search(value) else value


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    if "\ud800" <= character <= "\udfff":
        raise MalformedInput("lone-surrogate", "Half of a surrogate pair is not a character.")
    return _ECHAR.get(character) or f"\\u{ord(character):04X}"
