"""From bytes to a document: recognises by itself what it is given.

A baked PNG or SVG is unbaked first. Then it is a JSON-LD credential or presentation, a JWT, or a JSON envelope around a JWT
(VC Data Model 2.0, section 4.12.1).
"""

import re
from dataclasses import dataclass

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import MalformedInput, Unsupported
from intaglio.openbadges import baking
from intaglio.proofs import jose
from intaglio.proofs.vc_jwt import Unpacked, unpack
from intaglio.vcdm import types_of

_COMPACT_JWS = re.compile(r"[\w-]+\.[\w-]*\.[\w-]*\Z", re.ASCII)
_ENVELOPES = frozenset({"EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"})
_ENVELOPE = re.compile(r"data:application/(vc|vp)\+jwt,", re.ASCII)


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
        stripped = baking.unbake(data).strip()
    if stripped.startswith(b"{"):
        return read_object(parse_object(stripped))
    return read_token(_ascii(stripped))


def read_object(document: JsonObject) -> Reading:
    """Read what is already parsed; opens the envelope, where it is one.

    :raises Unsupported: ``unknown-envelope``
    """
    if not _ENVELOPES & set(types_of(document)):
        return Reading(document)
    data_url = document.get("id")
    if not isinstance(data_url, str) or not data_url.startswith("data:"):
        raise MalformedInput("bad-envelope", "The id of an envelope is a data: URL.", pointer="/id")
    opening = _ENVELOPE.match(data_url)
    if opening is None:
        media_type = data_url[5:].partition(",")[0].partition(";")[0][:60]
        raise Unsupported("unknown-envelope", f"It holds “{media_type}”.", pointer="/id")
    reading = read_token(data_url[opening.end() :])
    wanted = "VerifiableCredential" if opening[1] == "vc" else "VerifiablePresentation"
    if wanted not in types_of(reading.document):
        raise MalformedInput("bad-envelope", f"The envelope promises a {wanted} and holds none.", pointer="/id")
    return reading


def read_token(text: str) -> Reading:
    """Read a compact JWS that carries a credential or presentation.

    :raises MalformedInput: ``not-a-credential``, and what `intaglio.proofs.jose.decode` and `unpack` find.
    :raises Unsupported: ``selective-disclosure`` for SD-JWTs.
    """
    if "~" in text and _COMPACT_JWS.match(text.partition("~")[0]):
        raise Unsupported("selective-disclosure", "It is an SD-JWT.")
    if not _COMPACT_JWS.match(text):
        raise MalformedInput("not-a-credential", "It is neither JSON, nor a token, nor a baked image.")
    jws = jose.decode(text)
    token = unpack(jws)
    return Reading(token.document, jws, token)


def _ascii(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedInput("not-a-credential", "It is neither JSON, nor a token, nor a baked image.") from None
