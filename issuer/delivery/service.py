"""Claim links: made when a badge is sealed, found by their code, redeemed with the transaction code, replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, col, select, update

from intaglio.errors import MalformedInput
from intaglio.server.clock import local_day
from intaglio.server.errors import Conflict, NotFound
from intaglio.server.jobs import Jobs
from intaglio.server.languages import mark
from intaglio.server.secrets import token_hash
from issuer.delivery import codes
from issuer.delivery.families import may_claim
from issuer.delivery.mails import queue_mail
from issuer.delivery.models import ClaimCode, ClaimItem, ClaimState
from issuer.issuance.models import Award, AwardState, AwardStatus
from issuer.roster.models import Learner
from issuer.settings import IssuerSettings

MAX_TRIES = 5
"""Wrong transaction codes in a row; then the link is locked. Five tries guess one code of a million."""
_ENDED = {
    ClaimState.CLAIMED: ("claim-used", mark("All that it carries was collected.")),
    ClaimState.REPLACED: ("claim-replaced", mark("The school made a new one.")),
    ClaimState.LOCKED: ("claim-locked", mark("The code was wrong five times.")),
}


@dataclass(frozen=True)
class Found:
    """A claim link that works, whose it is, and the awards that it still carries."""

    claim: ClaimCode
    learner: Learner
    awards: tuple[Award, ...]


@dataclass(frozen=True)
class Redeemed:
    """A claim link whose transaction code was given: what may be sealed for the wallet that asks."""

    claim_id: UUID
    organization_id: UUID
    learner_id: UUID
    award_ids: tuple[UUID, ...]


def announce(
    db: Session, settings: IssuerSettings, jobs: Jobs, award_ids: Sequence[UUID], *, now: datetime
) -> list[ClaimCode]:
    """Make a claim link for each learner of these awards, and queue its mail. The caller commits.

    Children for whom the school keeps the badge get none, and awards that a link carries already get no second one.
    """
    carried = select(ClaimItem.award_id).where(ClaimItem.award_id == Award.id)
    wanted = select(Award).where(col(Award.id).in_(award_ids), Award.state == AwardState.SEALED, ~carried.exists())
    by_learner: dict[UUID, list[Award]] = {}
    for award in db.exec(wanted.order_by(col(Award.awarded_at), col(Award.id))):
        by_learner.setdefault(award.learner_id, []).append(award)
    made = []
    for learner_id, awards in by_learner.items():
        learner = db.get_one(Learner, learner_id)
        if may_claim(learner, local_day(settings, now)):
            made.append(offer(db, settings, awards, now=now))
            queue_mail(db, settings, jobs, made[-1], learner, now=now)
    return made


def offer(db: Session, settings: IssuerSettings, awards: Sequence[Award], *, now: datetime) -> ClaimCode:
    """Make a claim link for awards of one learner, at one organization. The caller commits."""
    claim_id = uuid4()
    claim = ClaimCode(
        id=claim_id,
        organization_id=awards[0].organization_id,
        learner_id=awards[0].learner_id,
        code_hash=codes.claim_code_hash(settings.secret_bytes, claim_id),
        created_at=now,
        expires_at=now + timedelta(days=settings.claim_days),
    )
    db.add(claim)
    db.flush()
    db.add_all(ClaimItem(claim_id=claim_id, award_id=award.id) for award in awards)
    db.flush()
    return claim


def find(db: Session, settings: IssuerSettings, code: str, *, now: datetime) -> Found:
    """Return what a code leads to, while it works.

    :raises NotFound: ``claim-link``
    :raises Conflict: ``claim-expired``, ``claim-replaced``, ``claim-used``, ``claim-locked``, ``claim-by-school``,
        ``claim-withdrawn``
    """
    claim = db.exec(select(ClaimCode).where(ClaimCode.code_hash == token_hash(code[:200]))).first()
    if claim is None:
        raise NotFound("claim-link", mark("The code in it is unknown."))
    if claim.state in _ENDED:
        kind, detail = _ENDED[ClaimState(claim.state)]
        raise Conflict(kind, detail)
    if claim.expires_at <= now:
        raise Conflict("claim-expired", mark("Its time is over."))
    learner = db.get_one(Learner, claim.learner_id)
    if not may_claim(learner, local_day(settings, now)):
        raise Conflict("claim-by-school", mark("The learner is under 13, or the school does not know the age."))
    awards = tuple(still_carried(db, claim.id))
    if not awards:
        raise Conflict("claim-withdrawn", mark("All that it carries was withdrawn."))
    return Found(claim, learner, awards)


def redeem(db: Session, settings: IssuerSettings, code: str, tx_code: str, *, now: datetime) -> Redeemed:
    """Check the transaction code of a claim link, and commit. The link goes on working until everything is collected.

    :raises NotFound: ``claim-link``
    :raises Conflict: what `find` raises, and ``claim-locked``
    :raises MalformedInput: ``claim-code-wrong``
    """
    found = find(db, settings, code, now=now)
    claim = found.claim
    # Counted, and committed, before it is compared: tries that come at once count as much as those that come in turn.
    counted = (
        update(ClaimCode)
        .where(col(ClaimCode.id) == claim.id, col(ClaimCode.wrong_tries) < MAX_TRIES)
        .where(col(ClaimCode.state) == ClaimState.OFFERED)
        .values(wrong_tries=ClaimCode.wrong_tries + 1)
        .returning(col(ClaimCode.wrong_tries))
    )
    tries = db.execute(counted).scalar_one_or_none()
    db.commit()
    if tries is None:
        raise Conflict("claim-locked", "The code was wrong five times.")
    right = codes.same_tx_code(settings.secret_bytes, claim.id, tx_code)
    if not right and tries < MAX_TRIES:
        raise MalformedInput("claim-code-wrong", f"{MAX_TRIES - tries} more tries are left.")
    values = {"wrong_tries": 0} if right else {"state": ClaimState.LOCKED}
    db.execute(update(ClaimCode).where(col(ClaimCode.id) == claim.id).values(**values))
    db.commit()
    if not right:
        raise Conflict("claim-locked", "The code was wrong five times.")
    return Redeemed(claim.id, claim.organization_id, claim.learner_id, tuple(award.id for award in found.awards))


def collected(db: Session, claim_id: UUID, award_ids: Sequence[UUID], *, now: datetime) -> None:
    """Note that a wallet has these awards; a link that carries nothing more has done its work. The caller commits."""
    # One after the other: of two wallets that say so at once, neither would see what the other one took.
    db.exec(select(ClaimCode.id).where(ClaimCode.id == claim_id).with_for_update()).one()
    taken = update(ClaimItem).where(col(ClaimItem.claim_id) == claim_id, col(ClaimItem.award_id).in_(award_ids))
    db.execute(taken.where(col(ClaimItem.collected_at).is_(None)).values(collected_at=now))
    left = select(ClaimItem).where(ClaimItem.claim_id == claim_id, col(ClaimItem.collected_at).is_(None))
    if db.exec(left.limit(1)).first() is None:
        done = update(ClaimCode).where(col(ClaimCode.id) == claim_id, col(ClaimCode.state) == ClaimState.OFFERED)
        db.execute(done.values(state=ClaimState.CLAIMED, claimed_at=now))


def replace(
    db: Session, settings: IssuerSettings, jobs: Jobs, awards: Sequence[Award], *, by_mail: bool, now: datetime
) -> ClaimCode:
    """Make one new link for awards of one learner; the links that carried any of them end. The caller commits.

    What those links carried besides, and nobody collected, moves to the new one.

    :raises Conflict: ``claim-by-school``, ``claim-nothing``, ``claim-withdrawn``
    """
    if not awards:
        raise Conflict("claim-nothing", mark("No badge waits to be collected."))
    # One after the other for one learner: of two new links made at once, neither would know of the other and end it.
    learner = db.get_one(Learner, awards[0].learner_id, with_for_update={"key_share": True})
    if not may_claim(learner, local_day(settings, now)):
        raise Conflict("claim-by-school", mark("The learner is under 13, or the school does not know the age."))
    if any(award.status == AwardStatus.REVOKED for award in awards):
        raise Conflict("claim-withdrawn", mark("All that it carries was withdrawn."))
    if any(award.state != AwardState.SEALED for award in awards):
        raise Conflict("claim-nothing", mark("This badge is not issued yet."))
    carrying = select(ClaimItem.claim_id).where(col(ClaimItem.award_id).in_([award.id for award in awards]))
    ending = db.exec(select(ClaimCode).where(col(ClaimCode.id).in_(carrying)).with_for_update()).all()
    moved = {award.id: award for award in awards}
    for claim in ending:
        moved |= {award.id: award for award in still_carried(db, claim.id)}
    made = offer(db, settings, list(moved.values()), now=now)
    for claim in ending:
        claim.state, claim.replaced_by = ClaimState.REPLACED, made.id
        db.add(claim)
    if by_mail:
        queue_mail(db, settings, jobs, made, learner, now=now)
    db.flush()
    return made


def uncollected(db: Session, organization_id: UUID, learner_id: UUID) -> Sequence[Award]:
    """Return the awards of a learner at an organization that no wallet has yet, the oldest first."""
    taken = select(ClaimItem.award_id).where(ClaimItem.award_id == Award.id, col(ClaimItem.collected_at).is_not(None))
    wanted = select(Award).where(
        Award.organization_id == organization_id,
        Award.learner_id == learner_id,
        Award.state == AwardState.SEALED,
        Award.status != AwardStatus.REVOKED,
        ~taken.exists(),
    )
    return db.exec(wanted.order_by(col(Award.awarded_at), col(Award.id))).all()


def claim_of(db: Session, award_id: UUID) -> ClaimCode | None:
    """Return the newest link that carries an award, and one that was not replaced before one that was."""
    wanted = select(ClaimCode).join(ClaimItem, col(ClaimItem.claim_id) == col(ClaimCode.id))
    replaced = col(ClaimCode.state) == ClaimState.REPLACED
    newest = wanted.where(ClaimItem.award_id == award_id).order_by(replaced, col(ClaimCode.created_at).desc())
    return db.exec(newest.limit(1)).first()


def is_open(claim: ClaimCode, now: datetime) -> bool:
    """Tell whether a link works."""
    return claim.state == ClaimState.OFFERED and claim.expires_at > now


def still_carried(db: Session, claim_id: UUID) -> Sequence[Award]:
    """Return the awards that a link carries and nobody has collected by it, without those that were withdrawn."""
    wanted = select(Award).join(ClaimItem, col(ClaimItem.award_id) == col(Award.id))
    open_ones = wanted.where(
        ClaimItem.claim_id == claim_id, col(ClaimItem.collected_at).is_(None), Award.status != AwardStatus.REVOKED
    )
    return db.exec(open_ones.order_by(col(Award.awarded_at), col(Award.id))).all()
