"""Credentials that came in. Those that are confirmed are kept, forged ones refused, and for the rest the learner decides."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, col, delete, select

from intaglio.errors import Problem
from intaglio.fetch.source import Source
from intaglio.openbadges import baking
from intaglio.openbadges.contents import contents_of
from intaglio.protocols.openid4vci.notification import Event
from intaglio.server.errors import Conflict, NotFound
from intaglio.verification.policy import Registry
from intaglio.verification.report import Report
from wallet.exchange.models import Arrival
from wallet.exchange.notices import Telling, tell
from wallet.holders.envelope import Vault
from wallet.holdings.checking import Decision, Finding, judge, look_at
from wallet.holdings.keeping import Kept, keep

LIFETIME = timedelta(days=7)
MOST_WAITING = 50
_DOCUMENT, _NOTICE = "arrivals.sealed_document", "arrivals.sealed_notice"


@dataclass(frozen=True)
class Landed:
    """What became of one credential: kept, waiting for a decision, or refused; `name` is its own word for itself."""

    name: str
    finding: Finding
    kept: Kept | None = None
    arrival: Arrival | None = None

    @property
    def problem(self) -> Problem | None:
        """Why it is not simply kept."""
        return self.finding.problem


def take_in(
    db: Session,
    vault: Vault,
    holder_id: UUID,
    data: bytes,
    source: Source,
    *,
    now: datetime,
    registry: Registry | None = None,
) -> Landed:
    """Look at a credential (JSON, token, or an image with one in it), and keep it, refuse it, or have the learner decide.

    The caller commits. Out of an image, only the credential is kept.

    :raises IntaglioError: what is wrong with an image.
    :raises Conflict: ``wallet-full``
    """
    credential = baking.unbake(data) if baking.is_image(data) else data.strip()
    report = look_at(credential, source, now=now, registry=registry)
    finding, name = judge(report), _name(report)
    match finding.decision:
        case Decision.KEEP:
            return Landed(name, finding, kept=keep(db, vault, holder_id, credential, report, now=now))
        case Decision.ASK:
            return Landed(name, finding, arrival=_wait(db, vault, holder_id, credential, now))
        case Decision.REFUSE:
            return Landed(name, finding)


def waiting(db: Session, holder_id: UUID, *, now: datetime) -> list[Arrival]:
    """Return what a learner has still to decide on."""
    return list(db.exec(select(Arrival).where(Arrival.holder_id == holder_id, Arrival.expires_at > now)))


def find_arrival(db: Session, holder_id: UUID, arrival_id: UUID, *, now: datetime) -> Arrival:
    """Return one of a learner's arrivals.

    :raises NotFound: ``no-such-page``
    """
    row = db.get(Arrival, arrival_id)
    if row is None or row.holder_id != holder_id or row.expires_at <= now:
        raise NotFound("no-such-page", "This badge was decided on already, or waited too long.")
    return row


def look_again(vault: Vault, arrival: Arrival, source: Source, *, now: datetime) -> tuple[str, Finding]:
    """Look at an arrival once more; return its name and what was found."""
    report = look_at(vault.open(_DOCUMENT, arrival.id, arrival.sealed_document), source, now=now)
    return _name(report), judge(report)


def remember_telling(db: Session, vault: Vault, arrival: Arrival, telling: Telling) -> None:
    """Keep with an arrival how its issuer is told of the decision. The caller commits."""
    if telling:
        arrival.sealed_notice = vault.seal_json(_NOTICE, arrival.id, telling)
        db.add(arrival)


def keep_anyway(db: Session, vault: Vault, arrival: Arrival, source: Source, *, now: datetime) -> Kept | None:
    """Look at an arrival once more and keep it, as its owner wishes, or return None where it has turned out to be forged.

    Either way it waits no more, and its issuer is told. Commits.
    """
    data = vault.open(_DOCUMENT, arrival.id, arrival.sealed_document)
    report, kept = look_at(data, source, now=now), None
    if judge(report).decision is not Decision.REFUSE:
        kept = keep(db, vault, arrival.holder_id, data, report, now=now)
    _end(db, vault, arrival, Event.FAILURE if kept is None else Event.ACCEPTED, now)
    return kept


def turn_down(db: Session, vault: Vault, arrival: Arrival, *, now: datetime) -> None:
    """Forget an arrival that its owner does not want, and have its issuer told. Commits."""
    _end(db, vault, arrival, Event.DELETED, now)


def _end(db: Session, vault: Vault, arrival: Arrival, event: Event, now: datetime) -> None:
    if arrival.sealed_notice is not None:
        telling: Telling = vault.open_json(_NOTICE, arrival.id, arrival.sealed_notice)
        tell(db, vault, arrival.holder_id, telling, event, now=now)
    db.delete(arrival)
    db.commit()


def forget_old(db: Session, *, now: datetime) -> None:
    """Forget what waited too long, and commit."""
    db.execute(delete(Arrival).where(col(Arrival.expires_at) <= now))
    db.commit()


def _wait(db: Session, vault: Vault, holder_id: UUID, data: bytes, now: datetime) -> Arrival:
    if len(waiting(db, holder_id, now=now)) >= MOST_WAITING:
        raise Conflict("wallet-full", f"{MOST_WAITING} badges wait for a decision.")
    arrival_id = uuid4()
    sealed = vault.seal(_DOCUMENT, arrival_id, data)
    row = Arrival(id=arrival_id, holder_id=holder_id, sealed_document=sealed, created_at=now, expires_at=now + LIFETIME)
    db.add(row)
    db.flush()
    return row


def _name(report: Report) -> str:
    return contents_of(report.document).name if report.document else ""
