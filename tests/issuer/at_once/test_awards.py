"""Two who award at the same moment."""

import random
from uuid import UUID

import pytest
from sqlmodel import Session, select

from issuer.issuance import awarding
from issuer.issuance.awarding import Press
from issuer.issuance.models import StatusEntry
from tests.issuer.at_once.races import at_once, press_award
from tests.issuer.classroom import Classroom


@pytest.mark.parametrize("seed", range(4))
def test_however_presses_overlap_nobody_has_two_awards(room: Classroom, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same examples in every run
    presses = [room.press(rng.sample(room.learners, rng.randint(1, 5))) for _ in range(4)]
    answers = at_once([lambda press=press: press_award(room, press) for press in presses * 2])

    # One of them wins, or several that have no learner in common; and both senders of a press are told the same.
    assert answers[:4] == answers[4:]
    winners = [press for press, answer in zip(presses, answers, strict=False) if isinstance(answer, UUID)]
    assert winners
    assert {answer for answer in answers if not isinstance(answer, UUID)} <= {"award-twice"}
    expected = sorted(request.learner_id for press in winners for request in press.requests)
    awards = room.awards()
    assert sorted(made.learner_id for made in awards) == expected
    assert {made.occasion for made in awards} == {1}
    with room.issuer.db() as db:
        entries = db.exec(select(StatusEntry)).all()
    assert sorted(str(entry.award_id) for entry in entries) == sorted(str(made.id) for made in awards)


def test_two_buttons_pressed_at_once_for_one_form_lead_to_one_page(room: Classroom) -> None:
    teachers = [room.world.as_teacher() for _ in range(4)]
    page = f"{room.world.base}/awards"
    form = room.press()
    fields = {"press": str(form.press), "achievement": str(form.achievement_id), "version": str(form.version_id)}
    fields |= {"class_id": str(room.class_id)}
    learners = [str(learner) for learner in room.learners]

    def send(number: int) -> str:
        level = room.press().requests[0].results[0]["level_id"]
        answer = teachers[number].post_form(page, **fields, learner=learners, **{"r0-all": level})
        assert answer.status_code == 303
        return answer.headers["location"]

    assert len(set(at_once([lambda number=number: send(number) for number in range(4)]))) == 1
    assert len(room.awards()) == 5


def test_a_colleagues_award_after_the_look_for_twins_is_one_still(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner, look = room.learners[:1], awarding._occasions

    def look_and_be_overtaken(db: Session, press: Press) -> dict[UUID, int]:
        monkeypatch.setattr(awarding, "_occasions", look)
        found = look(db, press)
        room.award(learner)
        return found

    monkeypatch.setattr(awarding, "_occasions", look_and_be_overtaken)
    assert press_award(room, room.press(learner)) == "award-twice"
    assert [made.occasion for made in room.awards()] == [1]


def test_an_award_that_is_meant_again_stands_once_for_each_time(room: Classroom) -> None:
    room.award(room.learners[:1])
    presses = [room.press(room.learners[:1], again=True) for _ in range(3)]
    answers = at_once([lambda press=press: press_award(room, press) for press in presses])
    won = sum(isinstance(answer, UUID) for answer in answers)
    assert won >= 1
    assert [made.occasion for made in room.awards()] == list(range(1, won + 2))
