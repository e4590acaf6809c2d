"""The database breaks off in the middle of an award: nobody is to blame for that, and the award is sealed by the next try."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from intaglio.server.database import is_trouble_of_the_database
from issuer.delivery import service as delivery
from issuer.delivery.models import ClaimCode, Mail
from issuer.issuance import sealing
from issuer.issuance.models import AwardState, SealedCopy
from tests.issuer.classroom import Classroom


def _cut(room: Classroom, db: Session) -> None:
    """End a session's connection as the database does when it goes away, and wait until it is gone."""
    connection: Any = db.connection().connection.driver_connection
    with room.issuer.db() as other:
        ended = text("SELECT pg_terminate_backend(:pid, 60000)")
        assert other.connection().execute(ended, {"pid": connection.info.backend_pid}).scalar_one() is True


@pytest.mark.parametrize("moment", ["before the link is made", "before its mail is queued"])
def test_an_award_is_not_set_aside_because_the_database_broke_off(
    mailing: Classroom, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    room, batch = mailing, mailing.award(mailing.learners[:1])
    announce, defer = delivery.announce, room.jobs.defer

    def cut_and_announce(db: Session, *arguments: Any, **more: Any) -> Any:
        _cut(room, db)
        return announce(db, *arguments, **more)

    def cut_and_defer(db: Session, *arguments: Any, **more: Any) -> Any:
        _cut(room, db)
        return defer(db, *arguments, **more)

    with monkeypatch.context() as patched:
        if moment == "before the link is made":
            patched.setattr(sealing, "announce", cut_and_announce)
        else:
            patched.setattr(room.jobs, "defer", cut_and_defer)
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whoever wrapped it
            _seal(room, batch.id)
    assert is_trouble_of_the_database(caught.value)
    assert [made.state for made in room.awards()] == [AwardState.WAITING]

    assert _seal(room, batch.id) == 1
    assert [made.state for made in room.awards()] == [AwardState.SEALED]
    with room.issuer.db() as db:
        assert [len(db.exec(select(kind)).all()) for kind in (SealedCopy, ClaimCode, Mail)] == [1, 1, 1]


def _seal(room: Classroom, batch_id: Any) -> int:
    return sealing.seal_waiting(room.issuer.app.state.database, room.sealer, room.jobs, batch_id, room.issuer.clock)
