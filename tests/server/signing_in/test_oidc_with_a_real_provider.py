from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx2 as httpx
import pytest
from sqlmodel import select

from intaglio.server.tables import ExternalIdentity
from issuer.organizations.models import Staff
from tests.database import Cluster
from tests.server.signing_in.people import add_staff, is_signed_in
from tests.server.signing_in.school_provider import CLIENT_ID, CLIENT_SECRET, log_in, school_provider, why_not
from tests.services import Browser, UnderTest, running

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
CALLBACK = "https://issuer.localhost/sign-in/oidc/callback?"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Return the issuer of a real provider."""
    with school_provider() as issuer:
        yield issuer


@pytest.fixture
def school(postgres: Cluster, tmp_path: Path, provider: str) -> Iterator[UnderTest]:
    """Return an issuer service whose staff sign in there."""
    settings = {
        "oidc_issuer": provider,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "oidc_name": "Prairie View account",
        "allow_http_loopback": True,
    }
    with running("issuer", postgres, tmp_path, **settings) as service:
        service.clock.now = datetime.now(UTC)  # the provider has no other clock
        yield service


def come_back(browser: Browser, login: str, wanted: str = "/account") -> httpx.Response:
    """Sign in with the school account as somebody."""
    begun = browser.get(f"/sign-in/oidc?next={wanted}")
    assert begun.status_code == 303
    address = log_in(begun.headers["location"], login)
    assert address.startswith(CALLBACK), address
    return browser.get(address)


def links(service: UnderTest) -> list[tuple[UUID, str]]:
    with service.db() as db:
        return [(row.account_id, row.subject) for row in db.exec(select(ExternalIdentity))]


def test_staff_sign_in_with_the_school_account(school: UnderTest) -> None:
    account = add_staff(school, password=None)
    assert "Prairie View account" in school.get("/sign-in").text
    answer = come_back(school, "ada")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    page = school.get("/account").text
    assert "Ada Byron" in page
    assert "with the school account" in page
    assert "Connected: you can sign in with it." in page
    assert links(school) == [(account, "ada")]


def test_the_second_time_the_link_counts_and_not_the_address(school: UnderTest) -> None:
    account = add_staff(school, password=None)
    come_back(school, "ada")
    with school.db() as db:
        staff = db.get(Staff, account)
        assert staff is not None
        staff.email = "byron@school.example"
        db.add(staff)
        db.commit()
    browser = school.visitor()
    assert come_back(browser, "ada").status_code == 303
    assert is_signed_in(browser)
    assert links(school) == [(account, "ada")]


@pytest.mark.parametrize("login", ["eve", "stranger", "nameless"])
def test_who_is_not_known_or_not_verified_is_not_let_in(school: UnderTest, login: str) -> None:
    add_staff(school)
    answer = come_back(school, login)
    assert answer.status_code == 403
    assert "We don’t know this account here yet." in answer.text
    assert not is_signed_in(school)
    assert links(school) == []


def test_whoever_gets_the_address_of_somebody_else_does_not_get_the_account(school: UnderTest) -> None:
    account = add_staff(school)
    come_back(school, "ada")
    browser = school.visitor()
    assert come_back(browser, "new-ada").status_code == 403
    assert not is_signed_in(browser)
    assert links(school) == [(account, "ada")]


def test_who_left_is_not_let_in(school: UnderTest) -> None:
    add_staff(school, active=False)
    assert come_back(school, "ada").status_code == 403
    assert links(school) == []


def test_a_code_that_was_used_is_of_no_use(school: UnderTest) -> None:
    add_staff(school)
    begun = school.get("/sign-in/oidc")
    address = log_in(begun.headers["location"], "ada")
    assert school.get(address).status_code == 303
    answer = school.get(address)
    assert answer.status_code == 400
    assert "Signing in with the school account did not work." in answer.text


def test_a_code_of_another_visitor_is_of_no_use(school: UnderTest) -> None:
    """Login CSRF: a victim who follows the attacker's way back would work in the attacker's account."""
    add_staff(school)
    address = log_in(school.visitor().get("/sign-in/oidc").headers["location"], "ada")
    victim = school.visitor()
    assert victim.get(address).status_code == 400
    assert not is_signed_in(victim)


def test_a_code_that_is_exchanged_with_another_verifier_gives_nothing(school: UnderTest) -> None:
    """PKCE: an attacker's code, put into the way back of a sign-in of one's own."""
    add_staff(school)
    stolen = httpx.URL(log_in(school.visitor().get("/sign-in/oidc").headers["location"], "ada"))
    own = httpx.URL(log_in(school.get("/sign-in/oidc").headers["location"], "stranger"))
    answer = school.get(str(own.copy_merge_params({"code": stolen.params["code"]})))
    assert answer.status_code == 400
    assert not is_signed_in(school)


def test_an_answer_that_names_another_provider_is_refused(school: UnderTest) -> None:
    add_staff(school)
    for iss in ("https://evil.example", ""):
        address = httpx.URL(log_in(school.get("/sign-in/oidc").headers["location"], "ada"))
        assert "iss" in address.params
        assert school.get(str(address.copy_merge_params({"iss": iss}))).status_code == 400
        address = httpx.URL(log_in(school.get("/sign-in/oidc").headers["location"], "ada"))
        assert school.get(str(address.copy_remove_param("iss"))).status_code == 400
    assert not is_signed_in(school)


@pytest.mark.parametrize("where", ["//evil.example/", "https://evil.example/"])
def test_afterwards_nobody_is_sent_to_another_site(school: UnderTest, where: str) -> None:
    add_staff(school)
    assert come_back(school, "ada", where).headers["location"] == "/"


def test_only_who_was_asked_again_can_change_ways_to_sign_in(school: UnderTest) -> None:
    add_staff(school, password=None)
    come_back(school, "ada")
    assert "Add a passkey" not in school.get("/account").text
    assert come_back(school, "ada").status_code == 303
    assert "Add a passkey" in school.get("/account").text
