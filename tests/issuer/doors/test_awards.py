"""``/o/{organization_id}/api/awards``."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from issuer.achievements.definition import Definition, ResultDescription
from issuer.achievements.models import AchievementVersion
from issuer.issuance.models import Award, AwardBatch
from issuer.organizations.models import AuditEntry
from issuer.roster.models import Learner
from tests.issuer.classroom import LEVELS, RESULT, Classroom, add_achievement, classroom
from tests.issuer.doors.machine import Caller, caller
from tests.issuer.readers import problems, read
from tests.services import UnderTest


@dataclass(frozen=True)
class Desk:
    """A school's machine, and the class whose learners it awards."""

    room: Classroom
    machine: Caller

    @property
    def path(self) -> str:
        """Where awards are sent."""
        return f"{self.room.world.base}/api/awards"

    def order(self, **members: Any) -> dict[str, Any]:
        """Return an order for the first learner."""
        whole = {"press": str(uuid4()), "achievement": "communication", "learner": "L0", "level": "Proficient"}
        return {name: value for name, value in {**whole, **members}.items() if value is not None}

    def send(self, **members: Any) -> Any:
        """Send one."""
        return self.machine.post(self.path, self.order(**members))


@pytest.fixture
def desk(issuer: UnderTest) -> Desk:
    room = classroom(issuer)
    return Desk(room, caller(issuer, room.world.school))


def test_an_award_is_made_sealed_and_read_by_machine(desk: Desk) -> None:
    evidence = [{"url": "https://work.example/1", "name": "A speech", "description": "Held in May."}]
    answer = desk.send(narrative="She said it **well**.", evidence=evidence)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["learner"], made["level"], made["state"], made["status"]) == ("L0", "Proficient", "waiting", "valid")
    assert "verifiableCredential" not in made
    assert desk.machine.get(answer.headers["location"]).json() == made

    desk.room.work()
    sealed = desk.machine.get(answer.headers["location"]).json()
    assert sealed["state"] == "sealed"
    credential = sealed["verifiableCredential"]
    assert credential["id"] == made["credentialId"]
    assert credential["evidence"][0]["name"] == "A speech"
    report = read(desk.room.issuer, json.dumps(credential).encode())
    assert report.verified, problems(report)
    page = desk.room.world.as_registrar().get(f"{desk.room.world.base}/awards/{made['id']}")
    assert (page.status_code, "A speech" in page.text) == (200, True)
    with desk.room.issuer.db() as db:
        batch, award = db.exec(select(AwardBatch)).one(), db.exec(select(Award)).one()
        notes = [entry for entry in db.exec(select(AuditEntry)) if entry.action == "door.awarded"]
    assert (batch.staff_id, award.assessor_id) == (None, None)
    assert [set(entry.details) for entry in notes] == [{"api_key"}]


def test_the_same_order_awards_once_and_never_something_else(desk: Desk) -> None:
    press = str(uuid4())
    first, again = desk.send(press=press), desk.send(press=press, achievement=str(desk.room.achievement_id))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = desk.send(press=press, learner="L1")
    assert (other.status_code, other.json()["type"]) == (409, "urn:intaglio:problem:award-press-used")
    assert len(desk.room.awards()) == 1


def test_the_same_order_at_the_same_moment_awards_once(desk: Desk) -> None:
    press = str(uuid4())
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _number: desk.send(press=press), range(4)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(desk.room.awards()) == 1


def test_a_second_award_of_the_same_is_made_where_it_is_meant(desk: Desk) -> None:
    assert desk.send().status_code == 201
    twin = desk.send()
    assert (twin.status_code, twin.json()["type"]) == (409, "urn:intaglio:problem:award-twice")
    assert desk.send(again=True).status_code == 201
    assert [award.occasion for award in desk.room.awards()] == [1, 2]


def test_the_press_of_a_page_is_not_a_machines(desk: Desk) -> None:
    desk.room.award(desk.room.learners[:1])
    with desk.room.issuer.db() as db:
        press = str(db.exec(select(AwardBatch)).one().press)
    assert desk.send(press=press).status_code == 404


def test_orders_say_where_they_are_wrong(desk: Desk) -> None:
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"press": "no uuid"}, 400, "/press"),
        ({"press": None}, 400, "/press"),
        ({"achievement": "nothing"}, 404, "/achievement"),
        ({"learner": "nobody"}, 404, "/learner"),
        ({"level": "Brilliant"}, 400, "/level"),
        ({"level": 3}, 400, "/level"),
        ({"level": None}, 400, "/results"),
        ({"level": None, "results": {"Charm": "x"}}, 400, "/results/Charm"),
        ({"level": None, "results": ["x"]}, 400, "/results"),
        ({"results": {"Level": "Proficient"}}, 400, "/level"),
        ({"narrative": "x" * 2001}, 400, "/narrative"),
        ({"evidence": [{"url": "javascript:alert(1)"}]}, 400, "/evidence/0/url"),
        ({"evidence": [{}]}, 400, "/evidence/0"),
        ({"evidence": [{"name": str(number)} for number in range(21)]}, 400, "/evidence"),
        ({"validUntil": "2030-01-01T00:00:00Z"}, 400, "/validUntil"),
    ]
    for members, status, pointer in cases:
        answer = desk.send(**members)
        assert (answer.status_code, answer.json().get("pointer")) == (status, pointer), answer.text
    assert desk.machine.post(desk.path, []).status_code == 400
    assert desk.room.awards() == []


def test_levels_go_by_id_or_name_and_what_nobody_sees_is_dropped(desk: Desk) -> None:
    assert desk.send(learner="L0\0").status_code == 201
    assert desk.send(learner="L1", level=None, results={"Level": LEVELS[1]}).json()["level"] == "Proficient"
    assert desk.send(learner="L2", level=None, results={RESULT: "proficient"}).json()["level"] == "Proficient"


def test_an_achievement_that_judges_several_things_needs_a_value_for_each(desk: Desk) -> None:
    score = ResultDescription(name="Score", result_type="RawScore", value_min="0", value_max="10")
    mark = ResultDescription(name="Mark", result_type="LetterGrade", allowed_values=("C", "B", "A"), required_value="B")
    with desk.room.issuer.db() as db:
        district_id, now = desk.room.world.district.id, desk.room.now
        achievement, first = add_achievement(db, district_id, now, code="several")
        changed = Definition.from_json(first.definition).model_copy(update={"results": (score, mark)})
        version = {"number": 2, "definition": changed.to_json(), "edited_at": now, "published_at": now}
        db.add(AchievementVersion(achievement_id=achievement.id, **version))
        db.commit()

    def send(**results: str) -> Any:
        return desk.send(achievement="several", level=None, results=results)

    assert send(Score="7").json()["detail"] == "What was reached in “Mark” is not said."
    assert send(Score="11", Mark="A").json()["detail"] == "It goes from 0 to 10."
    assert send(Score="7", Mark="C").json()["detail"] == "It is one of B, A."
    assert send(Score="7", Mark="a").json()["level"] == "Score: 7, Mark: A"


def test_whoever_left_or_is_at_another_school_is_not_awarded(desk: Desk) -> None:
    room = desk.room
    room.change(Learner, room.learners[0], active=False)
    room.change(Learner, room.learners[1], school_id=room.world.other_school.id)
    elsewhere = caller(room.issuer, room.world.other_school)
    path = f"/o/{room.world.other_school.id}/api/awards"
    assert desk.send().status_code == 404
    assert elsewhere.post(path, desk.order(learner="L2")).status_code == 404
    assert elsewhere.post(path, desk.order(learner="L1")).status_code == 201
    assert (
        caller(room.issuer, room.world.district)
        .post(f"/o/{room.world.district.id}/api/awards", desk.order(learner="L2"))
        .status_code
        == 201
    )


def test_the_door_is_its_organizations_alone(desk: Desk) -> None:
    room = desk.room
    made = desk.send().json()
    other = caller(room.issuer, room.world.other_school)
    assert other.post(desk.path, desk.order(learner="L1")).status_code == 404
    assert other.get(f"{desk.path}/{made['id']}").status_code == 404
    assert other.get(f"/o/{room.world.other_school.id}/api/awards/{made['id']}").status_code == 404
    assert desk.machine.get(f"{desk.path}/{uuid4()}").status_code == 404
    assert room.world.as_administrator().client.post(desk.path, json=desk.order()).status_code == 401
    assert room.issuer.client.get(f"{desk.path}/{made['id']}").status_code == 401


def test_an_award_that_could_not_be_sealed_says_why(desk: Desk) -> None:
    made = desk.send()
    award = desk.room.awards()[0]
    desk.room.change(Award, award.id, subject_name="Student 20260042")
    desk.room.work()
    told = desk.machine.get(made.headers["location"]).json()
    assert told["state"] == "failed"
    assert told["problem"]["pointer"] == "/credentialSubject/identifier/0/identityHash"


def test_the_same_order_says_the_same(desk: Desk) -> None:
    press = str(uuid4())
    assert desk.send(press=press).status_code == 201
    others: list[dict[str, Any]] = [
        {"level": "Practicing"},
        {"narrative": "Otherwise."},
        {"evidence": [{"name": "Another"}]},
    ]
    for other in others:
        answer = desk.send(press=press, **other)
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:intaglio:problem:award-press-used"), other
