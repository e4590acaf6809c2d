from uuid import UUID

import pytest
from sqlmodel import select

from intaglio.errors import IntaglioError
from issuer.issuance.models import Award, AwardStatus, StatusChange, StatusEntry
from issuer.issuance.sealer import current_copies
from issuer.issuance.status import Change, change, entry_of, possible
from tests.issuer.classroom import Classroom, classroom
from tests.issuer.readers import problems, read
from tests.services import UnderTest


@pytest.fixture
def pausing(issuer: UnderTest) -> Classroom:
    return classroom(issuer, pausable=True)


def _change(room: Classroom, award_id: UUID, wanted: Change, reason: str = "It was a mistake.") -> None:
    with room.issuer.db() as db:
        change(db, award_id, wanted, reason=reason, staff_id=room.world.registrar.id, now=room.now)


def _refused(room: Classroom, award_id: UUID, wanted: Change, reason: str = "It was a mistake.") -> str:
    with pytest.raises(IntaglioError) as caught:
        _change(room, award_id, wanted, reason)
    return caught.value.problem.kind


def _reads(room: Classroom, award: Award) -> set[str]:
    with room.issuer.db() as db:
        (copy,) = current_copies(db, award.id)
    return problems(read(room.issuer, copy.document))


def test_what_is_withdrawn_reads_withdrawn_at_once_and_its_neighbours_do_not(room: Classroom) -> None:
    first, second, _ = room.sealed()
    assert _reads(room, first) == set()

    _change(room, first.id, Change.WITHDRAW)
    assert _reads(room, first) == {"revoked"}
    assert _reads(room, second) == set()


def test_a_badge_that_can_be_withdrawn_cannot_be_paused_and_never_comes_back(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    assert _refused(room, award.id, Change.PAUSE) == "status-not-possible"
    _change(room, award.id, Change.WITHDRAW)
    for wanted in Change:
        assert _refused(room, award.id, wanted) == "status-not-possible"


def test_a_badge_that_can_be_paused_reads_so_and_comes_back(pausing: Classroom) -> None:
    award = pausing.sealed(pausing.learners[:1])[0]
    _change(pausing, award.id, Change.PAUSE)
    assert _reads(pausing, award) == {"suspended"}
    _change(pausing, award.id, Change.REINSTATE)
    assert _reads(pausing, award) == set()


@pytest.mark.parametrize("before", [[], [Change.PAUSE]])
def test_withdrawn_for_good_is_a_pause_that_nothing_ends(pausing: Classroom, before: list[Change]) -> None:
    award = pausing.sealed(pausing.learners[:1])[0]
    for wanted in (*before, Change.WITHDRAW):
        _change(pausing, award.id, wanted)
    assert _reads(pausing, award) == {"suspended"}
    assert _refused(pausing, award.id, Change.REINSTATE) == "status-not-possible"


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_no_change_without_a_reason(room: Classroom, reason: str) -> None:
    award = room.sealed(room.learners[:1])[0]
    assert _refused(room, award.id, Change.WITHDRAW, reason) == "status-reason-missing"
    assert _reads(room, award) == set()


def test_the_reason_is_kept_here_and_leaves_by_no_way(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    _change(room, award.id, Change.WITHDRAW, "Copied from a classmate.")
    with room.issuer.db() as db:
        kept = db.exec(select(StatusChange)).one()
        entry = db.exec(select(StatusEntry)).one()
    assert (kept.reason, kept.before, kept.after) == (
        "Copied from a classmate.",
        AwardStatus.VALID,
        AwardStatus.REVOKED,
    )
    answer = room.issuer.client.get(f"/organizations/{room.world.school.slug}/status/{entry.purpose}/1")
    assert b"classmate" not in answer.content


def test_what_is_not_issued_yet_has_no_status_to_change(room: Classroom) -> None:
    batch = room.award(room.learners[:1])
    (award,) = room.awards(batch.id)
    assert possible("revocation", award) == ()
    assert _refused(room, award.id, Change.WITHDRAW) == "status-not-possible"


def test_a_place_is_found_by_the_credential_of_its_own_organization_alone(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    with room.issuer.db() as db:
        found = entry_of(db, room.world.school.id, award.credential_id, "revocation")
        assert found is not None
        assert found.award_id == award.id
        assert entry_of(db, room.world.other_school.id, award.credential_id, "revocation") is None
        assert entry_of(db, room.world.school.id, award.credential_id, "suspension") is None
