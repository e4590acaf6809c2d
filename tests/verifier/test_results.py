"""Notes of results: kept where the reader asks, and without the badge."""

import json

import pytest
from sqlmodel import select

from tests.services import UnderTest
from tests.verification.builders import AT, badge, signed
from verifier.results.models import KeptResult


@pytest.fixture
def desk(verifier: UnderTest) -> UnderTest:
    verifier.clock.now = AT
    return verifier


def _receipt(desk: UnderTest) -> str:
    page = desk.post_form("/check", badge=json.dumps(signed(badge()))).text
    return page.partition('name="receipt" value="')[2].partition('"')[0]


def test_checking_stores_nothing(desk: UnderTest) -> None:
    _receipt(desk)
    with desk.db() as db:
        assert db.exec(select(KeptResult)).all() == []


def test_a_note_holds_the_outcome_and_no_badge(desk: UnderTest) -> None:
    answer = desk.post_form("/results", receipt=_receipt(desk))
    assert answer.status_code == 303
    page = desk.visitor().get(answer.headers["location"]).text
    assert "Genuine." in page
    assert "Riverside High School" in page
    assert badge()["id"] not in page
    assert "Critical thinking" not in page


def test_a_note_ends_after_a_year(desk: UnderTest) -> None:
    where = desk.post_form("/results", receipt=_receipt(desk)).headers["location"]
    desk.clock.advance(days=366)
    assert desk.get(where).status_code == 404


@pytest.mark.parametrize("receipt", ["", "x", "e30.AAAA", "e30."])
def test_nobody_has_another_result_kept(desk: UnderTest, receipt: str) -> None:
    assert desk.post_form("/results", receipt=receipt).status_code == 400
    genuine = _receipt(desk)
    assert desk.post_form("/results", receipt="e30" + genuine[3:]).status_code == 400


def test_notes_cannot_be_piled_up(desk: UnderTest) -> None:
    receipt = _receipt(desk)
    answers = {desk.post_form("/results", receipt=receipt).status_code for _ in range(61)}
    assert answers == {303, 429}


def test_guessed_addresses_of_notes_lead_nowhere(desk: UnderTest) -> None:
    assert desk.get("/results/guess").status_code == 404
