"""Credentials in SVG images (Open Badges 3.0, section 5.3.2).

The credential is an element ``credential`` of the Open Badges namespace: a JWT in its attribute ``verify``, JSON in its text.

Images are read by Expat, event by event: no tree is built, and each event knows its place in the file. So what is written is
spliced in where it belongs, and every other byte stays as the artist left it; writing a parsed tree out again would respell
quotes, entities and white space. No entity can be declared: an image whose document type has an internal subset is refused
before Expat sees it, and an external one (old drawing programs name that of SVG 1.1) is never fetched.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from intaglio.errors import MalformedInput, Unsupported

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"

_CREDENTIAL = f"{NAMESPACE} credential"
_OLD_ASSERTION = "http://openbadges.org assertion"
_ROOTS = ("http://www.w3.org/2000/svg svg", "svg")
_PREFIX = "openbadges"
_MAX_DEPTH = 256
_MAX_ELEMENTS = 200_000

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# What may stand before the first element (XML 1.0, section 2.8); of a document type, only the form without declarations.
_PROLOG_PART = re.compile(
    rb"[ \t\r\n]+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[ \t\r\n][^\[<>]*>",
    re.DOTALL,
)
_TAG_NAME = re.compile(rb"<[^ \t\r\n/>]+")
_TAG_PART = re.compile(rb"""[^"'>]+|"[^"]*"|'[^']*'""")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, section 2.2


@dataclass(slots=True)
class _Element:
    """A credential element: where it begins and ends in the file, in bytes, and what it holds."""

    start: int
    verify: str | None
    depth: int
    end: int = 0
    text: list[str] = field(default_factory=list)


def read(image: bytes) -> bytes:
    """Return the one credential in an image.

    :raises MalformedInput: ``svg-malformed``, ``svg-doctype``, ``not-baked``, ``baked-twice``, ``baked-malformed``
    :raises Unsupported: ``svg-encoding``, ``image-kind``, ``baked-open-badges-2``
    """
    scan = _Scan(image)
    if scan.found is None and scan.has_old_assertion:
        raise Unsupported("baked-open-badges-2", "The image has an assertion element of Open Badges 2.0.")
    if scan.found is None:
        raise MalformedInput("not-baked", "The image has no credential element of Open Badges 3.0.")
    verify, text = scan.found.verify, "".join(scan.found.text).strip()
    if verify is not None and text:
        raise MalformedInput("baked-twice", "The element has a credential in its attribute and one in its text.")
    credential = text if verify is None else verify.strip()
    if not credential:
        raise MalformedInput("baked-malformed", "The credential element is empty.")
    return credential.encode()


def write(image: bytes, credential: str, *, as_attribute: bool) -> bytes:
    """Return the image with the credential right behind its first tag: a JWT `as_attribute`, JSON as text.

    :raises MalformedInput: ``svg-malformed``, ``svg-doctype``, ``baked-twice``, ``baked-malformed``; ``not-bakeable`` for a
        credential with a character that XML cannot hold.
    :raises Unsupported: ``svg-encoding``, ``image-kind``
    """
    scan = _Scan(image)
    if _NOT_XML.search(credential):
        raise MalformedInput("not-bakeable", "It has a character that XML cannot hold, such as U+FFFE.")
    # The namespace is declared on the root, as section 5.3.2.1 asks, unless the prefix has another meaning there already.
    on_root = scan.root_namespaces.get(_PREFIX, NAMESPACE) == NAMESPACE
    declaration = f' xmlns:{_PREFIX}="{NAMESPACE}"'
    element = _element(credential, "" if on_root else declaration, as_attribute=as_attribute)
    root_end = _tag_end(image, scan.root_start)
    name, attributes = _split_tag(image[scan.root_start : root_end])
    closing = b""
    if attributes.endswith(b"/>"):
        attributes, closing = attributes[:-2] + b">", b"</" + name[1:] + b">"
    if on_root and _PREFIX not in scan.root_namespaces:
        attributes = declaration.encode() + attributes
    before = scan.found
    rest = image[root_end:] if before is None else image[root_end : before.start] + image[before.end :]
    return b"".join([image[: scan.root_start], name, attributes, element, closing, rest])


def _element(credential: str, declaration: str, *, as_attribute: bool) -> bytes:
    if as_attribute:
        return f'<{_PREFIX}:credential{declaration} verify="{credential}"></{_PREFIX}:credential>'.encode()
    # A CDATA section ends at the first ]]>, wherever it stands: such a text is divided between two sections.
    text = credential.replace("]]>", "]]]]><![CDATA[>")
    return f"<{_PREFIX}:credential{declaration}><![CDATA[{text}]]></{_PREFIX}:credential>".encode()


class _Scan:
    """One pass over an image. `found` is its credential element, where it has one."""

    def __init__(self, image: bytes) -> None:
        self.found: _Element | None = None
        self.has_old_assertion = False
        self.root_start = -1
        self.root_namespaces: dict[str | None, str | None] = {}
        self._image = image
        self._depth = 0
        self._elements = 0
        _check_prolog(image)
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.buffer_text = True
        self._parser.XmlDeclHandler = _check_encoding
        self._parser.StartNamespaceDeclHandler = self._on_namespace
        self._parser.StartElementHandler = self._on_start
        self._parser.EndElementHandler = self._on_end
        try:
            self._parser.Parse(image, True)  # noqa: FBT003 - the whole image at once
        except expat.ExpatError as error:
            raise MalformedInput("svg-malformed", f"It is not well-formed XML: {error}.") from None
        finally:
            del self._parser  # it holds this object and is held by it: without this, both would wait for the collector

    def _on_namespace(self, prefix: str | None, uri: str | None) -> None:
        if self.root_start < 0:
            self.root_namespaces[prefix] = uri

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            detail = f"More than {_MAX_DEPTH} levels or {_MAX_ELEMENTS:,} elements are not read."
            raise MalformedInput("svg-malformed", detail)
        if self.root_start < 0:
            self._on_root(name)
        if self.found is not None and not self.found.end:
            raise MalformedInput("baked-malformed", "The credential element has another element inside.")
        if name == _CREDENTIAL:
            self._on_credential(attributes.get("verify"))
        self.has_old_assertion = self.has_old_assertion or name == _OLD_ASSERTION

    def _on_root(self, name: str) -> None:
        if name not in _ROOTS:
            raise Unsupported("image-kind", "It is XML, but not SVG.")
        self.root_start = self._parser.CurrentByteIndex

    def _on_credential(self, verify: str | None) -> None:
        if self.found is not None:
            # Section 5.3.2: there is only one. Readers that take the first would see another badge than those that take the last.
            raise MalformedInput("baked-twice", "The image has several credential elements.")
        start = self._parser.CurrentByteIndex
        if b"&" in self._image[start : _tag_end(self._image, start)]:
            # Expat passes over an undeclared entity in an attribute in silence; no JWT has a use for a declared one.
            raise MalformedInput("baked-malformed", "The attributes of the credential element have an entity.")
        self.found = _Element(start, verify, self._depth)
        self._parser.CharacterDataHandler = self.found.text.append
        self._parser.SkippedEntityHandler = _refuse_entity

    def _on_end(self, _name: str) -> None:
        if self.found is not None and not self.found.end and self.found.depth == self._depth:
            self.found.end = self._end_of(self.found.start)
            self._parser.CharacterDataHandler = None
            self._parser.SkippedEntityHandler = None
        self._depth -= 1

    def _end_of(self, start: int) -> int:
        """Return where the element ends that began at `start` and whose end is being reported."""
        tag_end = _tag_end(self._image, start)
        if self._image[tag_end - 2 : tag_end] == b"/>":
            return tag_end
        return self._image.index(b">", self._parser.CurrentByteIndex) + 1


def _tag_end(image: bytes, start: int) -> int:
    """Return where the tag ends that begins at `start`, where Expat has seen a well-formed one."""
    place = start
    while part := _TAG_PART.match(image, place):
        place = part.end()
    return place + 1


def _split_tag(tag: bytes) -> tuple[bytes, bytes]:
    """Divide a tag behind the name, as in ``<svg`` and `` width="1"/>``."""
    rest = _TAG_NAME.sub(b"", tag, count=1)
    return tag[: len(tag) - len(rest)], rest


def _check_prolog(image: bytes) -> None:
    """Refuse an image whose prolog declares anything, or that never comes to its first element.

    :raises MalformedInput: ``svg-doctype``, ``svg-malformed``
    """
    place = len(_BYTE_ORDER_MARK) if image.startswith(_BYTE_ORDER_MARK) else 0
    while part := _PROLOG_PART.match(image, place):
        place = part.end()
    if image.startswith(b"<!DOCTYPE", place):
        detail = "Its document type declares things of its own, such as entities, which can grow without end."
        raise MalformedInput("svg-doctype", detail)
    if image[place : place + 1] != b"<" or image[place + 1 : place + 2] in (b"!", b"?"):
        raise MalformedInput("svg-malformed", "It does not begin as XML does.")


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
        raise Unsupported("svg-encoding", f"It is written in “{encoding[:40]}”.")


def _refuse_entity(name: str, _is_parameter: bool) -> None:  # noqa: FBT001 - Expat calls it
    raise MalformedInput("baked-malformed", f"The credential has an entity “{name[:40]}” that nothing declares.")
