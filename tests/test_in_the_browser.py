"""One credential's path in pages, on desktops and phones, in English and Spanish, once by keyboard alone."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page

from demo.district import PAUSABLE, Learner
from tests import walk as steps
from tests.browser import chromium
from tests.database import Cluster
from tests.people import KNOWN, PASSWORD, Office, Teacher, learner
from tests.three_services import ThreeServices, three_services
from tests.walk import Walk

NAMES = ("Ana Lucía", "Benoît", "Calla", "Dashiell", "Esperanza", "Finn")
LEARNERS = [learner(f"L10{number}", name, "Whitlock") for number, name in enumerate(NAMES)]
ALL = pytest.mark.exhaustive
SCREENS = [
    pytest.param(1280, "en", LEARNERS[0], id="desktop-english"),
    pytest.param(360, "es", LEARNERS[1], id="phone-spanish"),
    pytest.param(360, "en", LEARNERS[2], id="phone-english", marks=ALL),
    pytest.param(1280, "es", LEARNERS[3], id="desktop-spanish", marks=ALL),
]


@dataclass
class School:
    """A school with an office, a teacher and what can be awarded; the roster is not in yet."""

    services: ThreeServices
    office: Office
    teacher: Teacher


@pytest.fixture(scope="module")
def school(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """Return the school, at services that run."""
    with three_services(postgres, tmp_path_factory.mktemp("services"), KNOWN) as services:
        office = Office(services)
        office.publish(PAUSABLE, "Communication", "Collaboration and teamwork")
        yield School(services, office, Teacher(services, office.school))


@pytest.fixture(scope="module")
def browser(school: School) -> Iterator[Browser]:
    """Return Chromium; passkeys need a certificate without a complaint, so it takes those of the tests for good.

    The services come first: Playwright keeps a loop running in this thread, and the mail server is started by one of its own.
    """
    with chromium("--ignore-certificate-errors") as started:
        yield started


@pytest.fixture
def begin(browser: Browser, school: School) -> Iterator[Callable[[int, str], Walk]]:
    """Return what begins a walk; at its end no script and no policy may have complained."""
    walks: list[Walk] = []

    def start(width: int, language: str) -> Walk:
        walks.append(Walk(browser, school.services, width, language))
        return walks[-1]

    yield start
    for walk in walks:
        walk.close()
    assert [complaint for walk in walks for complaint in walk.complaints] == []


def with_a_passkey(page: Page) -> None:
    """Choose a passkey, which a virtual authenticator makes (Web Authentication Level 3, section 11)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**device, "isUserVerified": True}})
    page.locator("[data-passkey=create] button").click()


@pytest.mark.parametrize(("width", "language", "who"), SCREENS)
def test_one_credentials_path_in_pages(
    begin: Callable[[int, str], Walk], school: School, width: int, language: str, who: Learner
) -> None:
    walk = begin(width, language)
    office = steps.sign_in(walk, "admin@juniper.example")
    office.goto(school.office.school)
    walk.look(office, "issuer-overview", picture=True)
    office.goto(f"{school.office.district}/achievements")
    walk.look(office, "achievements", picture=True)
    steps.bring_roster(walk, office, school.office.district, LEARNERS)

    teacher = steps.sign_in(walk, "bram@juniper.example")
    claim = steps.award(walk, teacher, school.office.school, who)

    owner = walk.person()
    badge = steps.collect(walk, owner, claim, who, with_a_passkey)
    link = steps.share(walk, owner, badge)
    document = owner.evaluate("path => fetch(path).then(answer => answer.text())", f"{badge}/file")

    reader = walk.person()
    steps.read_share(walk, reader, link)
    steps.check(walk, reader, "genuine", link=link)
    steps.change(walk, teacher, claim, "pause")
    steps.check(walk, reader, "paused", link=link)
    owner.goto(badge)
    steps.send(owner, "main form[action$='/check']")
    owner.wait_for_load_state()
    walk.look(owner, "wallet-paused", picture=True)
    changed = {**json.loads(document), "name": "Something better"}
    steps.check(walk, reader, "not_genuine", file=json.dumps(changed).encode())


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    wanted.wait_for()
    for _ in range(120):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {wanted}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    """Go to something by the keyboard, and press a key there."""
    reach(page, page.locator(selector).first)
    page.keyboard.press(key)


def write(page: Page, selector: str, text: str) -> None:
    """Go to a field by the keyboard, and write."""
    reach(page, page.locator(selector).first)
    page.keyboard.type(text)


def test_by_the_keyboard_alone(begin: Callable[[int, str], Walk], school: School) -> None:
    walk, who = begin(1280, "en"), LEARNERS[4]
    school.office.bring_roster(LEARNERS)
    claim = school.teacher.award(PAUSABLE, who.name)[who.name]
    wallet, verifier = school.services.origins["wallet"], school.services.origins["verifier"]

    page = walk.person()
    page.goto(claim.link)
    press(page, f"main a[href^='{wallet}/claim']")
    press(page, "main a[href^='/register']")
    page.wait_for_url("**/register*")
    write(page, "#field-name", who.given)
    write(page, "#field-sign_in_name", who.email)
    year, month, day = who.born.split("-")
    for name, value in (("born_month", month), ("born_day-day", day), ("born_year", year)):
        write(page, f"#field-{name}", value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/welcome/**")
    write(page, "#field-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/claim/*")
    write(page, "#field-code", claim.code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/badges/*")
    press(page, "main a[href^='/shares/new']")
    page.wait_for_url("**/shares/new*")
    write(page, "#field-audience", "Utah Valley University")
    press(page, "main form[action='/shares/new'] button[type=submit]")
    link = page.locator(".share-link a").get_attribute("href")
    assert link is not None

    page = walk.person()
    page.goto(verifier + "/")
    write(page, "#field-badge", link)
    press(page, "main form[action='/check'] button[type=submit]")
    page.locator(".verdict[data-kind=genuine]").wait_for()

    page = walk.person()
    page.goto(f"{claim.award}/status/pause")
    write(page, "#field-identifier", "bram@juniper.example")
    write(page, "#field-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/status/pause")
    write(page, "#field-reason", "Looked at again.")
    press(page, "input[name=sure]", "Space")
    press(page, "main form[action*='/status/'] button[type=submit]")
    page.wait_for_url("**/awards/*?said=pause")
