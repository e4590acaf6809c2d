"""Workers that are killed (SIGKILL) while they seal and send: nothing is lost, and nothing happens twice."""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from issuer.delivery import codes
from issuer.delivery.models import ClaimCode, ClaimItem, Mail, MailState
from issuer.issuance.models import AwardState, SealedCopy, StatusEntry
from tests.database import Cluster
from tests.issuer.classroom import Classroom, add_learner, classroom
from tests.issuer.post_office import PostOffice, post_office
from tests.served import environment
from tests.served import running as running_command
from tests.services import running

_LINK = re.compile(r"https://issuer\.localhost/claim/(\S+)")


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as made:
        yield made


@pytest.mark.exhaustive  # `tests/issuer/test_kills.py` runs a slice of more
@pytest.mark.parametrize(
    ("learners", "kills"), [(12, 3), pytest.param(500, 20, marks=pytest.mark.exhaustive)], ids=["slice", "whole"]
)
def test_whenever_a_worker_is_killed_every_learner_has_one_award_and_no_mail_twice(
    postgres: Cluster, tmp_path: Path, office: PostOffice, learners: int, kills: int
) -> None:
    with running("issuer", postgres, tmp_path, smtp_url=office.url) as issuer:
        room = classroom(issuer, learners=0)
        with issuer.db() as db:
            room.learners = [add_learner(db, room, number) for number in range(learners)]
            db.commit()
        room.award()
        moments = sorted(random.Random(7).sample(range(learners), kills))  # noqa: S311 - the same moments in every run
        settings = environment(
            tmp_path, issuer.database_url, public_url=issuer.settings.public_url, smtp_url=office.url
        )
        for moment in moments:
            with running_command(["worker", "issuer"], settings, tmp_path / "worker.log") as (worker, _):
                _wait(lambda least=moment: _sealed(room) >= least)
                worker.kill()
            _presume_dead(room)
        with running_command(["worker", "issuer"], settings, tmp_path / "worker.log"):
            _wait(lambda: _sealed(room) == learners and not _waiting_mails(room))
        _check_all(room, office)


def _check_all(room: Classroom, office: PostOffice) -> None:
    awards = room.awards()
    with room.issuer.db() as db:
        copies = db.exec(select(SealedCopy)).all()
        entries = db.exec(select(StatusEntry)).all()
        claims = db.exec(select(ClaimCode)).all()
        items = db.exec(select(ClaimItem)).all()
        mails = {mail.claim_id: mail for mail in db.exec(select(Mail))}
    assert sorted(award.learner_id for award in awards) == sorted(room.learners)
    assert {award.state for award in awards} == {AwardState.SEALED}
    ids = sorted(award.id for award in awards)
    assert sorted(copy.award_id for copy in copies) == ids
    assert sorted(entry.award_id for entry in entries if entry.award_id) == ids
    assert len({(entry.list_id, entry.index) for entry in entries}) == len(ids)
    assert sorted(item.award_id for item in items) == ids
    assert len(claims) == len(ids)

    arrived = Counter(_code_in(message) for _, message in office.received)
    assert set(arrived.values()) == {1}
    secret = room.issuer.settings.secret_bytes
    for claim in claims:
        mail = mails[claim.id]
        # What was going out when the worker was killed may have arrived or not; nobody sends it again by himself.
        if mail.state == MailState.SENT:
            assert arrived[codes.claim_code(secret, claim.id)] == 1
        else:
            assert mail.state in (MailState.SENDING, MailState.UNCERTAIN)


def _code_in(message: object) -> str:
    body = message.get_body(("plain",))  # type: ignore[attr-defined]
    found = _LINK.search(body.get_content())
    assert found is not None
    return found[1]


def _sealed(room: Classroom) -> int:
    return _ask(room, "SELECT count(*) FROM awards WHERE state = 'sealed'")


def _waiting_mails(room: Classroom) -> int:
    return _ask(room, "SELECT count(*) FROM mails WHERE state = 'waiting'") + _ask(
        room, "SELECT count(*) FROM mails WHERE state = 'sending' AND began_at > now() - interval '2 seconds'"
    )


def _presume_dead(room: Classroom) -> None:
    """Let the killed worker's last sign of life be long ago, instead of waiting for that."""
    with room.issuer.db() as db:
        db.connection().execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"))
        db.commit()


def _ask(room: Classroom, question: str) -> int:
    with room.issuer.db() as db:
        return int(db.connection().execute(text(question)).scalar_one())


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
