"""A class of learners with something to be awarded: what tests of awards and their delivery begin with.

``classroom(issuer)`` makes it on top of `tests.issuer.schools`; services are called as pages and jobs call them.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from intaglio.server.jobs import Jobs
from issuer.access import Scope
from issuer.achievements.definition import Definition, Level, ResultDescription
from issuer.achievements.models import Achievement, AchievementState, AchievementVersion
from issuer.issuance.awarding import AwardRequest, Press, award
from issuer.issuance.models import Award, AwardBatch
from issuer.issuance.sealer import Sealer
from issuer.organizations.models import Organization, Role, Staff
from issuer.organizations.people import Actor
from issuer.roster.models import Enrollment, EnrollmentRole, Learner, SchoolClass
from tests.issuer.schools import World, make_district
from tests.services import UnderTest

LEVELS = ("urn:uuid:6d3f5b0c-50c3-4b8c-8f3b-0a4ab2f7a2c1", "urn:uuid:1c0b7a54-6a0c-4c2e-9a3c-53c6c0e8d0b9")
RESULT = "urn:uuid:5f2a1f06-7a36-4d0e-a0cc-9c2b7a0d4c77"
PROFICIENT = ({"result_id": RESULT, "level_id": LEVELS[1]},)
_NAMES = ("Ana Alvarez", "Björn Begay", "Chloé D’Angelo", "Inés García", "Kim Ito")


@dataclass
class Classroom:
    """The class, as ids."""

    world: World
    achievement_id: UUID
    version_id: UUID
    class_id: UUID
    learners: list[UUID] = field(default_factory=list)

    @property
    def issuer(self) -> UnderTest:
        """The service."""
        return self.world.issuer

    @property
    def jobs(self) -> Jobs:
        """The queue."""
        found: Jobs = self.issuer.app.state.jobs
        return found

    @property
    def sealer(self) -> Sealer:
        """What seals."""
        found: Sealer = self.issuer.app.state.sealer
        return found

    @property
    def now(self) -> datetime:
        """The time of the tests."""
        return self.issuer.clock.now

    def scope(self, staff: Staff | None = None, *roles: Role, organization: Organization | None = None) -> Scope:
        """Return the scope of somebody in the school, by default of the teacher."""
        who, where = staff or self.world.teacher, organization or self.world.school
        held = frozenset(roles or ((Role.TEACHER,) if who.id == self.world.teacher.id else (Role.REGISTRAR,)))
        return Scope(Actor(who.id, who.name, tuple((where.id, role) for role in held)), where, held)

    def press(self, learners: Sequence[UUID] | None = None, *, again: bool = False, **more: Any) -> Press:
        """Return a press of the button for some learners, by default all."""
        asked = self.learners if learners is None else learners
        requests = tuple(AwardRequest(one, results=PROFICIENT, again=again, **more) for one in asked)
        return Press(uuid4(), self.achievement_id, self.version_id, requests, self.class_id)

    def award(self, learners: Sequence[UUID] | None = None, **more: Any) -> AwardBatch:
        """Award, without sealing yet."""
        with self.issuer.db() as db:
            return award(db, self.scope(), self.jobs, self.press(learners, **more), now=self.now)

    def sealed(self, learners: Sequence[UUID] | None = None, **more: Any) -> list[Award]:
        """Award, have the worker do what waits, and return the awards by name."""
        batch = self.award(learners, **more)
        self.work()
        return self.awards(batch.id)

    def work(self) -> None:
        """Do the jobs that wait."""
        asyncio.run(self.jobs.run_waiting(self.issuer.app))

    def awards(self, batch_id: UUID | None = None) -> list[Award]:
        """Return the awards as they are now."""
        with self.issuer.db() as db:
            wanted = select(Award).order_by(col(Award.subject_name), col(Award.occasion))
            return list(db.exec(wanted if batch_id is None else wanted.where(Award.batch_id == batch_id)))

    def change(self, model: type[Any], key: UUID, **values: Any) -> None:
        """Change a row behind the scenes."""
        with self.issuer.db() as db:
            row = db.get_one(model, key)
            for name, value in values.items():
                setattr(row, name, value)
            db.add(row)
            db.commit()

    def change_achievement_to_draft(self) -> None:
        """Leave nothing that could be awarded."""
        self.change(Achievement, self.achievement_id, state=AchievementState.DRAFT)


def classroom(issuer: UnderTest, *, learners: int = 3, seals_tokens: bool = False, pausable: bool = False) -> Classroom:
    """Make a class of the school's teacher, and an achievement of the district."""
    world = make_district(issuer, seals_tokens=seals_tokens)
    with issuer.db() as db:
        achievement, version = add_achievement(db, world.district.id, issuer.clock.now, pausable=pausable)
        school_class = SchoolClass(
            district_id=world.district.id, sourced_id="K1", school_id=world.school.id, title="Advisory 1"
        )
        db.add(school_class)
        db.flush()
        made = Classroom(world, achievement.id, version.id, school_class.id)
        _enroll(db, made, "T1", EnrollmentRole.TEACHER, staff_id=world.teacher.id)
        made.learners = [add_learner(db, made, number) for number in range(learners)]
        db.commit()
    return made


def add_learner(db: Session, room: Classroom, number: int, **values: Any) -> UUID:
    """Add a learner of 16 to the class."""
    given, _, family = _NAMES[number % len(_NAMES)].partition(" ")
    whole: dict[str, Any] = {
        "district_id": room.world.district.id,
        "sourced_id": f"L{number}",
        "school_id": room.world.school.id,
        "given_name": given,
        "family_name": family if number < len(_NAMES) else f"{family} {_word(number)}",
        "email": f"learner{number}@prairie.example",
        "birth_date": date(2010, 1, 1),
    }
    learner = Learner(**{**whole, **values})
    db.add(learner)
    db.flush()
    _enroll(db, room, f"E{number}", EnrollmentRole.STUDENT, learner_id=learner.id)
    return learner.id


def add_achievement(
    db: Session, organization_id: UUID, now: datetime, *, code: str = "communication", pausable: bool = False
) -> tuple[Achievement, AchievementVersion]:
    """Add a published achievement with a rubric of two levels."""
    achievement = Achievement(
        organization_id=organization_id,
        code=code,
        name="Communication",
        state=AchievementState.PUBLISHED,
        created_at=now,
    )
    db.add(achievement)
    db.flush()
    levels = (
        Level(id=LEVELS[0], name="Practicing", level="2", description="With help."),
        Level(id=LEVELS[1], name="Proficient", level="3", description="Alone."),
    )
    definition = Definition(
        name="Communication",
        description="Says what is meant, so that those who were not there understand it.",
        criteria="Two pieces of evidence.",
        results=(ResultDescription(id=RESULT, name="Level", levels=levels),),
        status_purpose="suspension" if pausable else "revocation",
        valid_for="P3Y",
    )
    version = AchievementVersion(
        achievement_id=achievement.id, number=1, definition=definition.to_json(), edited_at=now, published_at=now
    )
    db.add(version)
    db.flush()
    return achievement, version


def _enroll(db: Session, room: Classroom, sourced_id: str, role: EnrollmentRole, **who: UUID) -> None:
    district_id = room.world.district.id
    db.add(Enrollment(district_id=district_id, sourced_id=sourced_id, class_id=room.class_id, role=role, **who))


def _word(number: int) -> str:
    return "".join(chr(ord("a") + int(figure)) for figure in str(number))
