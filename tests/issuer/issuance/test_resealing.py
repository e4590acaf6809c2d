import pytest
from sqlmodel import select

from intaglio.documents import parse_object
from intaglio.errors import SigningFailed
from intaglio.multikey import Algorithm
from intaglio.server.errors import NotFound
from issuer.delivery import codes
from issuer.delivery.models import ClaimCode, ClaimState
from issuer.delivery.service import collected, find
from issuer.issuance.models import Award, CopyForm, CopyKind, SealedCopy
from issuer.issuance.resealing import count_affected, order_resealing, reseal_affected
from issuer.issuance.sealer import current_copies
from issuer.organizations import identity, keys
from issuer.organizations.models import KeyState, OrganizationKey
from tests.issuer.classroom import Classroom
from tests.issuer.issuance.test_sealing import HOLDER
from tests.issuer.readers import problems, read


def _give_up_the_key(room: Classroom) -> None:
    with room.issuer.db() as db:
        old = identity.active_key(db, room.world.school.id, Algorithm.ED25519)
        keys.revoke(db, room.issuer.settings, room.world.school, old.id, staff_id=None, now=room.now)


def _affected(room: Classroom) -> int:
    with room.issuer.db() as db:
        return count_affected(db, room.world.school.id)


def _reseal(room: Classroom) -> None:
    with room.issuer.db() as db:
        order_resealing(db, room.scope(room.world.registrar), room.jobs, now=room.now)
    room.work()


def test_after_a_key_was_given_up_its_awards_are_sealed_again_and_verify_again(room: Classroom) -> None:
    awards = room.sealed()
    with room.issuer.db() as db:
        before = {award.id: current_copies(db, award.id)[0].document for award in awards}
    room.issuer.clock.advance(days=1)
    assert _affected(room) == 0
    _give_up_the_key(room)
    assert _affected(room) == 3
    assert not read(room.issuer, before[awards[0].id]).verified

    _reseal(room)
    assert _affected(room) == 0
    with room.issuer.db() as db:
        for award in awards:
            (copy,) = current_copies(db, award.id)
            old, new = parse_object(before[award.id]), parse_object(copy.document)
            assert (new["id"], new["credentialStatus"]) == (old["id"], old["credentialStatus"])
            assert new["validFrom"] > old["validFrom"]
            assert read(room.issuer, copy.document).verified


def test_the_old_copies_are_kept_and_count_no_more(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    _give_up_the_key(room)
    _reseal(room)
    with room.issuer.db() as db:
        copies = db.exec(select(SealedCopy).where(SealedCopy.award_id == award.id)).all()
    assert sorted(copy.replaced_at is None for copy in copies) == [False, True]


def test_a_learner_who_had_collected_hers_gets_a_new_link_and_a_new_copy(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    with room.issuer.db() as db:
        first = room.sealer.seal_for_holder(db, award.id, HOLDER, form=CopyForm.LDP, now=room.now)
        claim = db.exec(select(ClaimCode)).one()
        collected(db, claim.id, [award.id], now=room.now)
        db.commit()
    _give_up_the_key(room)
    room.issuer.clock.advance(days=1)
    _reseal(room)
    with room.issuer.db() as db:
        old = db.get_one(ClaimCode, claim.id)
        assert old.state == ClaimState.REPLACED
        assert old.replaced_by is not None
        code = codes.claim_code(room.issuer.settings.secret_bytes, old.replaced_by)
        assert [one.id for one in find(db, room.issuer.settings, code, now=room.now).awards] == [award.id]
        room.issuer.clock.advance(minutes=1)
        second = room.sealer.seal_for_holder(db, award.id, HOLDER, form=CopyForm.LDP, now=room.now)
        assert current_copies(db, award.id, CopyKind.LEARNER) == [second]
    assert second.id != first.id
    report = read(room.issuer, second.document)
    assert report.verified, problems(report)


def test_what_was_withdrawn_is_not_sealed_again(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    room.change(Award, award.id, status="revoked")
    _give_up_the_key(room)
    assert _affected(room) == 0


def test_where_one_cannot_be_sealed_again_the_others_are_and_the_job_is_tried_again(room: Classroom) -> None:
    awards = room.sealed()
    room.change(Award, awards[1].id, subject_name="4711 4711")
    _give_up_the_key(room)
    with pytest.raises(Exception, match="award cannot be written"):
        reseal_affected(room.issuer.app.state.database, room.sealer, room.jobs, room.world.school.id, room.issuer.clock)
    assert _affected(room) == 1


def test_another_organizations_awards_are_left_alone(room: Classroom) -> None:
    room.sealed()
    _give_up_the_key(room)
    with room.issuer.db() as db:
        assert count_affected(db, room.world.other_school.id) == 0


def test_without_a_new_key_nothing_is_sealed_again_and_nothing_is_lost(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    with room.issuer.db() as db:
        key_ids = [key.id for key in identity.keys_of(db, room.world.school.id)]
    for key_id in key_ids:
        room.change(OrganizationKey, key_id, state=KeyState.REVOKED, revoked_at=room.now)
    with pytest.raises(SigningFailed):
        reseal_affected(room.issuer.app.state.database, room.sealer, room.jobs, room.world.school.id, room.issuer.clock)
    assert _affected(room) == 1


def test_an_unknown_link_is_still_unknown(room: Classroom) -> None:
    with room.issuer.db() as db, pytest.raises(NotFound):
        find(db, room.issuer.settings, "x", now=room.now)
