"""SVG from outside, rebuilt from what a drawing needs.

Our pages show pictures as images, where browsers run no script; but whoever opens the picture's own address, or downloads it,
has a document. So a drawing is read event by event and written anew from an allow-list:

- what *does* something (scripts, handlers, links, animation, foreign content) or *fetches* something (addresses, embedded
  pictures, fonts) is refused with its name. A drawing without it might look different, and its author should see that first;
- what nobody sees (comments, editors' notes, unknown namespaces, with a name or folder of the artist perhaps) is left out.

No entity can be declared, as in `intaglio.openbadges.baking`. The words of SVG 1.1 and SVG 2 are meant.
"""

import re
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from intaglio.errors import MalformedInput, Unsupported
from issuer.achievements.drawing_rules import (
    ACTIVE,
    ATTRIBUTES,
    ELEMENTS,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    PLAIN,
    UNSEEN,
    check_reference,
    check_style,
)
from issuer.achievements.drawing_uses import Uses

SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_RUN = (SVG, "http://www.w3.org/1999/xhtml", "")
"""Namespaces in which a browser knows a script when it sees one; of other names it draws nothing."""
_SEPARATOR = " "
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")


def looks_like_svg(data: bytes) -> bool:
    """Tell whether a file begins as XML does; `rebuild` says whether it is a drawing."""
    return _START.match(data) is not None


def rebuild(data: bytes) -> bytes:
    """Return a drawing with all that is seen of it, and nothing else.

    :raises MalformedInput: ``picture-too-large``, ``picture-damaged``, ``picture-kind``, ``picture-active``,
        ``picture-refers``, ``svg-doctype``
    :raises Unsupported: ``svg-encoding``
    """
    if len(data) > MAX_BYTES:
        raise MalformedInput("picture-too-large", f"As SVG it has more than {MAX_BYTES // 1024} kB.")
    return _Rebuilder().run(data)


class _Rebuilder:
    """One pass over a drawing. `_skipped` is the depth of an element that is left out with all that is inside, or 0."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._depth = 0
        self._elements = 0
        self._skipped = 0
        self._style: list[str] | None = None
        self._uses = Uses()
        parser = expat.ParserCreate("utf-8", _SEPARATOR)
        parser.buffer_text = True
        parser.XmlDeclHandler = _check_encoding
        parser.StartDoctypeDeclHandler = _check_document_type
        parser.SkippedEntityHandler = _refuse_entity
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._on_text
        self._parser = parser

    def run(self, data: bytes) -> bytes:
        try:
            self._parser.Parse(data, True)  # noqa: FBT003 - all of it at once
        except expat.ExpatError as error:
            raise MalformedInput("picture-damaged", f"It is not well-formed XML: {error}.") from None
        finally:
            del self._parser  # it holds this object and is held by it
        self._uses.check()
        return "".join(self._out).encode()

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            detail = f"More than {MAX_DEPTH} levels or {MAX_ELEMENTS:,} parts are not read."
            raise MalformedInput("picture-too-large", detail)
        namespace, local = _split(name)
        if self._depth == 1 and (namespace, local) != (SVG, "svg"):
            raise MalformedInput("picture-kind", "It is XML, but not SVG.")
        if self._skipped:
            self._refuse_hidden_script(local)
            return
        if local in ACTIVE and namespace in _RUN:
            raise MalformedInput("picture-active", f"It has an element “{local}”.")
        if namespace != SVG or local in UNSEEN:
            self._skipped = self._depth
            return
        if local not in ELEMENTS:
            raise MalformedInput("picture-active", f"It has an element “{local[:40]}”, which drawings do not need.")
        kept = _attributes(local, attributes)
        self._uses.enter(local, kept)
        self._style = [] if local == "style" else None
        declaration = f' xmlns="{SVG}"' if self._depth == 1 else ""
        written = "".join(f" {key}={quoteattr(value)}" for key, value in kept.items())
        self._out.append(f"<{local}{declaration}{written}>")

    def _on_end(self, name: str) -> None:
        if self._skipped:
            self._skipped = 0 if self._skipped == self._depth else self._skipped
        else:
            local = _split(name)[1]
            if self._style is not None:
                check_style("".join(self._style))
                self._style = None
            self._uses.leave()
            self._out.append(f"</{local}>")
        self._depth -= 1

    def _on_text(self, text: str) -> None:
        if self._skipped:
            return
        if self._style is not None:
            self._style.append(text)
        self._out.append(escape(text))

    @staticmethod
    def _refuse_hidden_script(local: str) -> None:
        # Left out it would do no harm; but whoever put it into an editor's notes should hear that we saw it.
        if local == "script":
            raise MalformedInput("picture-active", "It has an element “script”.")


def _attributes(element: str, attributes: dict[str, str]) -> dict[str, str]:
    """Return the attributes to keep, checked.

    :raises MalformedInput: ``picture-active`` for handlers, ``picture-refers`` for addresses.
    """
    kept: dict[str, str] = {}
    for name, value in attributes.items():
        namespace, local = _split(name)
        if local.lower().startswith("on"):
            raise MalformedInput("picture-active", f"It has a handler “{local[:40]}”.")
        if local in ("href", "src") and namespace in ("", _XLINK):
            kept["href"] = check_reference(element, value)
        elif namespace == _XML and local in ("space", "lang"):
            kept[f"xml:{local}"] = value
        elif namespace == "" and local in ATTRIBUTES:
            if local not in PLAIN:
                check_style(value)
            kept[local] = value
    return kept


def _split(name: str) -> tuple[str, str]:
    namespace, _, local = name.rpartition(_SEPARATOR)
    return namespace, local


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
        raise Unsupported("svg-encoding", f"It is written in “{encoding[:40]}”.")


def _check_document_type(_name: str, _system: str | None, _public: str | None, has_subset: bool) -> None:  # noqa: FBT001
    # Expat calls this before it reads the first declaration; what an external document type declares is never fetched.
    if has_subset:
        detail = "Its document type declares things of its own, such as entities, which can grow without end."
        raise MalformedInput("svg-doctype", detail)


def _refuse_entity(name: str, _is_parameter: bool) -> None:  # noqa: FBT001 - Expat calls it
    raise MalformedInput("picture-damaged", f"It uses an entity “{name[:40]}” that nothing declares.")
