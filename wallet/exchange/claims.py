"""Offers that learners opened (OpenID4VCI 1.0, section 4): kept while a learner decides, and while one is collected."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, or_, select

from intaglio.fetch.messages import Sender
from intaglio.protocols.openid4vci.display import best_display
from intaglio.protocols.openid4vci.offer import Offer
from intaglio.protocols.openid4vci.token import TokenResponse
from intaglio.protocols.openid4vci.wallet_flow import Offered, begin, follow
from intaglio.server.errors import Conflict, NotFound
from wallet.exchange.models import Claim, ClaimState
from wallet.holders.envelope import Vault
from wallet.holdings.models import Holding

LIFETIME = timedelta(days=90)
"""As long as most links live. An issuer may end its offer earlier."""
_BUSY = timedelta(minutes=3)
_STATE = "claims.sealed_state"


@dataclass(frozen=True)
class OfferedBadge:
    """How an issuer names what it offers, before anything is signed."""

    name: str
    description: str = ""


@dataclass
class Progress:
    """What is known of a claim: the offer, its words for the learner, and once there is one the token.

    `done` names what was collected already (a configuration, and a credential identifier where there is one). `holdings` are
    the badges that came of it.
    """

    offer: Offer
    issuer_name: str
    badges: list[OfferedBadge]
    token: TokenResponse | None = None
    done: list[str] = field(default_factory=list)
    holdings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the members, to be encrypted: a code and a token are among them."""
        return {
            "offer": self.offer.to_json(),
            "issuer_name": self.issuer_name,
            "badges": [[badge.name, badge.description] for badge in self.badges],
            "token": self.token and self.token.to_json(),
            "done": self.done,
            "holdings": self.holdings,
        }

    @classmethod
    def from_json(cls, members: dict[str, Any]) -> "Progress":
        """Read what `to_json` wrote."""
        return cls(
            Offer.from_json(members["offer"]),
            members["issuer_name"],
            [OfferedBadge(*badge) for badge in members["badges"]],
            members["token"] and TokenResponse.from_json(members["token"]),
            members["done"],
            members["holdings"],
        )


def open_offer(
    db: Session, vault: Vault, holder_id: UUID, link: str, sender: Sender, *, language: str, now: datetime
) -> Claim:
    """Look at what a link offers, and keep the offer. The same offer leads to the same claim. Commits.

    Nothing is collected: its issuer learns no more than that somebody looks.

    :raises IntaglioError: what `intaglio.protocols.openid4vci.wallet_flow` raises up to the offer.
    """
    known = _by_link(db, vault, holder_id, link)
    if known is not None:
        return known
    offered = follow(begin(link), sender)
    if not isinstance(offered, Offered):
        raise TypeError(offered)
    offer = offered.offer
    digest = vault.digest("offer", f"{offer.credential_issuer}\0{offer.pre_authorized_code}".encode())
    query = select(Claim).where(Claim.holder_id == holder_id, Claim.offer_digest == digest)
    claim = db.exec(query).first()
    if claim is None:
        claim_id, progress = uuid4(), Progress(offer, *_words(offered, language))
        claim = Claim(
            id=claim_id,
            holder_id=holder_id,
            offer_digest=digest,
            link_digest=_link_digest(vault, link),
            state=ClaimState.OFFERED,
            sealed_state=vault.seal_json(_STATE, claim_id, progress.to_json()),
            created_at=now,
            expires_at=now + LIFETIME,
        )
        db.add(claim)
        try:
            db.commit()
        except IntegrityError:  # the same offer, opened twice at once: the first has made the claim
            db.rollback()
            return db.exec(query).one()
    return claim


def _by_link(db: Session, vault: Vault, holder_id: UUID, link: str) -> Claim | None:
    query = select(Claim).where(Claim.holder_id == holder_id, Claim.link_digest == _link_digest(vault, link))
    return db.exec(query).first()


def _link_digest(vault: Vault, link: str) -> bytes:
    """Return the digest of what a link offers: it may have been opened as this wallet's link, or as any wallet's."""
    stripped = link.strip()
    return vault.digest("link", (urlsplit(stripped).query or stripped).encode())


def find_claim(db: Session, holder_id: UUID, claim_id: UUID) -> Claim:
    """Return one of a learner's claims.

    :raises NotFound: ``no-such-page``
    """
    claim = db.get(Claim, claim_id)
    if claim is None or claim.holder_id != holder_id:
        raise NotFound("no-such-page", "There is no such offer in this wallet.")
    return claim


def progress_of(vault: Vault, claim: Claim) -> Progress:
    """Return how far a claim has come."""
    return Progress.from_json(vault.open_json(_STATE, claim.id, claim.sealed_state))


def kept_of(db: Session, holder_id: UUID, progress: Progress) -> list[UUID]:
    """Return the badges that came of a claim and are still in the wallet."""
    wanted = [UUID(holding) for holding in progress.holdings]
    found = set(db.exec(select(Holding.id).where(col(Holding.id).in_(wanted), Holding.holder_id == holder_id)))
    return [holding for holding in wanted if holding in found]


def is_to_collect_again(db: Session, claim: Claim, progress: Progress) -> bool:
    """Tell whether everything that a claim brought in was removed since: whoever opens its link again wants it back."""
    removed = bool(progress.holdings) and not kept_of(db, claim.holder_id, progress)
    return claim.state == ClaimState.COLLECTED and removed


def save(db: Session, vault: Vault, claim: Claim, progress: Progress, state: ClaimState) -> None:
    """Note how far a claim has come. The caller commits."""
    claim.state = state
    claim.sealed_state = vault.seal_json(_STATE, claim.id, progress.to_json())
    db.add(claim)


def take_hold(db: Session, claim: Claim, *, now: datetime) -> datetime:
    """Begin to collect, and commit: nobody else does so until `let_go`, or until the time for it is over.

    Return that time. It tells this hold from every other one, since the next begins only when it is over.

    :raises Conflict: ``claim-busy``
    """
    until = now + _BUSY
    free = or_(col(Claim.busy_until).is_(None), col(Claim.busy_until) <= now)
    statement = update(Claim).where(col(Claim.id) == claim.id, free).values(busy_until=until).returning(col(Claim.id))
    taken = db.execute(statement).scalar_one_or_none()
    db.commit()
    if taken is None:
        raise Conflict("claim-busy", "It is being collected at this moment.")
    db.refresh(claim)
    return until


def require_hold(db: Session, claim: Claim, until: datetime) -> None:
    """Make sure, up to the end of the transaction, that nobody else has begun to collect since `take_hold` returned `until`.

    :raises Conflict: ``claim-busy``
    """
    query = select(Claim.id).where(Claim.id == claim.id, Claim.busy_until == until).with_for_update()
    if db.exec(query).first() is None:
        raise Conflict("claim-busy", "It took too long, and is being collected anew.")


def let_go(db: Session, claim: Claim, until: datetime) -> None:
    """End collecting, and commit, unless it is somebody else's by now. What was not committed before is given up."""
    db.rollback()
    own = (col(Claim.id) == claim.id, col(Claim.busy_until) == until)
    db.execute(update(Claim).where(*own).values(busy_until=None))
    db.commit()


def forget_old(db: Session, *, now: datetime) -> None:
    """Forget offers whose time is over, and commit."""
    db.execute(delete(Claim).where(col(Claim.expires_at) <= now))
    db.commit()


def _words(offered: Offered, language: str) -> tuple[str, list[OfferedBadge]]:
    issuer = best_display(offered.issuer.display, [language])
    displays = [(choice, best_display(choice.display, [language])) for choice in offered.choices]
    badges = [OfferedBadge(display.name or choice.id, display.description or "") for choice, display in displays]
    return issuer.name or "", badges
