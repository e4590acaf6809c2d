import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from uuid import UUID

import pytest
from sqlmodel import select

from intaglio.errors import MalformedInput, Problem, Unavailable
from intaglio.fetch.messages import Response
from intaglio.server.errors import Conflict
from tests.database import Cluster
from tests.services import UnderTest, running
from tests.verification.builders import SCHOOL, as_bytes, badge, signed
from tests.wallet.conftest import Person, run_jobs
from tests.wallet.school import AT, School
from wallet.app import create_app
from wallet.exchange.claims import let_go, require_hold, take_hold
from wallet.exchange.models import Arrival, Claim, Notice
from wallet.exchange.notices import MAX_TRIES, send_notices
from wallet.exchange.recognising import did_web_of
from wallet.exchange.words import advice_for
from wallet.holdings.keeping import open_card, open_document
from wallet.settings import WalletSettings

REGISTRATION = {"name": "Ana", "sign_in_name": "ana", "born_month": "4", "born_day": "17", "born_year": "2009"}


def test_a_learner_collects_a_badge_and_sees_it(ana: Person, school: School) -> None:
    answer = ana.claim(school.offer())
    assert answer.status_code == 303, answer.text
    page = ana.get(answer.headers["location"])
    assert "This badge is yours now." in page.text
    assert "Thinking" in page.text
    assert "Confirmed" in page.text
    assert "Defended a thesis." in page.text
    assert "Thinking" in ana.get("/").text


def test_the_bytes_are_kept_as_they_were_signed_and_lie_encrypted(ana: Person, school: School) -> None:
    made = []
    school.make = lambda school, name, holder: made.append(school.issue(name, holder)) or made[0]
    ana.claim(school.offer())
    (holding,) = ana.holdings()
    assert open_document(ana.vault, holding) == made[0]
    for stored in (holding.sealed_document, holding.sealed_card):
        assert b"thinking" not in stored.lower()
        assert b"Riverside" not in stored


def test_the_badge_is_bound_to_the_learners_own_key(ana: Person, school: School) -> None:
    ana.claim(school.offer())
    ana.claim(school.offer("writing"))
    assert len(set(school.holders)) == 1
    assert school.holders[0].startswith("did:key:z6Mk")
    assert all(open_card(ana.vault, holding).bound for holding in ana.holdings())


def test_an_issuer_that_takes_only_p256_gets_such_a_key(ana: Person, school: School) -> None:
    school.algorithms = ("ES256",)
    assert ana.claim(school.offer()).status_code == 303
    assert school.holders[0].startswith("did:key:zDn")


def test_the_offer_may_be_fetched_and_need_no_numbers(ana: Person, school: School) -> None:
    link = school.offer(code=None, by_reference=True)
    opened = ana.get(f"/claim?{urlsplit(link).query}")
    page = ana.get(opened.headers["location"])
    assert "The numbers from your teacher" not in page.text
    assert ana.post(opened.headers["location"]).status_code == 303
    assert len(ana.holdings()) == 1


def test_a_token_is_collected_like_any_badge(ana: Person, school: School) -> None:
    answer = ana.claim(school.offer("token"))
    assert answer.status_code == 303, answer.text
    (holding,) = ana.holdings()
    assert holding.form == "jwt"
    assert ana.get(f"/badges/{holding.id}/file").headers["content-type"] == "application/vc+jwt"


def test_the_page_says_who_offers_what_and_that_the_school_is_not_known(ana: Person, school: School) -> None:
    opened = ana.get(f"/claim?{urlsplit(school.offer()).query}")
    page = ana.get(opened.headers["location"])
    assert "Prairie View High School" in page.text
    assert urlsplit(school.origin).netloc in page.text
    assert "We don’t know this school yet" in page.text
    assert "What it takes." in page.text
    assert "POST /token" not in school.asked


def test_wrong_numbers_use_nothing_up(ana: Person, school: School) -> None:
    link = school.offer()
    answer = ana.claim(link, "000000")
    assert answer.status_code == 422
    assert "That did not open it" in answer.text
    assert ana.claim(link, " 493-536 ").status_code == 303


def test_missing_numbers_are_asked_for(ana: Person, school: School) -> None:
    answer = ana.claim(school.offer(), "")
    assert answer.status_code == 422
    assert "The numbers are missing" in answer.text


def test_numbers_cannot_be_tried_without_end(ana: Person, school: School) -> None:
    link = school.offer()
    answers = [ana.claim(link, "000000").status_code for _ in range(21)]
    assert answers[:20] == [422] * 20
    assert answers[20] == 429


def test_opening_the_same_link_again_collects_nothing_twice(ana: Person, school: School) -> None:
    link = school.offer()
    ana.claim(link)
    again = ana.get(f"/claim?{urlsplit(link).query}")
    where = ana.get(again.headers["location"]).headers["location"]
    assert "You have this badge already" in ana.get(where).text
    assert len(ana.holdings()) == 1
    assert school.asked.count("POST /credential") == 1


def test_a_link_that_was_used_here_works_when_its_issuer_does_not(ana: Person, school: School) -> None:
    link = school.offer(code=None, by_reference=True)
    ana.claim(link)
    school.fail["/offer"] = (410, {})
    again = ana.post("/add", text=link.replace("https://wallet.localhost/claim", "openid-credential-offer://"))
    where = ana.get(again.headers["location"]).headers["location"]
    assert "You have this badge already" in ana.get(where).text


def test_a_school_that_is_gone_is_told_in_words(ana: Person, school: School) -> None:
    offer = school.offer().replace(str(urlsplit(school.origin).port), "1029")
    assert "The school did not answer" in ana.get(f"/claim?{urlsplit(offer).query}").text


def test_a_wallet_that_is_full_says_so(ana: Person, school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wallet.holdings.keeping.MOST_HOLDINGS", 1)
    ana.claim(school.offer())
    assert "Your wallet is full" in ana.claim(school.offer("writing")).text
    monkeypatch.setattr("wallet.exchange.arrivals.MOST_WAITING", 1)
    school.list_answers = False
    ana.claim(school.offer("writing"))
    assert "Your wallet is full" in ana.claim(school.offer("token")).text


def test_many_badges_are_collected_in_several_goes(
    ana: Person, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallet.exchange.collecting.MOST_AT_ONCE", 2)
    link = school.offer("thinking", "writing", "token")
    assert "Go on collecting" in ana.claim(link).text
    assert ana.claim(link).status_code == 303
    assert len(ana.holdings()) == 3


def test_an_issuer_that_cannot_be_told_is_told_later_and_not_for_ever(
    ana: Person, school: School, wallet: UnderTest
) -> None:
    ana.claim(school.offer())
    keyring = wallet.app.state.keyring
    with wallet.db() as db:
        for tries in range(1, MAX_TRIES):
            assert send_notices(db, keyring, Nobody()) == 1
            assert db.exec(select(Notice.tries)).one() == tries
        assert send_notices(db, keyring, Nobody()) == 0
    assert school.events == []


def test_what_is_to_be_told_of_a_wallet_that_was_closed_is_forgotten(
    ana: Person, school: School, wallet: UnderTest
) -> None:
    ana.claim(school.offer())
    ana.post("/wallet/close", agreed="yes")
    run_jobs(wallet)
    assert school.events == []


class Nobody:
    """A network in which nobody answers."""

    def send(self, request: object, *, max_bytes: int = 0) -> Response:  # noqa: ARG002 - nobody looks
        """Raise."""
        raise Unavailable("unreachable", "Nobody is there.")


def test_a_known_school_is_named_as_we_know_it(
    postgres: Cluster, tmp_path: Path, school: School, wallet: UnderTest
) -> None:
    registry = tmp_path / "registry.json"
    names = {did_web_of(school.origin): {"name": "x"}, SCHOOL: {"name": "The real Riverside"}}
    registry.write_text(json.dumps({"issuers": names}))
    with running("wallet", postgres, tmp_path, allow_http_loopback=True, registry_file=registry) as known:
        known.clock.now = AT
        where = known.post_form("/register", **REGISTRATION).headers["location"].partition("?")[0]
        known.post_form(f"{where}/password", password="violet tractor sings at noon")
        opened = known.get(f"/claim?{urlsplit(school.offer()).query}").headers["location"]
        assert "We don’t know this school yet" not in known.get(opened).text
        page = known.get(known.post_form(opened, code="493536").headers["location"]).text
        assert "The real Riverside issued this badge" in page
        assert "we don’t know this school yet" not in page


@pytest.mark.parametrize("content", [None, "[]", "{}"])
def test_a_registry_that_cannot_be_read_keeps_the_wallet_from_starting(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "registry.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(MalformedInput):
        create_app(WalletSettings(data_folder=tmp_path, registry_file=path))


def test_issuers_have_the_did_that_their_address_stands_for() -> None:
    assert did_web_of("https://a.example:8443/organizations/x") == "did:web:a.example%3A8443:organizations:x"


def test_a_failure_half_way_loses_nothing(ana: Person, school: School) -> None:
    link = school.offer()
    school.fail["/credential"] = (500, {})
    first = ana.claim(link)
    assert "The school did not give it out" in first.text
    assert ana.holdings() == []
    second = ana.claim(link)
    assert second.status_code == 303, second.text
    assert school.asked.count("POST /token") == 1
    assert len(ana.holdings()) == 1


def test_of_two_badges_the_first_stays_when_the_second_fails(ana: Person, school: School) -> None:
    link = school.offer("thinking", "writing")
    real = school.make

    def make(school: School, name: str, holder: str) -> bytes:
        school.fail["/credential"] = (503, {})
        return real(school, name, holder)

    school.make = make
    page = ana.claim(link)
    assert "What came in is safe" in page.text
    school.make = real
    assert ana.claim(link).status_code == 303
    assert len(ana.holdings()) == 2
    assert len(school.holders) == 2


def test_two_badges_come_with_one_offer(ana: Person, school: School) -> None:
    page = ana.claim(school.offer("thinking", "writing"))
    assert page.status_code == 200
    assert page.text.count("in your wallet") == 2


def test_a_stale_nonce_is_replaced(ana: Person, school: School) -> None:
    school.fail["/credential"] = (400, {"error": "invalid_nonce"})
    assert ana.claim(school.offer()).status_code == 303
    assert school.asked.count("POST /nonce") == 2


def test_a_token_that_has_run_out_is_told(ana: Person, school: School) -> None:
    school.fail["/credential"] = (401, {"error": "invalid_token"})
    assert "That took too long" in ana.claim(school.offer()).text


def test_an_issuer_that_is_down_is_told_before_anything_is_sent(ana: Person, school: School) -> None:
    school.fail["/.well-known/openid-credential-issuer"] = (503, {})
    page = ana.get(f"/claim?{urlsplit(school.offer()).query}")
    assert page.status_code == 422
    assert "The school did not give it out" in page.text


def test_while_one_browser_collects_another_waits(ana: Person, school: School, wallet: UnderTest) -> None:
    opened = ana.get(f"/claim?{urlsplit(school.offer()).query}").headers["location"]
    others = []

    def make(school: School, name: str, holder: str) -> bytes:
        others.append(ana.post(opened, code="493536"))
        return school.issue(name, holder)

    school.make = make
    assert ana.post(opened, code="493536").status_code == 303
    assert "We are collecting it right now" in others[0].text
    assert len(ana.holdings()) == 1


def test_whoever_died_while_collecting_blocks_only_for_a_while(ana: Person, school: School, wallet: UnderTest) -> None:
    opened = ana.get(f"/claim?{urlsplit(school.offer()).query}").headers["location"]
    with wallet.db() as db:
        claim = db.get(Claim, opened.rpartition("/")[2])
        assert claim is not None
        claim.busy_until = wallet.clock.now.replace(hour=1)
        db.add(claim)
        db.commit()
    assert ana.post(opened, code="493536").status_code == 422
    wallet.clock.advance(hours=2)
    assert ana.post(opened, code="493536").status_code == 303


def test_a_forged_badge_is_refused_and_its_issuer_told(ana: Person, school: School, wallet: UnderTest) -> None:
    school.make = lambda school, name, holder: school.issue(name, holder).replace(b"Defended", b"Attacked")
    answer = ana.claim(school.offer())
    assert answer.status_code == 422
    assert "This badge was changed, or is not genuine" in answer.text
    assert ana.holdings() == []
    run_jobs(wallet)
    assert school.events == ["credential_failure"]


def test_the_issuer_is_told_that_a_badge_was_kept(ana: Person, school: School, wallet: UnderTest) -> None:
    ana.claim(school.offer())
    run_jobs(wallet)
    assert school.events == ["credential_accepted"]
    run_jobs(wallet)
    assert school.events == ["credential_accepted"]


def test_a_badge_that_cannot_be_checked_waits_for_its_learner(ana: Person, school: School, wallet: UnderTest) -> None:
    school.list_answers = False
    answer = ana.claim(school.offer())
    where = answer.headers["location"]
    assert where.startswith("/arrivals/")
    page = ana.get(where)
    assert "We could not ask whether this badge is still good" in page.text
    assert ana.holdings() == []
    assert "A badge waits for you" in ana.get("/").text
    run_jobs(wallet)
    assert school.events == []
    kept = ana.post(f"{where}/keep")
    assert "We could not check this badge yet" in ana.get(kept.headers["location"]).text
    run_jobs(wallet)
    assert school.events == ["credential_accepted"]


def test_a_badge_that_waited_may_turn_out_to_be_good(ana: Person, school: School) -> None:
    school.list_answers = False
    where = ana.claim(school.offer()).headers["location"]
    school.list_answers = True
    assert "Everything is in order" in ana.get(where).text
    kept = ana.post(f"{where}/keep")
    assert "Confirmed" in ana.get(kept.headers["location"]).text


def test_a_badge_that_waited_may_turn_out_to_be_withdrawn(ana: Person, school: School, wallet: UnderTest) -> None:
    school.list_answers = False
    where = ana.claim(school.offer()).headers["location"]
    school.list_answers = True
    school.withdrawn = {7}
    assert ana.post(f"{where}/keep").status_code == 422
    assert ana.holdings() == []
    run_jobs(wallet)
    assert school.events == ["credential_failure"]


def test_what_a_learner_does_not_want_is_forgotten_and_told(ana: Person, school: School, wallet: UnderTest) -> None:
    school.list_answers = False
    where = ana.claim(school.offer()).headers["location"]
    ana.post(f"{where}/drop")
    assert ana.get(where).status_code == 404
    run_jobs(wallet)
    assert school.events == ["credential_deleted"]


def test_what_waited_too_long_is_forgotten(ana: Person, school: School, wallet: UnderTest) -> None:
    school.list_answers = False
    where = ana.claim(school.offer()).headers["location"]
    wallet.clock.advance(days=8)
    ana.browser.sign_in_as(ana.holder.id)
    assert ana.post(f"{where}/keep").status_code == 404


def test_a_withdrawn_badge_is_not_kept_and_a_paused_one_is_the_learners_choice(ana: Person, school: School) -> None:
    school.withdrawn = {7}
    assert "This badge was withdrawn" in ana.claim(school.offer()).text
    school.purpose = "suspension"
    where = ana.claim(school.offer("writing")).headers["location"]
    assert "This badge is paused" in ana.get(where).text


def test_a_newer_copy_replaces_the_older_one_with_a_word(ana: Person, school: School) -> None:
    ana.claim(school.offer())
    old = ana.holdings()[0]
    school.make = lambda school, name, holder: school.issue(name, holder, validFrom="2026-10-01T00:00:00Z")
    answer = ana.claim(school.offer())
    assert "replaced the older one" in ana.get(answer.headers["location"]).text
    assert len(ana.holdings()) == 2
    assert ana.get("/").text.count('class="sheet badge-card"') == 1
    moved = ana.get(f"/badges/{old.id}")
    assert moved.headers["location"] == answer.headers["location"].partition("?")[0]


@pytest.mark.parametrize("order", [("thinking", "token"), ("token", "thinking")])
def test_of_a_badge_in_two_forms_the_linked_data_stays(ana: Person, school: School, order: tuple[str, str]) -> None:
    def make(school: School, name: str, holder: str) -> bytes:
        second = order.index(name)
        return school.issue(name, holder, id="urn:uuid:one", validFrom=f"2026-10-01T00:00:0{second}Z")

    school.make = make
    ana.claim(school.offer(*order))
    (shown,) = [holding for holding in ana.holdings() if holding.replaced_by is None]
    assert shown.form == "ldp"


def test_an_older_copy_changes_nothing(ana: Person, school: School) -> None:
    ana.claim(school.offer())
    school.make = lambda school, name, holder: school.issue(name, holder, validFrom="2026-02-01T00:00:00Z")
    answer = ana.claim(school.offer())
    assert "You have this badge already" in ana.get(answer.headers["location"]).text
    assert len(ana.holdings()) == 1


def test_another_issuer_cannot_replace_a_badge_by_its_id(ana: Person, school: School) -> None:
    ana.claim(school.offer())

    def forge(_school: School, name: str, _holder: str) -> bytes:
        stranger = {"id": SCHOOL, "type": ["Profile"], "name": "Riverside High School"}
        document = badge(id=f"urn:uuid:{name}", validFrom="2026-11-01T00:00:00Z", issuer=stranger)
        return as_bytes(signed(document, "stranger"))

    school.make = forge
    assert ana.claim(school.offer()).status_code == 422
    assert len(ana.holdings()) == 1


def test_a_visitor_is_asked_to_make_a_wallet_and_nobody_is_asked_for_her(wallet: UnderTest, school: School) -> None:
    query = urlsplit(school.offer()).query
    page = wallet.get(f"/claim?{query}")
    assert page.status_code == 200
    assert "Somebody has a badge for you" in page.text
    assert urlsplit(school.origin).netloc in page.text
    assert quote(f"/claim?{query}", safe="") in page.text
    assert school.asked == []


def test_a_link_that_makes_no_sense_is_told_in_words(ana: Person, wallet: UnderTest) -> None:
    for query in ("", "?credential_offer=%7B", "?credential_offer_uri=http://169.254.169.254/"):
        page = ana.get(f"/claim{query}")
        assert page.status_code == 422, query
    assert wallet.get("/claim").status_code == 200


def test_addresses_inside_somebodys_network_are_not_asked(ana: Person) -> None:
    offer = {
        "credential_issuer": "https://10.0.0.1/school",
        "credential_configuration_ids": ["a"],
        "grants": {"urn:ietf:params:oauth:grant-type:pre-authorized_code": {"pre-authorized_code": "x"}},
    }
    page = ana.get(f"/claim?credential_offer={quote(json.dumps(offer))}")
    assert "We do not open addresses of this kind" in page.text


def test_a_claim_of_one_learner_is_not_there_for_another(
    ana: Person, school: School, person: Callable[..., Person]
) -> None:
    opened = ana.get(f"/claim?{urlsplit(school.offer()).query}").headers["location"]
    ben = person("Ben")
    assert ben.get(opened).status_code == 404
    assert ben.post(opened, code="493536").status_code == 404
    school.list_answers = False
    where = ana.claim(school.offer()).headers["location"]
    assert [ben.get(where).status_code, ben.post(f"{where}/keep").status_code] == [404, 404]


def test_links_are_pasted_too(ana: Person, school: School) -> None:
    assert ana.get("/add").status_code == 200
    opened = ana.post("/add", text=f"  {school.offer()} ")
    assert ana.post(opened.headers["location"], code="493536").status_code == 303
    offer = unquote(urlsplit(school.offer()).query.partition("=")[2])
    assert ana.post("/add", text=offer).headers["location"].startswith("/claim/")


@pytest.mark.parametrize("text", ["", "https://school.example/", "openid-credential-offer://?x=1", "nonsense"])
def test_what_is_no_link_to_a_badge_is_told(ana: Person, text: str) -> None:
    assert ana.post("/add", text=text).status_code == 422


def test_old_offers_and_arrivals_are_forgotten(ana: Person, school: School, wallet: UnderTest) -> None:
    school.list_answers = False
    ana.claim(school.offer())
    wallet.clock.advance(days=91)
    forget = wallet.app.state.jobs._tasks["wallet.exchange.forget"].function

    class Job:
        database, state = wallet.app.state.database, wallet.app.state

    forget(Job)
    with wallet.db() as db:
        assert (db.exec(select(Claim)).all(), db.exec(select(Arrival)).all()) == ([], [])


def test_every_problem_has_words() -> None:
    assert advice_for(None).title
    assert advice_for(Problem("not-json", "x")).title == Problem("not-json", "x").title


def test_a_removed_badge_is_collected_again_by_its_link(ana: Person, school: School) -> None:
    link = school.offer("thinking", "writing")
    ana.claim(link)
    opened = ana.get(f"/claim?{urlsplit(link).query}").headers["location"]
    first = ana.holding("Thinking")
    ana.post(f"/badges/{first.id}/remove", agreed="yes")
    assert ana.get(opened).headers["location"] == f"/badges/{ana.holding('Writing').id}?news=same"
    ana.post(f"/badges/{ana.holding('Writing').id}/remove", agreed="yes")
    assert "Go on collecting" in ana.get(opened).text
    assert "in your wallet" in ana.post(opened).text
    assert len(ana.holdings()) == 2
    assert ana.get(opened).status_code == 303


def test_two_openings_at_once_are_one_claim(ana: Person, school: School, wallet: UnderTest) -> None:
    link, claims_made = school.offer(by_reference=True), list[str]()
    real = school.answer

    def answer(method: str, path: str, headers: object, body: bytes) -> tuple[int, bytes]:
        if path == "/offer" and not claims_made:
            claims_made.append("")
            claims_made[0] = ana.get(f"/claim?{urlsplit(link).query}").headers["location"]  # in another tab
        return real(method, path, headers, body)

    school.answer = answer  # type: ignore[method-assign]
    assert ana.get(f"/claim?{urlsplit(link).query}").headers["location"] == claims_made[0]


def test_of_two_that_collect_at_once_the_latter_keeps_its_hold(ana: Person, school: School, wallet: UnderTest) -> None:
    opened = ana.get(f"/claim?{urlsplit(school.offer()).query}").headers["location"]
    now = wallet.clock.now
    with wallet.db() as db:
        claim = db.get(Claim, UUID(opened.rpartition("/")[2]))
        assert claim is not None
        slow = take_hold(db, claim, now=now)
        quick = take_hold(db, claim, now=slow)
        with pytest.raises(Conflict):
            require_hold(db, claim, slow)
        let_go(db, claim, slow)
        require_hold(db, claim, quick)
        with pytest.raises(Conflict):
            take_hold(db, claim, now=slow)
        let_go(db, claim, quick)
        take_hold(db, claim, now=now)


def test_what_waits_cannot_be_asked_about_without_end(ana: Person, school: School) -> None:
    school.list_answers = False
    where = ana.claim(school.offer()).headers["location"]
    codes = {ana.get(where).status_code for _ in range(60)}
    assert codes == {200, 429}
    assert ana.post(f"{where}/keep").status_code == 429
