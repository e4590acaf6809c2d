from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from intaglio.errors import IntaglioError
from intaglio.server.clock import local_day
from issuer.delivery import codes, service
from issuer.delivery.families import age_on, may_claim
from issuer.delivery.links import links_of
from issuer.delivery.models import ClaimCode, ClaimItem, ClaimState, Mail
from issuer.issuance.models import Award
from issuer.roster.models import Learner
from tests.issuer.classroom import Classroom, add_achievement

SECRET = b"a secret of the tests, of no use anywhere else"


def _claim(room: Classroom) -> ClaimCode:
    with room.issuer.db() as db:
        return db.exec(select(ClaimCode).order_by(col(ClaimCode.created_at).desc())).first()  # type: ignore[return-value]


def _codes(room: Classroom, claim: ClaimCode | None = None) -> tuple[str, str]:
    secret, one = room.issuer.settings.secret_bytes, claim or _claim(room)
    return codes.claim_code(secret, one.id), codes.tx_code(secret, one.id)


def _redeem(room: Classroom, code: str, tx_code: str) -> service.Redeemed:
    with room.issuer.db() as db:
        return service.redeem(db, room.issuer.settings, code, tx_code, now=room.now)


def _refused(room: Classroom, code: str, tx_code: str) -> str:
    with pytest.raises(IntaglioError) as caught:
        _redeem(room, code, tx_code)
    return caught.value.problem.kind


def _wrong(tx_code: str) -> str:
    return f"{(int(tx_code) + 1) % 10**6:06d}"


def test_each_learner_gets_a_link_for_what_was_sealed(room: Classroom) -> None:
    awards = room.sealed()
    with room.issuer.db() as db:
        claims = {claim.learner_id: claim for claim in db.exec(select(ClaimCode))}
        items = {item.claim_id: item.award_id for item in db.exec(select(ClaimItem))}
    assert set(claims) == set(room.learners)
    for award in awards:
        assert items[claims[award.learner_id].id] == award.id


def test_announcing_twice_makes_one_link(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    with room.issuer.db() as db:
        assert service.announce(db, room.issuer.settings, room.jobs, [award.id], now=room.now) == []
        assert len(db.exec(select(ClaimCode)).all()) == 1


def test_several_badges_of_one_learner_announced_together_travel_in_one_link(room: Classroom) -> None:
    first = room.sealed(room.learners[:1])[0]
    room.issuer.clock.advance(minutes=1)
    second = room.sealed(room.learners[:1], again=True)[0]
    with room.issuer.db() as db:
        for row in [*db.exec(select(ClaimItem)), *db.exec(select(ClaimCode))]:
            db.delete(row)
            db.flush()
        (claim,) = service.announce(db, room.issuer.settings, room.jobs, [first.id, second.id], now=room.now)
        db.commit()
    assert _redeem(room, *_codes(room, claim)).award_ids == (first.id, second.id)


def test_the_code_opens_the_link_and_says_for_whom_and_what(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    code, tx_code = _codes(room)
    redeemed = _redeem(room, code, f" {tx_code[:3]} {tx_code[3:]} ")
    assert redeemed.learner_id == room.learners[0]
    assert redeemed.organization_id == room.world.school.id
    assert redeemed.award_ids == (award.id,)


def test_the_link_works_again_until_everything_is_collected(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    code, tx_code = _codes(room)
    first = _redeem(room, code, tx_code)
    assert _redeem(room, code, tx_code) == first
    with room.issuer.db() as db:
        service.collected(db, first.claim_id, first.award_ids, now=room.now)
        db.commit()
    assert _refused(room, code, tx_code) == "claim-used"
    assert _claim(room).state == ClaimState.CLAIMED


def test_what_was_collected_already_is_not_carried_any_more(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    room.issuer.clock.advance(minutes=1)
    second = room.sealed(room.learners[:1], again=True)[0]
    with room.issuer.db() as db:
        awards = service.uncollected(db, room.world.school.id, room.learners[0])
        claim = service.replace(db, room.issuer.settings, room.jobs, awards, by_mail=False, now=room.now)
        service.collected(db, claim.id, [awards[0].id], now=room.now)
        db.commit()
    assert _redeem(room, *_codes(room, claim)).award_ids == (second.id,)
    assert _claim(room).state in {ClaimState.OFFERED, ClaimState.REPLACED}


def test_a_wrong_code_is_refused_and_says_how_many_tries_are_left(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    code, tx_code = _codes(room)
    with pytest.raises(IntaglioError) as caught:
        _redeem(room, code, _wrong(tx_code))
    assert caught.value.problem.kind == "claim-code-wrong"
    assert "4" in caught.value.problem.detail


def test_after_five_wrong_codes_the_right_one_does_not_help_any_more(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    code, tx_code = _codes(room)
    kinds = [_refused(room, code, _wrong(tx_code)) for _ in range(5)]
    assert kinds == ["claim-code-wrong"] * 4 + ["claim-locked"]
    assert _refused(room, code, tx_code) == "claim-locked"


def test_a_right_code_forgets_the_wrong_ones(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    code, tx_code = _codes(room)
    for _ in range(3):
        for _ in range(3):
            assert _refused(room, code, _wrong(tx_code)) == "claim-code-wrong"
        _redeem(room, code, tx_code)


def test_tries_that_come_at_once_count_as_much_as_those_in_turn(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    code, tx_code = _codes(room)
    guesses = [f"{(int(tx_code) + number) % 10**6:06d}" for number in range(1, 13)]
    with ThreadPoolExecutor(6) as pool:
        kinds = list(pool.map(lambda guess: _refused(room, code, guess), guesses))
    assert kinds.count("claim-code-wrong") == 4
    assert kinds.count("claim-locked") == 8


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0" * 1000, "\x00"])
def test_what_is_no_code_is_a_wrong_one(room: Classroom, typed: str) -> None:
    room.sealed(room.learners[:1])
    assert _refused(room, _codes(room)[0], typed) == "claim-code-wrong"


@pytest.mark.parametrize("code", ["", "x", "A" * 43, "\x00", "é" * 300])
def test_an_unknown_link_leads_nowhere(room: Classroom, code: str) -> None:
    room.sealed(room.learners[:1])
    assert _refused(room, code, "000000") == "claim-link"


def test_a_link_ends_after_its_days_and_the_badge_does_not(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    code, tx_code = _codes(room)
    room.issuer.clock.advance(days=90)
    assert _refused(room, code, tx_code) == "claim-expired"
    with room.issuer.db() as db:
        claim = service.replace(db, room.issuer.settings, room.jobs, [award], by_mail=False, now=room.now)
        db.commit()
    assert _redeem(room, *_codes(room, claim)).award_ids == (award.id,)
    assert claim.expires_at == room.now + timedelta(days=90)


def test_a_new_link_ends_the_one_before_and_has_another_code(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    old = _codes(room)
    with room.issuer.db() as db:
        claim = service.replace(db, room.issuer.settings, room.jobs, [award], by_mail=False, now=room.now)
        db.commit()
    assert _refused(room, *old) == "claim-replaced"
    assert _codes(room, claim)[0] != old[0]
    assert _redeem(room, *_codes(room, claim)).award_ids == (award.id,)


def test_a_locked_link_can_be_replaced(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    code, tx_code = _codes(room)
    for _ in range(5):
        _refused(room, code, _wrong(tx_code))
    with room.issuer.db() as db:
        claim = service.replace(db, room.issuer.settings, room.jobs, [award], by_mail=False, now=room.now)
        db.commit()
    assert _redeem(room, *_codes(room, claim)).award_ids == (award.id,)


def test_what_an_ended_link_carried_besides_moves_to_the_new_one(room: Classroom) -> None:
    first = room.sealed(room.learners[:1])[0]
    second = room.sealed(room.learners[:1], again=True)[0]
    settings = room.issuer.settings
    with room.issuer.db() as db:
        service.replace(db, settings, room.jobs, [first, second], by_mail=False, now=room.now)
        claim = service.replace(db, settings, room.jobs, [second], by_mail=False, now=room.now)
        db.commit()
    assert set(_redeem(room, *_codes(room, claim)).award_ids) == {first.id, second.id}


def test_what_was_withdrawn_cannot_be_collected(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    room.change(Award, award.id, status="revoked")
    assert _refused(room, *_codes(room)) == "claim-withdrawn"
    with room.issuer.db() as db:
        assert service.uncollected(db, room.world.school.id, room.learners[0]) == []


def test_nothing_is_offered_of_what_is_not_issued(room: Classroom) -> None:
    batch = room.award(room.learners[:1])
    with room.issuer.db() as db:
        for awards in (room.awards(batch.id), []):
            with pytest.raises(IntaglioError, match="nothing to collect"):
                service.replace(db, room.issuer.settings, room.jobs, awards, by_mail=False, now=room.now)


@pytest.mark.parametrize("born", [None, date(2013, 5, 13), date(2020, 1, 1)])
def test_for_children_and_for_unknown_ages_the_school_keeps_the_badge(room: Classroom, born: date | None) -> None:
    room.change(Learner, room.learners[0], birth_date=born)
    award = room.sealed(room.learners[:1])[0]
    with room.issuer.db() as db:
        assert db.exec(select(ClaimCode)).all() == []
        assert db.exec(select(Mail)).all() == []
        with pytest.raises(IntaglioError, match="kept by the school"):
            service.replace(db, room.issuer.settings, room.jobs, [award], by_mail=False, now=room.now)


def test_a_date_of_birth_that_was_corrected_afterwards_closes_the_link(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    room.change(Learner, room.learners[0], birth_date=date(2015, 1, 1))
    assert _refused(room, *_codes(room)) == "claim-by-school"


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2013, 5, 12), date(2026, 5, 11), 12),
        (date(2013, 5, 12), date(2026, 5, 12), 13),
        (date(2012, 2, 29), date(2025, 2, 28), 12),
        (date(2012, 2, 29), date(2025, 3, 1), 13),
    ],
)
def test_ages_are_whole_years(born: date, day: date, age: int) -> None:
    assert age_on(day, born) == age
    learner = Learner(district_id=uuid4(), sourced_id="1", school_id=uuid4(), given_name="A", family_name="B")
    learner.birth_date = born
    assert may_claim(learner, day) is (age >= 13)


def test_codes_are_derived_from_the_secret_and_nothing_in_the_database_gives_them(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    claim = _claim(room)
    code, tx_code = _codes(room)
    assert len(code) == 43
    assert len(tx_code) == 6
    assert claim.code_hash == codes.claim_code_hash(room.issuer.settings.secret_bytes, claim.id)
    assert code not in str(claim)
    assert codes.claim_code(b"x" * 32, claim.id) != code
    assert codes.tx_code(b"x" * 32, claim.id) != tx_code or codes.tx_code(b"y" * 32, claim.id) != tx_code


def test_transaction_codes_are_spread_over_all_figures() -> None:
    drawn = [codes.tx_code(SECRET, UUID(int=number)) for number in range(2000)]
    assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in drawn)
    assert len(set(drawn)) > 1980
    assert {code[0] for code in drawn} == set("0123456789")


def test_a_link_knows_its_addresses(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    claim = _claim(room)
    code, _ = _codes(room)
    links = links_of(room.issuer.settings, claim)
    offer = f"https%3A%2F%2Fissuer.localhost%2Fclaim%2F{code}%2Foffer"
    assert links.page == f"https://issuer.localhost/claim/{code}"
    assert links.our_wallet == f"http://localhost:8002/claim?credential_offer_uri={offer}"
    assert links.any_wallet == f"openid-credential-offer://?credential_offer_uri={offer}"
    assert _codes(room)[1] not in links.our_wallet + links.any_wallet.replace(code, "")


def test_badges_of_two_schools_are_not_mixed_in_one_link(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    with room.issuer.db() as db:
        add_achievement(db, room.world.other_school.id, room.now, code="theirs")
        assert service.uncollected(db, room.world.other_school.id, room.learners[0]) == []


def test_a_birthday_begins_at_midnight_where_the_school_is(room: Classroom) -> None:
    born, settings = date(2013, 5, 13), room.issuer.settings.model_copy(update={"time_zone": "America/Denver"})
    in_denver_still_the_twelfth = datetime(2026, 5, 13, 5, 0, tzinfo=UTC)
    assert not may_claim(Learner(birth_date=born), local_day(settings, in_denver_still_the_twelfth))
    assert may_claim(Learner(birth_date=born), local_day(settings, in_denver_still_the_twelfth + timedelta(hours=1)))
