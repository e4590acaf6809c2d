"""How do a learner's badges stand today? Asked when one is opened, and for all of them by a job."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from intaglio.errors import IntaglioError, Unavailable
from intaglio.fetch.source import DEFAULT_MAX_BYTES, Fetched, Source
from intaglio.server.rates import Rate
from intaglio.verification.policy import Registry
from intaglio.verification.report import CheckOutcome, Report
from wallet.holders.accounts import vault_of
from wallet.holders.envelope import Vault
from wallet.holders.models import Holder
from wallet.holders.wrapping import Keyring
from wallet.holdings.checking import Finding, judge, look_at
from wallet.holdings.keeping import FINDING, open_document
from wallet.holdings.models import Holding, Standing

FRESH = timedelta(hours=1)
"""For so long an answer is good enough when a badge is opened."""
CHECKS = Rate("checks", 30, timedelta(minutes=10))
"""How often a learner may have it asked at once."""
_LIMIT = "lookup-limit"
_BY_ITS_ISSUER = (Standing.WITHDRAWN, Standing.PAUSED)
_log = logging.getLogger(__name__)


def is_fresh(holding: Holding, now: datetime) -> bool:
    """Tell whether a badge was asked about a short while ago."""
    return now - holding.asked_at < FRESH


def refresh(
    db: Session, vault: Vault, holding: Holding, source: Source, *, now: datetime, registry: Registry | None = None
) -> bool:
    """Ask how a badge stands now, and commit.

    Where there is no answer, what was last found out stays, with its date: an unreachable list makes no badge better or worse.
    Return False, with nothing changed, where it was our own limit on lookups that left the question open: nobody was asked then.
    """
    watched = _Watched(source)
    report = look_at(open_document(vault, holding), watched, now=now, registry=registry)
    finding = judge(report)
    is_answer = finding.standing is not Standing.UNSURE and not _says_less(report, finding, holding)
    if is_answer:
        holding.standing, holding.checked_at = finding.standing, now
    elif watched.ran_out or (finding.problem is not None and finding.problem.kind == _LIMIT):
        return False
    holding.asked_at = now
    reason = finding.to_json()
    holding.sealed_finding = vault.seal_json(FINDING, holding.id, reason) if reason else None
    db.add(holding)
    db.commit()
    return True


def _says_less(report: Report, finding: Finding, holding: Holding) -> bool:
    """Tell whether only the calendar speaks of a badge that was withdrawn or paused: a silent list takes none of that back."""
    status = report.check("status")
    is_silent = status is not None and status.outcome is CheckOutcome.UNKNOWN
    return is_silent and finding.standing is Standing.EXPIRED and holding.standing in _BY_ITS_ISSUER


@dataclass
class _Watched:
    """A source that remembers whether it was asked for more than it may look up: reports tell so in other words."""

    source: Source
    ran_out: bool = False

    def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
        """Return what the source has.

        :raises Unavailable: what the source raises.
        """
        try:
            return self.source.get(url, accept=accept, max_bytes=max_bytes)
        except Unavailable as error:
            self.ran_out = self.ran_out or error.problem.kind == _LIMIT
            raise


@dataclass
class Round:
    """One round over all badges that are due, with lookups for each learner apart.

    Each learner's badges share one source, and what one learner put into her wallet uses up nothing of another's. `passed_over`
    are the badges that not even a source of their own was enough for; they stay due for the next round.
    """

    new_source: Callable[[], Source]
    passed_over: set[UUID] = field(default_factory=set)

    def refresh(self, db: Session, vault: Vault, holding: Holding, sources: dict[UUID, Source], now: datetime) -> None:
        """Ask about one badge, and commit; again with a new source where the learner's has nothing left."""
        source = sources.setdefault(holding.holder_id, self.new_source())
        if refresh(db, vault, holding, source, now=now):
            return
        sources[holding.holder_id] = self.new_source()
        if not refresh(db, vault, holding, sources[holding.holder_id], now=now):
            self.passed_over.add(holding.id)
            del sources[holding.holder_id]


def due(db: Session, *, before: datetime, limit: int, but: set[UUID] | None = None) -> list[UUID]:
    """Return badges that nobody asked about since a time, the longest first."""
    query = select(Holding.id).where(Holding.asked_at < before, col(Holding.replaced_by).is_(None))
    if but:
        query = query.where(col(Holding.id).not_in(but))
    return list(db.exec(query.order_by(col(Holding.asked_at)).limit(limit)))


def refresh_due(
    db: Session, keyring: Keyring, asking: Round, *, now: datetime, older_than: timedelta, limit: int = 200
) -> int:
    """Ask about the badges that are due, one commit each; one that cannot be opened does not keep the others waiting.

    Return how many were looked at; 0 ends the round.
    """
    count, sources = 0, dict[UUID, Source]()
    for holding_id in due(db, before=now - older_than, limit=limit, but=asking.passed_over):
        holding = db.exec(select(Holding).where(Holding.id == holding_id)).first()
        holder = db.get(Holder, holding.holder_id) if holding is not None else None
        if holding is None or holder is None:
            continue
        try:
            asking.refresh(db, vault_of(keyring, holder), holding, sources, now)
        except IntaglioError as error:
            _log.warning("not refreshed", extra={"holding": str(holding_id), "problem": error.problem.kind})
            db.rollback()
            _set_aside(db, holding_id, now)
        count += 1
    return count


def _set_aside(db: Session, holding_id: UUID, now: datetime) -> None:
    holding = db.get(Holding, holding_id)
    if holding is not None:
        holding.asked_at = now
        db.add(holding)
        db.commit()
