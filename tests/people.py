"""The people of one credential's path, each at a browser: an office and a teacher, a learner with a wallet, a reader.

What they do goes through pages alone: links followed, forms filled in, files chosen.
"""

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

from demo.district import PAUSABLE, TEACHERS, Learner
from demo.pages import Page
from demo.roster import export
from tests.three_services import ThreeServices, Visitor

STATE, DISTRICT, SCHOOL = "Juniper State Board", "Juniper Flats District", "Juniper Flats High School"
KNOWN = {"juniper-state-board": STATE, "juniper-flats-district": DISTRICT, "juniper-flats-high-school": SCHOOL}
TEACHER = TEACHERS[1]
PASSWORD = "paper-and-ink-2026"
ANSWERED = "The wallet that it was issued to answered for it just now."
"""What a verifier says of a badge whose owner's key signed for this reader and moment."""
_PATIENCE = 90.0


def learner(number: str, given: str, family: str, *, years: int = 16) -> Learner:
    """Return a learner of the teacher's class, who is so many years old."""
    born = f"{datetime.now(UTC).year - years - 1}-04-17"
    return Learner(number, given, family, TEACHER, born, "10")


def roster(learners: list[Learner]) -> bytes:
    """Return the roster of the demonstration with these learners, in a school year that goes on today."""
    today = datetime.now(UTC).date()
    begins, ends = today - timedelta(days=100), today + timedelta(days=200)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(export(learners))) as given, zipfile.ZipFile(made, "w") as archive:
        for name in given.namelist():
            content = given.read(name)
            if name in ("academicSessions.csv", "enrollments.csv"):
                content = _in_a_year(content, begins, ends)
            archive.writestr(name, content)
    return made.getvalue()


def _in_a_year(content: bytes, begins: date, ends: date) -> bytes:
    days = iter((begins, ends) * content.count(b"\n"))
    return re.sub(rb"\d{4}-\d\d-\d\d", lambda _: next(days).isoformat().encode(), content)


def words(page: Page) -> str:
    """Return what a page says, without its marks."""
    main = "<" + page.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def until(done: Callable[[], bool], what: str) -> None:
    """Wait for something that a service does by itself."""
    end = time.monotonic() + _PATIENCE
    while not done():
        assert time.monotonic() < end, what
        time.sleep(0.1)


@dataclass(frozen=True)
class Claim:
    """What a teacher has in hand when a badge is issued: its page, the learner's link, and the code to tell her."""

    award: str
    link: str
    code: str


class Office:
    """The state's first administrator, who also does what a district's registrar does."""

    def __init__(self, services: ThreeServices) -> None:
        who = ("admin@juniper.example", "--name", "Marisol Quintero")
        where = ("--organization", "juniper-state-board", "--organization-name", STATE)
        self._services = services
        self.browser = welcomed(services, services.command("user", "add", *who, *where))
        self.state = self.browser.get("/").url
        self.district = self.add(self.state, "district", DISTRICT)
        self.school = self.add(self.district, "school", SCHOOL)

    def add(self, parent: str, kind: str, name: str, **more: str) -> str:
        """Add an organization, and return the address of its page."""
        page = self.browser.get(f"{parent}/add")
        given = {"kind": kind, "name": name, "url": "https://juniper.example", "email": "office@juniper.example"}
        made = self.browser.submit(page, page.form(""), **given, **more)
        assert name in made.text
        return made.url.partition("?")[0]

    def bring_roster(self, learners: list[Learner]) -> Page:
        """Upload a roster, look at what it would change, and import it."""
        page = self.browser.get(f"{self.district}/roster/import")
        files = {"files": ("juniper.zip", roster(learners), "application/zip")}
        checked = self.browser.submit(page, page.form("/roster-uploads"), files=files)
        assert "We found no errors." in checked.text
        return self.browser.submit(checked, checked.form("/apply"))

    def publish(self, *wanted: str, pausable: str = PAUSABLE) -> None:
        """Take the starter set, and publish some of its achievements; badges of one of them can be paused."""
        base = f"{self.district}/achievements"
        page = self.browser.get(base)
        drafts = self.browser.submit(page, page.form("/starter")).text
        for name in wanted:
            number = re.search(rf"achievements/([0-9a-f-]{{36}})[^>]*>[^<]*{re.escape(name)}", drafts)
            assert number, name
            draft = self.browser.get(f"{base}/{number[1]}/edit")
            if name == pausable:
                self.browser.submit(draft, draft.form("/edit"), status_purpose="suspension", do="save")
            asked = self.browser.get(f"{base}/{number[1]}/publish")
            self.browser.submit(asked, asked.form(""))

    def seal_tokens(self, *, wanted: bool) -> None:
        """Have the school seal a second form of each badge, or no more."""
        page = self.browser.get(f"{self.school}/profile")
        self.browser.submit(page, page.form(""), seals_tokens="yes" if wanted else "")

    def machine_key(self, base: str) -> str:
        """Make a key for programs of an organization, which its page shows this once."""
        page = self.browser.get(f"{base}/machines")
        made = self.browser.submit(page, page.form(""), name="Gradebook")
        return made.after('class="code">', "<").strip()


class Teacher:
    """The teacher of the class, who is let in by a command."""

    def __init__(self, services: ThreeServices, school: str) -> None:
        who = ("--name", TEACHER.name, "--role", "teacher", "--organization", "juniper-flats-high-school")
        self.browser = welcomed(services, services.command("user", "add", TEACHER.email, *who))
        self.base = school

    def award(self, achievement: str, *names: str, narrative: str = "") -> dict[str, Claim]:
        """Award a badge to some learners of the class, wait until it is issued, and return what the teacher has in hand."""
        page = self.browser.get(f"{self.base}/awards/new")
        choose = page.form("/awards/new")
        what = next(value for value, said in choose.choices["achievement"] if said == achievement)
        where = next(value for value, said in choose.choices["class_id"] if TEACHER.class_title in said)
        page = self.browser.submit(page, choose, achievement=what, class_id=where)
        form = page.form("/awards/check")
        marked = [value for value, said in form.choices["learner"] if any(name in said for name in names)]
        assert len(marked) == len(names)
        level = [value for value, _ in form.choices["r0-all"] if value][-1]
        everybody = {"r0-all": level, "n-all": narrative} if narrative else {"r0-all": level}
        checked = self.browser.submit(page, form, learner=marked, **everybody)
        batch = self.browser.submit(checked, checked.form("/awards"))
        until(lambda: self._waiting(batch) == 0, "the badges were not issued in time")
        batch = self.browser.get(urlsplit(batch.url).path)
        return {name: self._claim(batch, name) for name in names}

    def change(self, claim: Claim, change: str, reason: str = "Looked at again.") -> str:
        """Withdraw, pause or reinstate a badge, and return what the page says."""
        page = self.browser.get(f"{claim.award}/status/{change}")
        return words(self.browser.submit(page, page.form("/status/"), reason=reason, sure="yes"))

    def _waiting(self, batch: Page) -> int:
        found = re.search(r'"waiting": ?(\d+)', self.browser.get(f"{batch.url}/progress").text)
        assert found
        return int(found[1])

    def _claim(self, batch: Page, name: str) -> Claim:
        number = re.search(rf'/awards/([0-9a-f-]{{36}})">{re.escape(name)}<', batch.text)
        assert number, words(batch)
        page = self.browser.get(f"{self.base}/awards/{number[1]}")
        return Claim(page.url, page.after('<p class="code">', "<"), page.after('<p class="lead code">', "<"))


class Owner:
    """A learner with a wallet."""

    def __init__(self, services: ThreeServices, who: Learner) -> None:
        self._services, self.who = services, who
        self.browser = services.visitor("wallet")

    def collect_first(self, claim: Claim) -> Page:
        """Come by a claim link without a wallet, make one, and collect the badge; return the badge's page."""
        stranger = self._follow(claim)
        page = self.browser.get("/register?" + unescape(stranger.after('href="/register?')))
        year, month, day = self.who.born.split("-")
        own = {"name": self.who.given, "sign_in_name": self.who.email}
        born = {"born_year": year, "born_month": month, "born_day": day}
        welcome = self.browser.submit(page, page.form("/register"), **own, **born)
        asked = self.browser.submit(welcome, welcome.form("/password"), password=PASSWORD)
        return self.browser.submit(asked, asked.form("/claim/"), code=claim.code)

    def register(self) -> None:
        """Make a wallet without a claim link."""
        page = self.browser.get("/register")
        year, month, day = self.who.born.split("-")
        own = {"name": self.who.given, "sign_in_name": self.who.email}
        born = {"born_year": year, "born_month": month, "born_day": day}
        welcome = self.browser.submit(page, page.form("/register"), **own, **born)
        self.browser.submit(welcome, welcome.form("/password"), password=PASSWORD)

    def collect(self, claim: Claim) -> Page:
        """Collect a further badge."""
        asked = self._follow(claim)
        return self.browser.submit(asked, asked.form("/claim/"), code=claim.code)

    def bring(self, name: str, content: bytes, kind: str) -> Page:
        """Bring a badge in from a file."""
        page = self.browser.get("/add")
        return self.browser.submit(page, page.form("/add/file"), files={"file": (name, content, kind)})

    def accept(self, offer: str, code: str) -> Page:
        """Paste any issuer's offer, type the code, and collect."""
        page = self.browser.get("/add")
        asked = self.browser.submit(page, page.form("/add"), text=offer)
        return self.browser.submit(asked, asked.form("/claim/"), code=code)

    def share(self, badge: Page, audience: str) -> str:
        """Make a link to a badge for somebody, and return it."""
        number = urlsplit(badge.url).path.rpartition("/")[2]
        page = self.browser.get(f"/shares/new?badge={number}")
        made = self.browser.submit(page, page.form("/shares/new"), audience=audience, purpose="Application")
        return made.after('class="share-link"><a href="')

    def ask_again(self, badge: Page) -> str:
        """Ask at once how a badge stands, and return what its page says."""
        page = self.browser.get(urlsplit(badge.url).path)
        return words(self.browser.submit(page, page.form("/check")))

    def _follow(self, claim: Claim) -> Page:
        """Open the link of a mail, and go on to the wallet from there."""
        explained = self._services.visitor("issuer").get(claim.link)
        return self.browser.get(unescape(explained.after(f'href="{self.browser.origin}', '"')))


class Reader:
    """Somebody who checks badges, without an account."""

    def __init__(self, services: ThreeServices) -> None:
        self.browser = services.visitor("verifier")

    def check(self, text: str) -> str:
        """Paste a link or a badge, and return what the page says."""
        page = self.browser.get("/")
        return words(self.browser.submit(page, page.form("/check"), badge=text))

    def check_file(self, name: str, content: bytes) -> str:
        """Choose a file, and return what the page says."""
        page = self.browser.get("/")
        files = {"files": (name, content, "application/octet-stream")}
        return words(self.browser.submit(page, page.form("/check"), files=files))


def welcomed(services: ThreeServices, printed: str) -> Visitor:
    """Follow the link that a command printed, choose a password, and return the browser that is signed in."""
    link = next(word for word in printed.split() if "/welcome/" in word)
    browser = services.visitor("issuer")
    page = browser.get(urlsplit(link).path)
    browser.submit(page, page.form("/password"), password=PASSWORD)
    return browser
