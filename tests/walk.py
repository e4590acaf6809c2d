"""One credential's path in a browser with a window: staff, learner and reader, each step looked at as it is taken.

Nothing here depends on the language of the page: what is pressed is found by its place and its name in the form.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from demo.district import PAUSABLE, Learner
from tests.browser import findings
from tests.people import PASSWORD, TEACHER, Claim, roster, until
from tests.three_services import ThreeServices

SCREENSHOTS = Path(__file__).parents[1] / "docs" / "screenshots" if os.environ.get("INTAGLIO_SCREENSHOTS") else None
expect.set_options(timeout=30_000)  # some pages ask other servers first, and the machine may be busy
_NARRATIVE = "Three drafts of a footbridge, each better than the last, and what she learned from the one that fell."
_NOT_OURS = "the server responded with a status of"
"""Chromium's own words for every answer of 4xx; tests ask for some."""


@dataclass
class Walk:
    """One walk: on a screen of some width, in a language. Complaints of scripts and of the strict policy are collected."""

    browser: Browser
    services: ThreeServices
    width: int
    language: str
    complaints: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def person(self) -> Page:
        """Return a page in a browser of somebody's own."""
        height = 900 if self.width > 600 else 780
        context = self.browser.new_context(
            viewport={"width": self.width, "height": height}, locale=f"{self.language}-US", ignore_https_errors=True
        )
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._note(said.type, said.text))
        return page

    def close(self) -> None:
        """Close the browsers."""
        for context in self._contexts:
            context.close()

    def look(self, page: Page, name: str, *, picture: bool = False) -> None:
        """Assert that a page is in the walk's language, keeps nobody out and does not scroll sideways; then take its picture."""
        assert page.locator("html").get_attribute("lang") == self.language, name
        if picture and SCREENSHOTS is not None and self.language == "en":
            self._take_picture(page, name)
        page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true; })")
        assert findings(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= self.width, name

    def _take_picture(self, page: Page, name: str) -> None:
        assert SCREENSHOTS is not None
        SCREENSHOTS.mkdir(exist_ok=True)
        device = "desktop" if self.width > 600 else "phone"
        page.evaluate("window.scrollTo(0, 0)")
        path = SCREENSHOTS / f"{name}-{device}.png"
        page.screenshot(path=path, animations="disabled")
        with Image.open(path) as taken:  # 256 colours are more than these pages have, and a third of the bytes
            taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and _NOT_OURS not in text:
            self.complaints.append(text)


def send(page: Page, form: str = "main form") -> None:
    """Press the first button of a form that can be seen."""
    page.locator(f"{form} button[type=submit]:visible").first.click()


def sign_in(walk: Walk, email: str) -> Page:
    """Sign a member of staff in by password."""
    page = walk.person()
    page.goto(walk.services.origins["issuer"] + "/sign-in")
    page.locator("#field-identifier").fill(email)
    page.locator("#field-password").fill(PASSWORD)
    walk.look(page, "sign-in")
    send(page, "main form[action='/sign-in']")
    page.wait_for_url("**/o/*")
    return page


def bring_roster(walk: Walk, page: Page, district: str, learners: list[Learner]) -> None:
    """Upload a roster as the office does, and import it."""
    page.goto(f"{district}/roster/import")
    walk.look(page, "roster-import")
    upload = {"name": "juniper.zip", "mimeType": "application/zip", "buffer": roster(learners)}
    page.locator("main input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
    send(page, "main form[action*='roster-uploads']")
    page.wait_for_url("**/roster/import/*")
    walk.look(page, "roster-check", picture=True)
    send(page, "main form[action$='/apply']")
    expect(page.locator("main form[action$='/apply']")).to_have_count(0)
    walk.look(page, "roster-imported")


def award(walk: Walk, page: Page, school: str, who: Learner) -> Claim:
    """Award a badge, wait until it is issued, and read what the teacher has in hand."""
    page.goto(f"{school}/awards/new")
    walk.look(page, "award-choose")
    page.locator("select[name=achievement]").select_option(label=PAUSABLE)
    classes = page.locator("select[name=class_id] option").all()
    chosen = next(each for each in classes if TEACHER.class_title in (each.text_content() or ""))
    page.locator("select[name=class_id]").select_option(value=chosen.get_attribute("value"))
    send(page)
    everybody = page.locator("input[name=learner]")
    expect(everybody.first).to_be_attached()
    for box in everybody.all():
        if box.is_checked():
            box.uncheck()
    page.get_by_role("checkbox", name=who.name).check()
    levels = page.locator("select[name=r0-all] option")
    page.locator("select[name=r0-all]").select_option(index=levels.count() - 1)
    page.locator("#field-n-all").fill(_NARRATIVE)
    walk.look(page, "award", picture=True)
    send(page, "main form[action$='/awards/check']")
    page.wait_for_url("**/awards/check")
    walk.look(page, "award-check", picture=True)
    send(page, "main form[action$='/awards']")
    page.wait_for_url("**/awards/batches/*")
    batch = page.url
    page.goto(f"{school}/awards")  # away from the page of the batch, which loads itself again when it is done
    read = "path => fetch(path).then(answer => answer.text())"
    until(lambda: '"waiting":0' in page.evaluate(read, f"{batch}/progress").replace(" ", ""), "it was not issued")
    page.goto(batch)
    walk.look(page, "award-issued")
    page.get_by_role("link", name=who.name).click()
    page.wait_for_url("**/awards/*")
    walk.look(page, "award-page", picture=True)
    texts = [page.locator("main p.code").nth(place).text_content() or "" for place in (0, 1)]
    return Claim(page.url, *(text.strip() for text in texts))


def change(walk: Walk, page: Page, claim: Claim, what: str) -> None:
    """Pause, reinstate or withdraw a badge."""
    page.goto(f"{claim.award}/status/{what}")
    walk.look(page, f"award-{what}")
    page.locator("#field-reason").fill("The portfolio is looked at again.")
    page.locator("input[name=sure]").check()
    send(page, "main form[action*='/status/']")
    page.wait_for_url("**/awards/*?said=*")
    walk.look(page, f"award-after-{what}")


def make_wallet(walk: Walk, page: Page, who: Learner, enter: Callable[[Page], None]) -> None:
    """Fill in who one is, and choose a way to sign in."""
    page.locator("#field-name").fill(who.given)
    page.locator("#field-sign_in_name").fill(who.email)
    year, month, day = who.born.split("-")
    for name, value in (("born_month", month), ("born_day-day", day), ("born_year", year)):
        page.locator(f"#field-{name}").fill(value)
    walk.look(page, "wallet-register")
    send(page, "main form[action='/register']")
    page.wait_for_url("**/welcome/**")
    walk.look(page, "wallet-welcome")
    enter(page)


def collect(walk: Walk, page: Page, claim: Claim, who: Learner, enter: Callable[[Page], None]) -> str:
    """Go from the claim link to the badge in a new wallet, and return the address of the badge."""
    page.goto(claim.link)
    walk.look(page, "claim", picture=True)
    page.locator(f"main a[href^='{walk.services.origins['wallet']}/claim']").click()
    page.wait_for_url("**/claim?*")
    walk.look(page, "wallet-visitor")
    page.locator("main a[href^='/register']").click()
    page.wait_for_url("**/register*")
    make_wallet(walk, page, who, enter)
    page.wait_for_url("**/claim/*")
    page.locator("#field-code").fill(claim.code)
    walk.look(page, "wallet-claim", picture=True)
    send(page, "main form[action^='/claim/']")
    page.wait_for_url("**/badges/*")
    walk.look(page, "wallet-badge", picture=True)
    badge = page.url.partition("?")[0]
    page.goto(walk.services.origins["wallet"] + "/")
    walk.look(page, "wallet-cards", picture=True)
    return badge


def share(walk: Walk, page: Page, badge: str) -> str:
    """Make a link to a badge, and return it."""
    page.goto(badge)
    page.locator("main a[href^='/shares/new']").click()
    page.wait_for_url("**/shares/new*")
    page.locator("#field-audience").fill("Utah Valley University")
    walk.look(page, "wallet-share-new")
    send(page, "main form[action='/shares/new']")
    link = page.locator(".share-link a").get_attribute("href")
    assert link is not None
    walk.look(page, "wallet-share", picture=True)
    page.goto(walk.services.origins["wallet"] + "/shares")
    walk.look(page, "wallet-shares")
    return link


def read_share(walk: Walk, page: Page, link: str) -> None:
    """Open a shared link, as whoever got it."""
    page.goto(link)
    walk.look(page, "shared-door")
    send(page)
    expect(page.locator(".read-badge")).to_have_count(1)
    walk.look(page, "shared")


def check(walk: Walk, page: Page, kind: str, *, link: str = "", file: bytes = b"") -> None:
    """Check a link or a file at the verifier, and expect a kind of verdict."""
    page.goto(walk.services.origins["verifier"] + "/")
    walk.look(page, "verifier", picture=kind == "genuine")
    if link:
        page.locator("#field-badge").fill(link)
    else:
        upload = {"name": "badge.json", "mimeType": "application/json", "buffer": file}
        page.locator("main input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
    send(page, "main form[action='/check']")
    expect(page.locator(f".verdict[data-kind={kind}]")).to_have_count(1)
    walk.look(page, f"verifier-{kind.replace('_', '-')}", picture=True)
