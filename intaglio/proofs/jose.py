"""JSON Web Signatures in compact form (RFC 7515), as far as credentials use them.

The algorithm is pinned by the key: a header can choose among keys, never how a key is used. Four algorithms are known (RFC 7518,
section 3.1; RFC 8037, section 3.1); ``none`` and the HMAC family have no place where the verifier holds only public keys.
"""

import json
from dataclasses import dataclass

from intaglio.documents import MAX_BYTES, JsonObject, parse_object
from intaglio.errors import InvalidProof, MalformedInput, SigningFailed, Unsupported
from intaglio.multikey import Algorithm, PublicKey, decode_base64url, encode_base64url
from intaglio.proofs.signer import Signer

ALGORITHMS = {
    "EdDSA": Algorithm.ED25519,
    "ES256": Algorithm.P256,
    "ES384": Algorithm.P384,
    "RS256": Algorithm.RSA,
}
"""The ``alg`` values that are signed with, and the keys that they go with."""
_ALSO_READ = {"Ed25519": Algorithm.ED25519}  # the fully specified name of RFC 9864, section 2.2
_FORBIDDEN = ("none", "hs256", "hs384", "hs512")
_MAX_HEADER = 16 * 1024


@dataclass(frozen=True, slots=True)
class Jws:
    """A compact JWS, taken apart but not yet verified."""

    compact: str
    header: JsonObject
    payload: JsonObject
    signature: bytes

    @property
    def signing_input(self) -> bytes:
        """The bytes that are signed (RFC 7515, section 5.1, step 5): exactly those that arrived."""
        return self.compact.rpartition(".")[0].encode()


def decode(compact: str) -> Jws:
    """Take a compact JWS apart (RFC 7515, section 5.2, steps 1 to 7); nothing is verified yet.

    :raises MalformedInput: ``not-a-jws``, and what is wrong with the JSON inside.
    """
    if len(compact) > MAX_BYTES * 3 // 2:
        raise MalformedInput("too-large", f"It has {len(compact):,} characters.")
    parts = compact.split(".", 3)
    if len(parts) != 3:
        raise MalformedInput("not-a-jws", "A compact JWS has three parts with points between.")
    try:
        header, payload, signature = (decode_base64url(part) for part in parts)
    except MalformedInput as error:
        raise MalformedInput("not-a-jws", error.problem.detail) from None
    return Jws(compact, parse_object(header, max_bytes=_MAX_HEADER), parse_object(payload), signature)


def algorithm_of(header: JsonObject) -> Algorithm:
    """Return the kind of key that a header asks for, and refuse what must not be accepted of any header.

    :raises MalformedInput: ``not-a-jws`` where it names none.
    :raises InvalidProof: ``forbidden-algorithm`` for ``none`` and HMAC; ``critical-header`` for any ``crit``, since no extension
        is known here (RFC 7515, section 4.1.11).
    :raises Unsupported: ``unknown-algorithm``
    """
    name = header.get("alg")
    if not isinstance(name, str):
        raise MalformedInput("not-a-jws", "The header does not name an algorithm.", pointer="/alg")
    if name.lower() in _FORBIDDEN:
        raise InvalidProof("forbidden-algorithm", f"“{name}” proves nothing to a reader.", pointer="/alg")
    if "crit" in header:
        raise InvalidProof("critical-header", "It depends on an extension that is not known here.", pointer="/crit")
    known = {**ALGORITHMS, **_ALSO_READ}.get(name)
    if known is None:
        raise Unsupported("unknown-algorithm", f"“{name[:40]}” is none of {', '.join(ALGORITHMS)}.", pointer="/alg")
    return known


def verify(jws: Jws, key: PublicKey) -> None:
    """Verify a JWS (RFC 7515, section 5.2, step 8); return nothing where it holds.

    :raises InvalidProof: ``wrong-key-for-suite`` where the key is not of the header's algorithm (key confusion),
        ``bad-signature``, and as `algorithm_of` does.
    :raises Unsupported: ``unknown-algorithm``
    """
    algorithm = algorithm_of(jws.header)
    if key.algorithm is not algorithm:
        raise InvalidProof(
            "wrong-key-for-suite", f"“{jws.header['alg']}” does not go with a {key.algorithm.value} key."
        )
    if not key.verify(jws.signature, jws.signing_input):
        raise InvalidProof("bad-signature", "The signature does not fit the token.")


def sign(header: JsonObject, payload: JsonObject, signer: Signer) -> str:
    """Make a compact JWS (RFC 7515, section 5.1); `header` must name the algorithm of the signer's key.

    :raises SigningFailed: ``wrong-key-for-suite``, and what the signer raises.
    :raises MalformedInput: ``not-json`` for a payload that JSON cannot hold.
    """
    if ALGORITHMS.get(str(header.get("alg"))) is not signer.algorithm:
        detail = f"“{header.get('alg')}” does not go with a {signer.algorithm.value} key."
        raise SigningFailed("wrong-key-for-suite", detail)
    signing_input = ".".join(encode_base64url(_json(part)) for part in (header, payload))
    return f"{signing_input}.{encode_base64url(signer.sign(signing_input.encode()))}"


def _json(value: JsonObject) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise MalformedInput("not-json", f"A token cannot hold it: {str(error)[:80]}.") from None
