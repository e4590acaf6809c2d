"""The code in a claim link, and the transaction code that is told apart from it.

Both are derived from the row's random id and the service's secret (HMAC-SHA-256, RFC 2104). Nothing that could be used is in
the database, and still the teacher's page can show the same QR code that the mail has.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

from intaglio.server.secrets import token_hash

TX_CODE_DIGITS = 6


def claim_code(secret: bytes, claim_id: UUID) -> str:
    """Return the code in the link: 256 bits as 43 characters of base64url."""
    return urlsafe_b64encode(_derive(secret, b"claim", claim_id)).decode().rstrip("=")


def claim_code_hash(secret: bytes, claim_id: UUID) -> bytes:
    """Return what is stored of the code in the link."""
    return token_hash(claim_code(secret, claim_id))


def tx_code(secret: bytes, claim_id: UUID) -> str:
    """Return the transaction code (OpenID for Verifiable Credential Issuance 1.0, section 4.1.1), six digits.

    It is not in the link: whoever finds a forwarded mail cannot collect the badge.
    """
    return f"{int.from_bytes(_derive(secret, b'transaction', claim_id)) % 10**TX_CODE_DIGITS:0{TX_CODE_DIGITS}d}"


def _derive(secret: bytes, purpose: bytes, claim_id: UUID) -> bytes:
    return hmac.digest(secret, b"intaglio " + purpose + b"\0" + claim_id.bytes, hashlib.sha256)


def same_tx_code(secret: bytes, claim_id: UUID, given: str) -> bool:
    """Tell whether a transaction code is the right one; blanks that people type between figures do not count."""
    typed = "".join(given[:40].split())
    return hmac.compare_digest(typed.encode(), tx_code(secret, claim_id).encode())
