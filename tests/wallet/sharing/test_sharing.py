import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlmodel import select

from intaglio.fetch.sources import Memory
from intaglio.verification.policy import Policy
from intaglio.verification.report import Outcome
from intaglio.verification.verify import Verifier
from tests.database import Cluster
from tests.services import Browser, UnderTest, running
from tests.verification.builders import SCHOOL
from tests.wallet.conftest import Person
from tests.wallet.school import AT, School
from wallet.holders.accounts import Profile, create_holder
from wallet.sharing.models import Share

TERMS = {"audience": "Utah Valley University", "purpose": "Application", "days": "60"}


def link_of(ana: Person, *badges: object, **changes: str) -> str:
    """Share badges, all of hers where none is named, and return the path of the link."""
    chosen = [str(badge) for badge in badges] or [str(holding.id) for holding in ana.holdings()]
    answer = ana.post("/shares/new", badge=chosen, **{**TERMS, **changes})
    assert answer.status_code == 303, answer.text
    page = ana.get(answer.headers["location"])
    start = page.text.index("https://wallet.localhost/s/")
    return urlsplit(page.text[start : page.text.index('"', start)]).path


@pytest.fixture
def reader(wallet: UnderTest) -> Browser:
    """Return the browser of somebody with no wallet."""
    return wallet.visitor()


def machine(reader: Browser, path: str) -> dict[str, object]:
    answer = reader.client.get(path, headers={"accept": "application/vp, application/json"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vp"
    return dict(answer.json())


def test_a_shared_badge_is_read_by_whoever_has_the_link(ana: Person, school: School, reader: Browser) -> None:
    ana.claim(school.offer())
    path = link_of(ana)
    door = reader.get(path)
    assert door.status_code == 200
    assert "Thinking" not in door.text
    assert "Application" not in door.text
    opened = reader.post_form(path)
    assert "Thinking" in opened.text
    assert "Application" in opened.text
    assert "Genuine, and good" in opened.text
    assert "Utah Valley" not in opened.text
    assert "http://localhost:8003/#link=https%3A%2F%2Fwallet.localhost%2Fs%2F" in opened.text


def test_no_name_stands_in_the_address_or_the_title_and_no_engine_keeps_it(
    ana: Person, school: School, reader: Browser
) -> None:
    ana.claim(school.offer())
    path = link_of(ana)
    for answer in (reader.get(path), reader.post_form(path)):
        title = answer.text.partition("<title>")[2].partition("</title>")[0]
        assert title == "Shared badges · My badges"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert 'name="robots" content="noindex, nofollow"' in answer.text
        assert answer.headers["cache-control"] == "no-store"


def test_the_first_page_counts_nothing_and_a_pressed_button_does(ana: Person, school: School, reader: Browser) -> None:
    ana.claim(school.offer())
    path = link_of(ana)
    for _ in range(3):
        reader.get(path)
        reader.client.get(path)
        reader.client.head(path)
    assert "Not opened yet" in ana.get("/shares").text
    reader.post_form(path)
    assert "Opened once" in ana.get("/shares").text
    machine(reader, path)
    assert "Opened 2 times" in ana.get("/shares").text


def test_only_what_was_chosen_is_shown(ana: Person, school: School, reader: Browser) -> None:
    ana.claim(school.offer("thinking"))
    ana.claim(school.offer("writing"))
    path = link_of(ana, ana.holding("Thinking").id)
    assert "Writing" not in reader.post_form(path).text
    assert len(machine(reader, path)["verifiableCredential"]) == 1  # type: ignore[arg-type]


def test_a_link_ends_at_once_when_its_owner_says_so(ana: Person, school: School, reader: Browser) -> None:
    ana.claim(school.offer())
    path = link_of(ana)
    with ana.service.db() as db:
        share_id = str(db.exec(select(Share.id)).one())
    assert ana.post(f"/shares/{share_id}/end").status_code == 303
    ana.post(f"/shares/{share_id}/end")
    for answer in (reader.get(path), reader.post_form(path)):
        assert answer.status_code == 404
        assert "This link has ended" in answer.text
        assert "says nothing about the badges" in answer.text
    assert "This link has ended" in ana.get(f"/shares/{share_id}").text
    assert "Ended by you" in ana.get("/shares").text
    assert ana.get("/").text.count("badge-card") > 0


def test_a_link_ends_on_its_day(ana: Person, school: School, wallet: UnderTest, reader: Browser) -> None:
    ana.claim(school.offer())
    path = link_of(ana, days="7")
    wallet.clock.advance(days=6, hours=23)
    assert reader.get(path).status_code == 200
    wallet.clock.advance(hours=1)
    assert reader.get(path).status_code == 404
    assert reader.client.post(path, json={"challenge": "12345678", "domain": "d"}).status_code == 404


def test_links_that_never_were_look_like_ended_ones(reader: Browser) -> None:
    assert "This link has ended" in reader.get("/s/guess").text


def test_links_cannot_be_guessed_without_end(reader: Browser) -> None:
    codes = [reader.client.get("/s/guess").status_code for _ in range(301)]
    assert set(codes[:300]) == {404}
    assert codes[300] == 429


def test_the_database_holds_no_usable_link(ana: Person, school: School, wallet: UnderTest) -> None:
    ana.claim(school.offer())
    token = link_of(ana).rpartition("/")[2]
    with wallet.db() as db:
        row = db.exec(select(Share)).one()
    stored = row.token_hash + row.sealed_details
    assert token.encode() not in stored
    assert b"Utah" not in stored


def test_a_removed_badge_is_gone_from_its_links(ana: Person, school: School, reader: Browser) -> None:
    ana.claim(school.offer())
    path = link_of(ana)
    (holding,) = ana.holdings()
    assert ana.post(f"/badges/{holding.id}/remove").headers["location"].endswith("/remove")
    assert ana.get(f"/badges/{holding.id}/remove").status_code == 200
    assert ana.post(f"/badges/{holding.id}/remove", agreed="yes").status_code == 303
    assert "The badge was removed." in ana.get("/?removed=true").text
    assert "Its owner took the badges away" in reader.post_form(path).text
    assert machine(reader, path)["verifiableCredential"] == []


def test_a_replaced_badge_is_shown_in_its_newest_copy(ana: Person, school: School, reader: Browser) -> None:
    ana.claim(school.offer())
    path = link_of(ana)
    school.make = lambda school, name, holder: school.issue(name, holder, validFrom="2026-10-01T00:00:00Z")
    ana.claim(school.offer())
    (document,) = machine(reader, path)["verifiableCredential"]  # type: ignore[misc]
    assert document["validFrom"] == "2026-10-01T00:00:00Z"


def test_a_reader_learns_that_a_badge_was_withdrawn_since(
    ana: Person, school: School, wallet: UnderTest, reader: Browser
) -> None:
    ana.claim(school.offer())
    path = link_of(ana)
    school.withdrawn = {7}
    wallet.clock.advance(hours=2)
    assert "Withdrawn by its issuer" in reader.post_form(path).text


def test_a_machine_gets_the_badges_as_they_were_signed(ana: Person, school: School, reader: Browser) -> None:
    ana.claim(school.offer())
    presentation = machine(reader, link_of(ana))
    assert "proof" not in presentation
    (document,) = presentation["verifiableCredential"]  # type: ignore[misc]
    source = Memory({school.list_url: school.status_list()})
    assert Verifier(Policy(at=AT), source=source).verify(json.dumps(document).encode()).verified


@pytest.mark.parametrize("name", ["thinking", "token"])
def test_a_challenge_is_answered_with_the_learners_signature(
    ana: Person, school: School, reader: Browser, name: str
) -> None:
    ana.claim(school.offer(name))
    path = link_of(ana)
    asked = {"challenge": "f3a1c0de-0001", "domain": "college.example"}
    answer = reader.client.post(path, json=asked)
    assert answer.status_code == 200, answer.text
    source = Memory({school.list_url: school.status_list()})
    expected = Policy(at=AT, **asked)
    report = Verifier(expected, source=source).verify(answer.content)
    assert report.outcome is Outcome.VERIFIED, [check for check in report.checks if check.problem]
    assert answer.json()["holder"] == school.holders[0]
    other = Verifier(Policy(at=AT, challenge="another one", domain="college.example"), source=source)
    assert not other.verify(answer.content).verified
    assert "Opened once" in ana.get("/shares").text


@pytest.mark.parametrize("asked", [{}, {"challenge": "short", "domain": "d"}, {"challenge": "x" * 501, "domain": "d"}])
def test_a_challenge_that_is_none_is_refused(ana: Person, school: School, reader: Browser, asked: object) -> None:
    ana.claim(school.offer())
    assert reader.client.post(link_of(ana), json=asked).status_code == 400


def test_a_form_of_another_site_opens_nothing(ana: Person, school: School, reader: Browser) -> None:
    ana.claim(school.offer())
    path = link_of(ana)
    assert reader.client.post(path, data={}).status_code == 403
    assert reader.client.post(path, content=b"x").status_code == 403
    assert "Not opened yet" in ana.get("/shares").text


def test_a_form_comes_back_with_what_was_typed(ana: Person, school: School) -> None:
    assert "No badges yet" in ana.get("/shares/new").text
    ana.claim(school.offer())
    (holding,) = ana.holdings()
    assert "checked" in ana.get(f"/shares/new?badge={holding.id}").text
    page = ana.post("/shares/new", badge=["nonsense"], audience=" ", purpose="x" * 200, days="9999")
    assert page.status_code == 422
    for words in ("Choose at least one badge", "Write who it is for", "Write it in fewer words", "Choose how long"):
        assert words in page.text
    assert ana.post("/shares/new", badge=[str(holding.id)], audience="A", days="0").status_code == 422


def test_nobody_shares_or_sees_what_is_not_hers(
    ana: Person, school: School, person: Callable[..., Person], wallet: UnderTest
) -> None:
    ana.claim(school.offer())
    link_of(ana)
    with wallet.db() as db:
        share_id = db.exec(select(Share.id)).one()
    ben = person("Ben")
    (holding,) = ana.holdings()
    assert ben.post("/shares/new", badge=[str(holding.id)], **TERMS).status_code == 404
    assert ben.get(f"/shares/{share_id}").status_code == 404
    assert ben.post(f"/shares/{share_id}/end").status_code == 404
    assert ben.get("/shares").text.count("Utah Valley") == 0


def test_where_parents_are_asked_a_minor_shares_nothing_and_an_adult_does(postgres: Cluster, tmp_path: Path) -> None:
    with running("wallet", postgres, tmp_path, parents_agree_to_sharing=True) as service:
        pages = []
        for name, born in (("Ana", date(2010, 1, 1)), ("Ben", date(1990, 1, 1))):
            with service.db() as db:
                holder = create_holder(
                    db, service.app.state.keyring, Profile(name), language="en", born=born, now=service.clock.now
                )
                db.commit()
            browser = service.visitor().sign_in_as(holder.id)
            pages.append((browser.get("/shares/new").text, browser.post_form("/shares/new", **TERMS).status_code))
        assert "A parent has to agree first" in pages[0][0]
        assert "A parent has to agree first" not in pages[1][0]
        assert [status for _, status in pages] == [403, 422]


@pytest.mark.parametrize("both", [False, True])
def test_the_key_that_the_badges_are_bound_to_signs(
    ana: Person, school: School, reader: Browser, *, both: bool
) -> None:
    if both:
        ana.claim(school.offer("writing"))
    school.algorithms = ("ES256",)
    ana.claim(school.offer("thinking"))
    asked = {"challenge": "f3a1c0de-0001", "domain": "college.example"}
    answer = reader.client.post(link_of(ana), json=asked)
    assert answer.status_code == 200, answer.text
    proofs = answer.json()["proof"]
    suites = [proof["cryptosuite"] for proof in (proofs if both else [proofs])]
    assert suites == (["eddsa-rdfc-2022", "ecdsa-rdfc-2019"] if both else ["ecdsa-rdfc-2019"])
    assert answer.json().get("holder") == (None if both else school.holders[-1])
    source = Memory({school.list_url: school.status_list()})
    report = Verifier(Policy(at=AT, **asked), source=source).verify(answer.content)
    assert report.outcome is Outcome.VERIFIED, [check for check in report.checks if check.problem]


def test_a_link_of_a_minor_does_not_open_while_parents_are_to_agree_first(
    ana: Person, school: School, reader: Browser
) -> None:
    ana.claim(school.offer())
    path = link_of(ana)
    free, state = ana.service.settings, ana.service.app.state
    state.settings = free.model_copy(update={"parents_agree_to_sharing": True})
    challenge = {"challenge": "12345678", "domain": "d"}
    for answer in (reader.get(path), reader.post_form(path), reader.client.post(path, json=challenge)):
        assert answer.status_code == 404
    assert "Thinking" not in reader.post_form(path).text
    state.settings = free
    assert reader.get(path).status_code == 200


def test_no_identifier_stands_for_an_issuer_without_a_name(ana: Person, school: School) -> None:
    def make(school: School, name: str, holder: str) -> bytes:
        return school.issue(name, holder, issuer={"id": SCHOOL, "type": ["Profile"]})

    school.make = make
    assert ana.claim(school.offer()).status_code == 303
    page = ana.get("/").text
    assert "An issuer without a name" in page
    assert "did:" not in page
