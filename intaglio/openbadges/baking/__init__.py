"""Baked badges: a credential inside the image that shows it (Open Badges 3.0, section 5.3).

What is baked is either the JSON of a credential with an embedded proof or a compact JWS. `png` and `svg` know how each
format carries it.
"""

import re
from typing import Literal

from intaglio.documents import MAX_BYTES, parse_object
from intaglio.errors import MalformedInput, Unsupported
from intaglio.openbadges.baking import png, svg

MAX_PNG_BYTES = 20 * 1024 * 1024
"""The largest PNG image that is read or written."""
MAX_SVG_BYTES = 8 * 1024 * 1024
"""The largest SVG image that is read or written: XML of this size can be made to take 200 MB while it is read."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2}\Z")


def is_image(data: bytes) -> bool:
    """Tell whether data begins like an image that may have a credential in it: PNG, or anything in XML."""
    return data.startswith(png.SIGNATURE) or _is_xml(data)


def bake(image: bytes, credential: str | bytes) -> bytes:
    """Return `image` with `credential` in it, in the place of one that may have been there; all other bytes stay as they are.

    Of the credential, white space at its ends and carriage returns are not kept: XML could not, and neither is ever signed.

    :raises MalformedInput: ``not-a-credential`` for what is neither a JSON object nor a compact JWS, ``not-utf8``, and what is
        wrong with the JSON; ``image-too-large``, ``baked-twice``, ``baked-malformed``, ``png-malformed``, ``svg-malformed``,
        ``svg-doctype``, ``not-bakeable``.
    :raises Unsupported: ``image-kind`` for what is neither PNG nor SVG; ``svg-encoding``.
    """
    text = _text(credential)
    if _recognise(image) == "png":
        baked = png.write(image, text.encode())
    else:
        baked = svg.write(image, text, as_attribute=not text.startswith("{"))
    _recognise(baked)  # what no reader would take, because it has grown too large, is not handed out
    return baked


def unbake(image: bytes) -> bytes:
    """Return the credential in an image, as UTF-8 JSON or as a compact JWS; that it is either is not checked here.

    :raises MalformedInput: ``not-baked`` where there is none, ``baked-twice`` where there are several, ``baked-malformed``;
        ``image-too-large``, ``too-large``, ``png-malformed``, ``svg-malformed``, ``svg-doctype``.
    :raises Unsupported: ``image-kind``, ``svg-encoding``, ``baked-open-badges-2``.
    """
    credential = png.read(image) if _recognise(image) == "png" else svg.read(image)
    if len(credential) > MAX_BYTES:
        raise MalformedInput("too-large", f"The credential in the image has {len(credential):,} bytes.")
    return credential


def _is_xml(data: bytes) -> bool:
    return data.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"<")


def _recognise(image: bytes) -> Literal["png", "svg"]:
    """Tell the formats apart by their first bytes.

    :raises MalformedInput: ``image-too-large``
    :raises Unsupported: ``image-kind``
    """
    is_png = image.startswith(png.SIGNATURE)
    if not is_png and not _is_xml(image):
        raise Unsupported("image-kind", "It begins neither like PNG nor like SVG in UTF-8.")
    limit = MAX_PNG_BYTES if is_png else MAX_SVG_BYTES
    if len(image) > limit:
        raise MalformedInput("image-too-large", f"It has {len(image):,} bytes; {limit:,} is the most.")
    return "png" if is_png else "svg"


def _text(credential: str | bytes) -> str:
    """Check what is to be baked, and return it as text.

    :raises MalformedInput: ``not-a-credential``, and what is wrong with the JSON.
    """
    try:
        data = credential.encode() if isinstance(credential, str) else credential
        text = data.decode().replace("\r\n", "\n").replace("\r", "\n").strip("\n\t ")
    except UnicodeError:
        raise MalformedInput("not-utf8", "The credential cannot be written in UTF-8.") from None
    if text.startswith("{"):
        parse_object(text)
    elif len(text) > MAX_BYTES or not _COMPACT_JWS.match(text):
        raise MalformedInput("not-a-credential", "It is neither a JSON object nor a compact JWS.")
    return text
