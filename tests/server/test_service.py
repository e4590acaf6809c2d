"""What every service does, whatever it is about; tried on the issuer."""

import logging

import pytest

from tests.services import UnderTest


def test_it_says_that_it_lives_and_can_work(issuer: UnderTest) -> None:
    assert issuer.client.get("/healthz").json() == {"status": "ok"}
    assert issuer.client.get("/readyz").json() == {"status": "ok"}
    assert b"intaglio_requests" in issuer.client.get("/metrics").content


def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_machines(issuer: UnderTest) -> None:
    page = issuer.get("/nowhere")
    assert page.status_code == 404
    assert "There is nothing here." in page.text
    problem = issuer.client.get("/nowhere")
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["type"] == "urn:intaglio:problem:no-such-page"


def test_a_page_for_staff_sends_strangers_to_the_sign_in(issuer: UnderTest) -> None:
    where = "/o/00000000-0000-4000-8000-000000000000"
    answer = issuer.get(where)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next={where}"


def test_the_language_is_the_readers(issuer: UnderTest) -> None:
    page = issuer.get("/nowhere", headers={"accept-language": "es-MX,es;q=0.9,en;q=0.5"})
    assert '<html lang="es"' in page.text
    assert '<html lang="en"' in issuer.get("/nowhere?lang=en", headers={"accept-language": "es"}).text


def test_every_answer_carries_the_headers_that_keep_pages_safe(issuer: UnderTest) -> None:
    for url in ("/nowhere", "/healthz"):
        headers = issuer.get(url).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["strict-transport-security"].startswith("max-age=")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_a_page_can_be_asked_about_without_its_body(issuer: UnderTest) -> None:
    answer = issuer.client.head("/healthz")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "application/json"


def test_another_language_keeps_where_one_was_going(issuer: UnderTest) -> None:
    page = issuer.get("/sign-in?next=/account").text
    assert 'href="?next=/account&amp;lang=es"' in page or 'href="?next=%2Faccount&amp;lang=es"' in page


def test_a_mistake_of_ours_is_answered_with_the_number_that_the_log_has(
    issuer: UnderTest, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("intaglio"), "propagate", True)
    database, issuer.app.state.database = issuer.app.state.database, None
    answer = issuer.client.get("/readyz")
    issuer.app.state.database = database
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:intaglio:problem:our-mistake"
    assert answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    noted = {record.facts["request_id"] for record in caplog.records if record.getMessage() == "unexpected"}
    assert noted == {answer.headers["x-request-id"]}


def test_what_no_database_can_hold_is_no_mistake_of_ours(issuer: UnderTest) -> None:
    assert issuer.client.get("/organizations/%00/did.json").status_code in (400, 404)
    assert issuer.post_form("/sign-in", identifier="a\x00b", password="whatever it is").status_code < 500
