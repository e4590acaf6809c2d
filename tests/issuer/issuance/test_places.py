from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from sqlmodel import select

from intaglio.status.bitstring import MINIMUM_ENTRIES
from issuer.issuance.models import PlaceOrder, StatusEntry, StatusList
from issuer.issuance.places import take_places
from tests.issuer.schools import World, make_district
from tests.services import UnderTest


@pytest.fixture
def world(issuer: UnderTest) -> World:
    return make_district(issuer)


def _take(world: World, prefix: str, count: int, *, commit: bool = True) -> list[tuple[object, int]]:
    credentials = [(f"urn:test:{prefix}-{number}", None) for number in range(count)]
    with world.issuer.db() as db:
        made = take_places(db, world.school.id, "revocation", credentials, now=world.issuer.clock.now)
        places = [(entry.list_id, entry.index) for entry in made]
        if commit:
            db.commit()
        return places


def _lists(world: World) -> list[StatusList]:
    with world.issuer.db() as db:
        return list(db.exec(select(StatusList).order_by(StatusList.number)))  # type: ignore[arg-type]


def test_places_are_given_out_in_an_order_that_tells_nothing(world: World) -> None:
    indexes = [index for _, index in _take(world, "a", 400)]
    rising = sum(first < second for first, second in pairwise(indexes))
    assert 120 < rising < 280
    assert len(set(indexes)) == 400


def test_a_list_is_long_enough_to_hide_in_and_holds_every_index_once(world: World) -> None:
    _take(world, "a", 1)
    (made,) = _lists(world)
    assert made.length == MINIMUM_ENTRIES
    with world.issuer.db() as db:
        order = db.exec(select(PlaceOrder)).one().places
    places = [int.from_bytes(order[start : start + 4]) for start in range(0, len(order), 4)]
    assert sorted(places) == list(range(MINIMUM_ENTRIES))
    assert places != sorted(places)


def test_many_at_once_never_get_the_same_place_and_begin_one_list(world: World) -> None:
    def take(number: int) -> list[tuple[object, int]]:
        return [place for turn in range(5) for place in _take(world, f"{number}-{turn}", 7)]

    with ThreadPoolExecutor(4) as pool:
        taken = [place for places in pool.map(take, range(4)) for place in places]
    assert len(set(taken)) == len(taken) == 140
    (made,) = _lists(world)
    assert made.used == 140


def test_a_place_that_was_not_needed_in_the_end_is_given_back(world: World) -> None:
    _take(world, "a", 3)
    given_back = _take(world, "b", 2, commit=False)
    assert _take(world, "c", 2) == given_back


def test_a_full_list_is_followed_by_the_next(world: World) -> None:
    _take(world, "a", 1)
    with world.issuer.db() as db:
        row = db.exec(select(StatusList)).one()
        row.used = row.length - 2
        db.add(row)
        db.commit()
    places = _take(world, "b", 5)
    first, second = _lists(world)
    assert [where for where, _ in places] == [first.id] * 2 + [second.id] * 3
    assert (first.number, second.number, second.used) == (1, 2, 3)


def test_each_purpose_and_each_organization_has_lists_of_its_own(world: World) -> None:
    with world.issuer.db() as db:
        for organization, purpose in (
            (world.school, "revocation"),
            (world.school, "suspension"),
            (world.district, "revocation"),
        ):
            name = f"urn:test:{organization.slug}-{purpose}"
            take_places(db, organization.id, purpose, [(name, None)], now=world.issuer.clock.now)
        db.commit()
        assert len(db.exec(select(StatusEntry)).all()) == 3
    assert sorted(made.purpose for made in _lists(world)) == ["revocation", "revocation", "suspension"]
    assert {made.number for made in _lists(world)} == {1}
