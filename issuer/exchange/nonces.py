"""Nonces for key proofs (OpenID4VCI 1.0, section 7). A fresh one carries its time and our mark; only a spent one costs a row."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from intaglio.errors import IntaglioError
from intaglio.multikey import decode_base64url, encode_base64url
from intaglio.server.secrets import token_hash

LIFETIME = timedelta(minutes=5)
_TIME, _RANDOM, _MARK = 8, 16, 16
_SPEND = text(
    "INSERT INTO spent_nonces (nonce_hash, expires_at) VALUES (:hash, :until) ON CONFLICT DO NOTHING RETURNING nonce_hash"
)
_SWEEP = text("DELETE FROM spent_nonces WHERE expires_at <= :now")


def new_nonce(secret: bytes, now: datetime) -> str:
    """Return a nonce that is good for five minutes."""
    body = int(now.timestamp() * 1000).to_bytes(_TIME) + secrets.token_bytes(_RANDOM)
    return encode_base64url(body + _mark(secret, body))


def spend(db: Session, secret: bytes, nonce: str, now: datetime) -> bool:
    """Use a nonce up, and tell whether that was possible: it is ours, fresh, and was not used before. The caller commits."""
    try:
        data = decode_base64url(nonce)
    except IntaglioError:
        return False
    body, mark = data[: _TIME + _RANDOM], data[_TIME + _RANDOM :]
    if len(data) != _TIME + _RANDOM + _MARK or not hmac.compare_digest(mark, _mark(secret, body)):
        return False
    until = datetime.fromtimestamp(int.from_bytes(body[:_TIME]) / 1000, UTC) + LIFETIME
    if until <= now:
        return False
    db.execute(_SWEEP, {"now": now})
    return db.execute(_SPEND, {"hash": token_hash(nonce), "until": until}).first() is not None


def _mark(secret: bytes, body: bytes) -> bytes:
    return hmac.digest(secret, b"openid4vci nonce\0" + body, hashlib.sha256)[:_MARK]
