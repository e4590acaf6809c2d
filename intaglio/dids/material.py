"""The key inside a verification method (Controlled Identifiers 1.0, section 2.2.1 to 2.2.3)."""

from typing import Any

from intaglio.documents import JsonObject, as_list
from intaglio.errors import InvalidProof, MalformedInput, Unsupported
from intaglio.fetch.rules import show
from intaglio.multikey import Algorithm, PublicKey

_MATERIAL = ("publicKeyMultibase", "publicKeyJwk", "publicKeyBase58", "publicKeyPem", "publicKeyHex")
_SECRETS = ("secretKeyMultibase", "secretKeyJwk", "privateKeyMultibase", "privateKeyJwk", "privateKeyBase58")
_MEMBER_OF_TYPE = {
    "Multikey": "publicKeyMultibase",
    "Ed25519VerificationKey2020": "publicKeyMultibase",
    "JsonWebKey": "publicKeyJwk",
    "JsonWebKey2020": "publicKeyJwk",
}
_JWS_ALGORITHMS = {
    Algorithm.ED25519: ("EdDSA", "Ed25519"),
    Algorithm.P256: ("ES256",),
    Algorithm.P384: ("ES384",),
    Algorithm.RSA: ("RS256",),
}


def read_key(method: JsonObject) -> PublicKey:
    """Return the public key of a verification method of the types Multikey, JsonWebKey and their two forerunners.

    :raises Unsupported: ``unknown-key-type`` for other types (such as Ed25519VerificationKey2018) and other kinds of key.
    :raises MalformedInput: ``bad-verification-method``, also for two forms of the key side by side, which may differ and so
        show each reader another key; ``bad-public-key``, also where the private key was published too; ``bad-multibase``.
    :raises InvalidProof: ``method-not-for-purpose`` for a JWK that is not for signatures.
    """
    if any(secret in method for secret in _SECRETS):
        raise MalformedInput("bad-public-key", "The private key was published with it.")
    given = [name for name in _MATERIAL if name in method]
    if len(given) > 1:
        raise MalformedInput("bad-verification-method", f"The key is given twice, as {' and '.join(given)}.")
    kind = method.get("type")
    if not isinstance(kind, str):
        raise MalformedInput("bad-verification-method", "Its type is not one text.")
    if kind not in _MEMBER_OF_TYPE:
        raise Unsupported("unknown-key-type", f"A verification method of type {show(kind)} is none of ours.")
    if given != [_MEMBER_OF_TYPE[kind]]:
        raise MalformedInput("bad-verification-method", f"A {kind} must have {_MEMBER_OF_TYPE[kind]}.")
    value = method[given[0]]
    key = read_jwk(value) if given == ["publicKeyJwk"] else PublicKey.from_multikey(value)
    if kind == "Ed25519VerificationKey2020" and key.algorithm is not Algorithm.ED25519:
        raise MalformedInput(
            "bad-verification-method", f"An Ed25519VerificationKey2020 holds a {key.algorithm.value} key."
        )
    return key


def read_jwk(jwk: Any) -> PublicKey:
    """Return the public key of a JWK, if its owner published it for signatures of the one algorithm that we verify with it.

    :raises InvalidProof: ``method-not-for-purpose`` where ``use`` or ``key_ops`` (RFC 7517, sections 4.2 and 4.3) say no.
    :raises Unsupported: ``unknown-key-type``, also where ``alg`` (section 4.4) names another algorithm, such as PS256.
    :raises MalformedInput: ``bad-public-key``
    """
    key = PublicKey.from_jwk(jwk)
    # Open Badges 3.0 (class JWK) writes key_ops as one text, RFC 7517 as an array.
    if jwk.get("use", "sig") != "sig" or "verify" not in as_list(jwk.get("key_ops", "verify")):
        raise InvalidProof("method-not-for-purpose", "The key was not published for signatures.")
    if jwk.get("alg", _JWS_ALGORITHMS[key.algorithm][0]) not in _JWS_ALGORITHMS[key.algorithm]:
        raise Unsupported("unknown-key-type", f"The key was published for the algorithm {show(str(jwk['alg']))}.")
    return key
