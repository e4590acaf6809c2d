"""A learner's badges: listing them, finding one, taking one away. Always among her own rows alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete, select

from intaglio.errors import Problem
from intaglio.server.errors import NotFound
from intaglio.verification.policy import Registry
from wallet.access import Learner
from wallet.holders.envelope import Vault
from wallet.holdings.cards import Card
from wallet.holdings.keeping import FINDING, newest, open_card
from wallet.holdings.models import Holding
from wallet.holdings.words import Words, words_for


@dataclass(frozen=True)
class ShownBadge:
    """A badge in a list: its card, the name of its issuer and whether that is one we know, and how it stands."""

    id: UUID
    card: Card
    issuer: str
    is_known: bool
    words: Words

    @property
    def issued(self) -> datetime | None:
        """The day to show."""
        return datetime.fromisoformat(self.card.issued) if self.card.issued else None


def badges_of(db: Session, vault: Vault, holder_id: UUID, registry: Registry | None) -> list[ShownBadge]:
    """Return a learner's badges, the newest first; those that were replaced are left out."""
    query = select(Holding).where(Holding.holder_id == holder_id, col(Holding.replaced_by).is_(None))
    rows = db.exec(query.order_by(col(Holding.received_at).desc(), col(Holding.id)))
    return [shown(vault, holding, registry) for holding in rows]


def shown(vault: Vault, holding: Holding, registry: Registry | None) -> ShownBadge:
    """Return how a badge is shown in a list."""
    card = open_card(vault, holding)
    issuer, is_known = card.issuer_in(registry)
    answered = holding.sealed_finding is None
    words = words_for(holding.standing, issuer, answered=answered, is_known=is_known, has_name=bool(card.issuer_name))
    return ShownBadge(holding.id, card, issuer, is_known, words)


def find_holding(db: Session, learner: Learner, holding_id: UUID) -> Holding:
    """Return one of a learner's badges: of one that was replaced, the newest copy.

    :raises NotFound: ``no-such-page``
    """
    holding = db.get(Holding, holding_id)
    if holding is None or holding.holder_id != learner.id:
        raise NotFound("no-such-page", "There is no such badge in this wallet.")
    return newest(db, holding)


def finding_of(vault: Vault, holding: Holding) -> Problem | None:
    """Return the reason for how a badge stands, or why it could not be asked about."""
    if holding.sealed_finding is None:
        return None
    members = vault.open_json(FINDING, holding.id, holding.sealed_finding)
    return Problem(members["kind"], members["detail"])


def remove(db: Session, holding: Holding) -> None:
    """Take a badge out of a wallet for good, with the older copies that it replaced, and commit."""
    db.execute(delete(Holding).where(col(Holding.id) == holding.id))  # the database takes the older copies along
    db.commit()
