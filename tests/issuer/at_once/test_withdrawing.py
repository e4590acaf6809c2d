"""A badge is withdrawn while somebody else does something with it."""

import pytest
from sqlmodel import select

from intaglio.verification.report import Outcome
from issuer.issuance.models import Award, AwardStatus, CopyKind, StatusChange, StatusEntry
from issuer.issuance.sealer import current_copies
from issuer.issuance.status import Change, change
from tests.issuer.at_once.races import at_once, beside, change_status, documents, seal_for_holder, until_somebody_waits
from tests.issuer.classroom import Classroom, classroom
from tests.issuer.readers import read
from tests.services import UnderTest


def test_a_badge_that_is_withdrawn_while_it_is_claimed_is_not_handed_out(room: Classroom) -> None:
    (made,) = room.sealed(room.learners[:1])
    with room.issuer.db() as holding, beside() as run:
        locked = holding.exec(select(Award).where(Award.id == made.id).with_for_update()).one()
        claiming = run(lambda: seal_for_holder(room, made.id))
        until_somebody_waits(room)
        change(holding, locked.id, Change.WITHDRAW, reason="A mistake.", staff_id=None, now=room.now)
        assert claiming.result(60) == "status-not-possible"
    with room.issuer.db() as db:
        assert current_copies(db, made.id, CopyKind.LEARNER) == []


def test_what_was_withdrawn_for_good_is_not_reinstated_by_somebody_who_was_slower(issuer: UnderTest) -> None:
    room = classroom(issuer, learners=1, pausable=True)
    (made,) = room.sealed()
    change_status(room, made.id, Change.PAUSE)
    with room.issuer.db() as holding, beside() as run:
        holding.exec(select(Award).where(Award.id == made.id).with_for_update()).one()
        slower = run(lambda: change_status(room, made.id, Change.REINSTATE))
        until_somebody_waits(room)
        change(holding, made.id, Change.WITHDRAW, reason="For good.", staff_id=None, now=room.now)
        assert slower.result(60) == "status-not-possible"
    with room.issuer.db() as db:
        assert db.get_one(Award, made.id).status == AwardStatus.REVOKED
        assert db.exec(select(StatusEntry.is_set).where(StatusEntry.award_id == made.id)).one() is True


def test_four_who_withdraw_at_once_withdraw_once(room: Classroom) -> None:
    (made,) = room.sealed(room.learners[:1])
    answers = at_once([lambda: change_status(room, made.id, Change.WITHDRAW)] * 4)
    assert sorted(answers) == ["done", *["status-not-possible"] * 3]
    with room.issuer.db() as db:
        assert len(db.exec(select(StatusChange)).all()) == 1
    (document,) = documents(room)
    assert read(room.issuer, document).outcome is not Outcome.VERIFIED


@pytest.mark.parametrize("_round", range(3))
def test_in_whatever_order_a_claim_and_a_withdrawal_come_the_badge_is_withdrawn(room: Classroom, _round: int) -> None:
    (made,) = room.sealed(room.learners[:1])
    claimed, withdrawn = at_once(
        [lambda: seal_for_holder(room, made.id), lambda: change_status(room, made.id, Change.WITHDRAW)]
    )
    assert withdrawn == "done"
    assert claimed == "status-not-possible" or isinstance(claimed, bytes)
    for document in documents(room):
        assert read(room.issuer, document).outcome is not Outcome.VERIFIED
