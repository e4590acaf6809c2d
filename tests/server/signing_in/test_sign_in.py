from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlmodel import select

from intaglio.server.signing_in import entering
from intaglio.server.signing_in.tries import PER_ADDRESS
from intaglio.server.tables import RateWindow, SignIn
from intaglio.server.visitors import CookieNames
from tests.server.signing_in.people import EMAIL, PASSWORD, WRONG, add_staff, is_signed_in, sign_in
from tests.services import Browser, UnderTest

NAMES = CookieNames.of("issuer")
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/a\\b",
    "/x\r\nset-cookie: a=b",
    "/" + "x" * 20_000,
]


def cookie(browser: Browser, name: str) -> str | None:
    return browser.client.cookies.get(name)


def test_the_right_password_signs_in(issuer: UnderTest) -> None:
    add_staff(issuer)
    answer = sign_in(issuer)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert is_signed_in(issuer)
    for line in answer.headers.get_list("set-cookie"):
        assert all(part in line for part in ("__Host-", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"))


def test_an_address_is_the_same_in_capital_letters_and_with_spaces(issuer: UnderTest) -> None:
    add_staff(issuer)
    sign_in(issuer, "  ADA@School.Example ")
    assert is_signed_in(issuer)


@pytest.mark.parametrize("email", [EMAIL, "nobody@school.example", "", "a\0b@school.example", "x" * 5000])
def test_whatever_is_wrong_the_answer_is_the_same(issuer: UnderTest, email: str) -> None:
    add_staff(issuer)
    add_staff(issuer, "gone@school.example", active=False)
    wanted = sign_in(issuer.visitor(), "gone@school.example", PASSWORD)
    answer = sign_in(issuer, email, WRONG)
    assert answer.status_code == wanted.status_code == 422
    assert "The e-mail address or the password is not right." in answer.text
    assert not is_signed_in(issuer)

    def plain(text: str, typed: str) -> str:
        without_tokens = [line for line in text.splitlines() if "csrf" not in line]
        return "\n".join(without_tokens).replace(f' value="{typed}"', "")

    if email.isprintable() and email:
        assert plain(answer.text, email) == plain(wanted.text, "gone@school.example")


def test_what_was_typed_stays_but_never_the_password(issuer: UnderTest) -> None:
    answer = sign_in(issuer, "typed@school.example", WRONG)
    assert 'value="typed@school.example"' in answer.text
    assert WRONG not in answer.text


def test_somebody_without_a_password_cannot_sign_in_by_an_empty_one(issuer: UnderTest) -> None:
    add_staff(issuer, password=None)
    for password in ("", "nobody has this password, since it is compared with for nobody"):
        assert sign_in(issuer, password=password).status_code == 422


def test_somebody_who_left_is_out_at_once(issuer: UnderTest) -> None:
    add_staff(issuer, active=False)
    assert sign_in(issuer).status_code == 422


def test_a_sign_in_ends_by_itself(issuer: UnderTest) -> None:
    add_staff(issuer)
    sign_in(issuer)
    issuer.clock.advance(hours=12, seconds=-1)
    assert is_signed_in(issuer)
    issuer.clock.advance(seconds=1)
    assert not is_signed_in(issuer)


# — where to go on —


def test_one_goes_on_to_where_one_wanted_to_go(issuer: UnderTest) -> None:
    add_staff(issuer)
    page = issuer.get("/sign-in?next=" + quote("/o/1?page=2", safe=""))
    assert 'name="next" value="/o/1?page=2"' in page.text
    assert sign_in(issuer, next="/o/1?page=2").headers["location"] == "/o/1?page=2"
    assert issuer.get("/sign-in?next=/account").headers["location"] == "/account"


@pytest.mark.parametrize("where", ELSEWHERE)
def test_nobody_is_sent_to_another_site(issuer: UnderTest, where: str) -> None:
    add_staff(issuer)
    page = issuer.get("/sign-in?next=" + quote(where, safe=""))
    assert 'name="next" value="/"' in page.text
    answer = sign_in(issuer, next=where)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


# — fixation, forgery, leaving —


def test_a_sign_in_that_somebody_planted_is_not_taken_over(issuer: UnderTest) -> None:
    add_staff(issuer)
    planted, visit = "planted-by-somebody-else", "planted-visit"
    issuer.client.cookies.set(NAMES.sign_in, planted, domain="issuer.localhost")
    issuer.client.cookies.set(NAMES.visitor, visit, domain="issuer.localhost")
    sign_in(issuer)
    assert cookie(issuer, NAMES.sign_in) not in (None, planted)
    assert cookie(issuer, NAMES.visitor) not in (None, visit)
    attacker = issuer.visitor()
    attacker.client.cookies.set(NAMES.sign_in, planted, domain="issuer.localhost")
    assert not is_signed_in(attacker)


def test_signing_in_again_ends_the_browsers_earlier_sign_in(issuer: UnderTest) -> None:
    add_staff(issuer)
    sign_in(issuer)
    first = cookie(issuer, NAMES.sign_in)
    sign_in(issuer)
    thief = issuer.visitor()
    thief.client.cookies.set(NAMES.sign_in, first or "", domain="issuer.localhost")
    assert not is_signed_in(thief)
    assert is_signed_in(issuer)


def test_the_database_holds_no_token_that_could_be_used(issuer: UnderTest) -> None:
    add_staff(issuer)
    sign_in(issuer)
    token = cookie(issuer, NAMES.sign_in) or ""
    with issuer.db() as db:
        (row,) = db.exec(select(SignIn))
        assert token.encode() not in row.token_hash
        assert len(row.token_hash) == 32
        for window in db.exec(select(RateWindow)):
            assert len(window.key) == 32, "no address and no name"


@pytest.mark.parametrize("url", ["/sign-in", "/sign-out", "/sign-in/passkey/options", "/account/password"])
def test_a_page_of_another_site_can_send_nothing(issuer: UnderTest, url: str) -> None:
    add_staff(issuer)
    sign_in(issuer)
    fields = {"identifier": EMAIL, "password": PASSWORD}
    token = issuer.form_token()
    for headers, sent in (
        ({"accept": "text/html"}, ""),
        ({"sec-fetch-site": "cross-site"}, token),
        ({"sec-fetch-site": "same-site"}, token),
        ({"origin": "https://evil.example"}, token),
    ):
        answer = issuer.client.post(url, data={**fields, "csrf_token": sent}, headers=headers, follow_redirects=False)
        assert answer.status_code == 403, headers
    assert is_signed_in(issuer)


def test_a_token_of_another_visitors_form_is_refused(issuer: UnderTest) -> None:
    add_staff(issuer)
    attacker = issuer.visitor()
    answer = issuer.client.post("/sign-in", data={"identifier": EMAIL, "csrf_token": attacker.form_token()})
    assert answer.status_code == 403


def test_signing_out_ends_it_in_the_database_too(issuer: UnderTest) -> None:
    add_staff(issuer)
    sign_in(issuer)
    token = cookie(issuer, NAMES.sign_in) or ""
    answer = issuer.post_form("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert '"storage"' in answer.headers["clear-site-data"]
    assert not is_signed_in(issuer)
    thief = issuer.visitor()
    thief.client.cookies.set(NAMES.sign_in, token, domain="issuer.localhost")
    assert not is_signed_in(thief)


def test_a_link_alone_signs_nobody_out(issuer: UnderTest) -> None:
    add_staff(issuer)
    sign_in(issuer)
    assert issuer.get("/sign-out").status_code in (404, 405)
    assert is_signed_in(issuer)


# — guessing —


def test_after_ten_wrong_passwords_an_account_rests_a_while_even_for_the_right_one(issuer: UnderTest) -> None:
    add_staff(issuer)
    for _ in range(10):
        assert sign_in(issuer.visitor(), password=WRONG).status_code == 422
    answer = sign_in(issuer)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60
    assert "Wait a little" in answer.text
    issuer.clock.advance(minutes=15)
    assert sign_in(issuer).status_code == 303


def test_names_that_nobody_has_rest_too(issuer: UnderTest) -> None:
    for _ in range(10):
        sign_in(issuer, "nobody@school.example", WRONG)
    assert sign_in(issuer, " NOBODY@school.example", WRONG).status_code == 429


def test_a_success_begins_the_count_anew(issuer: UnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entering, "check_password", lambda _db, _account, password: password == PASSWORD)
    add_staff(issuer)
    for _ in range(9):
        sign_in(issuer, password=WRONG)
    assert sign_in(issuer).status_code == 303
    for _ in range(9):
        assert sign_in(issuer.visitor(), password=WRONG).status_code == 422


def test_no_more_than_a_hundred_wrong_passwords_in_a_day(issuer: UnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entering, "check_password", lambda *_: False)
    add_staff(issuer)
    for _ in range(10):
        for _ in range(10):
            assert sign_in(issuer, password=WRONG).status_code == 422
        issuer.clock.advance(minutes=15)
    assert sign_in(issuer, password=WRONG).status_code == 429
    issuer.clock.now += timedelta(days=1)
    assert sign_in(issuer, password=WRONG).status_code == 422


def test_one_address_can_try_many_accounts_but_not_without_end(
    issuer: UnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entering, "check_password", lambda *_: False)
    monkeypatch.setattr(entering, "PER_ADDRESS", replace(PER_ADDRESS, tries=20))
    for number in range(20):
        assert sign_in(issuer.visitor(), f"{number}@school.example").status_code == 422
    assert sign_in(issuer, "other@school.example").status_code == 429
    assert PER_ADDRESS.tries >= 200, "a whole school comes from one address"


# — the page —


def test_the_page_is_in_spanish_for_those_who_read_it(issuer: UnderTest) -> None:
    page = issuer.get("/sign-in", headers={"accept-language": "es"})
    assert "Iniciar sesión con una llave de acceso" in page.text
    assert "Contraseña" in page.text


def test_the_page_offers_no_school_account_where_none_is_set_up(issuer: UnderTest) -> None:
    assert "/sign-in/oidc" not in issuer.get("/sign-in").text
    assert issuer.get("/sign-in/oidc").status_code == 404
    assert issuer.get("/sign-in/oidc/callback?state=x&code=y").status_code == 404
