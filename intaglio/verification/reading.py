"""From bytes to a document: recognises by itself what it is given.

A baked PNG or SVG is unbaked first. Then it is a JSON-LD credential or presentation, a JWT, or a JSON envelope around a JWT
(VC Data Model 2.0, section 4.12.1).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import MalformedInput, Unsupported
from intaglio.openbadges import baking
from intaglio.proofs import jose
from intaglio.proofs.vc_jwt import Unpacked, unpack
from intaglio.vcdm import types_of

_COMPACT_JWS = re.compile(r"[\w-]+\.[\w-]*\.[\w-]*\Z", re.ASCII)
_ENVELOPES: Mapping[str, str] = MappingProxyType(
    {
        "EnvelopedVerifiableCredential": "VerifiableCredential",
        "EnvelopedVerifiablePresentation": "VerifiablePresentation",
    }
)
_ENVELOPE = re.compile(r"data:application/(vc|vp)\+jwt,", re.ASCII)
_TYPE_OF_MEDIA = {"vc": "VerifiableCredential", "vp": "VerifiablePresentation"}
MAX_VALUES = 200_000
"""How many values, objects and arrays included, a document may have. A record of a thousand badges has a sixth of this;
reading this many as linked data takes five seconds and 220 MB."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document, and the token that it came in, where it did. Nothing of it is verified yet."""

    document: JsonObject
    jws: jose.Jws | None = None
    token: Unpacked | None = None


def read(data: bytes) -> Reading:
    """Read a credential or presentation in any of its forms.

    :raises MalformedInput: what is wrong with the bytes, ``not-a-credential`` where they are of no known form.
    :raises Unsupported: ``unknown-envelope``, ``selective-disclosure``
    """
    stripped = data.strip()
    if baking.is_image(data):
        # What was baked into an image is never itself taken for an image.
        stripped = _unbake(data).strip()
    if stripped.startswith(b"{"):
        return read_object(parse_object(stripped))
    return read_token(_ascii(stripped))


def read_object(document: JsonObject) -> Reading:
    """Read what is already parsed; opens the envelope, where it is one.

    :raises MalformedInput: ``too-large``, ``bad-envelope``, and as `read_token` does.
    :raises Unsupported: ``unknown-envelope``, and as `read_token` does.
    """
    promised = {_ENVELOPES[kind] for kind in types_of(document) if kind in _ENVELOPES}
    if not promised:
        return Reading(_bounded(document))
    data_url = document.get("id")
    if not isinstance(data_url, str) or not data_url.startswith("data:"):
        raise MalformedInput("bad-envelope", "The id of an envelope is a data: URL.", pointer="/id")
    opening = _ENVELOPE.match(data_url)
    if opening is None:
        media_type = data_url[5:].partition(",")[0].partition(";")[0][:60]
        raise Unsupported("unknown-envelope", f"It holds “{media_type}”.", pointer="/id")
    reading = read_token(data_url[opening.end() :])
    # The envelope, its data URL and the token all say what is inside; a reader may believe any of them.
    wanted = _TYPE_OF_MEDIA[opening[1]]
    if promised != {wanted} or wanted not in types_of(reading.document):
        detail = f"The envelope promises a {' and a '.join(sorted(promised))} and does not hold that."
        raise MalformedInput("bad-envelope", detail, pointer="/id")
    return reading


def read_token(text: str) -> Reading:
    """Read a compact JWS that carries a credential or presentation.

    :raises MalformedInput: ``not-a-credential``, ``too-large``, and what `intaglio.proofs.jose.decode` and `unpack` find.
    :raises Unsupported: ``selective-disclosure`` for SD-JWTs.
    """
    if "~" in text and _COMPACT_JWS.match(text.partition("~")[0]):
        raise Unsupported("selective-disclosure", "It is an SD-JWT.")
    if not _COMPACT_JWS.match(text):
        raise MalformedInput("not-a-credential", "It is neither JSON, nor a token, nor a baked image.")
    jws = jose.decode(text)
    token = unpack(jws)
    return Reading(_bounded(token.document), jws, token)


def _bounded(document: JsonObject) -> JsonObject:
    """Return the document, if it has no more than `MAX_VALUES` values.

    What is read as linked data takes a hundred times its size in memory: ten megabytes of ``{},{},`` would take gigabytes.
    """
    left = MAX_VALUES
    stack: list[Any] = [document]
    while stack:
        item = stack.pop()
        left -= len(item)
        if left < 0:
            raise MalformedInput("too-large", f"It has more than {MAX_VALUES:,} values.")
        members = item.values() if isinstance(item, dict) else item
        stack.extend(member for member in members if isinstance(member, dict | list))
    return document


def _unbake(data: bytes) -> bytes:
    try:
        return baking.unbake(data)
    except Unsupported as error:
        if error.problem.kind != "image-kind":
            raise
        # A web site's error page, for example: nothing that could be checked with better software.
        raise MalformedInput("not-a-credential", error.problem.detail) from None


def _ascii(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedInput("not-a-credential", "It is neither JSON, nor a token, nor a baked image.") from None
