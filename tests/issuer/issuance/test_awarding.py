from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from sqlmodel import col, select

from intaglio.errors import IntaglioError, MalformedInput
from intaglio.server.errors import Conflict, NotFound
from issuer.achievements.models import Achievement, AchievementState, AchievementVersion
from issuer.issuance.awarding import AwardRequest, Press, award, batch_of_press
from issuer.issuance.models import Award, AwardBatch, StatusEntry
from issuer.organizations.models import Role
from issuer.roster.models import Enrollment, Learner, SchoolClass
from tests.issuer.classroom import LEVELS, Classroom, add_achievement


def _refused(room: Classroom, press: Press, **more: object) -> IntaglioError:
    with room.issuer.db() as db, pytest.raises(IntaglioError) as caught:
        award(db, room.scope(**more), room.jobs, press, now=room.now)  # type: ignore[arg-type]
    return caught.value


def test_an_award_keeps_what_was_judged_and_the_name_as_the_school_writes_it(room: Classroom) -> None:
    evidence = ({"url": "https://work.example/1", "name": "", "description": ""},)
    batch = room.award(room.learners[:1], narrative="Spoke at the council.", evidence=evidence)

    (made,) = room.awards(batch.id)
    assert made.subject_name == "Ana Alvarez"
    assert made.level == "Proficient"
    assert made.results[0]["level_id"] == LEVELS[1]
    assert made.narrative == "Spoke at the council."
    assert made.evidence == list(evidence)
    assert made.assessor_id == room.world.teacher.id
    assert made.valid_until is not None
    assert made.valid_until.year == room.now.year + 3


def test_the_same_press_awards_once_however_often_it_is_sent(room: Classroom) -> None:
    press = room.press()
    with room.issuer.db() as db:
        first = award(db, room.scope(), room.jobs, press, now=room.now)
        second = award(db, room.scope(), room.jobs, press, now=room.now)
    assert first.id == second.id
    assert len(room.awards()) == 3


def test_the_same_press_sent_at_the_same_moment_awards_once(room: Classroom) -> None:
    press = room.press()

    def send(_number: int) -> object:
        with room.issuer.db() as db:
            return award(db, room.scope(), room.jobs, press, now=room.now).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 1
    room.work()
    assert len(room.awards()) == 3


def test_somebody_elses_press_is_not_found(room: Classroom) -> None:
    press = room.press()
    with room.issuer.db() as db:
        award(db, room.scope(), room.jobs, press, now=room.now)
        with pytest.raises(NotFound):
            batch_of_press(db, room.scope(room.world.registrar), press.press)


def test_a_badge_that_somebody_has_already_is_not_awarded_again_by_accident(room: Classroom) -> None:
    room.award(room.learners[:1])
    assert _refused(room, room.press()).problem.kind == "award-twice"
    assert len(room.awards()) == 1


def test_a_badge_can_be_awarded_again_where_it_is_meant(room: Classroom) -> None:
    room.award(room.learners[:1])
    room.award(room.learners[:1], again=True)
    assert [made.occasion for made in room.awards()] == [1, 2]


def test_after_a_badge_was_withdrawn_the_next_one_is_no_twin(room: Classroom) -> None:
    first = room.sealed(room.learners[:1])[0]
    room.change(Award, first.id, status="revoked")
    room.award(room.learners[:1])
    assert [made.occasion for made in room.awards()] == [1, 2]


def test_two_teachers_at_the_same_moment_award_a_learner_once(room: Classroom) -> None:
    def send(_number: int) -> str:
        with room.issuer.db() as db:
            try:
                award(db, room.scope(), room.jobs, room.press(room.learners[:1]), now=room.now)
            except Conflict as error:
                return error.problem.kind
        return "awarded"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(send, range(4)))
    assert answers == ["award-twice", "award-twice", "award-twice", "awarded"]
    assert len(room.awards()) == 1


def test_every_award_has_a_place_of_its_own_in_the_status_list(room: Classroom) -> None:
    room.award()
    with room.issuer.db() as db:
        entries = db.exec(select(StatusEntry)).all()
    assert len({(entry.list_id, entry.index) for entry in entries}) == 3
    assert {entry.credential_id for entry in entries} == {made.credential_id for made in room.awards()}
    assert {entry.purpose for entry in entries} == {"revocation"}


def test_a_refused_press_leaves_nothing_behind(room: Classroom) -> None:
    room.award(room.learners[:1])
    _refused(room, room.press())
    with room.issuer.db() as db:
        assert len(db.exec(select(StatusEntry)).all()) == 1
        assert len(db.exec(select(AwardBatch)).all()) == 1


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda press: replace(press, requests=()), "award-empty"),
        (lambda press: replace(press, requests=press.requests[:1] * 2), "bad-request"),
        (lambda press: replace(press, version_id=uuid4()), "award-gone"),
        (lambda press: replace(press, achievement_id=uuid4()), "award-gone"),
        (lambda press: replace(press, requests=(AwardRequest(uuid4()),)), "no-such-page"),
    ],
)
def test_a_press_that_does_not_fit_is_refused(room: Classroom, change: Callable[[Press], Press], kind: str) -> None:
    assert _refused(room, change(room.press())).problem.kind == kind
    assert room.awards() == []


def test_a_retired_achievement_is_not_awarded(room: Classroom) -> None:
    room.change(Achievement, room.achievement_id, state=AchievementState.RETIRED)
    assert _refused(room, room.press()).problem.kind == "award-gone"


def test_after_a_new_version_the_form_has_to_be_looked_at_again(room: Classroom) -> None:
    with room.issuer.db() as db:
        old = db.get_one(AchievementVersion, room.version_id)
        values = {"number": 2, "definition": old.definition, "edited_at": room.now, "published_at": room.now}
        db.add(AchievementVersion(achievement_id=room.achievement_id, **values))
        db.commit()
    assert _refused(room, room.press()).problem.kind == "award-gone"


def test_an_achievement_of_another_school_is_not_awarded_here(room: Classroom) -> None:
    with room.issuer.db() as db:
        foreign, version = add_achievement(db, room.world.other_school.id, room.now, code="theirs")
        db.commit()
    press = replace(room.press(), achievement_id=foreign.id, version_id=version.id)
    assert _refused(room, press).problem.kind == "award-gone"


def test_a_teacher_of_another_school_reaches_none_of_these_learners(room: Classroom) -> None:
    stranger = room.scope(room.world.stranger, Role.TEACHER, organization=room.world.other_school)
    with room.issuer.db() as db, pytest.raises(NotFound):
        award(db, stranger, room.jobs, room.press(), now=room.now)


def test_a_teacher_of_the_school_without_the_class_reaches_none_of_its_learners(room: Classroom) -> None:
    with room.issuer.db() as db, pytest.raises(NotFound):
        award(db, room.scope(room.world.stranger, Role.TEACHER), room.jobs, room.press(), now=room.now)


@pytest.mark.parametrize("who", ["teacher", "student"])
@pytest.mark.parametrize("how", [{"active": False}, {"ends_on": date(2026, 5, 12)}, {"begins_on": date(2026, 5, 13)}])
def test_reach_ends_with_the_enrollment(room: Classroom, who: str, how: dict[str, object]) -> None:
    with room.issuer.db() as db:
        ids = db.exec(select(Enrollment.id).where(col(Enrollment.role) == who)).all()
    for enrollment_id in ids:
        room.change(Enrollment, enrollment_id, **how)
    assert _refused(room, room.press()).problem.kind == "no-such-page"


def test_reach_ends_with_the_class(room: Classroom) -> None:
    room.change(SchoolClass, room.class_id, ends_on=date(2026, 5, 12))
    assert _refused(room, room.press()).problem.kind == "no-such-page"


def test_the_office_awards_whoever_is_at_the_school_and_nobody_who_has_left(room: Classroom) -> None:
    registrar = room.scope(room.world.registrar)
    room.change(Enrollment, _enrollment_of(room, 0), active=False)
    with room.issuer.db() as db:
        award(db, registrar, room.jobs, room.press(room.learners[:1]), now=room.now)
    room.change(Learner, room.learners[1], active=False)
    with room.issuer.db() as db, pytest.raises(NotFound):
        award(db, registrar, room.jobs, room.press(room.learners[1:2]), now=room.now)


def test_more_learners_than_one_press_takes_are_refused(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("issuer.issuance.awarding.MAX_LEARNERS", 2)
    assert isinstance(_refused(room, room.press()), MalformedInput)


def _enrollment_of(room: Classroom, number: int) -> object:
    with room.issuer.db() as db:
        return db.exec(select(Enrollment.id).where(Enrollment.learner_id == room.learners[number])).one()
