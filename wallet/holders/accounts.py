"""Learners' accounts: made, found, described. What says who somebody is goes in and out encrypted."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from intaglio.server.errors import Conflict
from intaglio.server.tables import ExternalIdentity, Invitation, Passkey, Password, SignIn
from wallet.holders.age import minor_until
from wallet.holders.envelope import Vault, new_key
from wallet.holders.models import Holder, ServiceKey
from wallet.holders.wrapping import Keyring

HOLDER_PLACE = "holders.wrapped_key {}"
SERVICE_PLACE = "service_keys.wrapped_key {}"
MAX_NAME = 80
"""The longest name, in characters."""
MIN_SIGN_IN_NAME, MAX_SIGN_IN_NAME = 3, 120
_PROFILE = "holders.sealed_profile"
_LOOKUP = "lookup"
_WAYS_IN = (SignIn, Password, Passkey, ExternalIdentity, Invitation)


@dataclass(frozen=True)
class Profile:
    """Who a learner is to the wallet. `sign_in_name` is None for those who sign in elsewhere."""

    name: str
    sign_in_name: str | None = None


def create_holder(
    db: Session, keyring: Keyring, profile: Profile, *, language: str, born: date | None, now: datetime
) -> Holder:
    """Make an account for somebody who is old enough, or whose age is to be asked yet. The caller commits.

    :raises Conflict: ``sign-in-name-taken``
    """
    holder_id, key = uuid4(), new_key()
    sealed = _sealed_profile(Vault(key), holder_id, profile)
    holder = Holder(
        id=holder_id,
        identifier_hash=identifier_hash(db, keyring, profile.sign_in_name) if profile.sign_in_name else None,
        wrapped_key=keyring.wrap(HOLDER_PLACE.format(holder_id), key),
        sealed_profile=sealed,
        language=language,
        age_known_at=now if born else None,
        minor_until=minor_until(born, now.date()) if born else None,
        created_at=now,
    )
    db.add(holder)
    try:
        db.flush()
    except IntegrityError:
        db.rollback()
        raise Conflict("sign-in-name-taken", "Somebody signs in with this name already.") from None
    return holder


def vault_of(keyring: Keyring, holder: Holder) -> Vault:
    """Open the data key of a learner.

    :raises Unavailable: ``wrapping-key-missing``, ``cannot-decrypt``
    """
    return Vault(keyring.unwrap(HOLDER_PLACE.format(holder.id), holder.wrapped_key))


def profile_of(vault: Vault, holder: Holder) -> Profile:
    """Return who a learner is."""
    members = vault.open_json(_PROFILE, holder.id, holder.sealed_profile)
    return Profile(members["name"], members.get("sign_in_name"))


def rename(db: Session, vault: Vault, holder: Holder, name: str) -> None:
    """Change the name that a learner goes by here, and commit."""
    profile = Profile(name, profile_of(vault, holder).sign_in_name)
    holder.sealed_profile = _sealed_profile(vault, holder.id, profile)
    db.add(holder)
    db.commit()


def know_age(db: Session, holder: Holder, born: date, *, now: datetime) -> None:
    """Note that a learner is old enough, and commit."""
    holder.age_known_at = now
    holder.minor_until = minor_until(born, now.date())
    db.add(holder)
    db.commit()


def is_minor(holder: Holder, today: date) -> bool:
    """Tell whether a learner is under 18, or may be."""
    return holder.age_known_at is None or (holder.minor_until is not None and today < holder.minor_until)


def find_holder(db: Session, keyring: Keyring, sign_in_name: str) -> Holder | None:
    """Return the account that somebody signs in to by this name."""
    wanted = identifier_hash(db, keyring, sign_in_name)
    return db.exec(select(Holder).where(Holder.identifier_hash == wanted)).first()


def delete_holder(db: Session, holder_id: UUID) -> None:
    """Delete an account with everything in it and every way into it, and commit. Without its data key no copy opens."""
    for table in _WAYS_IN:
        db.execute(delete(table).where(col(table.account_id) == holder_id))
    db.execute(delete(Holder).where(col(Holder.id) == holder_id))
    db.commit()


def identifier_hash(db: Session, keyring: Keyring, sign_in_name: str) -> bytes:
    """Return the keyed hash that an account is found by: capital letters and spaces around a name do not count."""
    return hmac.digest(_lookup_key(db, keyring), normalized(sign_in_name).encode(), hashlib.sha256)


def school_account_hash(db: Session, keyring: Keyring, issuer: str, subject: str) -> bytes:
    """Return the keyed hash of somebody at a school's sign-in. No sign-in name has its NUL characters."""
    return hmac.digest(_lookup_key(db, keyring), f"school\0{issuer}\0{subject}".encode(), hashlib.sha256)


def normalized(sign_in_name: str) -> str:
    """Return a sign-in name as it is compared."""
    return " ".join(sign_in_name.split()).casefold()


def _lookup_key(db: Session, keyring: Keyring) -> bytes:
    place = SERVICE_PLACE.format(_LOOKUP)
    row = db.get(ServiceKey, _LOOKUP)
    if row is None:
        made = {"name": _LOOKUP, "wrapped_key": keyring.wrap(place, new_key())}
        # Of two that begin at once one is kept, and both go on with that one.
        db.execute(insert(ServiceKey).values(made).on_conflict_do_nothing())
        row = db.exec(select(ServiceKey).where(ServiceKey.name == _LOOKUP)).one()
    return keyring.unwrap(place, row.wrapped_key)


def _sealed_profile(vault: Vault, holder_id: UUID, profile: Profile) -> bytes:
    members = {"name": profile.name, "sign_in_name": profile.sign_in_name}
    return vault.seal_json(_PROFILE, holder_id, members)
