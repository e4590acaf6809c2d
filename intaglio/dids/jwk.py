"""did:jwk: an identifier that is its own public key as a JWK (the did:jwk Method, "Read" and "To create the DID Document")."""

from intaglio.dids.controller import RELATIONSHIPS, ControllerDocument, parse
from intaglio.documents import parse_object
from intaglio.errors import MalformedInput
from intaglio.fetch.rules import show
from intaglio.multikey import decode_base64url

_PREFIX = "did:jwk:"


def resolve(did: str) -> ControllerDocument:
    """Expand a did:jwk. A key of a kind that we do not know makes an unreadable method, not an error.

    :raises MalformedInput: ``bad-identifier`` where it holds no JSON object, or holds a private key.
    """
    # Steps 1 to 3.
    try:
        jwk = parse_object(decode_base64url(did.removeprefix(_PREFIX)))
    except MalformedInput as error:
        raise MalformedInput("bad-identifier", f"{show(did)} holds no JWK: {error.problem.detail}") from None
    # Step 4; the rest of the key is read below.
    if "d" in jwk:
        raise MalformedInput("bad-identifier", f"{show(did)} holds a private key.")
    # Step 5: `use` decides on the purposes, and #0 is the only fragment.
    match jwk.get("use"):
        case "sig":
            purposes = tuple(name for name in RELATIONSHIPS if name != "keyAgreement")
        case "enc":
            purposes = ("keyAgreement",)
        case _:
            purposes = RELATIONSHIPS
    method_id = f"{did}#0"
    method = {"id": method_id, "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": jwk}
    relationships = {purpose: [method_id] for purpose in purposes}
    return parse({"id": did, "verificationMethod": [method], **relationships}, did, default_method=method_id)
