"""A key is renewed or given up while somebody seals with it."""

from sqlmodel import select

from intaglio.multikey import Algorithm
from intaglio.verification.report import Outcome
from issuer.issuance.models import CopyForm
from issuer.issuance.sealer import current_copies
from issuer.organizations import keys
from issuer.organizations.models import KeyState, Organization, OrganizationKey
from tests.issuer.at_once.races import (
    HOLDER,
    at_once,
    beside,
    documents,
    give_key_up,
    seal_for_holder,
    until_somebody_waits,
)
from tests.issuer.classroom import Classroom
from tests.issuer.readers import read


def test_badges_that_are_sealed_while_the_key_is_renewed_verify(room: Classroom) -> None:
    room.award()

    def renew() -> None:
        with room.issuer.db() as db:
            school = db.get_one(Organization, room.world.school.id)
            keys.rotate(db, room.issuer.settings, school, Algorithm.ED25519, staff_id=None, now=room.now)

    at_once([room.work, renew, room.work])
    assert {read(room.issuer, document).outcome for document in documents(room)} == {Outcome.VERIFIED}
    assert len(documents(room)) == 5


def test_whoever_seals_a_moment_after_the_renewal_began_by_the_old_key_seals_well(room: Classroom) -> None:
    began = room.now
    room.issuer.clock.advance(seconds=20)
    room.sealed(room.learners[:1])
    with room.issuer.db() as db:
        school = db.get_one(Organization, room.world.school.id)
        keys.rotate(db, room.issuer.settings, school, Algorithm.ED25519, staff_id=None, now=began)
    (document,) = documents(room)
    assert read(room.issuer, document).outcome is Outcome.VERIFIED


def test_a_key_is_not_given_up_while_somebody_seals_with_it(room: Classroom) -> None:
    (made,) = room.sealed(room.learners[:1])
    with room.issuer.db() as db, beside() as run:
        room.sealer.seal_for_holder(db, made.id, HOLDER, form=CopyForm.LDP, now=room.now)
        giving_up = run(lambda: give_key_up(room))
        until_somebody_waits(room)
        db.commit()
        giving_up.result(60)
    with room.issuer.db() as db:
        used = {copy.key_id for copy in current_copies(db, made.id)}
        assert {db.get_one(OrganizationKey, key).state for key in used} == {KeyState.REVOKED}


def test_whoever_waited_while_a_key_was_given_up_seals_with_the_next_one(room: Classroom) -> None:
    (made,) = room.sealed(room.learners[:1])
    room.issuer.clock.advance(hours=1)  # the learner's copy is good from a second after the school's
    with room.issuer.db() as db, beside() as run:
        active = select(OrganizationKey).where(OrganizationKey.organization_id == room.world.school.id)
        key = db.exec(active.with_for_update()).one()
        sealing = run(lambda: seal_for_holder(room, made.id))
        until_somebody_waits(room)
        school = db.get_one(Organization, room.world.school.id)
        keys.revoke(db, room.issuer.settings, school, key.id, staff_id=None, now=room.now)
        document = sealing.result(60)
    assert isinstance(document, bytes)
    assert read(room.issuer, document).outcome is Outcome.VERIFIED
