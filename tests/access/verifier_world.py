"""A verifier, and what is sent to it."""

import json
from collections.abc import Mapping

from tests.access.standing import Ask, Asker, Persona
from tests.services import Browser, UnderTest
from tests.verification.builders import badge, presentation, signed


def fill_verifier(verifier: UnderTest) -> tuple[dict[str, Persona], dict[str, str]]:
    """Keep a result."""
    kept = verifier.post_form("/results", receipt=_receipt(verifier))
    return {"anybody": Persona()}, {"token": kept.headers["location"].rpartition("/")[2]}


def asker_of(door: str) -> Asker:
    """Return what to ask a route for."""
    return _ASKERS.get(door, lambda _browser, _ids: Ask())


def _receipt(browser: Browser) -> str:
    page = browser.post_form("/check", badge=json.dumps(signed(badge()))).text
    return page.partition('name="receipt" value="')[2].partition('"')[0]


def _keep(browser: Browser, _ids: Mapping[str, str]) -> Ask:
    return Ask(fields={"receipt": _receipt(browser)})


_ASKERS: dict[str, Asker] = {
    "GET /static/{version}/{name:path}": lambda _browser, _ids: Ask({"version": "any", "name": "css/base.css"}),
    "POST /check": lambda _browser, _ids: Ask(fields={"badge": json.dumps(signed(badge()))}),
    "POST /results": _keep,
    "POST /credentials/verify": lambda _browser, _ids: Ask(json={"verifiableCredential": signed(badge())}),
    "POST /presentations/verify": lambda _browser, _ids: Ask(
        json={"verifiablePresentation": signed(presentation(signed(badge())), "learner")}
    ),
    "POST /reports": lambda _browser, _ids: Ask(content=json.dumps(signed(badge())).encode()),
}
