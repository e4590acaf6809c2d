from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from intaglio.documents import parse_object
from intaglio.multikey import Algorithm
from intaglio.status.bitstring import MINIMUM_ENTRIES
from intaglio.status.bitstring import StatusList as Bits
from intaglio.times import parse_time
from issuer.issuance.models import StatusEntry, StatusList
from issuer.issuance.publishing import LASTS
from issuer.issuance.sealer import SLOW_CLOCK
from issuer.issuance.status import Change, change
from issuer.organizations import identity, keys
from issuer.organizations.models import KeyState, OrganizationKey
from tests.issuer.classroom import Classroom
from tests.issuer.readers import read


def _get(room: Classroom, rest: str = "revocation/1", **headers: str) -> httpx.Response:
    return room.issuer.client.get(f"/organizations/{room.world.school.slug}/status/{rest}", headers=headers)


def _withdraw(room: Classroom, number: int = 0) -> int:
    award = room.awards()[number]
    with room.issuer.db() as db:
        change(db, award.id, Change.WITHDRAW, reason="A mistake.", staff_id=None, now=room.now)
        return db.exec(select(StatusEntry.index).where(StatusEntry.award_id == award.id)).one()


def test_a_list_is_published_as_a_signed_credential_that_a_reader_verifies(room: Classroom) -> None:
    room.sealed()
    answer = _get(room)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vc"
    document = parse_object(answer.content)
    assert document["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert document["id"] == f"{room.issuer.settings.origin}/organizations/prairie-view-high-school/status/revocation/1"
    assert document["credentialSubject"]["ttl"] == 300_000
    assert parse_time(document["validUntil"]) == room.now + LASTS
    assert read(room.issuer, answer.content).verified


def test_the_bits_are_those_of_the_withdrawn_and_no_others(room: Classroom) -> None:
    room.sealed()
    index = _withdraw(room)
    bits = Bits.decode(parse_object(_get(room).content)["credentialSubject"]["encodedList"])
    assert len(bits) == MINIMUM_ENTRIES
    assert [place for place in range(MINIMUM_ENTRIES) if bits.get(place)] == [index]


def test_a_list_is_signed_once_and_kept(room: Classroom) -> None:
    room.sealed()
    first, second = _get(room), _get(room)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]


def test_who_has_the_present_list_is_told_so_in_a_few_bytes(room: Classroom) -> None:
    room.sealed()
    tag = _get(room).headers["etag"]
    for known in (tag, f'W/{tag}, "other"', "*"):
        answer = _get(room, **{"if-none-match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
    assert _get(room, **{"if-none-match": '"other"'}).status_code == 200


def test_after_a_change_there_is_another_list_at_once(room: Classroom) -> None:
    room.sealed()
    tag = _get(room).headers["etag"]
    _withdraw(room)
    answer = _get(room, **{"if-none-match": tag})
    assert answer.status_code == 200
    assert answer.headers["etag"] != tag
    assert "no-cache" in answer.headers["cache-control"]


def test_a_list_is_signed_anew_before_it_grows_too_old(room: Classroom) -> None:
    room.sealed()
    first = parse_object(_get(room).content)
    room.issuer.clock.advance(days=4)
    assert parse_object(_get(room).content) == first
    room.issuer.clock.advance(days=2)
    again = parse_object(_get(room).content)
    assert parse_time(again["validUntil"]) == room.now + LASTS


def test_a_list_signed_with_a_key_that_was_given_up_is_signed_anew(room: Classroom) -> None:
    room.sealed()
    before = _get(room).content
    with room.issuer.db() as db:
        old = identity.active_key(db, room.world.school.id, Algorithm.ED25519)
        keys.revoke(db, room.issuer.settings, room.world.school, old.id, staff_id=None, now=room.now)
    room.issuer.clock.advance(seconds=5)
    after = _get(room).content
    assert after != before
    assert read(room.issuer, after).verified


def test_a_list_under_a_retired_key_stays(room: Classroom) -> None:
    room.sealed()
    before = _get(room).content
    with room.issuer.db() as db:
        keys.rotate(db, room.issuer.settings, room.world.school, Algorithm.ED25519, staff_id=None, now=room.now)
    assert _get(room).content == before


def test_where_a_changed_list_cannot_be_signed_the_old_one_is_not_shown(room: Classroom) -> None:
    room.sealed()
    _get(room)
    _withdraw(room)
    with room.issuer.db() as db:
        key_ids = [key.id for key in identity.keys_of(db, room.world.school.id)]
    for key_id in key_ids:
        room.change(OrganizationKey, key_id, state=KeyState.RETIRED)
    answer = _get(room)
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:intaglio:problem:status-list-unavailable"


def test_many_who_ask_at_once_get_the_same_list(room: Classroom) -> None:
    room.sealed()
    with ThreadPoolExecutor(4) as pool:
        contents = set(pool.map(lambda _: _get(room).content, range(8)))
    assert len(contents) == 1


@pytest.mark.parametrize(
    "rest",
    ["revocation/2", "suspension/1", "revocation/0", "refresh/1", "revocation/99999999999999999999", "revocation/x"],
)
def test_a_list_that_is_not_there_is_not_found(room: Classroom, rest: str) -> None:
    room.sealed()
    assert _get(room, rest).status_code in (404, 422)


def test_another_organizations_list_is_not_under_this_ones_address(room: Classroom) -> None:
    room.sealed()
    slug = room.world.other_school.slug
    assert room.issuer.client.get(f"/organizations/{slug}/status/revocation/1").status_code == 404


def test_what_is_published_is_dated_to_the_time_of_asking(room: Classroom) -> None:
    room.sealed()
    room.issuer.clock.advance(minutes=7)
    document = parse_object(_get(room).content)
    assert parse_time(document["validFrom"]) == room.now - SLOW_CLOCK
    with room.issuer.db() as db:
        row = db.exec(select(StatusList)).one()
    assert row.expires_at == room.now + timedelta(days=7)
