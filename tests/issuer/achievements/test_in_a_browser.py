"""A registrar writes and publishes an achievement in a real browser: by hand, on a phone, and without scripts."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from intaglio.server.clock import system_clock
from tests.browser import chromium, findings
from tests.issuer.schools import World, make_district
from tests.served import environment, served
from tests.services import UnderTest

WIDE, PHONE = 1280, 360


@pytest.fixture
def world(issuer: UnderTest) -> World:
    issuer.clock.now = system_clock()  # the service that the browser sees goes by the machine's clock
    return make_district(issuer)


@pytest.fixture
def origin(world: World, tmp_path: Path) -> Iterator[str]:
    settings = environment(tmp_path / "data", world.issuer.database_url)
    with served("issuer", settings, tmp_path / "log") as at:
        yield at


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def signed_in(browser: Browser, world: World, *, width: int = WIDE, scripts: bool = True) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    context.add_cookies(
        [
            {"name": cookie.name, "value": str(cookie.value), "url": "https://localhost/", "secure": True}
            for cookie in world.as_registrar().client.cookies.jar
        ]
    )
    return context


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 200), "teal").save(out, "PNG")
    return out.getvalue()


def look_at(page: Page) -> None:
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_from_an_empty_list_to_the_public_page(browser: Browser, world: World, origin: str, width: int) -> None:
    page = signed_in(browser, world, width=width).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{origin}{world.base}/achievements")
    look_at(page)

    page.get_by_role("link", name="New achievement").click()
    look_at(page)
    page.get_by_label("Name").fill("Juggling")
    page.get_by_role("button", name="Go on").click()

    page.get_by_role("button", name="Look at it and publish").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what a learner has to show.")
    look_at(page)

    page.get_by_label("Description").fill("Keeps five things in the air.")
    page.get_by_label("What it takes").fill("Three shows, *one* outdoors.")
    page.locator('input[type="file"]').set_input_files(
        {"name": "balls.png", "mimeType": "image/png", "buffer": picture()}
    )
    page.get_by_label("What the picture shows").fill("Five balls")
    page.get_by_role("button", name="Add a standard").click()
    page.get_by_role("group", name="Standard 1").get_by_label("Name").fill("Circus arts")
    page.get_by_label("Web address").fill("https://circus.example/standards/1")
    look_at(page)

    page.get_by_role("button", name="Look at it and publish").click()
    expect(page.get_by_role("img", name="Five balls")).to_be_visible()
    look_at(page)
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_text("It is published.")).to_be_visible()
    look_at(page)

    page.get_by_text("Technical details").click()
    page.get_by_role("link", name=f"{origin}/achievements/").click()
    expect(page.get_by_role("heading", name="Juggling", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Circus arts")).to_be_visible()
    look_at(page)
    assert complaints == []


def test_rows_are_added_moved_and_removed_without_scripts(browser: Browser, world: World, origin: str) -> None:
    page = signed_in(browser, world, scripts=False).new_page()
    page.goto(f"{origin}{world.base}/achievements/new")
    page.get_by_label("Name").fill("Juggling")
    page.get_by_role("button", name="Go on").click()

    names = page.get_by_role("group", name="Level").get_by_label("Name")
    expect(names).to_have_count(4)
    page.get_by_role("button", name="Add a level").click()
    page.get_by_role("group", name="Level 5").get_by_label("Name").fill("Dazzling")
    page.get_by_role("button", name="Put before level 4").click()
    page.get_by_role("button", name="Remove level 1").click()

    expect(names).to_have_count(4)
    assert [name.input_value() for name in names.all()] == ["Developing", "Proficient", "Dazzling", "Extending"]


def test_the_enter_key_saves_and_presses_no_other_button(browser: Browser, world: World, origin: str) -> None:
    page = signed_in(browser, world).new_page()
    page.goto(f"{origin}{world.base}/achievements/new")
    page.get_by_label("Name").fill("Juggling")
    page.get_by_label("Name").press("Enter")
    page.get_by_label("Keywords").fill("circus, hands")
    page.get_by_label("Keywords").press("Enter")

    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(page.get_by_label("Keywords")).to_have_value("circus, hands")


def test_the_page_goes_on_where_a_row_was_added(browser: Browser, world: World, origin: str) -> None:
    page = signed_in(browser, world).new_page()
    page.goto(f"{origin}{world.base}/achievements/new")
    page.get_by_label("Name").fill("Juggling")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Add a standard").click()

    expect(page).to_have_url(f"{page.url.partition('#')[0]}#field-alignments-0-target_name")
    expect(page.get_by_role("group", name="Standard 1").get_by_label("Name")).to_be_in_viewport()
