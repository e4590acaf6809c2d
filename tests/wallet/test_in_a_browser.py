"""The wallet in a real browser: nothing keeps anybody out, and it reads without a network."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import text
from sqlmodel import Session

from intaglio.server.database import Database
from intaglio.server.migrate import upgrade
from intaglio.server.secrets import new_token, token_hash
from intaglio.server.tables import SignIn
from tests.browser import chromium, findings
from tests.database import Cluster
from tests.served import environment, served
from tests.wallet.school import School, open_school
from wallet.holders.accounts import Profile, create_holder
from wallet.holders.wrapping import Keyring
from wallet.settings import WalletSettings

SCREENS = [(1280, "light", "en"), (360, "dark", "es")]


@dataclass
class Wallet:
    """A wallet that runs in a process of its own."""

    origin: str
    database: Database
    keyring: Keyring

    def db(self) -> Session:
        """Return a session of its database."""
        return self.database.session()

    def sign_in(self, context: BrowserContext) -> None:
        """Make a learner, and sign her in in a browser."""
        now, token = datetime.now(UTC), new_token()
        with self.db() as db:
            holder = create_holder(
                db,
                self.keyring,
                Profile("Ana Ruiz"),
                language="en",
                born=datetime(2009, 1, 1, tzinfo=UTC).date(),
                now=now,
            )
            row = SignIn(
                token_hash=token_hash(token),
                account_id=holder.id,
                method="test",
                created_at=now,
                last_seen_at=now,
                expires_at=now.replace(year=now.year + 1),
            )
            db.add(row)
            db.commit()
        cookie = {"name": "__Host-intaglio-wallet", "value": token, "path": "/", "secure": True, "domain": "localhost"}
        context.add_cookies([cookie])  # type: ignore[list-item]


@pytest.fixture
def wallet_process(postgres: Cluster, tmp_path: Path) -> Iterator[Wallet]:
    """Return a wallet that runs."""
    with postgres.fresh_database("wallet", lambda url: upgrade(url, "wallet")) as url:
        database = Database(url)
        settings = environment(tmp_path, url, allow_http_loopback="true")
        with served("wallet", settings, tmp_path / "log") as origin:
            yield Wallet(origin, database, Keyring.of(WalletSettings(data_folder=tmp_path)))
        database.close()


@pytest.fixture
def prairie_view() -> Iterator[School]:
    """Return a school on the present day."""
    with open_school() as found:
        found.clock = lambda: datetime.now(UTC)
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def opened(browser: Browser, wallet_process: Wallet) -> Iterator[Callable[..., Page]]:
    """Return what opens pages on a screen, for a learner who is signed in."""
    contexts = []

    def open_page(width: int = 360, theme: str = "light", *, signed_in: bool = True) -> Page:
        context = browser.new_context(
            base_url=wallet_process.origin,
            viewport={"width": width, "height": 780},
            color_scheme=theme,  # type: ignore[arg-type]
        )
        contexts.append(context)
        if signed_in:
            wallet_process.sign_in(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def collect(page: Page, school: School, name: str = "thinking") -> None:
    """Collect a badge in the pages."""
    page.goto(school.offer(name).replace("https://wallet.localhost", ""))
    page.locator("#field-code").fill("493 536")
    page.get_by_role("button", name="Keep it in my wallet").or_(page.get_by_role("button", name="Guardarla")).click()
    expect(page.locator("h1")).to_have_text(name.title())


def check_page(page: Page, name: str) -> None:
    """Assert that a page keeps nobody out and does not scroll sideways."""
    for fold in page.locator("details.fold:not([open]) summary").all():
        fold.click()
    assert findings(page) == [], name
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize(("width", "theme", "language"), SCREENS)
def test_nothing_on_any_page_keeps_anybody_out(
    opened: Callable[..., Page], prairie_view: School, width: int, theme: str, language: str
) -> None:
    stranger = opened(width, theme, signed_in=False)
    for path in ("/", "/register", "/offline", f"/claim?credential_offer_uri={prairie_view.origin}/offer"):
        stranger.goto(path + ("&" if "?" in path else "?") + f"lang={language}")
        check_page(stranger, f"stranger{width}-{path[1:6]}")
    page = opened(width, theme)
    for path in ("/", "/add", "/shares", "/shares/new", "/wallet", "/wallet/close"):
        page.goto(f"{path}?lang={language}")
        check_page(page, f"empty{width}{path.replace('/', '-')}")
    page.goto(prairie_view.offer().replace("https://wallet.localhost", ""))
    check_page(page, f"claim{width}")
    page.locator("#field-code").fill("000000")
    page.locator("main form button[type=submit]").click()
    check_page(page, f"claim-wrong{width}")
    for name in ("thinking", "writing"):
        collect(page, prairie_view, name)
    check_page(page, f"badge{width}")
    page.locator("a[href$='/remove']").click()
    check_page(page, f"remove{width}")
    page.goto("/")
    check_page(page, f"badges{width}")
    page.goto("/shares/new")
    page.locator("main form button[type=submit]").click()
    page.locator("input[type=checkbox]").first.check()
    page.locator("#field-audience").fill("Utah Valley University")
    check_page(page, f"share-new{width}")
    page.locator("main form button[type=submit]").click()
    link = page.locator(".share-link a").get_attribute("href")
    assert link is not None
    check_page(page, f"share{width}")
    stranger.goto(link)
    check_page(stranger, f"door{width}")
    stranger.locator("main form button[type=submit]").click()
    expect(stranger.locator(".read-badge")).to_have_count(1)
    check_page(stranger, f"shared{width}")
    page.goto("/shares")
    check_page(page, f"shares{width}")
    prairie_view.list_answers = False
    page.goto(prairie_view.offer("token").replace("https://wallet.localhost", ""))
    page.locator("#field-code").fill("493536")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/arrivals/*")
    check_page(page, f"arrival{width}")


def test_badges_are_read_without_a_network_until_their_owner_signs_out(
    opened: Callable[..., Page], prairie_view: School
) -> None:
    page = opened()
    collect(page, prairie_view)
    address = page.url.partition("?")[0]
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/")
    page.goto(address)
    page.context.set_offline(True)
    page.goto("/")
    expect(page.get_by_role("link", name="Thinking")).to_be_visible()
    page.goto(address)
    expect(page.locator("h1")).to_have_text("Thinking")
    page.goto("/shares")
    expect(page.locator("h1")).to_have_text("You are offline")
    page.context.set_offline(False)
    page.goto("/")
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")
    assert page.evaluate("caches.has('pages')") is False


def test_another_learner_on_the_same_device_finds_nothing(
    opened: Callable[..., Page], prairie_view: School, wallet_process: Wallet
) -> None:
    page = opened()
    collect(page, prairie_view)
    address = page.url.partition("?")[0]
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(address)
    page.goto("/")
    page.context.clear_cookies()
    wallet_process.sign_in(page.context)
    page.goto("/")
    page.context.set_offline(True)
    page.goto(address)
    expect(page.locator("h1")).to_have_text("You are offline")


def is_kept(page: Page) -> bool:
    """Tell whether the browser keeps pages of a learner's badges."""
    return bool(page.evaluate("caches.has('pages')"))


def test_badges_are_forgotten_when_a_sign_in_has_ended_but_not_when_the_wallet_is_down(
    opened: Callable[..., Page], prairie_view: School, wallet_process: Wallet
) -> None:
    page = opened()
    collect(page, prairie_view)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/")
    page.goto("/")
    assert is_kept(page)
    with wallet_process.db() as db:
        db.execute(text("ALTER TABLE holdings RENAME TO away"))
        db.commit()
        down = page.goto("/")
        assert down is not None
        assert down.status >= 500
        assert is_kept(page)
        db.execute(text("ALTER TABLE away RENAME TO holdings"))
        db.execute(text("DELETE FROM server_sign_ins"))
        db.commit()
    page.goto("/add")
    expect(page).to_have_url(re.compile("/sign-in"))
    assert not is_kept(page)
