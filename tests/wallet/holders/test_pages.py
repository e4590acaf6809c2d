from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from intaglio.server.tables import Ceremony, ExternalIdentity, SignIn
from tests.database import Cluster
from tests.services import UnderTest, running
from tests.wallet.conftest import Person
from tests.wallet.school import School
from wallet.holders import gate
from wallet.holders.accounts import find_holder
from wallet.holders.models import Holder
from wallet.holders.sign_in import LearnerAccounts
from wallet.holdings.models import Holding

NEW = {"name": "Ana María", "sign_in_name": "ana@example.com", "born_month": "4", "born_day": "17", "born_year": "2010"}
PASSWORD = "violet tractor sings at noon"


def holders(wallet: UnderTest) -> list[Holder]:
    with wallet.db() as db:
        return list(db.exec(select(Holder)))


def test_a_wallet_is_made_with_a_password_and_leads_on_to_where_one_wanted(wallet: UnderTest) -> None:
    assert 'value="/add"' in wallet.get("/register?next=/add").text
    answer = wallet.post_form("/register", **NEW, next="/add")
    where = answer.headers["location"]
    assert where.startswith("/welcome/")
    assert wallet.get(where).status_code == 200
    done = wallet.post_form(f"{where.partition('?')[0]}/password", password=PASSWORD, next="/add")
    assert (done.status_code, done.headers["location"]) == (303, "/add")
    assert "No badges yet" in wallet.get("/").text


def test_later_one_signs_in_with_the_name_and_password(wallet: UnderTest) -> None:
    where = wallet.post_form("/register", **NEW).headers["location"].partition("?")[0]
    wallet.post_form(f"{where}/password", password=PASSWORD)
    other = wallet.visitor()
    wrong = other.post_form("/sign-in", identifier="ana@example.com", password="something else entirely")
    assert wrong.status_code == 422
    right = other.post_form("/sign-in", identifier=" ANA@example.com", password=PASSWORD)
    assert right.status_code == 303
    assert "Ana María" in other.get("/").text


def test_a_form_comes_back_with_what_was_typed(wallet: UnderTest) -> None:
    page = wallet.post_form("/register", **{**NEW, "born_month": "17", "name": ""})
    assert page.status_code == 422
    assert "Type your name" in page.text
    assert "Type the day you were born" in page.text
    assert 'value="ana@example.com"' in page.text
    assert holders(wallet) == []


def test_a_sign_in_name_belongs_to_one(wallet: UnderTest) -> None:
    wallet.post_form("/register", **NEW)
    page = wallet.visitor().post_form("/register", **{**NEW, "sign_in_name": "ANA@example.com"})
    assert page.status_code == 422
    assert "Somebody signs in with this name already" in page.text
    assert len(holders(wallet)) == 1


def test_who_is_under_thirteen_gets_no_account_and_cannot_try_another_year(wallet: UnderTest) -> None:
    young = wallet.post_form("/register", **{**NEW, "born_year": "2016"})
    assert "Your school keeps your badges" in young.text
    assert "Your school keeps your badges" in wallet.post_form("/register", **NEW).text
    assert "Your school keeps your badges" in wallet.get("/register").text
    assert holders(wallet) == []
    with wallet.db() as db:
        row = db.exec(select(Ceremony)).one()
        assert (row.kind, row.data) == ("too-young", {})
    assert wallet.visitor().get("/register").status_code == 200
    wallet.clock.advance(hours=25)
    assert "Make a wallet" in wallet.get("/register").text


def test_of_the_birthday_nothing_is_kept_but_the_month_of_coming_of_age(wallet: UnderTest) -> None:
    wallet.post_form("/register", **NEW)
    (holder,) = holders(wallet)
    assert holder.minor_until == date(2028, 5, 1)
    assert "2010" not in str({name: value for name, value in holder.model_dump().items() if name != "id"})


def test_registering_leads_nowhere_else(wallet: UnderTest) -> None:
    for elsewhere in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        page = wallet.get("/register", params={"next": elsewhere}).text
        assert 'name="next" value="/"' in page
        assert 'href="/sign-in?next=/"' in page


def test_accounts_that_were_never_finished_are_forgotten(wallet: UnderTest) -> None:
    wallet.post_form("/register", **NEW | {"sign_in_name": "left"})
    where = wallet.post_form("/register", **NEW | {"sign_in_name": "stayed"}).headers["location"].partition("?")[0]
    wallet.post_form(f"{where}/password", password=PASSWORD)
    wallet.clock.advance(days=8)

    class Job:
        database, state = wallet.app.state.database, wallet.app.state

    wallet.app.state.jobs._tasks["wallet.exchange.forget"].function(Job)
    with wallet.db() as db:
        assert find_holder(db, wallet.app.state.keyring, "left") is None
        assert find_holder(db, wallet.app.state.keyring, "stayed") is not None


def from_school(wallet: UnderTest, **claims: object) -> Holder | None:
    accounts = LearnerAccounts(wallet.app.state.keyring)
    with wallet.db() as db:
        account_id = accounts.from_external(db, "https://id.example", "s1", claims, wallet.clock.now)
        if account_id is None:
            return None
        db.add(
            ExternalIdentity(
                account_id=account_id, issuer="https://id.example", subject="s1", created_at=wallet.clock.now
            )
        )
        db.commit()
        return db.get(Holder, account_id)


def test_the_school_may_vouch_for_the_age(wallet: UnderTest) -> None:
    holder = from_school(wallet, birthdate="2010-04-17", name="Ben Ruiz")
    assert holder is not None
    browser = wallet.visitor().sign_in_as(holder.id)
    assert "Ben Ruiz" in browser.get("/").text
    assert from_school(wallet, birthdate="2016-04-17") is None


@pytest.mark.parametrize(
    "claims", [{}, {"birthdate": "0000-04-17"}, {"birthdate": 7, "given_name": "Ben"}, {"birthdate": "2031-01-01"}]
)
def test_whose_age_the_school_does_not_tell_is_asked_before_anything_else(
    wallet: UnderTest, claims: dict[str, object]
) -> None:
    holder = from_school(wallet, **claims)
    assert holder is not None
    browser = wallet.visitor().sign_in_as(holder.id)
    assert browser.get("/").headers["location"] == "/welcome-age"
    assert browser.get("/add").headers["location"] == "/welcome-age"
    assert browser.get("/claim?credential_offer=%7B%7D").headers["location"].startswith("/welcome-age?next=%2Fclaim")
    assert browser.get("/welcome-age").status_code == 200
    assert browser.post_form("/welcome-age", born_month="40").status_code == 422
    answer = browser.post_form("/welcome-age", born_month="4", born_day="17", born_year="2010", next="/add")
    assert answer.headers["location"] == "/add"
    assert browser.get("/add").status_code == 200
    assert browser.get("/welcome-age").headers["location"] == "/"
    assert browser.post_form("/welcome-age", born_month="4").headers["location"] == "/"


def test_who_turns_out_too_young_leaves_no_trace(wallet: UnderTest) -> None:
    holder = from_school(wallet)
    assert holder is not None
    browser = wallet.visitor().sign_in_as(holder.id)
    page = browser.post_form("/welcome-age", born_month="4", born_day="17", born_year="2018")
    assert "Your school keeps your badges" in page.text
    assert holders(wallet) == []
    with wallet.db() as db:
        assert (db.exec(select(SignIn)).all(), db.exec(select(ExternalIdentity)).all()) == ([], [])


def test_a_learner_changes_her_name(ana: Person) -> None:
    assert "Ana" in ana.get("/wallet").text
    assert ana.post("/wallet/name", name=" ").status_code == 422
    assert ana.post("/wallet/name", name="Anita").headers["location"] == "/wallet?saved=true"
    page = ana.get("/wallet?saved=true")
    assert "Anita" in page.text
    assert "Saved." in page.text


def test_closing_a_wallet_asks_twice_and_deletes_everything(ana: Person, school: School, wallet: UnderTest) -> None:
    ana.claim(school.offer())
    assert ana.get("/wallet/close").status_code == 200
    assert ana.post("/wallet/close").status_code == 422
    assert len(holders(wallet)) == 1
    assert "Your wallet is closed" in ana.post("/wallet/close", agreed="yes").text
    assert holders(wallet) == []
    with wallet.db() as db:
        assert db.exec(select(Holding)).all() == []
        assert db.exec(select(SignIn)).all() == []
    assert "Make a wallet" in ana.get("/").text


def test_an_account_that_is_gone_is_signed_out(ana: Person, wallet: UnderTest) -> None:
    with wallet.db() as db:
        db.delete(db.get(Holder, ana.holder.id))
        db.commit()
    assert ana.get("/wallet").headers["location"].startswith("/sign-in")
    assert "Make a wallet" in ana.get("/").text


def test_pages_speak_spanish(ana: Person) -> None:
    for url in ("/", "/register", "/add", "/shares", "/shares/new", "/wallet", "/wallet/close", "/offline"):
        page = ana.get(f"{url}?lang=es")
        assert '<html lang="es">' in page.text, url
    assert "Mis insignias" in ana.get("/?lang=es").text


def test_each_learner_is_described_to_the_ways_of_signing_in(person: Callable[..., Person], wallet: UnderTest) -> None:
    ana = person()
    accounts = LearnerAccounts(wallet.app.state.keyring)
    with wallet.db() as db:
        view = accounts.describe(db, ana.holder.id)
        assert view is not None
        assert (view.name, view.identifier, view.active) == ("Ana", "Ana@example.com", True)
        assert accounts.find(db, "ana@EXAMPLE.com") == ana.holder.id
        assert accounts.find(db, "nobody") is None
        assert accounts.describe(db, UUID(int=1)) is None


def test_leaving_clears_what_the_browser_kept(ana: Person, person: Callable[..., Person], wallet: UnderTest) -> None:
    ben, cy = person("Ben"), person("Cy", None)
    young = {"born_month": "4", "born_day": "17", "born_year": "2016"}
    for answer in (
        ana.post("/account/sign-out-everywhere"),
        ben.post("/wallet/close", agreed="yes"),
        cy.post("/welcome-age", **young),
    ):
        assert answer.headers["clear-site-data"] == '"storage"'
    dan = person("Dan")
    assert "clear-site-data" not in dan.get("/sign-in").headers
    wallet.clock.advance(hours=13)
    assert dan.get("/add").headers["location"] == "/sign-in?next=/add"
    ended = dan.get("/sign-in?next=/add")
    assert ended.headers["clear-site-data"] == '"storage"'
    assert "Max-Age=0" in ended.headers["set-cookie"]
    assert "clear-site-data" not in dan.get("/sign-in").headers


def test_a_school_account_that_was_too_young_cannot_type_another_year_in_another_browser(wallet: UnderTest) -> None:
    holder = from_school(wallet, name="Ben")
    assert holder is not None
    browser = wallet.visitor().sign_in_as(holder.id)
    answer = browser.post_form("/welcome-age", born_month="4", born_day="17", born_year="2016")
    assert "Your school keeps your badges" in answer.text
    assert holders(wallet) == []
    with wallet.db() as db:
        stored = [row.token_hash + str(row.data).encode() for row in db.exec(select(Ceremony))]
        assert len(stored) == 2
        assert not any(b"s1" in row or b"id.example" in row for row in stored)
    assert from_school(wallet, name="Ben") is None
    assert from_school(wallet, name="Ben", birthdate="2010-04-17") is not None, "the school knows better"


def test_who_was_noted_meanwhile_is_not_asked_twice(wallet: UnderTest) -> None:
    holder = from_school(wallet, name="Ben")
    assert holder is not None
    with wallet.db() as db:
        gate.remember_school_accounts(db, wallet.app.state.keyring, holder.id, now=wallet.clock.now)
    browser = wallet.visitor().sign_in_as(holder.id)
    answer = browser.post_form("/welcome-age", born_month="4", born_day="17", born_year="2000")
    assert "Your school keeps your badges" in answer.text
    assert holders(wallet) == []
    assert from_school(wallet, name="Ben") is None
    wallet.clock.advance(days=91)
    assert from_school(wallet, name="Ben") is not None


def test_the_account_page_promises_no_connection_that_never_comes(postgres: Cluster, tmp_path: Path) -> None:
    more = {"oidc_issuer": "https://id.example", "oidc_client_id": "wallet", "oidc_name": "Prairie View account"}
    with running("wallet", postgres, tmp_path, **more) as service:
        where = service.post_form("/register", **NEW).headers["location"].partition("?")[0]
        service.post_form(f"{where}/password", password=PASSWORD)
        assert "It is connected when you sign in" not in service.get("/account").text
