"""Words with scripts and markup in them, in every place where pages show what somebody else has written."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from issuer.issuance.models import Award
from issuer.organizations.models import Organization
from issuer.roster.models import Learner, SchoolClass
from tests.access.pages import check_headers, running_things
from tests.access.standing import Standing
from tests.issuer.classroom import LEVELS, PROFICIENT
from tests.verification.builders import badge, signed

SCRIPT = "<script>alert(1)</script>"
WORDS = (
    f"{SCRIPT}<img src=x onerror=alert(2)>\"'><svg onload=alert(3)></textarea></title>{{{{7*7}}}}\n\n"
    "[a](javascript:alert(4)) [b](data:text/html,x) ![c](https://elsewhere.example/c.png) <javascript:alert(5)>\n\n"
    '[d]: javascript:alert(6)\n\n[d] <a href="vbscript:x" style="color:red">e</a> <iframe src=//elsewhere.example>'
)
LINE = " ".join(WORDS.split())


def check_page(answer: Any) -> None:
    assert answer.status_code == 200, answer.status_code
    check_headers(answer)
    assert running_things(answer.text) == [], answer.url
    assert '<img src="https://elsewhere' not in answer.text


def test_an_achievement_of_hostile_words_is_shown_as_words(schools: Standing) -> None:
    base = f"/o/{schools.ids['organization_id']}/achievements"
    with schools.copy():
        browser = schools.browser("administrator")
        made = browser.post_form(f"{base}/new", name="Words", rubric="yes")
        here = made.headers["location"].removesuffix("/edit")
        form = browser.get(f"{here}/edit")
        fields = {
            "name": LINE[:100],
            "description": WORDS,
            "criteria": WORDS,
            "tags": LINE[:40],
            "field_of_study": LINE[:60],
            "human_code": LINE[:20],
            "image_caption": LINE[:100],
            "results-0-name": LINE[:80],
            "results-0-result_type": "RubricCriterionLevel",
            "results-0-levels-0-name": LINE[:80],
            "results-0-levels-0-description": WORDS,
            "results-0-levels-1-name": "Other",
            "alignments-0-target_name": LINE[:80],
            "alignments-0-target_url": "javascript:alert(1)",
            "alignments-0-target_description": WORDS,
            "seen": form.text.partition('name="seen" value="')[2].partition('"')[0],
            "do": "save",
        }
        saved = browser.post_form(f"{here}/edit", **fields)
        assert saved.status_code == 303, saved.text
        for page in (f"{here}/edit", f"{here}/edit?check=1", here, f"{base}?q={SCRIPT}"):
            check_page(browser.get(page))
        assert browser.get(f"{here}/publish").status_code == 303, "an address that runs is not published"


def test_a_published_achievement_and_its_badges_show_words_as_words(schools: Standing) -> None:
    base = f"/o/{schools.ids['organization_id']}"
    with schools.copy():
        browser, ids = schools.browser("administrator"), schools.ids
        draft = f"{base}/achievements/{ids['draft_id']}"
        fields = {
            "name": LINE[:100],
            "description": WORDS,
            "criteria": WORDS,
            "achievement_type": "Competency",
            "language": "en",
            "results-0-id": PROFICIENT[0]["result_id"],
            "results-0-name": LINE[:80],
            "results-0-result_type": "RubricCriterionLevel",
            "results-0-levels-0-id": LEVELS[0],
            "results-0-levels-0-name": LINE[:80],
            "results-0-levels-1-id": LEVELS[1],
            "results-0-levels-1-name": "Other",
            "seen": ids["draft_seen"],
        }
        assert browser.post_form(f"{draft}/edit", **fields, do="save").status_code == 303
        form = browser.get(f"{draft}/publish")
        check_page(form)
        seen = form.text.partition('name="seen" value="')[2].partition('"')[0].replace("&#43;", "+")
        assert browser.post_form(f"{draft}/publish", seen=seen).status_code == 303
        _rename(schools)
        order = {
            "press": str(uuid4()),
            "achievement": ids["draft_id"],
            "version": ids["draft_version_id"],
            "class_id": ids["class_id"],
            "learner": [ids["second_learner_id"]],
            "r0-all": LEVELS[0],
            f"n-{ids['second_learner_id']}": WORDS,
        }
        check_page(browser.post_form(f"{base}/awards/check", **order))
        awarded = browser.post_form(f"{base}/awards", **order)
        assert awarded.status_code == 303, awarded.text
        asyncio.run(schools.service.app.state.jobs.run_waiting(schools.service.app))
        with schools.service.app.state.database.session() as db:
            award = db.exec(select(Award).where(Award.narrative != "")).one()
        version = browser.get(f"/achievements/{award.version_id}")
        check_page(version)
        pages = [
            awarded.headers["location"],
            draft,
            f"{base}/awards/{award.id}",
            f"{base}/awards/{award.id}/letter",
            f"{base}/awards",
            f"{base}/awards/new?achievement={ids['draft_id']}&class_id={ids['class_id']}",
            f"{base}/awards/codes/{ids['class_id']}",
            f"{base}/roster",
            f"{base}/roster/learners/{ids['second_learner_id']}",
            f"{base}/roster/classes/{ids['class_id']}",
            base,
            f"/organizations/{ids['slug']}",
            f"/claim/{ids['code']}",
        ]
        for page in pages:
            check_page(browser.get(page))


def _rename(schools: Standing) -> None:
    """Give the school, the class and a learner names that no form would take."""
    with schools.service.app.state.database.session() as db:
        school = db.exec(select(Organization).where(Organization.slug == schools.ids["slug"])).one()
        school.name = LINE[:120]
        learner = db.get(Learner, schools.ids["second_learner_id"])
        school_class = db.get(SchoolClass, schools.ids["class_id"])
        assert learner is not None
        assert school_class is not None
        learner.given_name, learner.email, school_class.title = LINE[:100], LINE[:100], LINE[:100]
        db.add_all([school, learner, school_class])
        db.commit()


def hostile_badge() -> dict[str, Any]:
    subject = badge()["credentialSubject"]
    achievement = {
        **subject["achievement"],
        "name": LINE,
        "description": WORDS,
        "criteria": {"id": "javascript:alert(1)", "narrative": WORDS},
        "image": {"id": "data:image/svg+xml,%3Csvg%20onload=alert(1)%3E", "type": "Image", "caption": LINE},
        "tag": [LINE],
        "alignment": [
            {
                "type": ["Alignment"],
                "targetName": LINE,
                "targetUrl": "javascript:alert(1)",
                "targetDescription": WORDS,
            }
        ],
    }
    evidence = [{"type": ["Evidence"], "id": "javascript:alert(1)", "name": LINE, "narrative": WORDS, "genre": LINE}]
    issuer = badge()["issuer"]
    issuer = {
        **(issuer if isinstance(issuer, dict) else {"id": issuer, "type": ["Profile"]}),
        "name": LINE,
        "url": "javascript:alert(1)",
    }
    whole = badge(
        name=LINE,
        description=WORDS,
        evidence=evidence,
        issuer=issuer,
        credentialSubject={**subject, "achievement": achievement, "narrative": WORDS},
    )
    return dict(signed(whole))


def test_a_verifier_shows_hostile_words_as_words(readers: Standing) -> None:
    text = json.dumps(hostile_badge())
    browser = readers.browser("anybody")
    page = browser.post_form("/check", badge=text)
    check_page(page)
    check_page(browser.post_form("/check?lang=es", badge=text))
    receipt = page.text.partition('name="receipt" value="')[2].partition('"')[0]
    with readers.copy():
        kept = browser.post_form("/results", receipt=receipt)
        check_page(browser.get(kept.headers["location"]))
    named = [("files", (f"{SCRIPT}.json", text.encode())), ("files", ("b.json", text.encode()))]
    check_page(browser.post_form("/check", files=named))


@pytest.mark.parametrize("path", ["/", "/?link=javascript:alert(1)", f"/?link={SCRIPT}", f"/?badge={SCRIPT}"])
def test_what_stands_in_an_address_is_shown_as_words(readers: Standing, path: str) -> None:
    check_page(readers.browser("anybody").get(path))


def test_a_wallet_shows_hostile_words_as_words(learners: Standing) -> None:
    with learners.copy():
        browser = learners.browser("learner")
        added = browser.post_form("/add/file", files={"file": (f"{SCRIPT}.json", json.dumps(hostile_badge()).encode())})
        if added.status_code == 303 and added.headers["location"].startswith("/arrivals/"):
            check_page(browser.get(added.headers["location"]))
            added = browser.post_form(f"{added.headers['location']}/keep")
        assert added.status_code == 303, added.text
        here = added.headers["location"].partition("?")[0]
        check_page(browser.get(added.headers["location"]))
        for page in ("/", f"{here}/remove", "/shares/new"):
            check_page(browser.get(page))
        shared = browser.post_form(
            "/shares/new", badge=[here.rpartition("/")[2]], audience=LINE[:80], purpose=LINE[:80], days="30"
        )
        assert shared.status_code == 303, shared.text
        mine = browser.get(shared.headers["location"])
        check_page(mine)
        token = mine.text.partition("https://wallet.localhost/s/")[2].partition('"')[0]
        check_page(browser.get("/shares"))
        check_page(browser.get(f"/s/{token}"))
        check_page(browser.post_form(f"/s/{token}"))
        named = browser.post_form("/wallet/name", name=LINE[:60])
        check_headers(named)
        check_page(browser.get("/wallet"))
