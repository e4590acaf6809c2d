import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from intaglio.server.signing_in.sweeping import sweep
from intaglio.server.tables import Ceremony, Invitation, Passkey, RateWindow, SignIn
from tests.server.signing_in.authenticator import Authenticator
from tests.server.signing_in.people import (
    PASSWORD,
    WRONG,
    add_staff,
    is_signed_in,
    new_link,
    post_json,
    sign_in,
)
from tests.server.signing_in.test_passkeys import add, begin_sign_in, enter, kind
from tests.services import UnderTest

NEW = "bridge lantern copper cloud"


@pytest.fixture
def ada(issuer: UnderTest) -> UUID:
    """Return the account of somebody who is signed in by a password."""
    account = add_staff(issuer)
    sign_in(issuer)
    return account


@pytest.mark.parametrize(
    "url", ["/account/password", "/account/passkeys/name", "/account/passkeys/remove", "/account/sign-out-everywhere"]
)
def test_an_account_is_for_its_owner_alone(issuer: UnderTest, url: str) -> None:
    assert issuer.get("/account").headers["location"] == "/sign-in?next=/account"
    assert issuer.post_form(url).status_code == 401
    for there in ("/account/passkeys/options", "/account/passkeys"):
        assert post_json(issuer, there, {"credential": {}}).status_code == 401


def test_the_page_shows_the_ways_in_and_where_one_is(issuer: UnderTest, ada: UUID) -> None:
    other = issuer.visitor()
    sign_in(other)
    page = issuer.get("/account").text
    assert "Ada Byron" in page
    assert page.count("This browser") == 1
    assert page.count("Another browser") == 1
    assert "with a password" in page


def test_changing_the_password_ends_all_other_sign_ins(issuer: UnderTest, ada: UUID) -> None:
    thief = issuer.visitor()
    sign_in(thief)
    answer = issuer.post_form("/account/password", present=PASSWORD, new=NEW)
    assert answer.headers["location"] == "/account?done=password"
    assert "Your password is changed." in issuer.get("/account?done=password").text
    assert is_signed_in(issuer)
    assert not is_signed_in(thief)
    assert sign_in(issuer.visitor()).status_code == 422
    assert sign_in(issuer.visitor(), password=NEW).status_code == 303


def test_without_the_present_password_there_is_no_new_one(issuer: UnderTest, ada: UUID) -> None:
    for present in ("", WRONG):
        answer = issuer.post_form("/account/password", present=present, new=NEW)
        assert answer.status_code == 422
        assert "This is not your present password." in answer.text
    assert sign_in(issuer.visitor()).status_code == 303


def test_the_present_password_cannot_be_guessed_at_an_open_screen(issuer: UnderTest, ada: UUID) -> None:
    for _ in range(10):
        issuer.post_form("/account/password", present=WRONG, new=NEW)
    assert issuer.post_form("/account/password", present=PASSWORD, new=NEW).status_code == 429


def test_a_weak_new_password_is_told_at_its_field(issuer: UnderTest, ada: UUID) -> None:
    answer = issuer.post_form("/account/password", present=PASSWORD, new="ada byron 1815")
    assert answer.status_code == 422
    assert 'href="#field-new"' in answer.text


def test_who_has_no_password_can_set_one_right_after_signing_in(issuer: UnderTest) -> None:
    account = add_staff(issuer, password=None)
    issuer.sign_in_as(account)
    assert "You have no password." in issuer.get("/account").text
    assert issuer.post_form("/account/password", new=NEW).status_code == 303
    assert sign_in(issuer.visitor(), password=NEW).status_code == 303


def test_at_a_screen_left_open_no_way_in_can_be_changed(issuer: UnderTest) -> None:
    account, device = add_staff(issuer, password=None), Authenticator()
    issuer.sign_in_as(account)
    add(issuer, device)
    issuer.clock.advance(minutes=15)
    page = issuer.get("/account").text
    assert "sign in again" in page
    assert "Add a passkey" not in page
    assert issuer.post_form("/account/password", new=NEW).status_code == 403
    assert kind(post_json(issuer, "/account/passkeys/options", {})) == "sign-in-again"
    assert kind(post_json(issuer, "/account/passkeys", {"credential": {}})) == "sign-in-again"
    assert issuer.post_form("/account/passkeys/remove", passkey=device.credential_id.hex()).status_code == 403
    assert issuer.get("/sign-in?next=/account").status_code == 200, "the page is shown, though one is signed in"
    credential = device.get(begin_sign_in(issuer))
    assert post_json(issuer, "/sign-in/passkey", {"credential": credential, "next": "/account"}).status_code == 200
    assert "Add a passkey" in issuer.get("/account").text


def test_passkeys_are_named_and_removed(issuer: UnderTest, ada: UUID) -> None:
    device = Authenticator()
    add(issuer, device)
    page = issuer.get("/account?done=passkey").text
    assert "Passkey 1" in page
    assert "Your passkey is added." in page
    issuer.post_form("/account/passkeys/name", passkey=device.credential_id.hex(), name="  Blue\n phone\0 " + "x" * 99)
    with issuer.db() as db:
        (row,) = db.exec(select(Passkey))
        assert row.name == ("Blue phone " + "x" * 99)[:60]
    assert issuer.post_form("/account/passkeys/name", passkey=device.credential_id.hex(), name=" ").status_code == 303
    assert "Blue phone" in issuer.get("/account").text
    answer = issuer.post_form("/account/passkeys/remove", passkey=device.credential_id.hex())
    assert answer.headers["location"] == "/account?done=removed"
    assert "None yet." in issuer.get("/account").text


def test_nobody_can_name_or_remove_somebody_elses_passkey(issuer: UnderTest, ada: UUID) -> None:
    device, eve = Authenticator(), issuer.visitor()
    add(issuer, device)
    eve.sign_in_as(add_staff(issuer, "eve@school.example", name="Eve"))
    for passkey in (device.credential_id.hex(), "00", "not hex", ""):
        assert eve.post_form("/account/passkeys/name", passkey=passkey, name="Mine").status_code == 404
        assert eve.post_form("/account/passkeys/remove", passkey=passkey).status_code == 404
    assert enter(issuer.visitor(), device).status_code == 200


def test_the_last_way_in_stays(issuer: UnderTest) -> None:
    issuer.sign_in_as(add_staff(issuer, password=None))
    first, second = Authenticator(), Authenticator()
    add(issuer, first)
    answer = issuer.post_form("/account/passkeys/remove", passkey=first.credential_id.hex())
    assert answer.status_code == 409
    assert "the only way left" in answer.text
    add(issuer, second)
    assert issuer.post_form("/account/passkeys/remove", passkey=first.credential_id.hex()).status_code == 303


def test_signing_out_everywhere_means_everywhere(issuer: UnderTest, ada: UUID) -> None:
    other = issuer.visitor()
    sign_in(other)
    assert issuer.post_form("/account/sign-out-everywhere").headers["location"] == "/sign-in"
    assert not is_signed_in(issuer)
    assert not is_signed_in(other)


def test_somebody_who_left_meanwhile_sees_no_account(issuer: UnderTest) -> None:
    issuer.sign_in_as(add_staff(issuer, active=False))
    assert issuer.get("/account").headers["location"] == "/sign-in?next=/account"
    assert issuer.get("/sign-in?next=/account").status_code == 200, "and is not sent back and forth"


def test_the_page_is_in_spanish_for_those_who_read_it(issuer: UnderTest, ada: UUID) -> None:
    add(issuer, Authenticator())
    page = issuer.get("/account?done=name", headers={"accept-language": "es"}).text
    for words in ("Mi cuenta", "Llaves de acceso", "Contraseña actual", "Cerrar todas las sesiones", "Guardado."):
        assert words in page


async def _run(job: str, service: UnderTest) -> None:
    jobs = service.app.state.jobs
    with service.db() as db:
        jobs.defer(db, job)
        db.commit()
    await jobs.run_waiting(service.app)


def test_what_has_run_out_is_swept_by_a_job(issuer: UnderTest, ada: UUID) -> None:
    new_link(issuer, ada)
    issuer.clock.advance(days=7)
    asyncio.run(_run("server.signing_in.sweep", issuer))
    with issuer.db() as db:
        assert db.exec(select(Invitation)).first() is None


def test_what_has_run_out_is_swept_and_nothing_else(issuer: UnderTest, ada: UUID) -> None:
    new_link(issuer, ada)
    begin_sign_in(issuer.visitor())
    everything = (SignIn, Invitation, Ceremony, RateWindow)
    with issuer.db() as db:
        sweep(db, now=issuer.clock())
        assert all(db.exec(select(table)).first() is not None for table in everything)
        sweep(db, now=issuer.clock() + timedelta(days=7))
        assert all(db.exec(select(table)).first() is None for table in everything)
