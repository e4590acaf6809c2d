"""Putting a credential into a wallet, after it was looked at: twins are noticed, newer copies replace older ones."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import Session, col, select

from intaglio.errors import MalformedInput
from intaglio.openbadges.contents import Contents, contents_of
from intaglio.server.errors import Conflict
from intaglio.verification.report import Report
from wallet.holders.envelope import Vault
from wallet.holders.keys import dids_of
from wallet.holders.models import Holder
from wallet.holdings.cards import Card
from wallet.holdings.checking import Finding, judge
from wallet.holdings.models import Form, Holding, Standing

_NEVER = datetime.min.replace(tzinfo=UTC)
_SAME_HANDOUT = timedelta(days=1)
MOST_HOLDINGS = 2000
"""In one wallet. A learner who is awarded one in every week of twelve years has a third of this."""
DOCUMENT, CARD, FINDING = "holdings.sealed_document", "holdings.sealed_card", "holdings.sealed_finding"


class Twin(Enum):
    """What a wallet knew of a credential before it was put in."""

    NEW = "new"
    SAME = "same"  # it is there already, or a newer copy of it is
    UPDATED = "updated"  # an older copy was there, and is replaced


@dataclass(frozen=True)
class Kept:
    """What became of a credential that was put in: the holding where it can be seen."""

    holding: Holding
    twin: Twin


def keep(db: Session, vault: Vault, holder_id: UUID, data: bytes, report: Report, *, now: datetime) -> Kept:
    """Store a credential that was looked at, or find that it is there already. The caller commits.

    Of one id by one issuer the newest ``validFrom`` counts, and at the same moment the copy that names this wallet's key. What
    could not be confirmed replaces nothing: it could claim any id and any date.

    :raises MalformedInput: ``not-a-credential`` where there is nothing to store.
    :raises Conflict: ``wallet-full``
    """
    if report.document is None:
        raise MalformedInput("not-a-credential", "It could not be read.")
    # Two that come in at once are one after the other from here on.
    db.exec(select(Holder.id).where(Holder.id == holder_id).with_for_update()).one()
    document_digest = vault.digest("document", data)
    same = _first(db, holder_id, document_digest=document_digest)
    if same is not None:
        return Kept(newest(db, same), Twin.SAME)
    count = db.exec(select(func.count()).select_from(Holding).where(Holding.holder_id == holder_id)).one()
    if count >= MOST_HOLDINGS:
        raise Conflict("wallet-full", f"It holds {count:,} badges.")
    contents = contents_of(report.document)
    bound = contents.subject_id in dids_of(db, holder_id)
    finding, card = judge(report), Card.of_contents(contents, bound=bound, fallback_id=_fallback_id(document_digest))
    digests = (document_digest, _credential_digest(vault, contents, data))
    holding = _holding(vault, holder_id, data, digests=digests, card=card, finding=finding, now=now)
    twin = _twin(db, holding)
    if twin is None or finding.standing is not Standing.GOOD:
        db.add(holding)
        db.flush()
        return Kept(holding, Twin.NEW)
    if twin.standing != Standing.UNSURE and not _is_better(holding, card, twin, open_card(vault, twin)):
        return Kept(twin, Twin.SAME)
    db.add(holding)
    db.flush()
    twin.replaced_by = holding.id
    db.add(twin)
    db.flush()
    return Kept(holding, Twin.UPDATED)


def newest(db: Session, holding: Holding) -> Holding:
    """Return the copy that replaced a holding, or itself."""
    seen = {holding.id}
    while holding.replaced_by is not None and holding.replaced_by not in seen:
        later = db.get(Holding, holding.replaced_by)
        if later is None:
            break
        seen.add(later.id)
        holding = later
    return holding


def open_card(vault: Vault, holding: Holding) -> Card:
    """Return the card of a holding."""
    return Card.from_json(vault.open_json(CARD, holding.id, holding.sealed_card))


def open_document(vault: Vault, holding: Holding) -> bytes:
    """Return the credential, byte for byte as it came in."""
    return vault.open(DOCUMENT, holding.id, holding.sealed_document)


def form_of(data: bytes) -> Form:
    """Tell how a credential is written."""
    return Form.LDP if data.lstrip().startswith(b"{") else Form.JWT


def _holding(
    vault: Vault,
    holder_id: UUID,
    data: bytes,
    *,
    digests: tuple[bytes, bytes],
    card: Card,
    finding: Finding,
    now: datetime,
) -> Holding:
    holding_id, reason = uuid4(), finding.to_json()
    return Holding(
        id=holding_id,
        holder_id=holder_id,
        form=form_of(data),
        document_digest=digests[0],
        credential_digest=digests[1],
        sealed_document=vault.seal(DOCUMENT, holding_id, data),
        sealed_card=vault.seal_json(CARD, holding_id, card.to_json()),
        standing=finding.standing,
        sealed_finding=vault.seal_json(FINDING, holding_id, reason) if reason else None,
        checked_at=now,
        asked_at=now,
        received_at=now,
    )


def _credential_digest(vault: Vault, contents: Contents, data: bytes) -> bytes:
    """Return what copies of one credential have in common. The issuer belongs to it: anybody can write somebody else's id."""
    if not contents.credential_id:
        return vault.digest("credential without id", data)
    return vault.digest("credential", f"{contents.issuer_id}\0{contents.credential_id}".encode())


def _twin(db: Session, holding: Holding) -> Holding | None:
    found = db.exec(
        select(Holding).where(
            Holding.holder_id == holding.holder_id,
            Holding.credential_digest == holding.credential_digest,
            col(Holding.replaced_by).is_(None),
        )
    )
    return found.first()


def _first(db: Session, holder_id: UUID, *, document_digest: bytes) -> Holding | None:
    query = select(Holding).where(Holding.holder_id == holder_id, Holding.document_digest == document_digest)
    return db.exec(query).first()


def _is_better(holding: Holding, card: Card, twin: Holding, other: Card) -> bool:
    """Tell whether a copy is to replace the one that is there.

    Issuers give the same award as linked data and as a token, a moment apart: of such a pair the former stays, which shows more
    of itself to other software.
    """
    begins, began = _begin(card), _begin(other)
    if holding.form != twin.form and abs(begins - began) < _SAME_HANDOUT:
        return holding.form == Form.LDP
    return (begins, card.bound) > (began, other.bound)


def _begin(card: Card) -> datetime:
    return datetime.fromisoformat(card.valid_from) if card.valid_from else _NEVER


def _fallback_id(document_digest: bytes) -> str:
    return f"urn:sha256:{document_digest.hex()}"
