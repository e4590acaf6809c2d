"""did:key: an identifier that is its own public key (the did:key Method 0.7, section 3.1)."""

import re

from intaglio.dids.controller import ControllerDocument, parse
from intaglio.errors import MalformedInput
from intaglio.fetch.rules import show
from intaglio.multikey import PublicKey

# The version is 1 where it is written at all.
_DID_KEY = re.compile(r"did:key:(?:1:)?(z[1-9A-HJ-NP-Za-km-z]+)\Z")
_PURPOSES = ("authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation")


def resolve(did: str) -> ControllerDocument:
    """Expand a did:key of an Ed25519, P-256 or P-384 key (section 3.1.1, Document Creation Algorithm).

    No encryption key is derived from it (``enableEncryptionKeyDerivation`` is false).

    :raises MalformedInput: ``bad-identifier``, ``bad-public-key``
    :raises Unsupported: ``unknown-key-type``
    """
    # Steps 2 and 3: the parts, and what they must be.
    match = _DID_KEY.match(did)
    if match is None:
        raise MalformedInput("bad-identifier", f"{show(did)} is not a did:key.")
    # Step 4: the key is read at once, since a broken one makes the identifier itself invalid.
    multibase = match[1]
    PublicKey.from_multikey(multibase)
    # The specification's “multicodecValue” at this place is a slip: its examples all have the multibase value.
    method_id = f"{did}#{multibase}"
    method = {"id": method_id, "type": "Multikey", "controller": did, "publicKeyMultibase": multibase}
    # Steps 5 to 7.
    relationships = {purpose: [method_id] for purpose in _PURPOSES}
    return parse({"id": did, "verificationMethod": [method], **relationships}, did, default_method=method_id)
