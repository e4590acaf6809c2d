"""Reach ends with the day of the place where the school is."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from issuer.roster import reach
from issuer.roster.models import SchoolClass
from tests.issuer.classroom import classroom
from tests.services import UnderTest


@pytest.mark.parametrize(("zone", "is_on"), [("UTC", False), ("America/Denver", True), ("Pacific/Auckland", False)])
def test_the_last_day_of_a_class_ends_at_midnight_where_the_school_is(
    issuer: UnderTest, zone: str, *, is_on: bool
) -> None:
    room = classroom(issuer)
    room.change(SchoolClass, room.class_id, ends_on=date(2026, 6, 6))
    scope, evening_in_denver = replace(room.scope(), time_zone=zone), datetime(2026, 6, 6, 3, 0, tzinfo=UTC)
    with issuer.db() as db:
        assert bool(reach.classes_to_award(db, scope, evening_in_denver)) is is_on
        assert bool(reach.learners_to_award(db, scope, room.learners, evening_in_denver)) is is_on


def test_a_page_works_by_the_day_of_its_service(issuer: UnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    room = classroom(issuer)
    room.change(SchoolClass, room.class_id, ends_on=date(2026, 6, 6))
    issuer.clock.now = datetime(2026, 6, 6, 3, 0, tzinfo=UTC)
    page = f"{room.world.base}/awards/new"
    assert "Advisory 1" not in room.world.as_teacher().get(page).text
    at_home = issuer.settings.model_copy(update={"time_zone": "America/Denver"})
    monkeypatch.setattr(issuer.app.state, "settings", at_home)
    assert "Advisory 1" in room.world.as_teacher().get(page).text
