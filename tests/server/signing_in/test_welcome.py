from uuid import uuid4

import pytest
from sqlmodel import select

from intaglio.server.errors import NotFound
from intaglio.server.signing_in.invitations import invited, redeem
from intaglio.server.tables import Invitation, Passkey
from tests.server.signing_in.authenticator import Authenticator
from tests.server.signing_in.people import EMAIL, PASSWORD, add_staff, is_signed_in, new_link, post_json, sign_in
from tests.server.signing_in.test_passkeys import enter
from tests.services import UnderTest


def test_a_link_lets_in_once_and_a_password_is_chosen(issuer: UnderTest) -> None:
    link = new_link(issuer, add_staff(issuer, password=None))
    page = issuer.get(link)
    assert page.status_code == 200
    assert "Welcome, Ada Byron" in page.text
    assert EMAIL in page.text
    answer = issuer.post_form(f"{link}/password", password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert is_signed_in(issuer)
    assert sign_in(issuer.visitor()).status_code == 303
    again = issuer.visitor().get(link)
    assert again.status_code == 404
    assert "This link no longer works." in again.text
    assert issuer.visitor().post_form(f"{link}/password", password=PASSWORD).status_code == 404


def test_a_link_lets_in_once_and_a_passkey_is_made(issuer: UnderTest) -> None:
    link = new_link(issuer, add_staff(issuer, password=None))
    device = Authenticator()
    options = post_json(issuer, f"{link}/passkey/options", {}).json()
    assert options["user"]["name"] == EMAIL
    assert options["user"]["displayName"] == "Ada Byron"
    body = {"credential": device.create(options), "next": "/account"}
    answer = post_json(issuer, f"{link}/passkey", body)
    assert (answer.status_code, answer.json()) == (200, {"location": "/account"})
    assert is_signed_in(issuer)
    assert issuer.get(link).status_code == 404
    assert enter(issuer.visitor(), device).status_code == 200


def test_opening_a_link_uses_nothing_up(issuer: UnderTest) -> None:
    link = new_link(issuer, add_staff(issuer, password=None))
    for _ in range(3):
        assert issuer.visitor().get(link).status_code == 200
    assert not is_signed_in(issuer)


def test_a_link_goes_on_to_where_its_owner_was_going_and_to_no_other_site(issuer: UnderTest) -> None:
    account = add_staff(issuer, password=None)
    link = new_link(issuer, account)
    assert 'name="next" value="/claim?x=1"' in issuer.get(f"{link}?next=/claim%3Fx%3D1").text
    answer = issuer.post_form(f"{link}/password", password=PASSWORD, next="/claim?x=1")
    assert answer.headers["location"] == "/claim?x=1"
    link = new_link(issuer, account)
    assert 'name="next" value=""' in issuer.get(f"{link}?next=//evil.example").text
    answer = issuer.post_form(f"{link}/password", password=PASSWORD, next="//evil.example")
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("password", ["", "short", "password password", "ada byron 2026"])
def test_a_weak_password_is_told_and_the_link_stays_good(issuer: UnderTest, password: str) -> None:
    link = new_link(issuer, add_staff(issuer, password=None))
    answer = issuer.post_form(f"{link}/password", password=password)
    assert answer.status_code == 422
    assert "three or four words" in answer.text.lower()
    assert issuer.get(link).status_code == 200


def test_a_link_ends_after_seven_days(issuer: UnderTest) -> None:
    link = new_link(issuer, add_staff(issuer, password=None))
    issuer.clock.advance(days=7, seconds=-1)
    assert issuer.get(link).status_code == 200
    issuer.clock.advance(seconds=1)
    for answer in (issuer.get(link), issuer.post_form(f"{link}/password", password=PASSWORD)):
        assert answer.status_code == 404


def test_a_new_link_ends_the_one_before(issuer: UnderTest) -> None:
    account = add_staff(issuer)
    first, second = new_link(issuer, account), new_link(issuer, account)
    assert issuer.get(first).status_code == 404
    assert issuer.get(second).status_code == 200


def test_somebody_who_lost_an_account_gets_it_back_by_a_link_and_whoever_took_it_is_out(issuer: UnderTest) -> None:
    account, thief = add_staff(issuer), issuer.visitor()
    sign_in(thief)
    link = new_link(issuer, account)
    issuer.post_form(f"{link}/password", password="bridge lantern copper cloud")
    assert is_signed_in(issuer)
    assert not is_signed_in(thief)
    assert sign_in(thief).status_code == 422


def test_the_link_of_somebody_who_left_opens_nothing(issuer: UnderTest) -> None:
    link = new_link(issuer, add_staff(issuer, password=None, active=False))
    assert issuer.get(link).status_code == 404
    assert new_link(issuer, uuid4())
    assert issuer.post_form(f"{link}/password", password=PASSWORD).status_code == 404


@pytest.mark.parametrize("token", ["x", "%00", "..%2F..", "a" * 5000, "é"])
def test_made_up_links_lead_nowhere(issuer: UnderTest, token: str) -> None:
    assert issuer.get(f"/welcome/{token}").status_code == 404


def test_a_passkey_made_for_one_link_is_not_taken_by_another(issuer: UnderTest) -> None:
    ada = new_link(issuer, add_staff(issuer, password=None))
    eve = new_link(issuer, add_staff(issuer, "eve@school.example", name="Eve", password=None))
    made = Authenticator().create(post_json(issuer, f"{eve}/passkey/options", {}).json())
    assert post_json(issuer, f"{ada}/passkey", {"credential": made}).status_code == 400
    with issuer.db() as db:
        assert db.exec(select(Passkey)).all() == []
        assert len(db.exec(select(Invitation)).all()) == 2, "both links are as good as before"


def test_the_database_holds_no_link(issuer: UnderTest) -> None:
    link = new_link(issuer, add_staff(issuer))
    with issuer.db() as db:
        (row,) = db.exec(select(Invitation))
        assert link.rpartition("/")[2].encode() not in row.token_hash


def test_of_two_who_use_a_link_at_once_one_is_let_in(issuer: UnderTest) -> None:
    link = new_link(issuer, add_staff(issuer, password=None))
    token = link.rpartition("/")[2]
    with issuer.db() as one, issuer.db() as two:
        assert invited(two, token, now=issuer.clock()) == invited(one, token, now=issuer.clock())
        redeem(one, token, now=issuer.clock())
        one.commit()
        with pytest.raises(NotFound):
            redeem(two, token, now=issuer.clock())
