"""The three profiles in which a JWT carries a credential or a presentation.

VC-JOSE-COSE 1.0, sections 3.1.1 and 3.1.2
    ``typ`` is ``vc+jwt`` or ``vp+jwt``; the payload is the document itself, of version 2.0.
Open Badges 3.0, "JSON Web Token Proof Format"
    ``typ`` is ``JWT`` or absent, no headers but ``alg``, ``kid`` and ``jwk``; the payload is the badge, whose ``iss``, ``sub``,
    ``jti`` and ``nbf`` repeat what it says.
VC Data Model 1.1, section 6.3.1
    ``typ`` is ``JWT`` or absent; the document is the claim ``vc`` or ``vp``.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from intaglio.documents import JsonObject, as_list, pointer
from intaglio.errors import InvalidProof, MalformedInput
from intaglio.proofs.jose import Jws
from intaglio.times import format_time, parse_time

_BADGE_HEADERS = frozenset({"alg", "kid", "jwk", "typ"})
_REGISTERED = ("iss", "sub", "jti", "nbf", "exp", "iat", "aud", "nonce")
_BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential", "EndorsementCredential", "ClrCredential"})


class Profile(Enum):
    """Which rules a token follows."""

    VC_JOSE_COSE = "vc-jose-cose"
    OPEN_BADGES = "open-badges"
    VC_1_1 = "vc-1.1"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a token carries. `not_before` and `not_after` are the token's own limits, beside those of the document."""

    profile: Profile
    document: JsonObject
    claims: JsonObject
    not_before: datetime | None
    not_after: datetime | None


def unpack(jws: Jws) -> Unpacked:
    """Find the document inside a token. What the registered claims say of it is compared by `check_claims`.

    :raises MalformedInput: ``jwt-type`` for a token that holds neither credential nor presentation; ``jwt-claim`` where a
        claim that completes the document is not of its form.
    """
    profile = _profile_of(jws)
    claims = {name: jws.payload[name] for name in _REGISTERED if name in jws.payload}
    if profile is Profile.VC_1_1:
        document = _document_1_1(jws.payload, claims)
    else:
        # In the other two profiles payload and document are one: every claim is a member of what was signed.
        document = {name: value for name, value in jws.payload.items() if name not in _REGISTERED}
    return Unpacked(profile, document, claims, _moment(claims, "nbf"), _moment(claims, "exp"))


def check_claims(jws: Jws, token: Unpacked) -> None:
    """Compare the registered claims with the document that they stand beside, and the headers with the profile.

    :raises MalformedInput: ``jwt-claim`` for one that is missing, ``jwt-header``
    :raises InvalidProof: ``jwt-claim-mismatch`` where a claim and the document contradict each other.
    """
    _compare(token)
    extra = sorted(jws.header.keys() - _BADGE_HEADERS)
    if extra and token.profile is Profile.OPEN_BADGES and _is_badge(token):
        raise MalformedInput(
            "jwt-header", f"Open Badges do not allow the header “{extra[0][:40]}”.", pointer=pointer(extra[0])
        )


def pack_badge(credential: JsonObject) -> JsonObject:
    """Return the payload of the Open Badges profile: the badge and the claims that repeat it.

    The claim ``sub`` repeats the subject's id; a badge that names its learner in words alone has none to repeat.

    :raises MalformedInput: ``jwt-claim`` where the badge lacks what a claim must repeat.
    """
    expected = _expected_claims(credential)
    for name in ("iss", "jti", "nbf"):
        if expected[name] is None:
            raise MalformedInput(
                "jwt-claim", f"The badge has nothing to make the claim “{name}” of.", pointer=_SOURCES[name]
            )
    return {**credential, **{name: value for name, value in expected.items() if value is not None}}


_SOURCES = {
    "iss": "/issuer/id",
    "sub": "/credentialSubject/id",
    "jti": "/id",
    "nbf": "/validFrom",
    "exp": "/validUntil",
}


def _profile_of(jws: Jws) -> Profile:
    typ = jws.header.get("typ")
    if typ is not None and not isinstance(typ, str):
        raise MalformedInput("jwt-type", "The header typ is not a text.", pointer="/typ")
    name = (typ or "JWT").lower().removeprefix("application/")
    if name in ("vc+jwt", "vp+jwt"):
        if {"vc", "vp"} & jws.payload.keys():
            raise MalformedInput("jwt-type", f"A {name} is the document itself; it must not hold the claim vc or vp.")
        _check_media_type(name, jws.payload)
        return Profile.VC_JOSE_COSE
    if name != "jwt":
        raise MalformedInput("jwt-type", f"A token of the type “{name[:40]}” holds no credential.", pointer="/typ")
    return Profile.VC_1_1 if {"vc", "vp"} & jws.payload.keys() else Profile.OPEN_BADGES


def _check_media_type(name: str, payload: JsonObject) -> None:
    """Keep a credential from passing as a presentation, and the other way round."""
    wanted = "VerifiableCredential" if name == "vc+jwt" else "VerifiablePresentation"
    if wanted not in as_list(payload.get("type")):
        raise MalformedInput("jwt-type", f"The token calls itself {name}, but holds no {wanted}.", pointer="/type")


def _document_1_1(payload: JsonObject, claims: JsonObject) -> JsonObject:
    """Rebuild the document of version 1.1: what the claims state may be left out of it (section 6.3.1, "JWT Decoding")."""
    name = "vp" if "vp" in payload else "vc"
    if not isinstance(payload[name], dict):
        raise MalformedInput("jwt-claim", f"The claim {name} is not an object.", pointer=f"/{name}")
    document = dict(payload[name])
    _fill(document, "id", claims.get("jti"))
    if name == "vp":
        _fill(document, "holder", claims.get("iss"))
        return document
    _fill(document, "issuer", claims.get("iss"))
    # Some wrap documents of version 2.0 in this way too, whose dates have other names.
    newer = "https://www.w3.org/ns/credentials/v2" in as_list(document.get("@context"))
    _fill(document, "validFrom" if newer else "issuanceDate", _as_text(_moment(claims, "nbf")))
    _fill(document, "validUntil" if newer else "expirationDate", _as_text(_moment(claims, "exp")))
    subject = document.get("credentialSubject")
    if isinstance(subject, dict) and "sub" in claims:
        document["credentialSubject"] = {"id": claims["sub"], **subject}
    return document


def _fill(document: JsonObject, name: str, value: Any) -> None:
    if value is not None:
        document.setdefault(name, value)


def _is_badge(token: Unpacked) -> bool:
    if token.profile is Profile.VC_JOSE_COSE:
        return False
    return any(isinstance(kind, str) and kind in _BADGE_TYPES for kind in as_list(token.document.get("type")))


def _compare(token: Unpacked) -> None:
    """Compare each claim with its member ("Verify a Credential VC-JWT Signature" in Open Badges 3.0; RFC 7519, section 4.1)."""
    claims, required = token.claims, _is_badge(token)
    expected = _expected_claims(token.document, older=token.profile is Profile.VC_1_1)
    for name, value in expected.items():
        # There nbf and exp are the signature's own, not the credential's (VC-JOSE-COSE 1.0, section 3.1.3).
        if token.profile is Profile.VC_JOSE_COSE and name in ("nbf", "exp"):
            continue
        if name not in claims:
            # A badge without an expiry has nothing that exp could repeat, and one for an unnamed learner no sub.
            if required and value is not None:
                raise MalformedInput("jwt-claim", f"The claim “{name}” is missing.", pointer=f"/{name}")
            continue
        claim = _moment(claims, name) if name in ("nbf", "exp") else claims[name]
        member = None if value is None else datetime.fromtimestamp(value, UTC) if name in ("nbf", "exp") else value
        if member is not None and claim != member:
            detail = f"The claim “{name}” and the member {_SOURCES[name]} say different things."
            raise InvalidProof("jwt-claim-mismatch", detail, pointer=f"/{name}")


def _expected_claims(document: JsonObject, *, older: bool = False) -> dict[str, Any]:
    """Return what the claims must say; `older` prefers the dates of version 1.1 where a document has those of both."""
    signer = document.get("holder" if "VerifiablePresentation" in as_list(document.get("type")) else "issuer")
    subjects = as_list(document.get("credentialSubject"))
    subject = subjects[0] if len(subjects) == 1 else None
    starts, ends = ("validFrom", "issuanceDate"), ("validUntil", "expirationDate")
    return {
        "iss": signer.get("id") if isinstance(signer, dict) else signer,
        "sub": subject.get("id") if isinstance(subject, dict) else None,
        "jti": document.get("id"),
        "nbf": _numeric(document, *(reversed(starts) if older else starts)),
        "exp": _numeric(document, *(reversed(ends) if older else ends)),
    }


def _numeric(document: JsonObject, *names: str) -> int | None:
    """Return a NumericDate (RFC 7519, section 2) in whole seconds, or None where no member of these names is there."""
    for name in names:
        if name in document:
            moment = parse_time(document[name], pointer=f"/{name}", offset_required=name.startswith("valid"))
            return int(moment.timestamp())
    return None


def _moment(claims: JsonObject, name: str) -> datetime | None:
    if name not in claims:
        return None
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedInput("jwt-claim", f"The claim “{name}” is not a number of seconds.", pointer=f"/{name}")
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        raise MalformedInput("jwt-claim", f"The claim “{name}” is no point in time.", pointer=f"/{name}") from None


def _as_text(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)
