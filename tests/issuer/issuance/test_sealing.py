import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import func, text
from sqlmodel import select

from intaglio.documents import parse_object
from intaglio.server.errors import Conflict
from issuer.delivery.models import ClaimCode
from issuer.issuance.awarding import retry
from issuer.issuance.models import Award, AwardState, CopyForm, CopyKind, SealedCopy, StatusEntry
from issuer.issuance.sealer import current_copies
from issuer.issuance.sealing import resume_forgotten, seal_waiting
from issuer.organizations.identity import keys_of
from issuer.organizations.models import KeyState, OrganizationKey
from issuer.roster.models import Learner
from tests.issuer.classroom import Classroom, classroom
from tests.issuer.readers import problems, read
from tests.services import UnderTest

HOLDER = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


def _count(room: Classroom, model: type) -> int:
    with room.issuer.db() as db:
        return db.exec(select(func.count()).select_from(model)).one()


def test_every_award_of_a_press_is_sealed_once(room: Classroom) -> None:
    awards = room.sealed()

    assert [award.state for award in awards] == [AwardState.SEALED] * 3
    assert _count(room, SealedCopy) == 3
    assert _count(room, StatusEntry) == 3
    assert _count(room, ClaimCode) == 3


def test_the_schools_copy_names_the_learner_as_the_school_writes_her_and_holds_nothing_else_about_her(
    room: Classroom,
) -> None:
    award = room.sealed(room.learners[:1], narrative="Spoke at the **council**.")[0]

    with room.issuer.db() as db:
        (copy,) = current_copies(db, award.id)
    document = parse_object(copy.document)
    assert copy.kind == CopyKind.SCHOOL
    assert copy.sha256 == hashlib.sha256(copy.document).digest()
    assert document["id"] == f"urn:uuid:{award.id}"
    assert document["issuer"]["id"] == "did:web:issuer.localhost:organizations:prairie-view-high-school"
    assert "id" not in document["credentialSubject"]
    assert document["credentialSubject"]["identifier"][0]["identityHash"] == "Ana Alvarez"
    assert document["credentialSubject"]["achievement"]["creator"]["name"] == "Prairie View District"
    assert document["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert "L0" not in json.dumps(document)
    assert "@prairie.example" not in json.dumps(document)


def test_a_reader_elsewhere_finds_keys_and_status_and_verifies_it(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]

    with room.issuer.db() as db:
        (copy,) = current_copies(db, award.id)
    report = read(room.issuer, copy.document)
    assert report.verified, problems(report)


def test_where_an_organization_asks_for_tokens_there_is_one_beside_with_the_same_content(issuer: UnderTest) -> None:
    room = classroom(issuer, seals_tokens=True)
    award = room.sealed(room.learners[:1])[0]

    with issuer.db() as db:
        copies = {copy.form: copy for copy in current_copies(db, award.id)}
    assert set(copies) == {CopyForm.LDP, CopyForm.JWT}
    assert copies[CopyForm.JWT].document.count(b".") == 2
    report = read(issuer, copies[CopyForm.JWT].document)
    assert report.verified, problems(report)
    plain = parse_object(copies[CopyForm.LDP].document)
    assert report.document is not None
    assert report.document["id"] == plain["id"]
    assert report.document["credentialStatus"] == plain["credentialStatus"]


def test_the_learners_copy_is_bound_to_her_wallet_with_the_same_id_and_status_and_a_newer_date(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    room.issuer.clock.advance(days=2)

    with room.issuer.db() as db:
        (school,) = current_copies(db, award.id)
        learner = room.sealer.seal_for_holder(db, award.id, HOLDER, form=CopyForm.LDP, now=room.now)
        db.commit()
    first, second = parse_object(school.document), parse_object(learner.document)
    assert second["credentialSubject"]["id"] == HOLDER
    assert second["credentialSubject"]["identifier"] == first["credentialSubject"]["identifier"]
    assert (second["id"], second["credentialStatus"]) == (first["id"], first["credentialStatus"])
    assert second["awardedDate"] == first["awardedDate"]
    assert second["validUntil"] == first["validUntil"]
    assert second["validFrom"] > first["validFrom"]
    assert read(room.issuer, learner.document).verified


def test_asking_again_for_the_same_wallet_gives_the_same_bytes_and_another_one_needs_a_new_link(
    room: Classroom,
) -> None:
    award = room.sealed(room.learners[:1])[0]

    with room.issuer.db() as db:
        first = room.sealer.seal_for_holder(db, award.id, HOLDER, form=CopyForm.LDP, now=room.now)
        db.commit()
    room.issuer.clock.advance(hours=1)
    with room.issuer.db() as db:
        again = room.sealer.seal_for_holder(db, award.id, HOLDER, form=CopyForm.LDP, now=room.now)
        with pytest.raises(Conflict, match="Another wallet has it"):
            room.sealer.seal_for_holder(db, award.id, "did:key:zOther", form=CopyForm.LDP, now=room.now)
        seal = partial(room.sealer.seal_for_holder, form=CopyForm.LDP, now=room.now, link_made_at=room.now)
        other = seal(db, award.id, "did:key:zOther")
        db.commit()
    assert again.document == first.document
    assert again.id == first.id
    assert other.id != first.id
    with room.issuer.db() as db:
        assert [copy.id for copy in current_copies(db, award.id, CopyKind.LEARNER)] == [other.id]


def test_no_learners_copy_is_made_of_what_is_not_issued_yet_or_was_withdrawn(room: Classroom) -> None:
    waiting = room.award(room.learners[:1])
    withdrawn = room.sealed(room.learners[1:2])[0]
    room.change(Award, withdrawn.id, status="revoked")
    first = room.awards(waiting.id)[0]
    room.change(Award, first.id, state=AwardState.WAITING, sealed_at=None)

    with room.issuer.db() as db:
        for award_id in (first.id, withdrawn.id):
            with pytest.raises(Conflict) as caught:
                room.sealer.seal_for_holder(db, award_id, HOLDER, form=CopyForm.LDP, now=room.now)
            assert caught.value.problem.kind == "status-not-possible"


def test_an_award_that_cannot_be_sealed_is_set_aside_with_the_reason_and_its_neighbours_go_on(room: Classroom) -> None:
    batch = room.award()
    bad = room.awards(batch.id)[1]
    room.change(Award, bad.id, subject_name="Student 20260042")
    room.work()

    states = {award.id: award for award in room.awards(batch.id)}
    assert states[bad.id].state == AwardState.FAILED
    assert states[bad.id].problem == {
        "kind": "award-malformed",
        "detail": "What should be a name has a number in it.",
        "pointer": "/credentialSubject/identifier/0/identityHash",
    }
    assert sorted(award.state for award in states.values()) == ["failed", "sealed", "sealed"]
    assert _count(room, SealedCopy) == 2


def test_what_was_set_aside_is_tried_again_when_somebody_asks(room: Classroom) -> None:
    batch = room.award()
    bad = room.awards(batch.id)[0]
    room.change(Award, bad.id, subject_name="9999")
    room.work()
    room.change(Award, bad.id, subject_name="Ana Alvarez")

    with room.issuer.db() as db:
        retry(db, room.scope(), room.jobs, batch.id, now=room.now)
    room.work()
    assert {award.state for award in room.awards(batch.id)} == {AwardState.SEALED}
    assert _count(room, StatusEntry) == 3


def test_without_a_key_to_seal_with_awards_are_set_aside_and_say_so(room: Classroom) -> None:
    with room.issuer.db() as db:
        for key in keys_of(db, room.world.school.id):
            room.change(OrganizationKey, key.id, state=KeyState.RETIRED)
    award = room.sealed(room.learners[:1])[0]
    assert award.problem is not None
    assert award.problem["kind"] == "no-active-key"


def test_a_mistake_of_ours_in_one_row_is_told_there_and_stops_no_other(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = room.award()
    broken = room.awards(batch.id)[0].id
    seal_award = room.sealer.seal_award

    def sometimes(db, award, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN202
        if award.id == broken:
            raise KeyError("a mistake")
        return seal_award(db, award, **more)

    monkeypatch.setattr(room.sealer, "seal_award", sometimes)
    room.work()
    problems_of = {award.id: award.problem for award in room.awards(batch.id)}
    assert problems_of.pop(broken) == {"kind": "our-mistake", "detail": "KeyError while sealing."}
    assert set(problems_of.values()) == {None}


def test_two_workers_at_once_seal_each_award_once(room: Classroom) -> None:
    batch = room.award()
    database = room.issuer.app.state.database

    def work(_number: int) -> int:
        return seal_waiting(database, room.sealer, room.jobs, batch.id, room.issuer.clock)

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == 3
    assert _count(room, SealedCopy) == 3
    assert _count(room, ClaimCode) == 3


def test_what_a_killed_worker_had_begun_is_not_there(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = room.award(room.learners[:1])

    def die(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("issuer.issuance.sealing.announce", die)
        with pytest.raises(SystemExit):
            seal_waiting(room.issuer.app.state.database, room.sealer, room.jobs, batch.id, room.issuer.clock)
    assert room.awards(batch.id)[0].state == AwardState.WAITING
    assert _count(room, SealedCopy) == 0
    room.work()
    assert room.awards(batch.id)[0].state == AwardState.SEALED
    assert _count(room, SealedCopy) == 1


def test_a_change_of_the_learners_name_changes_no_badge(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    room.change(Learner, room.learners[0], family_name="Newname")
    room.issuer.clock.advance(days=1)
    with room.issuer.db() as db:
        copy = room.sealer.seal_for_holder(db, award.id, HOLDER, form=CopyForm.LDP, now=room.now)
    assert parse_object(copy.document)["credentialSubject"]["identifier"][0]["identityHash"] == "Ana Alvarez"


def test_awards_whose_job_was_lost_are_found_again(room: Classroom) -> None:
    batch = room.award()
    with room.issuer.db() as db:
        db.connection().execute(text("DELETE FROM procrastinate_jobs"))
        db.commit()
        assert resume_forgotten(db, room.jobs, now=room.now) == 0
        room.issuer.clock.advance(minutes=11)
        assert resume_forgotten(db, room.jobs, now=room.now) == 1
        assert resume_forgotten(db, room.jobs, now=room.now) == 1  # one that waits already is enough
        assert db.connection().execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one() == 1
    room.work()
    assert {award.state for award in room.awards(batch.id)} == {AwardState.SEALED}


def test_a_worker_that_is_asked_to_stop_does_so_between_two_awards(room: Classroom) -> None:
    batch = room.award()
    calls = iter([False, True])

    def between() -> None:
        if next(calls):
            raise InterruptedError

    database = room.issuer.app.state.database
    with pytest.raises(InterruptedError):
        seal_waiting(database, room.sealer, room.jobs, batch.id, room.issuer.clock, between=between)
    assert sorted(award.state for award in room.awards(batch.id)) == ["sealed", "waiting", "waiting"]
