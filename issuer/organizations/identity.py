"""Who an organization is to a verifier: its DID, the document that lists its keys, and the signers over them."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, select

from intaglio.custody.uri import create_key, open_signer
from intaglio.documents import JsonObject
from intaglio.errors import SigningFailed
from intaglio.multikey import Algorithm, PublicKey, default_verification_method
from intaglio.proofs.signer import Signer
from intaglio.times import format_time
from issuer.organizations.models import KeyState, Organization, OrganizationKey
from issuer.settings import IssuerSettings

_CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
]

_IN_FLIGHT = timedelta(minutes=5)
"""For so long a key goes on to count when another takes its place: somebody may be sealing with it at this moment, by a clock
that is not quite ours."""


def did_of(settings: IssuerSettings, organization: Organization) -> str:
    """Return the organization's DID (did:web Method, section 2.5): it is read from the issuer's public address."""
    host = urlsplit(settings.origin).netloc.replace(":", "%3A")
    return f"did:web:{host}" + public_path(organization).replace("/", ":")


def public_path(organization: Organization) -> str:
    """Return the path of an organization's public page. That of a trial says so, in its DID too, for every verifier to see."""
    return f"/{'trials' if organization.is_test else 'organizations'}/{organization.slug}"


def profile_url(settings: IssuerSettings, organization: Organization) -> str:
    """Return the address of the organization's public page; its did.json lies below it."""
    return settings.origin + public_path(organization)


def verification_method(settings: IssuerSettings, organization: Organization, key: OrganizationKey) -> str:
    """Return the DID URL of a key."""
    if not key.listed:
        return default_verification_method(PublicKey.from_jwk(key.public_jwk))
    return f"{did_of(settings, organization)}#{key.fragment}"


def keys_of(db: Session, organization_id: UUID) -> Sequence[OrganizationKey]:
    """Return all keys that an organization ever had, the oldest first."""
    wanted = select(OrganizationKey).where(OrganizationKey.organization_id == organization_id)
    return db.exec(wanted.order_by(col(OrganizationKey.created_at), col(OrganizationKey.fragment))).all()


def active_key(db: Session, organization_id: UUID, algorithm: Algorithm, *, door: str | None = None) -> OrganizationKey:
    """Return the key that seals now: awards, or what comes through a machines' door of its own key.

    :raises SigningFailed: ``no-active-key``
    """
    for key in reversed(keys_of(db, organization_id)):
        if key.state == KeyState.ACTIVE and key.algorithm == algorithm.value and key.door == door:
            return key
    raise SigningFailed("no-active-key", f"There is no active key of the kind {algorithm.value}.")


def sealing_key(
    db: Session, organization_id: UUID, algorithm: Algorithm, *, door: str | None = None
) -> OrganizationKey:
    """Return the key that seals now, and hold it: until the caller commits, nobody retires it or gives it up.

    So whatever was sealed with a key that was given up is in the database by then, where it is found to be sealed again.

    :raises SigningFailed: ``no-active-key``
    """
    key = active_key(db, organization_id, algorithm, door=door)
    db.refresh(key, with_for_update={"read": True})
    if key.state == KeyState.ACTIVE:
        return key
    return sealing_key(db, organization_id, algorithm, door=door)  # it was exchanged while we waited


def signer_of(settings: IssuerSettings, organization: Organization, key: OrganizationKey) -> Signer:
    """Open a key for sealing.

    :raises SigningFailed: ``no-active-key`` for one that must not seal any more, and what custody raises.
    """
    if key.state != KeyState.ACTIVE:
        raise SigningFailed("no-active-key", f"The key {key.fragment} is {key.state}.")
    return open_signer(key.uri, _passphrase(settings), verification_method(settings, organization, key))


def add_key(
    db: Session,
    settings: IssuerSettings,
    organization: Organization,
    algorithm: Algorithm,
    *,
    now: datetime,
    uri: str | None = None,
    door: str | None = None,
    listed: bool = True,
) -> OrganizationKey:
    """Make a key in custody. Older active keys for the same retire: what they sealed stays good. The caller commits.

    :raises SigningFailed: what custody raises.
    """
    present = keys_of(db, organization.id)
    fragment = f"key-{len(present) + 1}"
    uri = uri or _default_uri(settings, organization, fragment)
    public = create_key(uri, algorithm, _passphrase(settings)).public_key
    for old in present:
        if old.state == KeyState.ACTIVE and old.algorithm == algorithm.value and old.door == door:
            old.state, old.expires_at = KeyState.RETIRED, now + _IN_FLIGHT
            db.add(old)
    key = OrganizationKey(
        organization_id=organization.id,
        uri=uri,
        fragment=fragment,
        algorithm=algorithm.value,
        public_jwk=public.to_jwk(),
        state=KeyState.ACTIVE,
        door=door,
        listed=listed,
        created_at=now,
    )
    db.add(key)
    db.flush()
    return key


def did_document(settings: IssuerSettings, organization: Organization, keys: Sequence[OrganizationKey]) -> JsonObject:
    """Return the DID document (Controlled Identifiers 1.0, section 2).

    Retired keys stay listed for their purpose, with the time from which they sign no more; revoked ones say so.
    """
    did, keys = did_of(settings, organization), [key for key in keys if key.listed]
    return {
        "@context": _CONTEXTS,
        "id": did,
        "alsoKnownAs": [profile_url(settings, organization)],
        "verificationMethod": [_method(did, key) for key in keys],
        "assertionMethod": [f"{did}#{key.fragment}" for key in keys],
    }


def _method(did: str, key: OrganizationKey) -> JsonObject:
    public = PublicKey.from_jwk(key.public_jwk)
    # Verifiers of the VC-JWT of Open Badges look for a JWK; for the others Multikey is what suites ask for.
    material: JsonObject = (
        {"type": "JsonWebKey", "publicKeyJwk": public.to_jwk()}
        if public.algorithm is Algorithm.RSA
        else {"type": "Multikey", "publicKeyMultibase": public.to_multikey()}
    )
    times = {"expires": key.expires_at, "revoked": key.revoked_at}
    stated = {name: format_time(at) for name, at in times.items() if at is not None}
    return {"id": f"{did}#{key.fragment}", "controller": did, **material, **stated}


def _passphrase(settings: IssuerSettings) -> bytes | None:
    return settings.key_passphrase.get_secret_value().encode() if settings.key_passphrase else None


def _default_uri(settings: IssuerSettings, organization: Organization, fragment: str) -> str:
    folder = Path(settings.data_folder).resolve() / "keys" / str(organization.id)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SigningFailed("key-file-unwritable", f"{folder}: {error.strerror}.") from None
    # A process may die between the file and the commit. What it left behind must not be in the way of the next try.
    return f"file:{folder}/{fragment}-{secrets.token_hex(4)}.pem"
