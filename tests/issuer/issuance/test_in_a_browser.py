"""The pages of awards in a real browser: a teacher awards a class, and nothing keeps anybody out."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select
from starlette.types import Receive, Scope, Send

from intaglio.server.visitors import CookieNames
from issuer.delivery import codes
from issuer.delivery.models import ClaimCode
from tests.browser import chromium, findings, serving
from tests.database import Cluster
from tests.issuer.classroom import Classroom, classroom
from tests.services import running

_PICTURES = os.environ.get("INTAGLIO_SCREENSHOTS")


@pytest.fixture
def room(postgres: Cluster, tmp_path: Path) -> Iterator[Classroom]:
    """Return a class of five, at an issuer that is served over http on this machine too."""
    with running("issuer", postgres, tmp_path) as issuer:
        yield classroom(issuer, learners=5, pausable=True)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def _already_started(room: Classroom) -> FastAPI:
    """Return the application without its lifespan, which the fixture keeps running."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] != "lifespan"
        await room.issuer.app(scope, receive, send)

    return app  # type: ignore[return-value]


def _page_of_teacher(browser: Browser, room: Classroom, origin: str, width: int) -> Page:
    names = CookieNames.of("issuer")
    signed_in = room.world.as_teacher().client.cookies.get(names.sign_in)
    assert signed_in is not None
    context = browser.new_context(viewport={"width": width, "height": 800})
    # A cookie that is bound to its host is set for https; browsers send it to http://localhost as well.
    secure = origin.replace("http:", "https:")
    context.add_cookies([{"name": names.sign_in, "value": signed_in, "url": secure, "secure": True, "httpOnly": True}])
    return context.new_page()


def _look(page: Page, name: str) -> None:
    assert findings(page) == [], name
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{name} scrolls sideways"
    if _PICTURES:
        page.screenshot(path=f"{_PICTURES}/{name}-{page.viewport_size['width']}.png", full_page=True)  # type: ignore[index]


@pytest.mark.parametrize("width", [1280, 360])
def test_a_teacher_awards_a_class_and_hands_over_a_link(browser: Browser, room: Classroom, width: int) -> None:
    with serving(_already_started(room)) as origin:
        page = _page_of_teacher(browser, room, origin, width)
        page.goto(f"{origin}{room.world.base}/awards")
        _look(page, "no-badges")
        page.get_by_role("main").get_by_role("link", name="Award badges").first.click()
        _look(page, "choose")
        page.get_by_label("What").select_option("Communication")
        page.get_by_label("In which class").select_option(label="Advisory 1")
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Check").click()
        expect(page.get_by_role("alert")).to_contain_text("Choose at least one learner.")
        _look(page, "form-with-errors")
        page.get_by_role("group", name="For all").get_by_label("Level").select_option("Proficient")
        for name in ("Ana Alvarez", "Björn Begay", "Kim Ito"):
            page.get_by_label(f"Award it to {name}").check()
        page.get_by_text("Something else for Kim Ito").click()
        page.get_by_role("group", name="Kim Ito").get_by_label("What was shown").fill("Spoke at the council.")
        page.get_by_role("button", name="Check").click()
        _look(page, "check")
        page.get_by_role("button", name="Award 3 badges").click()
        expect(page.get_by_text("being issued now")).to_be_visible()
        _look(page, "being-issued")
        worker = threading.Thread(target=room.work)  # Playwright has an event loop of its own in this thread
        worker.start()
        worker.join()
        expect(page.get_by_text("All are issued.")).to_be_visible(timeout=30_000)
        _look(page, "issued")
        page.get_by_role("link", name="Ana Alvarez").click()
        _look(page, "badge")
        page.get_by_role("link", name="Pause").click()
        _look(page, "pause")
        page.get_by_label("Reason").fill("We look into it.")
        page.get_by_label("Yes, pause it").check()
        page.get_by_role("button", name="Pause it").click()
        expect(page.get_by_role("main")).to_contain_text("It is paused.")
        _look(page, "paused")
        page.goto(f"{origin}{room.world.base}/awards?lang=es")
        _look(page, "list-es")
        page.goto(f"{origin}{room.world.base}/awards/codes/{room.class_id}?lang=en")
        _look(page, "codes")
        page.goto(f"{origin}{room.world.base}/awards/{room.awards()[0].id}/letter")
        _look(page, "letter")
        with room.issuer.db() as db:
            claim = db.exec(select(ClaimCode)).first()
        assert claim is not None
        visitor = browser.new_page(viewport={"width": width, "height": 800})
        visitor.goto(f"{origin}/claim/{codes.claim_code(room.issuer.settings.secret_bytes, claim.id)}")
        visitor.get_by_text("I have another wallet").click()
        _look(visitor, "claim")
