import re
from collections.abc import Sequence
from html import unescape
from uuid import UUID, uuid4

import httpx
import pytest

from issuer.issuance.models import AwardState
from issuer.roster.models import Learner, SchoolClass
from tests.issuer.classroom import LEVELS, Classroom, add_learner
from tests.services import Browser


def _fields(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return [(name, unescape(value)) for name, value in found if name != "csrf_token"]


def _send(browser: Browser, url: str, fields: Sequence[tuple[str, str]]) -> httpx.Response:
    whole: dict[str, list[str]] = {}
    for name, value in fields:
        whole.setdefault(name, []).append(value)
    return browser.post_form(url, **whole)


def _form(room: Classroom, browser: Browser, **query: object) -> list[tuple[str, str]]:
    asked = {"achievement": room.achievement_id, "class_id": room.class_id, **query}
    page = browser.get(f"{room.world.base}/awards/new", params={k: str(v) for k, v in asked.items() if v})
    assert page.status_code == 200
    return _fields(page.text)


def _marked(learners: Sequence[UUID]) -> list[tuple[str, str]]:
    return [("learner", str(learner)) for learner in learners]


def test_a_teacher_awards_a_class_in_four_steps(room: Classroom) -> None:
    teacher = room.world.as_teacher()
    first = teacher.get(f"{room.world.base}/awards/new")
    assert "Communication" in first.text
    assert "Advisory 1" in first.text

    entered = [*_form(room, teacher), *_marked(room.learners), ("r0-all", LEVELS[1])]
    entered.append((f"r0-{room.learners[0]}", LEVELS[0]))
    entered.append((f"n-{room.learners[0]}", "Spoke at the <council>."))
    entered.append((f"e-{room.learners[0]}", "https://work.example/1"))
    checked = _send(teacher, f"{room.world.base}/awards/check", entered)
    assert checked.status_code == 200
    assert "Practicing" in checked.text
    assert "Spoke at the &lt;council&gt;." in checked.text
    assert "Award 3 badges" in checked.text
    assert room.awards() == []

    sent = _send(teacher, f"{room.world.base}/awards", _fields(checked.text))
    assert sent.status_code == 303
    waiting = teacher.get(sent.headers["location"])
    assert "being issued now" in waiting.text
    assert teacher.get(sent.headers["location"] + "/progress").json() == {"done": 0, "total": 3, "waiting": 3}
    room.work()
    assert "All are issued" in teacher.get(sent.headers["location"]).text
    levels = {award.subject_name: award.level for award in room.awards()}
    assert levels == {"Ana Alvarez": "Practicing", "Björn Begay": "Proficient", "Chloé D’Angelo": "Proficient"}


def test_sending_the_form_twice_leads_to_the_same_page_and_awards_once(room: Classroom) -> None:
    teacher = room.world.as_teacher()
    entered = [*_form(room, teacher), *_marked(room.learners), ("r0-all", LEVELS[1])]
    first = _send(teacher, f"{room.world.base}/awards", entered)
    second = _send(teacher, f"{room.world.base}/awards", entered)
    assert first.headers["location"] == second.headers["location"]
    assert len(room.awards()) == 3


def test_whoever_has_it_already_is_shown_and_left_out_unless_it_is_meant_again(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    teacher = room.world.as_teacher()
    entered = [*_form(room, teacher), *_marked(room.learners[:2]), ("r0-all", LEVELS[1])]
    checked = _send(teacher, f"{room.world.base}/awards/check", entered)
    assert "1 learner has this badge already" in checked.text

    _send(teacher, f"{room.world.base}/awards", _fields(checked.text))
    assert [(award.subject_name, award.occasion) for award in room.awards()] == [("Ana Alvarez", 1), ("Björn Begay", 1)]

    again = [
        *_form(room, teacher),
        *_marked(room.learners[:1]),
        ("r0-all", LEVELS[1]),
        ("again", str(room.learners[0])),
    ]
    _send(teacher, f"{room.world.base}/awards", again)
    assert [award.occasion for award in room.awards() if award.subject_name == "Ana Alvarez"] == [1, 2]


def test_where_everybody_has_it_already_nothing_is_awarded_and_the_page_says_so(room: Classroom) -> None:
    room.sealed()
    teacher = room.world.as_teacher()
    entered = [*_form(room, teacher), *_marked(room.learners), ("r0-all", LEVELS[1])]
    answer = _send(teacher, f"{room.world.base}/awards", entered)
    assert answer.status_code == 409
    assert "3 learners have this badge already" in answer.text
    assert len(room.awards()) == 3


def test_what_was_typed_is_not_lost_where_something_is_missing(room: Classroom) -> None:
    teacher = room.world.as_teacher()
    entered = [*_form(room, teacher), *_marked(room.learners[:1]), (f"n-{room.learners[0]}", "A long story.")]
    entered += [(f"e-{room.learners[0]}", "javascript:alert(1)"), (f"n-{room.learners[1]}", "x" * 2001)]
    answer = _send(teacher, f"{room.world.base}/awards/check", entered)
    assert answer.status_code == 422
    assert "A long story." in answer.text
    assert "Choose what Ana Alvarez has reached: Level." in answer.text
    assert "Enter a web address" in answer.text
    assert re.search(rf'value="{room.learners[0]}" checked', answer.text)

    nobody = _send(teacher, f"{room.world.base}/awards", _form(room, teacher))
    assert nobody.status_code == 422
    assert "Choose at least one learner." in nobody.text


def test_from_the_check_one_can_go_back_and_finds_everything(room: Classroom) -> None:
    teacher = room.world.as_teacher()
    entered = [*_form(room, teacher), *_marked(room.learners[:1]), ("r0-all", LEVELS[1]), ("n-all", "All spoke.")]
    checked = _send(teacher, f"{room.world.base}/awards/check", entered)
    back = _send(teacher, f"{room.world.base}/awards/check", [*_fields(checked.text), ("back", "1")])
    assert back.status_code == 200
    assert "All spoke." in back.text
    assert re.search(rf'value="{room.learners[0]}" checked', back.text)
    assert re.search(rf'value="{LEVELS[1]}" selected', back.text)


def test_one_learner_is_awarded_from_her_own_page(room: Classroom) -> None:
    teacher = room.world.as_teacher()
    choose = teacher.get(f"{room.world.base}/awards/new", params={"learner_id": str(room.learners[0])})
    assert "For Ana Alvarez" in choose.text
    fields = _form(room, teacher, class_id=None, learner_id=room.learners[0])
    sent = _send(teacher, f"{room.world.base}/awards", [*fields, *_marked(room.learners[:1]), ("r0-all", LEVELS[1])])
    assert sent.status_code == 303
    (award,) = room.awards()
    assert award.learner_id == room.learners[0]


def test_a_large_class_has_one_set_of_fields_for_all(room: Classroom) -> None:
    with room.issuer.db() as db:
        room.learners += [add_learner(db, room, number) for number in range(3, 70)]
        db.commit()
    teacher = room.world.as_teacher()
    page = teacher.get(f"{room.world.base}/awards/new?achievement={room.achievement_id}&class_id={room.class_id}")
    assert f"n-{room.learners[0]}" not in page.text
    entered = [*_fields(page.text), *_marked(room.learners), ("r0-all", LEVELS[1])]
    checked = _send(teacher, f"{room.world.base}/awards/check", entered)
    assert "Award 70 badges" in checked.text
    assert _send(teacher, f"{room.world.base}/awards", _fields(checked.text)).status_code == 303
    assert len(room.awards()) == 70


@pytest.mark.parametrize(
    "wrong", [{"press": "x"}, {"achievement": "x"}, {"learner": "x"}, {"class_id": "x"}, {"again": "\x00"}]
)
def test_a_form_that_none_of_our_pages_sends_is_refused(room: Classroom, wrong: dict[str, str]) -> None:
    teacher = room.world.as_teacher()
    fields = dict([*_form(room, teacher), ("learner", str(room.learners[0])), ("r0-all", LEVELS[1])]) | wrong
    answer = _send(teacher, f"{room.world.base}/awards", list(fields.items()))
    assert answer.status_code == 400
    assert room.awards() == []


def test_a_level_of_another_rubric_is_not_taken(room: Classroom) -> None:
    teacher = room.world.as_teacher()
    fields = [*_form(room, teacher), *_marked(room.learners[:1]), ("r0-all", f"urn:uuid:{uuid4()}")]
    assert _send(teacher, f"{room.world.base}/awards", fields).status_code == 422


def test_learners_outside_the_class_are_not_awarded_by_guessing_their_ids(room: Classroom) -> None:
    teacher = room.world.as_teacher()
    with room.issuer.db() as db:
        outside = Learner(
            district_id=room.world.district.id,
            sourced_id="X1",
            school_id=room.world.school.id,
            given_name="Out",
            family_name="Side",
        )
        db.add(outside)
        db.commit()
    fields = [*_form(room, teacher), *_marked([outside.id]), ("r0-all", LEVELS[1])]
    assert _send(teacher, f"{room.world.base}/awards", fields).status_code == 422
    alone = [(name, value) for name, value in fields if name != "class_id"]
    assert _send(teacher, f"{room.world.base}/awards", alone).status_code == 422
    assert room.awards() == []


def test_a_class_that_is_not_the_teachers_is_not_found(room: Classroom) -> None:
    with room.issuer.db() as db:
        other = SchoolClass(
            district_id=room.world.district.id, sourced_id="K9", school_id=room.world.school.id, title="Not hers"
        )
        db.add(other)
        db.commit()
    teacher = room.world.as_teacher()
    asked = f"?achievement={room.achievement_id}&class_id={other.id}"
    assert teacher.get(f"{room.world.base}/awards/new{asked}").status_code == 404
    assert "Not hers" not in teacher.get(f"{room.world.base}/awards/new").text
    assert "Not hers" in room.world.as_registrar().get(f"{room.world.base}/awards/new").text


def test_what_could_not_be_issued_is_named_and_tried_again(room: Classroom) -> None:
    batch = room.award()
    bad = room.awards(batch.id)[0]
    room.change(type(bad), bad.id, subject_name="4711")
    room.work()
    teacher, here = room.world.as_teacher(), f"{room.world.base}/awards/batches/{batch.id}"
    page = teacher.get(here)
    assert "1 badge could not be issued" in page.text
    assert "has a number in it" in page.text
    room.change(type(bad), bad.id, subject_name="Ana Alvarez")
    assert teacher.post_form(f"{here}/retry").status_code == 303
    room.work()
    assert {award.state for award in room.awards()} == {AwardState.SEALED}


def test_before_there_is_anything_to_award_the_page_says_what_comes_first(room: Classroom) -> None:
    room.change(SchoolClass, room.class_id, active=False)
    assert "No class to award yet" in room.world.as_teacher().get(f"{room.world.base}/awards/new").text
    other = f"/o/{room.world.other_school.id}"
    room.change_achievement_to_draft()
    assert "Nothing to award yet" in room.world.browser(room.world.stranger).get(f"{other}/awards/new").text


def test_whoever_sends_the_choice_without_choosing_is_told_what_is_missing(room: Classroom) -> None:
    page = room.world.as_teacher().get(f"{room.world.base}/awards/new?go=1")
    assert "Choose an achievement." in page.text
    assert "Choose a class." in page.text


def test_an_empty_class_is_told_so(room: Classroom) -> None:
    for learner in room.learners:
        room.change(Learner, learner, active=False)
    page = room.world.as_teacher().get(
        f"{room.world.base}/awards/new?achievement={room.achievement_id}&class_id={room.class_id}"
    )
    assert "Nobody in this class" in page.text


def test_everybody_in_a_class_is_marked_at_once(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    teacher = room.world.as_teacher()
    entered = [*_form(room, teacher), ("everybody", "yes"), ("r0-all", LEVELS[1])]
    checked = _send(teacher, f"{room.world.base}/awards/check", entered)
    assert "1 learner has this badge already" in checked.text
    _send(teacher, f"{room.world.base}/awards", _fields(checked.text))
    assert [award.occasion for award in room.awards()] == [1, 1, 1]


def test_what_was_entered_for_one_version_is_not_awarded_by_another(room: Classroom) -> None:
    teacher = room.world.as_teacher()
    entered = [*_form(room, teacher), *_marked(room.learners), ("r0-all", LEVELS[1])]
    stale = [(name, str(uuid4()) if name == "version" else value) for name, value in entered]
    for step in ("awards/check", "awards"):
        answer = _send(teacher, f"{room.world.base}/{step}", stale)
        assert (answer.status_code, "A new version of it was published" in answer.text) == (409, True)
    assert room.awards() == []
    sent = _send(teacher, f"{room.world.base}/awards", entered)
    assert _send(teacher, f"{room.world.base}/awards", stale).headers["location"] == sent.headers["location"]


def test_the_page_says_how_many_badges_the_school_keeps(room: Classroom) -> None:
    room.change(Learner, room.learners[0], birth_date=None)
    batch = room.award()
    room.work()
    page = room.world.as_teacher().get(f"{room.world.base}/awards/batches/{batch.id}").text
    assert "The school keeps 1 of them" in page
