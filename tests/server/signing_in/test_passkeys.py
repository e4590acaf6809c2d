from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2 as httpx
import pytest
from sqlmodel import select

from intaglio.server.rates import Rate
from intaglio.server.signing_in import routes
from intaglio.server.signing_in.passkeys import MOST
from intaglio.server.tables import Ceremony, Passkey
from issuer.organizations.models import Staff
from tests.server.signing_in.authenticator import Authenticator, encode
from tests.server.signing_in.people import PASSWORD, add_staff, is_signed_in, post_json, sign_in
from tests.services import Browser, UnderTest


def begin_adding(browser: Browser) -> dict[str, Any]:
    answer = post_json(browser, "/account/passkeys/options", {})
    assert answer.status_code == 200, answer.text
    options: dict[str, Any] = answer.json()
    return options


def add(browser: Browser, device: Authenticator) -> httpx.Response:
    """Add a passkey to the account that is signed in."""
    return post_json(browser, "/account/passkeys", {"credential": device.create(begin_adding(browser))})


def begin_sign_in(browser: Browser) -> dict[str, Any]:
    options: dict[str, Any] = post_json(browser, "/sign-in/passkey/options", {}).json()
    return options


def enter(browser: Browser, device: Authenticator, **more: str) -> httpx.Response:
    """Sign in by a passkey."""
    return post_json(browser, "/sign-in/passkey", {"credential": device.get(begin_sign_in(browser)), **more})


def kind(answer: httpx.Response) -> str:
    found: str = answer.json()["type"]
    return found.removeprefix("urn:intaglio:problem:")


@pytest.fixture
def ada(issuer: UnderTest) -> UUID:
    """Return the account of somebody who is signed in by a password."""
    account = add_staff(issuer)
    sign_in(issuer)
    return account


@pytest.fixture
def device(issuer: UnderTest, ada: UUID) -> Authenticator:
    """Return a device with a passkey of hers."""
    device = Authenticator()
    assert add(issuer, device).json() == {"location": "/account?done=passkey"}
    return device


def test_a_passkey_signs_in_without_anything_typed(issuer: UnderTest, ada: UUID, device: Authenticator) -> None:
    browser = issuer.visitor()
    answer = enter(browser, device, next="/account")
    assert (answer.status_code, answer.json()) == (200, {"location": "/account"})
    assert "Ada Byron" in browser.get("/account").text
    with issuer.db() as db:
        (row,) = db.exec(select(Passkey))
        assert (row.account_id, row.sign_count, row.transports) == (ada, 2, ["hybrid", "internal"])
        assert row.last_used_at == issuer.clock()


def test_the_options_name_nobody_and_ask_for_the_user_to_be_verified(issuer: UnderTest) -> None:
    options = begin_sign_in(issuer)
    assert options.get("allowCredentials", []) == []
    assert options["userVerification"] == "required"
    assert options["rpId"] == "issuer.localhost"
    assert len(options["challenge"]) >= 43


def test_a_new_passkey_can_be_found_without_a_name_and_is_not_made_twice(
    issuer: UnderTest, ada: UUID, device: Authenticator
) -> None:
    options = begin_adding(issuer)
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["attestation"] == "none"
    assert [each["id"] for each in options["excludeCredentials"]] == [encode(device.credential_id)]
    assert options["user"]["id"] == encode(ada.bytes), "an id that says nothing about the person"


def test_a_device_whose_counter_stays_at_zero_goes_on_working(issuer: UnderTest, ada: UUID) -> None:
    device = Authenticator(counts=False)
    add(issuer, device)
    for _ in range(2):
        assert enter(issuer.visitor(), device).status_code == 200


def test_after_a_passkey_one_is_not_sent_to_another_site(issuer: UnderTest, device: Authenticator) -> None:
    assert enter(issuer.visitor(), device, next="//evil.example/").json() == {"location": "/"}


def test_a_copied_key_is_found_out_by_its_counter(issuer: UnderTest, device: Authenticator) -> None:
    device.sign_count = 10
    enter(issuer.visitor(), device)
    copy = Authenticator(credential_id=device.credential_id, key=device.key, user_handle=device.user_handle)
    copy.sign_count = 5
    answer = enter(issuer.visitor(), copy)
    assert (answer.status_code, kind(answer)) == (400, "passkey-refused")


FAULTS: dict[str, Callable[[Authenticator], None]] = {
    "made on a page of another site": lambda device: setattr(device, "origin", "https://evil.example"),
    "made on this host over http": lambda device: setattr(device, "origin", "http://issuer.localhost"),
    "made on another port": lambda device: setattr(device, "origin", "https://issuer.localhost:8443"),
    "made for another site": lambda device: setattr(device, "rp_id", "evil.example"),
    "made for a wider domain": lambda device: setattr(device, "rp_id", "localhost"),
    "made inside another site's page": lambda device: setattr(device, "cross_origin", True),
    "made while nobody was asked": lambda device: setattr(device, "verifies_user", False),
    "made with another key": lambda device: setattr(device, "key", Authenticator().key),
    "made for another account": lambda device: setattr(device, "user_handle", b"somebody else's!"),
    "made for no account": lambda device: setattr(device, "user_handle", b""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_passkeys_answer_is_refused_that_was(issuer: UnderTest, device: Authenticator, fault: str) -> None:
    FAULTS[fault](device)
    browser = issuer.visitor()
    answer = enter(browser, device)
    assert (answer.status_code, kind(answer)) == (400, "passkey-refused")
    assert not is_signed_in(browser)


@pytest.mark.parametrize("fault", list(FAULTS)[:7])
def test_a_new_passkey_is_refused_that_was(issuer: UnderTest, ada: UUID, fault: str) -> None:
    device = Authenticator()
    FAULTS[fault](device)
    answer = add(issuer, device)
    assert (answer.status_code, kind(answer)) == (400, "passkey-refused")
    with issuer.db() as db:
        assert db.exec(select(Passkey)).all() == []


def test_an_answer_counts_once(issuer: UnderTest, ada: UUID) -> None:
    device, browser = Authenticator(counts=False), issuer.visitor()
    add(issuer, device)
    body = {"credential": device.get(begin_sign_in(browser))}
    assert post_json(browser, "/sign-in/passkey", body).status_code == 200
    browser.post_form("/sign-out")
    assert kind(post_json(browser, "/sign-in/passkey", body)) == "passkey-refused"


def test_an_answer_to_a_question_of_another_browser_does_not_count(issuer: UnderTest, device: Authenticator) -> None:
    """An attacker who gets hold of an answer cannot use it where he is; nor can he make a victim end what he began."""
    victim, attacker = issuer.visitor(), issuer.visitor()
    answer = device.get(begin_sign_in(victim))
    assert kind(post_json(attacker, "/sign-in/passkey", {"credential": answer})) == "passkey-refused"
    assert post_json(victim, "/sign-in/passkey", {"credential": answer}).status_code == 200


def test_a_question_is_good_for_five_minutes(issuer: UnderTest, device: Authenticator) -> None:
    browser = issuer.visitor()
    body = {"credential": device.get(begin_sign_in(browser))}
    issuer.clock.advance(minutes=5)
    assert kind(post_json(browser, "/sign-in/passkey", body)) == "passkey-refused"


def test_an_answer_to_a_made_up_question_does_not_count(issuer: UnderTest, device: Authenticator) -> None:
    answer = device.get({"challenge": encode(b"of my own making")})
    assert kind(post_json(issuer.visitor(), "/sign-in/passkey", {"credential": answer})) == "passkey-refused"


def test_a_question_for_signing_in_makes_no_passkey(issuer: UnderTest, ada: UUID) -> None:
    options = {**begin_adding(issuer), "challenge": begin_sign_in(issuer)["challenge"]}
    answer = post_json(issuer, "/account/passkeys", {"credential": Authenticator().create(options)})
    assert kind(answer) == "passkey-refused"


def test_a_passkey_that_was_removed_is_unknown(issuer: UnderTest, ada: UUID, device: Authenticator) -> None:
    issuer.post_form("/account/passkeys/remove", passkey=device.credential_id.hex())
    answer = enter(issuer.visitor(), device)
    assert (answer.status_code, kind(answer)) == (400, "passkey-unknown")


def test_a_passkey_of_somebody_who_left_opens_nothing(issuer: UnderTest, ada: UUID, device: Authenticator) -> None:
    with issuer.db() as db:
        staff = db.get(Staff, ada)
        assert staff is not None
        staff.active = False
        db.add(staff)
        db.commit()
    browser = issuer.visitor()
    assert kind(enter(browser, device)) == "account-closed"
    assert not is_signed_in(browser)


def test_the_passkey_of_one_account_cannot_be_added_to_another(issuer: UnderTest, device: Authenticator) -> None:
    add_staff(issuer, "eve@school.example", name="Eve")
    eve = issuer.visitor()
    sign_in(eve, "eve@school.example", PASSWORD)
    answer = add(eve, Authenticator(credential_id=device.credential_id))
    assert (answer.status_code, kind(answer)) == (409, "passkey-taken")
    assert "Ada Byron" in _name_after(issuer, device)


def _name_after(issuer: UnderTest, device: Authenticator) -> str:
    device.user_handle = device.user_handle or b""
    browser = issuer.visitor()
    with issuer.db() as db:
        (row,) = db.exec(select(Passkey))
        device.user_handle = row.account_id.bytes
    enter(browser, device)
    return browser.get("/account").text


def test_somebody_elses_question_adds_nothing_to_an_account(issuer: UnderTest, ada: UUID) -> None:
    add_staff(issuer, "eve@school.example", name="Eve")
    options = begin_adding(issuer)
    sign_in(issuer, "eve@school.example", PASSWORD)  # the same browser, another account by now
    answer = post_json(issuer, "/account/passkeys", {"credential": Authenticator().create(options)})
    assert answer.status_code == 400


def test_an_account_has_so_many_passkeys_and_no_more(issuer: UnderTest, ada: UUID) -> None:
    with issuer.db() as db:
        for number in range(MOST):
            row = Passkey(
                credential_id=bytes([number]),
                account_id=ada,
                public_key=b"",
                sign_count=0,
                name=str(number),
                transports=[],
                created_at=issuer.clock(),
            )
            db.add(row)
        db.commit()
    answer = post_json(issuer, "/account/passkeys/options", {})
    assert (answer.status_code, kind(answer)) == (409, "too-many-passkeys")


def _set(answer: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    if place == "":
        return dict(value)
    if place.startswith("response."):
        return {**answer, "response": {**answer["response"], place.removeprefix("response."): value}}
    return {**answer, place: value}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("", {}),
        ("", {"response": []}),
        ("response", {}),
        ("response", None),
        ("rawId", None),
        ("rawId", "é"),
        ("rawId", "a"),
        ("id", "other"),
        ("type", "password"),
        ("response.clientDataJSON", ""),
        ("response.clientDataJSON", 7),
        ("response.clientDataJSON", encode(b"[]")),
        ("response.clientDataJSON", encode(b'{"type": "webauthn.get", "challenge": 5, "origin": "x"}')),
        ("response.clientDataJSON", encode(b"[" * 5000)),
        ("response.authenticatorData", ""),
        ("response.authenticatorData", encode(b"\xff" * 37)),
        ("response.signature", ""),
        ("response.signature", None),
        ("response.userHandle", None),
        ("response.userHandle", 5),
        ("response.userHandle", "\0"),
    ],
)
def test_broken_answers_are_refused_and_nothing_breaks(
    issuer: UnderTest, device: Authenticator, place: str, value: Any
) -> None:
    browser = issuer.visitor()
    answer = device.get(begin_sign_in(browser))
    found = post_json(browser, "/sign-in/passkey", {"credential": _set(answer, place, value)})
    assert found.status_code == 400
    assert kind(found).startswith("passkey-")
    assert not is_signed_in(browser)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("response.attestationObject", ""),
        ("response.attestationObject", encode(b"\xbf" * 50)),
        ("response.attestationObject", None),
        ("response.transports", "usb"),
        ("response.transports", [1, {}, "usb"]),
        ("rawId", ""),
    ],
)
def test_broken_new_passkeys_never_break_anything(issuer: UnderTest, ada: UUID, place: str, value: Any) -> None:
    answer = Authenticator().create(begin_adding(issuer))
    found = post_json(issuer, "/account/passkeys", {"credential": _set(answer, place, value)})
    assert found.status_code in ((200, 400) if "transports" in place else (400,))


def test_a_body_that_is_no_json_is_the_senders_mistake(issuer: UnderTest) -> None:
    for body in (b"", b"[", b"[]", b'{"credential": 1}', b"[" * 10_000):
        headers = {"x-csrf-token": issuer.form_token(), "content-type": "application/json"}
        answer = issuer.client.post("/sign-in/passkey", content=body, headers=headers)
        assert answer.status_code in (400, 422)


def test_what_a_ceremony_left_behind_is_one_row_that_ends(issuer: UnderTest) -> None:
    begin_sign_in(issuer)
    with issuer.db() as db:
        (row,) = db.exec(select(Ceremony))
        assert (row.expires_at - issuer.clock()).total_seconds() == 300


def test_beginnings_from_one_address_have_an_end(issuer: UnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "CEREMONIES", Rate("few", 2, timedelta(minutes=1)))
    for _ in range(2):
        begin_sign_in(issuer)
    assert post_json(issuer, "/sign-in/passkey/options", {}).status_code == 429


def test_an_id_that_is_longer_than_the_standard_allows_is_refused(issuer: UnderTest, ada: UUID) -> None:
    assert add(issuer, Authenticator(credential_id=bytes(1023))).status_code == 200
    answer = add(issuer, Authenticator(credential_id=bytes(1024)))
    assert (answer.status_code, kind(answer)) == (400, "passkey-refused")
