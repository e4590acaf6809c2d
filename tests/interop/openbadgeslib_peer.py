"""The PyPI package openbadgeslib 4.6.3 as a counterpart: Open Badges 3.0 in Python, by other authors.

It is called in-process. It knows eddsa-rdfc-2022 and compact JWTs, takes JSON-LD contexts from its own wheel, and reads the
real clock. Where a status list or a did:web document is wanted, it gets it from a map that the test hands in.

Three of its settings matter to who compares with it: its context 3.0.3 is another document than the published one (it adds
the terms ``endorsementJwt`` and ``jti``), its issuing side rebuilds a credential from its own model (adding a
``credentialSchema`` and the extensions context), and it refuses documents of more than 256 KiB.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from openbadgeslib import baking
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import (
    OB3LdpSigner,
    OB3LdpVerifier,
    OB3Signer,
    OB3Verifier,
    OpenBadgeCredential,
    add_data_integrity_proof,
    decode_encoded_list,
    encode_bitstring,
    set_indices,
    verify_data_integrity_proof,
)

from tests.interop.samples import KeyPair


def issue_data_integrity(badge: dict[str, Any], key: KeyPair) -> dict[str, Any]:
    """Rebuild a badge from the package's model and sign it with eddsa-rdfc-2022."""
    signed: dict[str, Any] = OB3LdpSigner(key.pem).sign(OpenBadgeCredential.from_vc_document(badge))
    return signed


def sign_data_integrity(document: dict[str, Any], key: KeyPair, created: datetime) -> dict[str, Any]:
    """Sign any document as it stands with eddsa-rdfc-2022."""
    signed: dict[str, Any] = add_data_integrity_proof(document, key.pem, key.verification_method, created=created)
    return signed


def issue_jwt(badge: dict[str, Any], key: KeyPair, algorithm: str) -> str:
    """Rebuild a badge from the package's model and sign it as a compact JWT with its key in the header."""
    token: str = OB3Signer(key.pem, algorithm).sign(OpenBadgeCredential.from_vc_document(badge))
    return token


def sign_jwt(payload: dict[str, Any], key: KeyPair, algorithm: str) -> str:
    """Sign any payload, for instance a status list credential, as a compact JWT."""
    token: str = OB3Signer(key.pem, algorithm).sign_payload(payload)
    return token


def refusal(badge: dict[str, Any] | str, *, documents: Mapping[str, bytes] | None = None) -> str | None:
    """Verify a badge with Data Integrity whose issuer is a DID. Return None where it verifies, else the package's reason.

    The status is checked where `documents`, a map of URL to bytes, is given.
    """
    return _reason(
        lambda: OB3LdpVerifier().verify(badge, check_status=documents is not None, download=_download(documents))
    )


def proof_refusal(document: dict[str, Any], public_pem: bytes, contexts: Mapping[str, Any]) -> str | None:
    """Like `refusal` for the proof alone, on any document, with a key that the reader trusts and further contexts."""
    return _reason(lambda: verify_data_integrity_proof(document, public_pem, extra_contexts=contexts))


def jwt_refusal(token: str, key: KeyPair, *, documents: Mapping[str, bytes] | None = None) -> str | None:
    """Like `refusal` for a compact JWT and the key that the reader trusts."""
    return _reason(
        lambda: OB3Verifier(key.public_pem).verify(
            token, check_status=documents is not None, download=_download(documents)
        )
    )


def bake(image: bytes, credential: dict[str, Any] | str) -> bytes:
    """Bake a credential (an object with an embedded proof, or a compact JWT) into a PNG or SVG."""
    text = credential if isinstance(credential, str) else json.dumps(credential)
    baked: bytes
    if image.startswith(b"\x89PNG"):
        baked = baking.bake_png(image, text, keyword=baking.ITXT_KEYWORD_OB3)
    else:
        baked = baking.bake_svg(
            image,
            text,
            element=baking.SVG_ELEMENT_OB3,
            namespace=baking.SVG_NS_OB3,
            as_text=not isinstance(credential, str),
        )
    return baked


def unbake(image: bytes) -> str:
    """Return the JSON text or compact JWT in a baked image.

    :raises LibOpenBadgesException: where there is none.
    """
    png = image.startswith(b"\x89PNG")
    text: str = OB3Verifier.extract_token_from_png(image) if png else OB3Verifier.extract_token_from_svg(image)
    return text


def encode_status_list(indexes: set[int]) -> str:
    """Return the ``encodedList`` of 131,072 bits with those at `indexes` set."""
    encoded: str = encode_bitstring(indexes)
    return encoded


def decode_status_list(encoded: str) -> set[int]:
    """Return the indexes of the bits that are set."""
    return set(set_indices(decode_encoded_list(encoded)))


def _download(documents: Mapping[str, bytes] | None) -> Callable[[str], bytes]:
    def fetch(url: str) -> bytes:
        if documents is None or url not in documents:
            message = f"{url} is not among the documents of the test"
            raise LibOpenBadgesException(message)
        return documents[url]

    return fetch


def _reason(verify: Callable[[], object]) -> str | None:
    try:
        verify()
    except LibOpenBadgesException as error:
        return f"{type(error).__name__}: {error}"
    return None
