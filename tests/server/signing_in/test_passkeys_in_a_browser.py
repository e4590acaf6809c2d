"""Signing in as people do it, in Chromium, with a virtual authenticator (Web Authentication Level 3, section 11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Page, expect
from sqlmodel import Session, select

from intaglio.server.database import Database
from intaglio.server.migrate import upgrade
from intaglio.server.signing_in.invitations import invite
from intaglio.server.signing_in.passwords import set_password
from intaglio.server.tables import Passkey
from issuer.organizations.models import Staff
from tests.browser import chromium, findings
from tests.database import Cluster
from tests.served import environment, served
from tests.server.signing_in.people import EMAIL, PASSWORD

SCREENS = [(width, theme, language) for width, theme, language in ((1280, "light", "en"), (360, "dark", "es"))]


@dataclass
class School:
    """A service that runs, and its database."""

    origin: str
    database: Database

    def db(self) -> Session:
        """Return a session of the service's database."""
        return self.database.session()

    def link(self, *, password: str | None = None) -> str:
        """Add Ada, and return the address of a link for her first sign-in."""
        now = datetime.now(UTC)
        with self.db() as db:
            staff = db.exec(select(Staff)).first() or Staff(email=EMAIL, name="Ada Byron", created_at=now)
            db.add(staff)
            db.flush()
            if password is not None:
                set_password(db, staff.id, password, now=now)
            token = invite(db, staff.id, now=now)
            db.commit()
        return f"{self.origin}/welcome/{token}"


@pytest.fixture
def school(postgres: Cluster, tmp_path: Path) -> Iterator[School]:
    """Return an issuer that runs in a process of its own."""
    with postgres.fresh_database("issuer", lambda url: upgrade(url, "issuer")) as url:
        database = Database(url)
        with served("issuer", environment(tmp_path, url), tmp_path / "log") as origin:
            yield School(origin, database)
        database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page that fails the test when a script or the strict policy complains."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "the server responded with a status of" not in message.text:
            complaints.append(message.text)

    context = browser.new_context()
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", note)
    yield opened
    context.close()
    assert complaints == []


class Device:
    """The virtual authenticator of a page's browser."""

    def __init__(self, page: Page) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        self._id = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def refuse(self) -> None:
        """From now on, the finger is the wrong one."""
        self._cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": False})

    def passkeys(self) -> list[Any]:
        """Return what it keeps."""
        found: list[Any] = self._cdp.send("WebAuthn.getCredentials", {"authenticatorId": self._id})["credentials"]
        return found


def test_a_passkey_from_the_first_visit_to_the_last(school: School, page: Page) -> None:
    device = Device(page)
    page.goto(school.link())
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url(f"{school.origin}/")
    (kept,) = device.passkeys()
    assert (kept["rpId"], kept["isResidentCredential"]) == ("localhost", True)
    page.goto(f"{school.origin}/account")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Passkey 1")
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"{school.origin}/sign-in")
    page.goto(f"{school.origin}/account")
    page.wait_for_url(f"{school.origin}/sign-in?next=/account")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{school.origin}/account")
    expect(page.get_by_text("with a passkey,", exact=False)).to_be_visible()
    assert device.passkeys()[0]["signCount"] > kept["signCount"]


def test_what_did_not_work_is_said_and_can_be_tried_again(school: School, page: Page) -> None:
    device = Device(page)
    page.goto(school.link())
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url(f"{school.origin}/")
    page.context.clear_cookies()
    page.goto(f"{school.origin}/sign-in")
    device.refuse()
    button = page.get_by_role("button", name="Sign in with a passkey")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing happened: it was cancelled")
    expect(button).to_be_enabled()
    expect(button).to_be_focused()


def test_a_passkey_that_was_removed_here_is_said_to_be_unknown(school: School, page: Page) -> None:
    Device(page)
    page.goto(school.link())
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url(f"{school.origin}/")
    with school.db() as db:
        db.delete(db.exec(select(Passkey)).one())
        db.commit()
    page.context.clear_cookies()
    page.goto(f"{school.origin}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("We don’t know this passkey.")


def test_a_device_makes_one_passkey_for_an_account(school: School, page: Page) -> None:
    Device(page)
    page.goto(school.link())
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url(f"{school.origin}/")
    page.goto(f"{school.origin}/account")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("This device has a passkey for you already.")


def test_a_page_that_is_out_of_date_says_so(school: School, page: Page) -> None:
    Device(page)
    page.goto(f"{school.origin}/sign-in")
    page.context.clear_cookies()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("This page is out of date.")


def test_a_password_by_the_keyboard_alone(school: School, page: Page) -> None:
    school.link(password=PASSWORD)
    page.goto(f"{school.origin}/sign-in?next=/account")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{school.origin}/account")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


@pytest.mark.parametrize(("width", "theme", "language"), SCREENS)
def test_axe_finds_nothing(school: School, browser: Browser, width: int, theme: Any, language: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme, locale=language)
    page = context.new_page()
    Device(page)
    link = school.link(password=PASSWORD)
    page.goto(link)
    assert findings(page) == []
    page.locator("[data-passkey] button").click()
    page.wait_for_url(f"{school.origin}/")
    page.goto(f"{school.origin}/account")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.clear_cookies()
    page.goto(f"{school.origin}/sign-in")
    assert findings(page) == []
    page.locator("input[name=identifier]").fill(EMAIL)
    page.locator("input[name=password]").fill("wrong")
    page.locator("form[action='/sign-in'] button[type=submit]").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert findings(page) == []
    context.close()
