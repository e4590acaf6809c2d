"""Key proofs of the type ``jwt``: a wallet shows that it holds the key to bind a credential to (OpenID4VCI 1.0, appendix F.1).

The algorithm is pinned by the key, the token is typed, made for one issuer, and answers one nonce. What fails here fails with
one of two kinds, ``key-proof`` and ``key-proof-nonce``, because a wallet can do something about the second: ask for another.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from intaglio.dids.resolver import Resolver
from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, Unavailable, Unsupported
from intaglio.fetch.sources import Offline
from intaglio.multikey import Algorithm, PublicKey, did_jwk
from intaglio.proofs import jose
from intaglio.proofs.signer import Signer
from intaglio.protocols.members import without_none

TYPE = "openid4vci-proof+jwt"
ALGORITHMS = ("EdDSA", "ES256")
"""What we sign proofs with, and what our issuer takes: ``proof_signing_alg_values_supported``."""
BINDING_METHODS = ("did:key", "did:jwk", "jwk")
"""What our issuer takes without asking a network: ``cryptographic_binding_methods_supported``."""
WINDOW = timedelta(minutes=10)
"""How far the clock of a phone may be off. How old a proof may be is for the nonce to say, which the issuer's own clock ends."""
MAX_PROOF = 16 * 1024
"""The longest proof that is read, in characters."""

_HEADER_KEYS = ("kid", "jwk", "x5c")


@dataclass(frozen=True, slots=True)
class ProvedKey:
    """A key whose holder has proved it.

    `holder` is the DID that a credential's subject is to have: the one whose document lists the key for authentication, or
    the did:jwk of a key that came without a DID. `verification_method` is the key's own identifier.
    """

    holder: str
    verification_method: str
    key: PublicKey
    nonce: str | None
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a wallet's proof answers. `client_id` is given only where the token was asked for with one."""

    credential_issuer: str
    nonce: str | None = None
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What an issuer expects of proofs.

    `accept_nonce` tells whether a nonce is one of the issuer's own, fresh and unspent; it may spend it, and is asked once for
    each different nonce, after every signature has held: a stranger's junk spends nothing. None is for an issuer that has
    no Nonce Endpoint, and for no other. Without a `resolver`, keys are did:key, did:jwk and bare JWKs.
    """

    credential_issuer: str
    accept_nonce: Callable[[str], bool] | None
    algorithms: Collection[str] = ALGORITHMS
    resolver: Resolver | None = None


def build_proof(signer: Signer, challenge: Challenge, *, now: datetime, as_jwk: bool = False) -> str:
    """Return a key proof. With `as_jwk` the key itself goes along, for issuers that know no DIDs.

    :raises SigningFailed: what the signer raises.
    :raises Unsupported: ``unknown-algorithm`` for a key that proofs are not signed with here.
    """
    algorithm = algorithm_name(signer.algorithm)
    if algorithm not in ALGORITHMS:
        raise Unsupported("unknown-algorithm", f"Key proofs are not signed with {signer.algorithm.value} keys.")
    key = {"jwk": signer.public_key.to_jwk()} if as_jwk else {"kid": signer.verification_method}
    header = {"typ": TYPE, "alg": algorithm, **key}
    claims = {"iss": challenge.client_id, "nonce": challenge.nonce}
    payload = {"aud": challenge.credential_issuer, "iat": int(now.timestamp()), **without_none(**claims)}
    return jose.sign(header, payload, signer)


def verify_proofs(proofs: Sequence[str], expected: Expected, *, now: datetime) -> tuple[ProvedKey, ...]:
    """Verify the proofs of one request (appendix F.4), and return their keys in the same order.

    What a proof claims under ``iss`` identifies nobody here and is not looked at.

    :raises InvalidProof: ``key-proof``, or ``key-proof-nonce`` where only the nonce is wrong.
    :raises Unavailable: where the resolver asks somebody who does not answer.
    """
    if not proofs:
        raise InvalidProof("key-proof", "There is no key proof.")
    resolver = expected.resolver or Resolver(Offline())
    proved = tuple(_verify(proof, expected, resolver, now) for proof in proofs)
    if len({item.key for item in proved}) != len(proved):
        # Each key is bound to one credential at most (section 8.3).
        raise InvalidProof("key-proof", "Two proofs are of the same key.")
    if expected.accept_nonce is not None:
        _check_nonces(proved, expected.accept_nonce)
    return proved


def algorithm_name(algorithm: Algorithm) -> str:
    """Return the JWS name of the algorithm of a kind of key."""
    return next(name for name, known in jose.ALGORITHMS.items() if known is algorithm)


def _verify(proof: str, expected: Expected, resolver: Resolver, now: datetime) -> ProvedKey:
    try:
        if len(proof) > MAX_PROOF:
            raise MalformedInput("too-large", f"It has more than {MAX_PROOF:,} characters.")
        jws = jose.decode(proof)
        _check_header(jws.header, expected.algorithms)
        issued_at = _check_claims(jws.payload, expected.credential_issuer, now)
        holder, method, key = _key_of(jws.header, resolver)
        jose.verify(jws, key)
    except Unavailable as error:
        # Offline() says that nobody was asked; a resolver with a network says that nobody answered.
        if error.problem.kind != "offline":
            raise
        raise InvalidProof("key-proof", "The key is of a kind that this issuer does not take.") from None
    except IntaglioError as error:
        raise InvalidProof("key-proof", f"{error.problem.title} {error.problem.detail}") from None
    return ProvedKey(holder, method, key, jws.payload.get("nonce"), issued_at)


def _check_header(header: JsonObject, algorithms: Collection[str]) -> None:
    # Without the type, any token that the same key ever signed for this audience would do (RFC 8725, section 3.11).
    if header.get("typ") != TYPE:
        raise InvalidProof("key-proof", f"The header typ is not {TYPE}.")
    jose.algorithm_of(header)
    if header["alg"] not in algorithms:
        raise InvalidProof("key-proof", f"The algorithm is none of {', '.join(algorithms)}.")
    if sum(name in header for name in _HEADER_KEYS) != 1:
        raise InvalidProof("key-proof", "The header must have one of kid, jwk and x5c.")


def _check_claims(claims: JsonObject, credential_issuer: str, now: datetime) -> datetime:
    if claims.get("aud") != credential_issuer:
        raise InvalidProof("key-proof", "The proof was made for another issuer (aud).")
    if not isinstance(claims.get("nonce", ""), str):
        raise InvalidProof("key-proof", "The claim nonce is not a text.")
    issued_at = _moment(claims, "iat")
    if abs(now - issued_at) > WINDOW:
        raise InvalidProof("key-proof", "The proof was not made just now (iat); check the clock.")
    if "exp" in claims and _moment(claims, "exp") <= now:
        raise InvalidProof("key-proof", "The proof has run out (exp).")
    return issued_at


def _moment(claims: JsonObject, name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidProof("key-proof", f"The claim {name} is not a number of seconds.")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise InvalidProof("key-proof", f"The claim {name} is no point in time.") from None


def _key_of(header: JsonObject, resolver: Resolver) -> tuple[str, str, PublicKey]:
    if "jwk" in header:
        key = PublicKey.from_jwk(header["jwk"])
        holder = did_jwk(key)
        return holder, f"{holder}#0", key
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid.startswith("did:"):
        raise InvalidProof("key-proof", "The header kid is not a DID URL, and certificates (x5c) are not taken.")
    method = resolver.method(kid, "authentication")
    return method.controller, method.id, method.key


def _check_nonces(proved: Sequence[ProvedKey], accept: Callable[[str], bool]) -> None:
    nonces = dict.fromkeys(item.nonce for item in proved)
    for nonce in nonces:
        if nonce is None:
            # Section 8.3.1.2: a missing nonce is an invalid proof, a stale one an invalid nonce.
            raise InvalidProof("key-proof", "The proof carries no nonce.")
        if not accept(nonce):
            raise InvalidProof("key-proof-nonce", "The nonce is not one that this issuer gave out, or is used up.")
