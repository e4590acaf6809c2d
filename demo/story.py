"""What happens in the demonstration: from an empty issuer to badges in every state.

All of it goes through pages; only the first administrator and the teachers are let in by the command line.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote, urlsplit

from demo.district import (
    ADMINISTRATOR,
    DISTRICT,
    PASSWORD,
    PAUSABLE,
    REGISTRAR,
    SCHOOLS,
    STATE,
    TEACHERS,
    TRIAL,
    Learner,
    Teacher,
    learners,
)
from demo.machine import seal_samples
from demo.pages import Browser, Page
from demo.roster import export
from demo.services import Services

_PATIENCE = 90
Tell = Callable[[str], None]


class Story:
    """The demonstration while it is told. `tell` is called with a sentence for each step."""

    def __init__(self, services: Services, tell: Tell) -> None:
        self._services, self._tell = services, tell
        self._issuer = services.origins["issuer"]
        self._learners = learners()
        self._schools: dict[str, str] = {}  # name → path

    def run(self) -> "Claim":
        """Tell it all, and return a claim that is still open."""
        self._tell("The state lets its first administrator in; she adds the district and its schools.")
        administrator = self._welcome(
            self._services.command(
                "user", "add", ADMINISTRATOR[1], "--name", ADMINISTRATOR[0], "--organization", STATE[1],
                "--organization-name", STATE[0],
            )
        )  # fmt: skip
        district = self._add_organizations(administrator)
        registrar = self._employ(administrator, district)
        self._tell(
            f"The registrar brings the roster of {len(self._learners)} learners, and the portrait of a graduate."
        )
        self._import_roster(registrar, district)
        self._publish_achievements(registrar, district)
        self._tell("Three teachers award badges.")
        claims = [self._teach(teacher) for teacher in TEACHERS]
        self._tell("Some learners make a wallet and collect theirs.")
        for claim in (claims[0][0], claims[1][0], claims[1][1], claims[2][0]):
            self._collect(claim)
        self._tell("One badge is withdrawn, and one is paused.")
        self._change(claims[0][1], "withdraw", "Awarded to the wrong class.")
        self._change(claims[1][1], "pause", "The portfolio is looked at again.")
        self._tell("Another system seals badges for an organization on trial.")
        seal_samples(administrator, self._schools[TRIAL[0]], self._services.folder / "badges")
        for browser in (administrator, registrar):
            browser.close()
        return claims[0][2]

    def _welcome(self, printed: str) -> Browser:
        """Follow the link of a first sign-in, and choose a password."""
        link = next(word for word in printed.split() if "/welcome/" in word)
        browser = Browser(self._issuer)
        page = browser.get(link)
        browser.submit(page, page.form("/password"), password=PASSWORD)
        return browser

    def _add_organizations(self, browser: Browser) -> str:
        state = browser.get("/").url
        district = self._add(browser, state, "district", DISTRICT[0])
        for name, _ in SCHOOLS:
            self._schools[name] = self._add(browser, district, "school", name)
        self._schools[TRIAL[0]] = self._add(browser, district, "school", TRIAL[0], is_test="yes")
        return district

    def _add(self, browser: Browser, parent: str, kind: str, name: str, **more: str) -> str:
        page = browser.get(f"{parent}/add")
        url = f"https://{name.lower().replace(' ', '-')}.example"
        made = browser.submit(
            page, page.form(""), kind=kind, name=name, url=url, email="office@juniper.example", **more
        )
        return made.url.partition("?")[0]

    def _employ(self, browser: Browser, district: str) -> Browser:
        page = browser.get(f"{district}/people")
        made = browser.submit(page, page.form(""), name=REGISTRAR[0], email=REGISTRAR[1], role="registrar")
        return self._welcome(made.after('class="code">', "<"))

    def _import_roster(self, browser: Browser, district: str) -> None:
        page = browser.get(f"{district}/roster/import")
        files = {"files": ("juniper.zip", export(self._learners), "application/zip")}
        checked = browser.submit(page, page.form("/roster-uploads"), files=files)
        browser.submit(checked, checked.form("/apply"))

    def _publish_achievements(self, browser: Browser, district: str) -> None:
        base = f"{district}/achievements"
        page = browser.get(base)
        drafts = browser.submit(page, page.form("/starter"))
        ids = sorted({part[:36] for part in drafts.text.split(f"{base.partition('/o/')[2]}/")[1:] if part[8:9] == "-"})
        for number in ids:
            draft = browser.get(f"{base}/{number}/edit")
            if PAUSABLE in draft.text:
                browser.submit(draft, draft.form("/edit"), status_purpose="suspension", do="save")
            asked = browser.get(f"{base}/{number}/publish")
            browser.submit(asked, asked.form(""))

    def _teach(self, teacher: Teacher) -> list["Claim"]:
        """Award a badge to a class, and return the claims of the first learners."""
        school = SCHOOLS[teacher.school]
        browser = self._staff(teacher, school[1])
        base = self._schools[school[0]]
        self._wait_until_issued(browser, self._award(browser, base, teacher))
        mine = [one for one in self._learners if one.teacher is teacher]
        found = [_claim_of(learner, self._award_page(browser, base, learner)) for learner in mine[:4]]
        browser.close()
        return found

    def _staff(self, teacher: Teacher, slug: str) -> Browser:
        who = ("--name", teacher.name, "--role", "teacher", "--organization", slug)
        return self._welcome(self._services.command("user", "add", teacher.email, *who))

    def _award(self, browser: Browser, base: str, teacher: Teacher) -> Page:
        page = browser.get(f"{base}/awards/new")
        choose = page.form("/awards/new")
        offered = next(value for value, words in choose.choices["achievement"] if words == teacher.achievement)
        school_class = next(value for value, words in choose.choices["class_id"] if teacher.class_title in words)
        form_page = browser.submit(page, choose, achievement=offered, class_id=school_class)
        form = form_page.form("/awards/check")
        everybody = [value for value, _ in form.choices["learner"]]
        levels = [value for value, _ in form.choices["r0-all"] if value]
        some = {f"r0-{number}": levels[-1] for number in everybody[::3]}
        checked = browser.submit(form_page, form, learner=everybody, **{"r0-all": levels[-2], **some})
        return browser.submit(checked, checked.form("/awards"))

    def _wait_until_issued(self, browser: Browser, batch: Page) -> None:
        end = time.monotonic() + _PATIENCE
        while '"waiting":0' not in browser.get(f"{batch.url}/progress").text.replace(" ", ""):
            if time.monotonic() > end:
                raise RuntimeError("the badges were not issued in time")
            time.sleep(0.3)

    def _award_page(self, browser: Browser, base: str, learner: Learner) -> Page:
        found = browser.get(f"{base}/awards?q={quote(learner.name)}")
        path = urlsplit(base).path
        return browser.get(
            f"{path}/awards/" + found.after(f'href="{path}/awards/', f'">{learner.name}').rpartition("/")[2][-36:]
        )

    def _collect(self, claim: "Claim") -> None:
        """Make a wallet on the way from the claim link, and collect the badge; then share it."""
        wallet = Browser(self._services.origins["wallet"])
        link = Browser(self._issuer).get(claim.link).after(f'href="{wallet.origin}/claim?', '"')
        stranger = wallet.get(f"{wallet.origin}/claim?{unescape(link)}")
        page = wallet.get("/register?" + unescape(stranger.after('href="/register?')))
        year, month, day = claim.learner.born.split("-")
        born = {"born_year": year, "born_month": month, "born_day": day}
        own = {"name": claim.learner.name, "sign_in_name": claim.learner.email}
        welcome = wallet.submit(page, page.form("/register"), **own, **born)
        asked = wallet.submit(welcome, welcome.form("/password"), password=PASSWORD)
        wallet.submit(asked, asked.form("/claim/"), code=claim.code)
        wallet.close()

    def _change(self, claim: "Claim", change: str, reason: str) -> None:
        teacher = claim.learner.teacher
        slug = SCHOOLS[teacher.school]
        browser = self._staff(teacher, slug[1])
        page = browser.get(f"{claim.award_url}/status/{change}")
        browser.submit(page, page.form("/status/"), reason=reason, sure="yes")
        browser.close()


@dataclass(frozen=True)
class Claim:
    """A badge that waits for its learner: the link of the QR code, and the code that the teacher tells."""

    learner: Learner
    link: str
    code: str
    award_url: str


def _claim_of(learner: Learner, award: Page) -> Claim:
    link = award.after('<p class="code">', "<")
    return Claim(learner, link, award.after('<p class="lead code">', "<"), award.url)
