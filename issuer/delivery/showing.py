"""How an award reaches its learner, as pages for staff show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from intaglio.server.clock import local_day
from issuer.delivery.codes import tx_code
from issuer.delivery.families import may_claim
from issuer.delivery.links import ClaimLinks, links_of
from issuer.delivery.mails import LONGEST_SENDING
from issuer.delivery.models import ClaimCode, ClaimItem, ClaimState, Mail, MailState
from issuer.delivery.service import claim_of, is_open, still_carried
from issuer.delivery.writing import badge_names
from issuer.issuance.models import Award
from issuer.roster.models import Learner
from issuer.settings import IssuerSettings


@dataclass(frozen=True)
class Handover:
    """Where the learner's way to an award stands. `links` and `tx_code` are there while the link works."""

    learner: Learner
    by_school: bool
    """The school keeps the badge: the learner is a child, or nobody knows."""
    can_mail: bool
    claim: ClaimCode | None = None
    links: ClaimLinks | None = None
    tx_code: str = ""
    mail: Mail | None = None
    mail_state: str = ""
    collected_at: datetime | None = None

    @property
    def state(self) -> str:
        """``school``, ``none``, ``open``, ``expired``, or a `ClaimState`."""
        if self.by_school:
            return "school"
        if self.claim is None:
            return "none"
        if self.links is not None:
            return "open"
        return "expired" if self.claim.state == ClaimState.OFFERED else str(self.claim.state)


@dataclass(frozen=True)
class CodeRow:
    """A line of the list of codes."""

    learner: Learner
    badges: list[str]
    tx_code: str


def handover_of(db: Session, settings: IssuerSettings, award: Award, *, now: datetime) -> Handover:
    """Return the way of one award."""
    return _handover(db, settings, db.get_one(Learner, award.learner_id), award.id, now)


def codes_of(
    db: Session, settings: IssuerSettings, organization_id: UUID, learners: Sequence[Learner], *, now: datetime
) -> list[CodeRow]:
    """Return the codes of the links that work, learner by learner, for the list that is printed."""
    wanted = select(ClaimCode).where(
        ClaimCode.organization_id == organization_id,
        col(ClaimCode.learner_id).in_(
            [learner.id for learner in learners if may_claim(learner, local_day(settings, now))]
        ),
        ClaimCode.state == ClaimState.OFFERED,
        ClaimCode.expires_at > now,
    )
    by_learner: dict[UUID, list[ClaimCode]] = {}
    for claim in db.exec(wanted.order_by(col(ClaimCode.created_at), col(ClaimCode.id))):
        by_learner.setdefault(claim.learner_id, []).append(claim)
    return [
        CodeRow(learner, badge_names(db, still_carried(db, claim.id)), tx_code(settings.secret_bytes, claim.id))
        for learner in learners
        for claim in by_learner.get(learner.id, ())
    ]


def mail_state(mail: Mail, now: datetime) -> str:
    """Return how far a mail is; one that has been going out for too long is uncertain."""
    if mail.state == MailState.SENDING and mail.began_at is not None and mail.began_at < now - LONGEST_SENDING:
        return MailState.UNCERTAIN
    return str(mail.state)


def _handover(db: Session, settings: IssuerSettings, learner: Learner, award_id: UUID, now: datetime) -> Handover:
    by_school = not may_claim(learner, local_day(settings, now))
    can_mail = settings.smtp_url is not None and bool(learner.email)
    claim = claim_of(db, award_id)
    if claim is None:
        return Handover(learner, by_school, can_mail)
    works = is_open(claim, now) and not by_school
    mail = db.exec(select(Mail).where(Mail.claim_id == claim.id)).first()
    taken = select(ClaimItem.collected_at).where(
        ClaimItem.award_id == award_id, col(ClaimItem.collected_at).is_not(None)
    )
    return Handover(
        learner,
        by_school,
        can_mail,
        claim,
        links_of(settings, claim) if works else None,
        tx_code(settings.secret_bytes, claim.id) if works else "",
        mail,
        mail_state(mail, now) if mail else "",
        db.exec(taken.order_by(col(ClaimItem.collected_at).desc()).limit(1)).first(),
    )
