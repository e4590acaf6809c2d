"""Links that show badges: made, listed, ended, opened.

The link is all that a reader needs, so it has 256 random bits, and the database keeps its hash. It ends on its day, or when its
owner ends it; the badges go on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import Session, col, select

from intaglio.errors import MalformedInput
from intaglio.server.errors import NotFound
from intaglio.server.secrets import new_token, token_hash
from wallet.holders.accounts import vault_of
from wallet.holders.envelope import Vault
from wallet.holders.models import Holder
from wallet.holders.wrapping import Keyring
from wallet.holdings.keeping import newest
from wallet.holdings.models import Holding
from wallet.sharing.models import Opened, Share, ShareItem, ShareOpening

MAX_BADGES = 50
MAX_WORDS = 120
_DETAILS = "shares.sealed_details"


@dataclass(frozen=True)
class Terms:
    """To whom and what for, in the learner's words; and for how many days."""

    audience: str
    purpose: str
    days: int


@dataclass(frozen=True)
class OwnShare:
    """A share as its owner sees it."""

    id: UUID
    audience: str
    purpose: str
    token: str = field(repr=False)
    holdings: tuple[Holding, ...] = field(repr=False)
    created_at: datetime = field(repr=False)
    expires_at: datetime = field(repr=False)
    revoked_at: datetime | None = None
    opened: int = 0
    last_opened_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Tell whether the link still works."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True)
class OpenShare:
    """A share as somebody finds it who has the link."""

    id: UUID
    holder: Holder = field(repr=False)
    vault: Vault = field(repr=False)
    purpose: str
    holdings: tuple[Holding, ...] = field(repr=False)
    expires_at: datetime


def create(
    db: Session, vault: Vault, holder_id: UUID, holding_ids: Sequence[UUID], terms: Terms, *, now: datetime
) -> UUID:
    """Make a link to some of a learner's badges, and commit. Return the share's id.

    :raises MalformedInput: ``share-empty``, ``share-too-many``
    :raises NotFound: ``no-such-page`` for a badge that is not hers.
    """
    wanted = list(dict.fromkeys(holding_ids))
    if not wanted:
        raise MalformedInput("share-empty", "No badge was chosen.")
    if len(wanted) > MAX_BADGES:
        raise MalformedInput("share-too-many", f"More than {MAX_BADGES} badges were chosen.")
    own = db.exec(select(Holding.id).where(col(Holding.id).in_(wanted), Holding.holder_id == holder_id)).all()
    if set(own) != set(wanted):
        raise NotFound("no-such-page", "There is no such badge in this wallet.")
    share_id, token = uuid4(), new_token()
    details = {"audience": terms.audience, "purpose": terms.purpose, "token": token}
    share = Share(
        id=share_id,
        holder_id=holder_id,
        token_hash=token_hash(token),
        sealed_details=vault.seal_json(_DETAILS, share_id, details),
        created_at=now,
        expires_at=now + timedelta(days=terms.days),
    )
    db.add(share)
    db.flush()
    db.add_all(
        ShareItem(share_id=share_id, holding_id=holding_id, position=place) for place, holding_id in enumerate(wanted)
    )
    db.commit()
    return share_id


def shares_of(db: Session, vault: Vault, holder_id: UUID) -> list[OwnShare]:
    """Return a learner's shares, the newest first."""
    rows = db.exec(select(Share).where(Share.holder_id == holder_id).order_by(col(Share.created_at).desc()))
    return [_own(db, vault, share) for share in rows]


def find_own(db: Session, vault: Vault, holder_id: UUID, share_id: UUID) -> OwnShare:
    """Return one of a learner's shares.

    :raises NotFound: ``no-such-page``
    """
    return _own(db, vault, _row(db, holder_id, share_id))


def end(db: Session, holder_id: UUID, share_id: UUID, *, now: datetime) -> None:
    """End a link at once, and commit. It cannot be opened again; the badges stay as they are.

    :raises NotFound: ``no-such-page``
    """
    share = _row(db, holder_id, share_id)
    if share.revoked_at is None:
        share.revoked_at = now
        db.add(share)
        db.commit()


def find_open(db: Session, keyring: Keyring, token: str, *, now: datetime) -> OpenShare:
    """Return what a link leads to. Nothing is counted here.

    :raises NotFound: ``share-ended``, the same for links that ended and links that never were.
    """
    share = db.exec(select(Share).where(Share.token_hash == token_hash(token))).first()
    holder = db.get(Holder, share.holder_id) if share is not None else None
    if share is None or holder is None or share.revoked_at is not None or share.expires_at <= now:
        raise NotFound("share-ended", "The link has ended, or was never one of ours.")
    vault = vault_of(keyring, holder)
    details = vault.open_json(_DETAILS, share.id, share.sealed_details)
    return OpenShare(share.id, holder, vault, details["purpose"], _holdings(db, share.id), share.expires_at)


def note_opening(db: Session, share: OpenShare, how: Opened, *, now: datetime) -> None:
    """Note for its owner that a share was looked at, and commit."""
    db.add(ShareOpening(share_id=share.id, how=how, at=now))
    db.commit()


def _row(db: Session, holder_id: UUID, share_id: UUID) -> Share:
    share = db.get(Share, share_id)
    if share is None or share.holder_id != holder_id:
        raise NotFound("no-such-page", "There is no such link in this wallet.")
    return share


def _own(db: Session, vault: Vault, share: Share) -> OwnShare:
    details = vault.open_json(_DETAILS, share.id, share.sealed_details)
    count, last = db.exec(
        select(func.count(), func.max(ShareOpening.at)).where(ShareOpening.share_id == share.id)
    ).one()
    return OwnShare(
        share.id,
        details["audience"],
        details["purpose"],
        details["token"],
        _holdings(db, share.id),
        share.created_at,
        share.expires_at,
        share.revoked_at,
        count,
        last,
    )


def _holdings(db: Session, share_id: UUID) -> tuple[Holding, ...]:
    """Return the badges of a share, each in its newest copy."""
    query = select(Holding).join(ShareItem).where(ShareItem.share_id == share_id).order_by(col(ShareItem.position))
    found = {later.id: later for later in (newest(db, holding) for holding in db.exec(query))}
    return tuple(found.values())
