"""Pages of other sites send nothing in anybody's name."""

import pytest
from fastapi import FastAPI

from tests.access import issuer_asks, wallet_asks
from tests.access.routes import Door, doors_of
from tests.access.standing import Ask, Asker, Outcome, Standing, outcome_of
from tests.services import Browser


def guarded(app: FastAPI) -> list[Door]:
    return [door for door in doors_of(app) if door.guards_forms and door.method != "GET"]


def from_elsewhere(asker: Asker) -> Asker:
    def ask(browser: Browser, ids: dict[str, str]) -> Ask:
        asked = asker(browser, ids)
        headers = {**asked.headers, "sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}
        return Ask(asked.values, asked.fields, asked.files, asked.json, asked.content, asked.query, headers)

    return ask


@pytest.mark.parametrize("elsewhere", [False, True], ids=["without a token", "with a token, from another site"])
def test_the_issuer_takes_no_forms_that_its_pages_have_not_sent(schools: Standing, elsewhere: bool) -> None:
    for door in guarded(schools.app):
        asker = issuer_asks.asker_of(door.name)
        asker = from_elsewhere(asker) if elsewhere else asker
        answer = schools.ask(door.name, "administrator", asker, with_token=elsewhere)
        assert outcome_of(answer) is Outcome.REFUSED, door.name


@pytest.mark.parametrize("elsewhere", [False, True], ids=["without a token", "with a token, from another site"])
def test_the_wallet_takes_no_forms_that_its_pages_have_not_sent(learners: Standing, elsewhere: bool) -> None:
    for door in guarded(learners.app):
        asker = wallet_asks.asker_of(door.name)
        asker = from_elsewhere(asker) if elsewhere else asker
        answer = learners.ask(door.name, "learner", asker, with_token=elsewhere)
        assert outcome_of(answer) is Outcome.REFUSED, door.name


def test_forms_of_links_that_anybody_may_open_are_guarded_too(learners: Standing) -> None:
    answer = learners.ask("POST /s/{token}", "nobody", lambda _browser, _ids: Ask(fields={"a": "b"}), with_token=False)
    assert outcome_of(answer) is Outcome.REFUSED


def test_one_visitors_token_is_worth_nothing_to_another(schools: Standing) -> None:
    token = schools.browser("teacher").form_token()
    browser = schools.browser("registrar")
    answer = browser.client.post(
        f"/o/{schools.ids['organization_id']}/achievements/starter", data={"csrf_token": token}, follow_redirects=False
    )
    assert outcome_of(answer) is Outcome.REFUSED
