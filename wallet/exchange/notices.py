"""Telling issuers what became of their credentials (OpenID4VCI 1.0, section 11): by a job, since nobody should wait for it."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from intaglio.errors import IntaglioError
from intaglio.fetch.messages import Request, Sender
from intaglio.protocols.openid4vci.notification import Event
from intaglio.protocols.openid4vci.wallet_flow import Received
from wallet.exchange.models import Notice
from wallet.holders.accounts import vault_of
from wallet.holders.envelope import Vault
from wallet.holders.models import Holder
from wallet.holders.wrapping import Keyring

MAX_TRIES = 8
_REQUEST = "notices.sealed_request"
_MAX_ANSWER = 64 * 1024
_log = logging.getLogger(__name__)

Telling = dict[str, Any]
"""The requests that tell an issuer of each event, as JSON: from the event's value to ``url``, ``headers`` and ``body``."""


def telling_of(received: Received) -> Telling:
    """Return the requests that could be sent, empty where the issuer does not want to be told."""
    requests = {event.value: received.notification(event) for event in Event}
    return {event: _to_json(request) for event, request in requests.items() if request is not None}


def tell(db: Session, vault: Vault, holder_id: UUID, telling: Telling, event: Event, *, now: datetime) -> None:
    """Note that an issuer is to be told. The caller commits, together with what it tells of."""
    request = telling.get(event.value)
    if request is not None:
        row_id = uuid4()
        sealed = vault.seal_json(_REQUEST, row_id, request)
        db.add(Notice(id=row_id, holder_id=holder_id, sealed_request=sealed, created_at=now))


def send_notices(db: Session, keyring: Keyring, sender: Sender, *, limit: int = 100) -> int:
    """Send what is to be sent, one commit each, and return how many are left.

    Whatever an issuer answers, it was told. One that cannot be reached is tried again, `MAX_TRIES` times in all.
    """
    ids = db.exec(select(Notice.id).order_by(col(Notice.tries), col(Notice.created_at)).limit(limit)).all()
    for notice_id in ids:
        # One that another worker has in hand is left to it.
        notice = db.exec(select(Notice).where(Notice.id == notice_id).with_for_update(skip_locked=True)).first()
        if notice is not None:
            _send(db, keyring, sender, notice)
            db.commit()
    return len(db.exec(select(Notice.id).limit(limit)).all())


def _send(db: Session, keyring: Keyring, sender: Sender, notice: Notice) -> None:
    holder = db.get(Holder, notice.holder_id)
    try:
        if holder is not None:
            request = vault_of(keyring, holder).open_json(_REQUEST, notice.id, notice.sealed_request)
            sender.send(_from_json(request), max_bytes=_MAX_ANSWER)
    except IntaglioError as error:
        notice.tries += 1
        _log.info("issuer not told", extra={"problem": error.problem.kind, "tries": notice.tries})
        if notice.tries < MAX_TRIES:
            db.add(notice)
            return
    db.delete(notice)


def _to_json(request: Request) -> dict[str, Any]:
    return {"url": request.url, "headers": dict(request.headers), "body": request.body.decode()}


def _from_json(members: dict[str, Any]) -> Request:
    return Request("POST", members["url"], members["headers"], members["body"].encode())
