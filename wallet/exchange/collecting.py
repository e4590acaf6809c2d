"""Collecting what was offered (OpenID4VCI 1.0, sections 6 to 8): code to token to credential, and each step kept.

Whatever fails on the way can be tried again: the token is stored as soon as there is one, since the code works only once, and
what came in is stored before the next is asked for.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from intaglio.errors import IntaglioError, Problem
from intaglio.multikey import Algorithm
from intaglio.protocols.openid4vci.notification import Event
from intaglio.protocols.openid4vci.wallet_flow import Authorized, Offered, ProveKey, Received, Wanted, follow, resume
from wallet.access import Learner
from wallet.exchange.arrivals import Landed, remember_telling, take_in
from wallet.exchange.claims import (
    Progress,
    is_to_collect_again,
    let_go,
    progress_of,
    require_hold,
    save,
    take_hold,
)
from wallet.exchange.models import Claim, ClaimState
from wallet.exchange.notices import Telling, tell, telling_of
from wallet.holders.keys import lent_signer
from wallet.means import Means

MOST_AT_ONCE = 20
"""So many badges are collected in one go; each may take an issuer seconds. The learner goes on with the rest."""


@dataclass
class Collected:
    """What came in, and where it ended before the end, why."""

    landed: list[Landed] = field(default_factory=list)
    problem: Problem | None = None


def collect(
    db: Session, learner: Learner, claim: Claim, transaction_code: str, means: Means, *, now: datetime
) -> Collected:
    """Collect what a claim offers and has not been collected yet.

    :raises Conflict: ``claim-busy``
    :raises IntaglioError: what keeps a learner from beginning at all: a wrong code, an issuer that does not answer.
    """
    until = take_hold(db, claim, now=now)
    try:
        progress = progress_of(learner.vault, claim)
        if is_to_collect_again(db, claim, progress):
            progress.done, progress.holdings = [], []
        held = _Held(claim, progress, until)
        authorized = _authorize(db, learner, held, transaction_code, means)
        return _collect_each(db, learner, held, authorized, means=means, now=now)
    finally:
        let_go(db, claim, until)


@dataclass(frozen=True)
class _Held:
    """A claim that is being collected, how far it has come, and until when it is ours."""

    claim: Claim
    progress: Progress
    until: datetime

    def save(self, db: Session, learner: Learner, state: ClaimState) -> None:
        """Note how far it has come, and commit.

        :raises Conflict: ``claim-busy`` where it is no longer ours.
        """
        require_hold(db, self.claim, self.until)
        save(db, learner.vault, self.claim, self.progress, state)
        db.commit()


def _authorize(db: Session, learner: Learner, held: _Held, transaction_code: str, means: Means) -> Authorized:
    progress = held.progress
    # Asked anew each time: what an issuer says of itself is hours old where a learner comes back to an offer.
    offered = follow(resume(progress.offer), means.sender)
    if not isinstance(offered, Offered):
        raise TypeError(offered)
    if progress.token is not None:
        return Authorized(offered.issuer, offered.choices, progress.token)
    authorized = follow(offered.accept(transaction_code), means.sender)
    if not isinstance(authorized, Authorized):
        raise TypeError(authorized)
    progress.token = authorized.token
    held.save(db, learner, ClaimState.AUTHORIZED)
    return authorized


def _collect_each(
    db: Session,
    learner: Learner,
    held: _Held,
    authorized: Authorized,
    *,
    means: Means,
    now: datetime,
) -> Collected:
    collected, progress = Collected(), held.progress
    remaining = [wanted for wanted in authorized.wanted if _name(wanted) not in progress.done]
    for wanted in remaining[:MOST_AT_ONCE]:
        try:
            received = _receive(db, learner, authorized, wanted, means, now)
            landed = _take_in_all(db, learner, received, means, now)
            progress.done.append(_name(wanted))
            progress.holdings += [str(item.kept.holding.id) for item in landed if item.kept]
            complete = all(_name(other) in progress.done for other in authorized.wanted)
            held.save(db, learner, ClaimState.COLLECTED if complete else ClaimState.AUTHORIZED)
        except IntaglioError as error:
            db.rollback()
            collected.problem = error.problem
            break
        collected.landed += landed
    return collected


def _receive(
    db: Session, learner: Learner, authorized: Authorized, wanted: Wanted, means: Means, now: datetime
) -> Received:
    halted = follow(authorized.collect(wanted), means.sender)
    if isinstance(halted, ProveKey):
        algorithm = _algorithm(halted)
        with lent_signer(db, learner.vault, learner.id, now=now, algorithm=algorithm) as signer:
            step = halted.prove(signer, now=now)
            halted = follow(step, means.sender)
            if isinstance(halted, ProveKey):  # the issuer wanted a newer nonce
                halted = follow(halted.prove(signer, now=now), means.sender)
    if not isinstance(halted, Received):
        raise TypeError(halted)
    return halted


def _take_in_all(db: Session, learner: Learner, received: Received, means: Means, now: datetime) -> list[Landed]:
    telling = telling_of(received)
    landed = [
        take_in(db, learner.vault, learner.id, data, means.source, now=now, registry=means.registry)
        for data in received.credentials
    ]
    _tell(db, learner, landed, telling, now)
    return landed


def _tell(db: Session, learner: Learner, landed: list[Landed], telling: Telling, now: datetime) -> None:
    """Tell at once what is decided; what waits for the learner takes the news along."""
    waiting = [item.arrival for item in landed if item.arrival]
    if any(item.kept for item in landed):
        tell(db, learner.vault, learner.id, telling, Event.ACCEPTED, now=now)
    elif waiting:
        remember_telling(db, learner.vault, waiting[0], telling)
    else:
        tell(db, learner.vault, learner.id, telling, Event.FAILURE, now=now)


def _algorithm(halted: ProveKey) -> Algorithm:
    known = halted.algorithms
    return Algorithm.ED25519 if Algorithm.ED25519 in known or not known else known[0]


def _name(wanted: Wanted) -> str:
    return f"{wanted.configuration.id}\0{wanted.identifier or ''}"
