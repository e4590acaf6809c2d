"""The answer to ``POST /credentials/issue``: 201, and the credential as it was sealed (VCALM, `VerifiableCredentialResponse`)."""

import json

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput

_VCDM_2 = "https://www.w3.org/ns/credentials/v2"


def issue_body(credential: bytes) -> bytes:
    """Return the body of the answer, with a JSON document byte for byte as it was signed, and a token in an envelope.

    :raises MalformedInput: ``not-a-credential`` for what is neither.
    """
    stripped = credential.strip()
    written = stripped if stripped.startswith(b"{") else json.dumps(envelope(stripped)).encode()
    return b'{"verifiableCredential":' + written + b"}"


def envelope(token: bytes) -> JsonObject:
    """Return a token as an EnvelopedVerifiableCredential (VC Data Model 2.0, section 4.12.1).

    :raises MalformedInput: ``not-a-credential``
    """
    if not token.isascii() or token.count(b".") != 2:
        raise MalformedInput("not-a-credential", "It is neither a JSON object nor a token.")
    kind = "EnvelopedVerifiableCredential"
    return {"@context": _VCDM_2, "id": f"data:application/vc+jwt,{token.decode()}", "type": kind}
