"""A result on its way through the reader's own page: signed, so that nobody can have another one kept, and stored nowhere."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intaglio.documents import parse_object
from intaglio.errors import IntaglioError, MalformedInput
from intaglio.multikey import decode_base64url, encode_base64url
from intaglio.times import format_time

if TYPE_CHECKING:
    from verifier.checking.desk import Checked
    from verifier.checking.verdict import Verdict

_KEY = b"receipt\0"


def receipt(secret: bytes, checked: "Sequence[Checked]", verdicts: "Sequence[Verdict]", now: datetime) -> str:
    """Return the signed text of a result: outcomes, issuers and fingerprints, no learner and no badge."""
    body = {
        "at": format_time(now),
        "items": [
            _item(one.digest, part) for one, verdict in zip(checked, verdicts, strict=True) for part in _told(verdict)
        ],
    }
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return f"{encode_base64url(data)}.{encode_base64url(_mac(secret, data))}"


def open_receipt(secret: bytes, text: str) -> dict[str, Any]:
    """Return what `receipt` wrote.

    :raises MalformedInput: ``bad-receipt`` for anything else.
    """
    body, _, signature = text.partition(".")
    try:
        data = decode_base64url(body)
        if hmac.compare_digest(decode_base64url(signature), _mac(secret, data)):
            return parse_object(data)
    except IntaglioError:
        pass
    raise MalformedInput("bad-receipt", "It was changed, or made by another verifier.")


def _told(verdict: "Verdict") -> "Sequence[Verdict]":
    """Return what is told one by one: of a presentation, the badges in it."""
    return verdict.inside if verdict.badge is None and verdict.inside else (verdict,)


def _item(digest: str, verdict: "Verdict") -> dict[str, Any]:
    issued = verdict.badge and (verdict.badge.awarded_at or verdict.badge.valid_from)
    return {
        "kind": verdict.kind.value,
        "digest": digest,
        "is_trial": verdict.is_trial,
        "issuer": verdict.issuer_name,
        "issuer_id": verdict.badge.issuer_id if verdict.badge else "",
        "issued": format_time(issued) if issued else "",
        # As they were told, in the language of that moment: the same outcome has other words where nothing was named.
        "checks": [{"title": line.title, "outcome": line.outcome} for line in verdict.checks],
    }


def _mac(secret: bytes, data: bytes) -> bytes:
    return hmac.digest(secret, _KEY + data, hashlib.sha256)
