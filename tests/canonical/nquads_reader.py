"""A small reader of N-Quads: only the tests have N-Quads to read."""

import re

from intaglio.canonical.nquads import DEFAULT_GRAPH, Quad, blank, iri, language_literal, literal

_TERM = re.compile(
    r"\s*(?:<(?P<iri>[^>]*)>|_:(?P<blank>[^\s<\"]+)"
    r"|\"(?P<text>(?:[^\"\\]|\\.)*)\"(?:\^\^<(?P<datatype>[^>]*)>|@(?P<language>[A-Za-z0-9-]+))?)"
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ECHAR = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def read(text: str) -> list[Quad]:
    """Return the quads of an N-Quads document, each as often as it stands there."""
    return [
        _read_line(line) for line in re.split(r"[\r\n]+", text) if line.strip() and not line.lstrip().startswith("#")
    ]


def _read_line(line: str) -> Quad:
    terms, place = [], 0
    while match := _TERM.match(line, place):
        terms.append(_term(match))
        place = match.end()
    assert re.fullmatch(r"\s*\.\s*(#.*)?", line[place:]), line
    graph = terms[3] if len(terms) == 4 else DEFAULT_GRAPH
    return Quad(terms[0], terms[1], terms[2], graph)


def _term(match: re.Match[str]) -> str:
    if match["iri"] is not None:
        return iri(_unescape(match["iri"]))
    if match["blank"] is not None:
        return blank(match["blank"])
    if match["language"] is not None:
        return language_literal(_unescape(match["text"]), match["language"])
    datatype = match["datatype"]
    return literal(_unescape(match["text"]), _unescape(datatype)) if datatype else literal(_unescape(match["text"]))


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ECHAR[match[3]] if match[3] else chr(int(match[1] or match[2], 16)), text)
