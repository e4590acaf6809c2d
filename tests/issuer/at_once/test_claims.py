"""Two wallets, or two new links, at the same moment."""

from sqlmodel import select

from intaglio.custody.local import LocalSigner, generate
from intaglio.documents import parse_object
from intaglio.multikey import Algorithm
from intaglio.protocols.openid4vci.notification import Event
from intaglio.protocols.openid4vci.wallet_flow import Received
from issuer.delivery.models import ClaimCode, ClaimItem, ClaimState
from issuer.delivery.service import collected, replace
from issuer.issuance.models import CopyKind
from issuer.issuance.sealer import current_copies
from tests.issuer.at_once.races import at_once, beside, kind_or, note_collected, state_of, until_somebody_waits
from tests.issuer.classroom import Classroom
from tests.issuer.exchange.conftest import Offer, offer_for


def test_of_two_wallets_that_claim_one_link_at_once_one_gets_the_badge(room: Classroom) -> None:
    offer = offer_for(room, room.sealed(room.learners[:1]))
    wallets = [Offer(room, offer.claim, LocalSigner.over(generate(Algorithm.ED25519))) for _ in range(2)]

    def claim(wallet: Offer) -> Received | str:
        return kind_or(lambda: wallet.collect(wallet.authorized()))

    answers = at_once([lambda wallet=wallet: claim(wallet) for wallet in wallets])
    (winner,) = [number for number, answer in enumerate(answers) if isinstance(answer, Received)]
    received = answers[winner]
    assert isinstance(received, Received)
    holder = wallets[winner].signer.verification_method.partition("#")[0]
    assert parse_object(received.credentials[0])["credentialSubject"]["id"] == holder
    (made,) = room.awards()
    with room.issuer.db() as db:
        assert len(current_copies(db, made.id, CopyKind.SCHOOL)) == 1
        assert [copy.holder_did for copy in current_copies(db, made.id, CopyKind.LEARNER)] == [holder]
    notice = received.notification(Event.ACCEPTED)
    assert notice is not None
    assert at_once([lambda: offer.sender.send(notice).status] * 2) == [204, 204]
    assert state_of(room, offer.claim.id) == ClaimState.CLAIMED


def test_one_wallet_that_asks_twice_at_once_gets_the_same_badge(room: Classroom) -> None:
    offer = offer_for(room, room.sealed(room.learners[:1]))
    received = at_once([lambda: offer.collect(offer.authorized()).credentials] * 3)
    assert len(set(received)) == 1
    with room.issuer.db() as db:
        assert len(current_copies(db, room.awards()[0].id, CopyKind.LEARNER)) == 1


def test_a_link_whose_last_two_badges_are_taken_at_once_has_done_its_work(room: Classroom) -> None:
    both = [*room.sealed(room.learners[:1]), *room.sealed(room.learners[:1], again=True)]
    with room.issuer.db() as db:
        claim = replace(db, room.issuer.settings, room.jobs, both, by_mail=False, now=room.now)
        db.commit()
    with room.issuer.db() as first, beside() as run:
        collected(first, claim.id, [both[0].id], now=room.now)
        second = run(lambda: note_collected(room, claim.id, both[1].id))
        until_somebody_waits(room)
        first.commit()
        second.result(60)
    assert state_of(room, claim.id) == ClaimState.CLAIMED


def test_four_new_links_at_once_leave_one_that_works(room: Classroom) -> None:
    (made,) = room.sealed(room.learners[:1])

    def renew() -> None:
        with room.issuer.db() as db:
            replace(db, room.issuer.settings, room.jobs, [made], by_mail=False, now=room.now)
            db.commit()

    at_once([renew] * 4)
    with room.issuer.db() as db:
        states = [claim.state for claim in db.exec(select(ClaimCode))]
        assert len(db.exec(select(ClaimItem)).all()) == 5
    assert sorted(states) == [ClaimState.OFFERED, *[ClaimState.REPLACED] * 4]
