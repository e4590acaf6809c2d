"""Nothing is lost and nothing is doubled, whatever is killed (SIGKILL) while a class is awarded.

That is the service, the worker, the database's postmaster, and one of its sessions. A teacher presses the button in
two browsers at once, and sends the form again where no answer came. Mails go to a real server.
"""

import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from intaglio.server.postgres import postmaster
from intaglio.verification.policy import Policy
from intaglio.verification.report import Outcome
from intaglio.verification.verify import Verifier
from issuer.delivery import codes
from issuer.delivery.models import ClaimCode, ClaimItem, Mail, MailState
from issuer.issuance.models import Award, AwardBatch, AwardState, SealedCopy, StatusEntry, StatusList
from tests.database import memory
from tests.issuer.classroom import LEVELS, Classroom, classroom
from tests.issuer.post_office import PostOffice, post_office
from tests.issuer.readers import FromIssuer
from tests.issuer.running_issuer import VICTIMS, Form, RunningIssuer, Teacher, opened
from tests.services import UnderTest

_PROGRESS = "SELECT (SELECT count(*) FROM awards WHERE state = 'sealed') + (SELECT count(*) FROM mails WHERE state <> 'waiting')"
_LEFT = (
    "SELECT count(*) FROM procrastinate_jobs"
    " WHERE status IN ('todo', 'doing') AND task_name IN ('issuance.seal', 'delivery.send')"
)
_LINK = re.compile(r"https://issuer\.localhost/claim/(\S+)")
_PAUSE = 0.05
"""Seconds after which a browser that got no answer asks again."""
_SENDERS = 8
"""Mails that can be on their way at one moment: two workers with four threads each."""


@dataclass(frozen=True)
class Story:
    """What happened: which forms were confirmed, and where they led."""

    learners: int
    kills: int
    forms: tuple[Form, ...]
    confirmed: tuple[str, ...]


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as made:
        yield made


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder for the data that root's account for PostgreSQL can reach too."""
    with tempfile.TemporaryDirectory(prefix="issuer-", dir=memory(), ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o711)
        yield Path(made)
        postmaster.stop(Path(made) / "postgres" / "cluster" / "data")


@pytest.mark.parametrize(
    ("learners", "presses", "kills"),
    [(60, 3, 4), pytest.param(500, 5, 20, marks=pytest.mark.exhaustive)],
    ids=["slice", "whole"],
)
def test_whatever_is_killed_every_learner_has_one_award_and_one_mail_at_most(
    folder: Path, office: PostOffice, learners: int, presses: int, kills: int
) -> None:
    with opened(folder) as issuer:
        room = classroom(issuer, learners=learners)
        cookies = dict(room.world.as_teacher().client.cookies)
    running = RunningIssuer(folder, office.url)
    teacher = Teacher(running.origin, room.world.base, cookies)
    try:
        running.tend()
        _until(running, teacher.is_there)
        forms = tuple(_fill(teacher, room, part, presses) for part in range(presses))
        confirmed = _award_and_kill(running, teacher, forms, learners, kills)
    finally:
        running.end()
    with opened(folder) as issuer:
        story = Story(learners, kills, forms, confirmed)
        _check_awards(issuer, room, story)
        _check_mails(issuer, office, story)
        _check_badges(issuer)


def _fill(teacher: Teacher, room: Classroom, part: int, parts: int) -> Form:
    asked = {"achievement": str(room.achievement_id), "class_id": str(room.class_id)}
    return teacher.fill(asked, [str(learner) for learner in room.learners[part::parts]], LEVELS[1])


def _award_and_kill(
    running: RunningIssuer, teacher: Teacher, forms: tuple[Form, ...], learners: int, kills: int
) -> tuple[str, ...]:
    """Send each form by two browsers until both are answered; meanwhile kill at moments of the whole way. Return the answers."""
    rng = random.Random(20)  # noqa: S311 - the same moments in every run
    victims = [VICTIMS[number % len(VICTIMS)] for number in range(kills)]
    rng.shuffle(victims)
    # The first one falls into the sending of the first form, before anything is known to be done.
    moments = [0, *sorted(rng.sample(range(1, 2 * learners), kills - 1))]

    def press(form: Form) -> str:
        while True:
            found = teacher.send(form)
            if found is not None:
                return found
            time.sleep(_PAUSE)

    with ThreadPoolExecutor(2) as browsers:
        answers = [browsers.submit(press, form) for form in forms for _browser in range(2)]
        for moment, victim in zip(moments, victims, strict=True):
            _until(running, lambda least=moment: (running.ask(_PROGRESS) or 0) >= least)
            running.kill(victim, rng)
        _until(running, lambda: all(answer.done() for answer in answers) and running.ask(_LEFT) == 0)
    found = [answer.result() for answer in answers]
    assert found[::2] == found[1::2], "the same form led to two places"
    return tuple(found[::2])


def _check_awards(issuer: UnderTest, room: Classroom, story: Story) -> None:
    with issuer.db() as db:
        awards = db.exec(select(Award)).all()
        batches = {str(batch.id): batch for batch in db.exec(select(AwardBatch))}
        copies = db.exec(select(SealedCopy)).all()
        entries = db.exec(select(StatusEntry)).all()
        lists = db.exec(select(StatusList)).all()
        made = db.connection().execute(text("SELECT count(*) FROM audit_entries WHERE action = 'award.made'")).scalar()
        failed = (
            db.connection().execute(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")).scalar()
        )
    ids = sorted(award.id for award in awards)
    assert sorted(award.learner_id for award in awards) == sorted(room.learners)
    assert {(award.state, award.occasion) for award in awards} == {(AwardState.SEALED, 1)}
    assert sorted(copy.award_id for copy in copies) == ids
    assert sorted(entry.award_id for entry in entries if entry.award_id) == ids
    assert len({(entry.list_id, entry.index) for entry in entries}) == len(ids) == sum(one.used for one in lists)
    assert (made, failed) == (len(story.forms), 0)
    # What was confirmed is there, with everybody who was marked.
    assert sorted(place.rpartition("/")[2] for place in story.confirmed) == sorted(batches)
    for form, place in zip(story.forms, story.confirmed, strict=True):
        batch = batches[place.rpartition("/")[2]]
        marked = {value for name, value in form if name == "learner"}
        assert ("press", str(batch.press)) in form
        assert {str(award.learner_id) for award in awards if award.batch_id == batch.id} == marked


def _check_mails(issuer: UnderTest, office: PostOffice, story: Story) -> None:
    with issuer.db() as db:
        claims = {claim.id: claim.learner_id for claim in db.exec(select(ClaimCode))}
        items = db.exec(select(ClaimItem)).all()
        states = {mail.claim_id: mail.state for mail in db.exec(select(Mail))}
    assert len(set(claims.values())) == len(claims) == len({item.award_id for item in items}) == story.learners
    arrived = Counter(_code_in(message) for _, message in office.received)
    assert set(arrived.values()) == {1}
    known = {codes.claim_code(issuer.settings.secret_bytes, claim_id): claim_id for claim_id in claims}
    assert arrived.keys() <= known.keys()
    got = {known[code] for code in arrived}
    sent = {claim_id for claim_id, state in states.items() if state == MailState.SENT}
    assert states.keys() == claims.keys()
    assert sent <= got
    # What was on its way at a kill may have arrived or not: nobody sends it again by himself.
    doubtful = {claim_id: state for claim_id, state in states.items() if claim_id not in sent}
    assert set(doubtful.values()) <= {MailState.SENDING, MailState.UNCERTAIN}
    assert len(doubtful) <= story.kills * _SENDERS


def _check_badges(issuer: UnderTest) -> None:
    verifier = Verifier(Policy(at=issuer.clock.now), source=FromIssuer(issuer))
    with issuer.db() as db:
        documents = [bytes(document) for document in db.exec(select(SealedCopy.document))]
    assert {verifier.verify(document).outcome for document in documents} == {Outcome.VERIFIED}


def _code_in(message: object) -> str:
    found = _LINK.search(message.get_body(("plain",)).get_content())  # type: ignore[attr-defined]
    assert found is not None
    return found[1]


def _until(running: RunningIssuer, condition: Callable[[], bool]) -> None:
    """Wait for something, starting again what ended. The bound is only for what never comes."""
    end = time.monotonic() + 600
    while not condition():
        assert time.monotonic() < end, running.said()
        running.tend()
        time.sleep(0.01)
