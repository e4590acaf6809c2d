"""The gallery of components in a real browser: nothing keeps anybody out, and the scripts do what they say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from qrcode import QRCode

from tests.browser import chromium, findings, serving
from tests.server.gallery import create_app

SCREENS = [(width, theme) for width in (1280, 360) for theme in ("light", "dark")]
CODE = "https://issuer.example/claim/3f1c0e55-9d1a-4c57-8a54-2d90"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(create_app(tmp_path_factory.mktemp("gallery"))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page that fails the test when a script or the strict policy complains."""
    complaints: list[str] = []
    context = browser.new_context()
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
    yield opened
    context.close()
    assert complaints == []


@pytest.mark.parametrize("path", ["gallery", "problem"])
@pytest.mark.parametrize(("width", "theme"), SCREENS)
def test_axe_finds_nothing(browser: Browser, origin: str, path: str, width: int, theme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{origin}/{path}?lang={'es' if theme == 'dark' else 'en'}")
    for fold in page.locator("details.fold:not([open]) summary").all():
        fold.click()
    assert findings(page) == []
    context.close()


@pytest.mark.parametrize(("dialog", "theme"), [("Withdraw", "light"), ("Explain", "dark")])
def test_axe_finds_nothing_in_dialogs_and_menus(page: Page, origin: str, dialog: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto(f"{origin}/gallery")
    page.locator("details.account summary").click()
    assert findings(page) == []
    page.get_by_role("link", name=dialog, exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert findings(page) == []


@pytest.mark.parametrize("path", ["gallery?lang=en", "gallery?lang=es", "problem"])
def test_no_page_scrolls_sideways(browser: Browser, origin: str, path: str) -> None:
    page = browser.new_page()
    page.goto(f"{origin}/{path}")
    for width in (320, 360, 640, 641, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_targets_are_large_enough_for_a_thumb(browser: Browser, origin: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 700})
    page.goto(f"{origin}/gallery")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, select, .button, "
             + "input:not([type=radio], [type=checkbox], [type=hidden]), .choice label, .site-header a, .pagination a, thead a")]
             .filter((element) => element.checkVisibility() && !element.closest(".skip"))
             .filter((element) => element.getBoundingClientRect().height < 43.5)
             .map((element) => element.outerHTML.slice(0, 120))"""
    )
    page.close()
    assert [found for found in small if "data-reveal" not in found] == []  # that one fills its field, but for the edge


def test_the_page_works_without_scripts(browser: Browser, origin: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/gallery")
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    expect(page.get_by_role("button", name="Scan with the camera")).to_be_hidden()
    expect(page.get_by_text("or drop it here")).to_be_hidden()
    page.get_by_role("link", name="Withdraw", exact=True).click()
    assert page.url.endswith("/gallery?asked=yes")
    context.close()


def test_fonts_are_ours_and_are_used(page: Page, origin: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{origin}/gallery", wait_until="networkidle")
    assert all(url.startswith(origin) for url in asked)
    assert page.evaluate("document.fonts.check('16px \"Fraunces Variable\"')")
    assert page.evaluate("document.fonts.check('16px \"Atkinson Hyperlegible Next Variable\"')")


def test_the_keyboard_reaches_the_page_in_one_step(page: Page, origin: str) -> None:
    page.goto(f"{origin}/problem")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_errors_take_the_focus_and_lead_to_their_fields(page: Page, origin: str) -> None:
    page.goto(f"{origin}/gallery")
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("E-mail")).to_be_focused()


def test_a_dialog_opens_closes_and_gives_the_focus_back(page: Page, origin: str) -> None:
    page.goto(f"{origin}/gallery")
    opener = page.get_by_role("link", name="Withdraw", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Withdraw this badge?")
    expect(dialog).to_be_visible()
    page.mouse.click(3, 3)  # beside it: what was typed stays
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Keep it as it is").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="Explain").click()
    page.mouse.click(3, 3)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_menu_closes_by_escape_and_by_a_click_elsewhere(page: Page, origin: str) -> None:
    page.goto(f"{origin}/gallery")
    menu, way_out = page.locator("details.account"), page.get_by_role("button", name="Sign out")
    menu.locator("summary").press("Enter")
    expect(way_out).to_be_visible()
    page.keyboard.press("Escape")
    expect(way_out).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    menu.locator("summary").click()
    page.locator("h1").first.click()
    expect(way_out).to_be_hidden()


def test_a_password_shows_when_asked(page: Page, origin: str) -> None:
    page.goto(f"{origin}/gallery")
    field = page.get_by_label("Password", exact=True)
    button = page.get_by_role("button", name="Show password")
    button.click()
    expect(field).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(field).to_have_attribute("type", "password")


def test_what_just_happened_is_told_until_it_is_closed(page: Page, origin: str) -> None:
    page.goto(f"{origin}/gallery")
    told = page.get_by_role("status").filter(has_text="Six badges are issued.")
    expect(told).to_be_visible()
    told.get_by_role("button", name="Close").click()
    expect(page.get_by_text("Six badges are issued.")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_copy_is_made_and_confirmed(browser: Browser, origin: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{origin}/gallery")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "https://share.example/abc"
    context.close()


def test_a_file_that_is_dropped_is_in_the_form(page: Page, origin: str) -> None:
    page.goto(f"{origin}/gallery")
    zone = page.locator("[data-dropzone]")
    drop = """(zone, names) => {
        const data = new DataTransfer();
        for (const name of names) data.items.add(new File(["x"], name));
        zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    zone.evaluate(drop, ["a.zip", "b.zip"])
    expect(zone.get_by_role("status")).to_have_text("Only one file can be chosen here.")
    zone.evaluate(drop, ["roster.zip"])
    expect(zone.get_by_role("status")).to_have_text("1 file chosen: roster.zip")
    assert zone.locator("input").evaluate("input => input.files[0].name") == "roster.zip"


def test_a_form_is_sent_once_however_often_it_is_clicked(page: Page, origin: str) -> None:
    page.goto(f"{origin}/gallery")
    went = page.get_by_role("button", name="Send again").evaluate(
        """button => {
          const went = [];
          window.addEventListener("submit", (event) => {
            went.push(!event.defaultPrevented);
            event.preventDefault();
          });
          button.click();
          button.click();
          return went;
        }"""
    )
    assert went == [True, False]


def test_whoever_sorts_with_the_keyboard_stays_at_her_place(page: Page, origin: str) -> None:
    page.goto(f"{origin}/gallery")
    page.get_by_role("link", name="Class", exact=True).press("Enter")
    page.wait_for_url("**sort=class**")
    expect(page.get_by_role("link", name="Class", exact=True)).to_be_focused()
    expect(page.get_by_role("columnheader", name="Class")).to_have_attribute("aria-sort", "ascending")


def test_rows_on_a_phone_are_still_a_table_that_sorts(browser: Browser, origin: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 700})
    page.goto(f"{origin}/gallery")
    assert page.get_by_role("columnheader").count() == 5
    assert page.get_by_role("rowheader").count() == 6
    expect(page.get_by_role("link", name="Badges", exact=True).last).to_be_visible()
    page.close()


def test_nothing_moves_for_those_who_do_not_want_it(page: Page, origin: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{origin}/gallery")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter((e) => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    )
    assert moving == 0


def test_paper_carries_the_page_without_its_controls(page: Page, origin: str) -> None:
    page.goto(f"{origin}/gallery")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("heading", name="Genuine.", exact=True)).to_be_visible()
    assert [
        button
        for button in page.get_by_role("button").all()
        if button.is_visible() and button.evaluate("b => b.matches('.button')")
    ] == []
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_the_theme_can_be_chosen_by_hand(page: Page, origin: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{origin}/gallery")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 24, 22)"


def test_a_code_of_ours_is_read_by_the_decoder_that_we_carry(page: Page, origin: str) -> None:
    page.goto(f"{origin}/gallery")
    text = page.evaluate(
        """async () => {
          const base = document.querySelector('script[src$="js/page.js"]').src;
          const { vendoredDecoder } = await import(new URL("decoder.js", base));
          const image = new Image(600, 600);
          image.src = "data:image/svg+xml," + encodeURIComponent(document.querySelector(".qr svg").outerHTML);
          await image.decode();
          const canvas = Object.assign(document.createElement("canvas"), { width: 600, height: 600 });
          canvas.getContext("2d").drawImage(image, 0, 0, 600, 600);
          return (await vendoredDecoder())(canvas);
        }"""
    )
    assert text == CODE


def test_the_camera_reads_a_code_into_its_field(origin: str, tmp_path: Path) -> None:
    film = tmp_path / "camera.y4m"
    film.write_bytes(_film(CODE))
    with chromium(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ) as browser:
        page = browser.new_page()
        page.goto(f"{origin}/gallery")
        page.get_by_role("button", name="Scan with the camera").click()
        expect(page.get_by_label("Badge or link")).to_have_value(CODE, timeout=60_000)
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.get_by_text("Code read.")).to_be_visible()


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--deny-permission-prompts"], "The camera may not be used."),
        (["--use-fake-ui-for-media-stream"], "No camera was found."),
    ],
)
def test_without_a_camera_the_reader_is_told_what_else_works(origin: str, flags: list[str], told: str) -> None:
    with chromium(*flags, *(["--use-fake-device-for-media-stream"] if "deny" in flags[0] else [])) as browser:
        page = browser.new_page()
        page.goto(f"{origin}/gallery")
        page.get_by_role("button", name="Scan with the camera").click()
        expect(page.get_by_text(told)).to_be_visible(timeout=30_000)


def _is_complaint(message: ConsoleMessage) -> bool:
    """Tell whether a script or the policy complains; that the page of an error has the status 404 is no complaint."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def _film(text: str) -> bytes:
    """Return a film of one frame that shows a QR code, as Chromium's pretended camera plays it (YUV4MPEG2, 4:2:0)."""
    code = QRCode(border=4)
    code.add_data(text)
    code.make(fit=True)
    rows, scale = code.get_matrix(), 10
    picture = Image.new("L", (640, 480), 255)
    draw = ImageDraw.Draw(picture)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                draw.rectangle((x * scale + 60, y * scale + 20, x * scale + 59 + scale, y * scale + 19 + scale), fill=0)
    grey = b"\x80" * (320 * 240 * 2)
    return b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + b"FRAME\n" + picture.tobytes() + grey
