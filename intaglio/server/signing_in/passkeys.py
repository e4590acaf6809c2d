"""Passkeys: Web Authentication Level 3, discoverable credentials with user verification, through py_webauthn.

A ceremony has two halves. The first gives the browser options with a challenge, the second checks what the authenticator made
of it (section 7.1 for a new passkey, 7.2 for signing in). The origin and the relying party's id are those of the service's own
public address, never those of a request.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, generate_challenge, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from intaglio.errors import InvalidProof, MalformedInput
from intaglio.server.errors import Conflict
from intaglio.server.signing_in.ceremonies import LIFETIME, remember, take
from intaglio.server.tables import Passkey

MOST = 20
"""Passkeys of one account."""
_MILLISECONDS = int(LIFETIME.total_seconds() * 1000)
_CREATE, _GET = "passkey-create", "passkey-get"
_LONGEST_ID = 1023
"""Bytes of a credential id (section 4)."""


@dataclass(frozen=True)
class Owner:
    """Whom a new passkey is for. `name` is what the authenticator shows when it lists passkeys."""

    account_id: UUID
    name: str
    display_name: str


def begin_registration(request: Request, db: Session, owner: Owner, *, now: datetime) -> dict[str, Any]:
    """Return the options for ``navigator.credentials.create``, as JSON, and commit.

    :raises Conflict: ``too-many-passkeys``
    """
    present = passkeys_of(db, owner.account_id)
    if len(present) >= MOST:
        raise Conflict("too-many-passkeys", f"There are {len(present)} passkeys for this account.")
    challenge = generate_challenge()
    options = generate_registration_options(
        rp_id=_rp_id(request),
        rp_name=request.app.state.service.title,
        user_id=owner.account_id.bytes,
        user_name=owner.name,
        user_display_name=owner.display_name,
        challenge=challenge,
        timeout=_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_descriptor(passkey) for passkey in present],
    )
    data = {"account_id": str(owner.account_id)}
    remember(request, db, _CREATE, bytes_to_base64url(challenge), data, now)
    found: dict[str, Any] = json.loads(options_to_json(options))
    return found


def finish_registration(
    request: Request, db: Session, account_id: UUID, answer: object, *, name: str, now: datetime
) -> Passkey:
    """Check what the authenticator made, and add the passkey to the account (section 7.1). The caller commits.

    :raises MalformedInput: ``passkey-malformed``
    :raises InvalidProof: ``passkey-refused``
    :raises Conflict: ``passkey-taken``
    """
    challenge = _challenge_of(answer)
    begun = take(request, db, _CREATE, challenge, now)
    if begun is None or begun["account_id"] != str(account_id):
        raise InvalidProof(
            "passkey-refused", "The question that it answers was asked too long ago, or of somebody else."
        )
    try:
        verified = verify_registration_response(
            credential=_as_json(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_rp_id(request),
            expected_origin=request.app.state.settings.origin,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - parsers of a stranger's bytes raise whatever they meet
        raise InvalidProof("passkey-refused", "What the device made could not be confirmed.") from None
    if len(verified.credential_id) > _LONGEST_ID:
        raise InvalidProof("passkey-refused", "Its id is longer than the standard allows.")
    passkey = Passkey(
        credential_id=verified.credential_id,
        account_id=account_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        name=name,
        transports=_transports(answer),
        created_at=now,
    )
    db.add(passkey)
    try:
        db.flush()
    except IntegrityError:
        # Section 7.1, step 26: one credential id for two accounts would let one sign in as the other.
        db.rollback()
        raise Conflict("passkey-taken", "This passkey is there already.") from None
    return passkey


def begin_sign_in(request: Request, db: Session, *, now: datetime) -> dict[str, Any]:
    """Return the options for ``navigator.credentials.get``, as JSON, and commit.

    No account is named: the browser offers the passkeys that it has for this service, so nobody learns who has an account here.
    """
    challenge = generate_challenge()
    options = generate_authentication_options(
        rp_id=_rp_id(request),
        challenge=challenge,
        timeout=_MILLISECONDS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    remember(request, db, _GET, bytes_to_base64url(challenge), {}, now)
    found: dict[str, Any] = json.loads(options_to_json(options))
    return found


def finish_sign_in(request: Request, db: Session, answer: object, *, now: datetime) -> UUID:
    """Check what an authenticator signed, and return whose passkey it is (section 7.2). The caller commits.

    :raises MalformedInput: ``passkey-malformed``
    :raises InvalidProof: ``passkey-unknown``, ``passkey-refused``
    """
    challenge = _challenge_of(answer)
    if take(request, db, _GET, challenge, now) is None:
        raise InvalidProof(
            "passkey-refused", "The question that it answers was asked too long ago, or of somebody else."
        )
    # Locked, so that of two answers at once the counter of the second is compared with the first's.
    passkey = db.get(Passkey, _id_of(answer), with_for_update=True)
    if passkey is None:
        raise InvalidProof("passkey-unknown", "No account here has this passkey.")
    if _user_handle(answer) != passkey.account_id.bytes:
        raise InvalidProof("passkey-refused", "It was made for another account.")
    try:
        verified = verify_authentication_response(
            credential=_as_json(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_rp_id(request),
            expected_origin=request.app.state.settings.origin,
            credential_public_key=passkey.public_key,
            # A counter that does not grow means that the key was copied (step 22); those that stay at zero do not count.
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - the same
        raise InvalidProof("passkey-refused", "What the device signed could not be confirmed.") from None
    passkey.sign_count, passkey.last_used_at = verified.new_sign_count, now
    db.add(passkey)
    return passkey.account_id


def passkeys_of(db: Session, account_id: UUID) -> Sequence[Passkey]:
    """Return the passkeys of an account, the oldest first."""
    wanted = select(Passkey).where(Passkey.account_id == account_id)
    return db.exec(wanted.order_by(col(Passkey.created_at), col(Passkey.credential_id))).all()


def _rp_id(request: Request) -> str:
    return urlsplit(request.app.state.settings.origin).hostname or ""


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(name) for name in passkey.transports]
    return PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=transports or None)


def _as_json(answer: object) -> dict[str, Any]:
    if not isinstance(answer, dict) or not isinstance(answer.get("response"), dict):
        raise MalformedInput("passkey-malformed", "The browser sent something else than a passkey's answer.")
    return answer


def _challenge_of(answer: object) -> str:
    """Return the challenge that an answer says it answers; whether it was ours, `take` knows."""
    response = _as_json(answer)["response"]
    try:
        client_data = parse_client_data_json(base64url_to_bytes(response["clientDataJSON"]))
    except Exception:  # noqa: BLE001 - the same
        raise MalformedInput("passkey-malformed", "The browser's part of it cannot be read.") from None
    if client_data.cross_origin:
        raise InvalidProof("passkey-refused", "It was made inside a page of another site.")
    return bytes_to_base64url(client_data.challenge)


def _id_of(answer: object) -> bytes:
    return _bytes_of(_as_json(answer).get("rawId"))


def _user_handle(answer: object) -> bytes:
    # A discoverable credential always brings it (section 7.2, step 6), and without it nobody said who signs in.
    return _bytes_of(_as_json(answer)["response"].get("userHandle"))


def _bytes_of(text: object) -> bytes:
    try:
        return base64url_to_bytes(text) if isinstance(text, str) else b""
    except ValueError:
        raise MalformedInput("passkey-malformed", "A part of it is not in base64url.") from None


def _transports(answer: object) -> list[str]:
    stated = _as_json(answer)["response"].get("transports")
    known = {transport.value for transport in AuthenticatorTransport}
    return sorted({name for name in stated if isinstance(name, str)} & known) if isinstance(stated, list) else []
