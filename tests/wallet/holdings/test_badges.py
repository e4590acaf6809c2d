import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from intaglio.errors import Unavailable
from intaglio.fetch.source import Fetched
from intaglio.openbadges import baking
from tests.services import UnderTest
from tests.verification.builders import (
    as_bytes,
    badge,
    badge_token,
    entry,
    learner_record,
    presentation,
    signed,
    status_list,
    with_status,
)
from tests.wallet.conftest import Person
from tests.wallet.school import School
from wallet.holdings.keeping import open_document
from wallet.holdings.models import Standing
from wallet.holdings.refreshing import Round, refresh_due

PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
DRAWING = "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%201%201'/%3E"


def add(person: Person, data: bytes, name: str = "badge.json") -> Any:
    """Bring a file in."""
    return person.browser.post_form("/add/file", files={"file": (name, data)})


def added(person: Person, data: bytes) -> str:
    answer = add(person, data)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


@pytest.fixture
def document() -> bytes:
    """Return a badge that needs no network to be confirmed."""
    return as_bytes(signed(badge()))


def test_a_badge_comes_in_as_a_file_and_goes_out_unchanged(ana: Person, document: bytes) -> None:
    where = added(ana, b" \n" + document + b"\n")
    answer = ana.get(f"{where}/file")
    assert answer.content == document
    assert answer.headers["content-disposition"] == 'attachment; filename="critical-thinking.json"'
    assert answer.headers["content-type"] == "application/vc"


def test_a_badge_comes_in_by_pasting(ana: Person, document: bytes) -> None:
    assert ana.post("/add", text=document.decode()).headers["location"].startswith("/badges/")


def test_a_badge_comes_out_of_a_picture(ana: Person, document: bytes) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    where = added(ana, baking.bake(picture.getvalue(), document))
    assert ana.get(f"{where}/file").content == document
    (holding,) = ana.holdings()
    assert open_document(ana.vault, holding) == document


def test_a_badge_goes_out_in_a_card_that_we_draw(ana: Person, document: bytes) -> None:
    answer = ana.get(f"{added(ana, document)}/picture")
    assert answer.headers["content-type"] == "image/png"
    assert baking.unbake(answer.content) == document
    assert Image.open(io.BytesIO(answer.content)).size == (1080, 1350)


@pytest.mark.parametrize(
    ("image", "kind"), [(PIXEL, "image/png"), (DRAWING, "image/svg+xml"), ("data:image/png;base64,x", "image/png")]
)
def test_a_badge_with_a_picture_of_its_own_goes_out_in_that(ana: Person, image: str, kind: str) -> None:
    subject = badge()["credentialSubject"]
    achievement = {**subject["achievement"], "image": {"id": image, "type": "Image"}}
    document = as_bytes(signed(badge(credentialSubject={**subject, "achievement": achievement})))
    answer = ana.get(f"{added(ana, document)}/picture")
    assert answer.headers["content-type"] == kind
    assert "sandbox" in answer.headers["content-security-policy"]
    assert baking.unbake(answer.content) == document


def test_a_token_goes_out_in_a_picture_too(ana: Person) -> None:
    document = as_bytes(badge_token())
    where = added(ana, document)
    assert baking.unbake(ana.get(f"{where}/picture").content) == document
    assert "JWT" in ana.get(where).text


def test_everything_goes_out_at_once(ana: Person, document: bytes) -> None:
    added(ana, document)
    added(ana, as_bytes(signed(badge(id="urn:uuid:2", name="Ábaco / ñandú"))))
    answer = ana.get("/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert [name.partition("-")[2] for name in sorted(archive.namelist())] in (
            ["critical-thinking.json", "abaco-nandu.json"],
            ["abaco-nandu.json", "critical-thinking.json"],
        )
        assert document in [archive.read(name) for name in archive.namelist()]


def test_the_same_badge_twice_is_noticed(ana: Person, document: bytes) -> None:
    added(ana, document)
    answer = add(ana, document)
    assert "You have this badge already" in ana.get(answer.headers["location"]).text
    assert len(ana.holdings()) == 1


def test_learners_hold_the_same_badge_without_knowing_of_each_other(
    ana: Person, person: Callable[..., Person], document: bytes
) -> None:
    ben = person("Ben")
    added(ana, document)
    added(ben, document)
    first, second = ana.holdings()[0], ben.holdings()[0]
    assert first.document_digest != second.document_digest
    assert first.credential_digest != second.credential_digest
    for url in ("", "/file", "/picture", "/remove"):
        assert ben.get(f"/badges/{first.id}{url}").status_code == 404
    for url in ("/check", "/remove"):
        assert ben.post(f"/badges/{first.id}{url}", agreed="yes").status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", ""),
        (b"{", "not"),
        (b"hello", ""),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"<html></html>", ""),
        (b"<svg><script/></svg>", ""),
        (b"{" + b'"a":[' * 200 + b"]" * 200 + b"}", ""),
    ],
)
def test_files_that_are_no_badges_are_refused_in_words(ana: Person, data: bytes, words: str) -> None:
    answer = add(ana, data)
    assert answer.status_code == 422
    assert words in answer.text
    assert ana.holdings() == []


def test_files_that_are_too_large_are_refused(ana: Person) -> None:
    assert add(ana, b"{" + b" " * (10 * 1024 * 1024) + b"}").status_code == 422
    assert add(ana, b" " * (11 * 1024 * 1024)).status_code == 413


def test_a_changed_badge_is_refused(ana: Person, document: bytes) -> None:
    answer = add(ana, document.replace(b"Weighs", b"Weighed"))
    assert answer.status_code == 422
    assert "This badge was changed, or is not genuine" in answer.text


def test_a_badge_without_a_proof_is_refused(ana: Person) -> None:
    assert add(ana, as_bytes(badge())).status_code == 422


def test_several_badges_in_one_envelope_are_not_taken_apart(ana: Person, document: bytes) -> None:
    answer = add(ana, as_bytes(presentation(json.loads(document))))
    assert "There are several badges in this file" in answer.text


def test_a_learner_record_is_kept_whole(ana: Person, document: bytes) -> None:
    where = added(ana, as_bytes(signed(learner_record(json.loads(document)))))
    assert "A learner record" in ana.get(where).text


def test_a_badge_that_has_run_out_is_the_learners_choice(ana: Person) -> None:
    answer = add(ana, as_bytes(signed(badge(validUntil="2026-07-01T00:00:00Z"))))
    where = answer.headers["location"]
    assert "This badge has run out" in ana.get(where).text
    kept = ana.post(f"{where}/keep").headers["location"]
    assert "It is genuine, and its time is over." in ana.get(kept).text
    assert "Run out" in ana.get("/").text


def test_a_badge_that_is_not_good_yet_is_refused(ana: Person) -> None:
    answer = add(ana, as_bytes(signed(badge(validFrom="2027-07-01T00:00:00Z"))))
    assert "This badge is not good yet" in answer.text


def test_a_badge_and_a_list_of_this_very_moment_are_good_whatever_the_clocks_say(ana: Person, school: School) -> None:
    school.make = lambda school, name, holder: school.issue(name, holder, validFrom="2026-11-22T00:04:00Z")
    fresh = as_bytes(signed(status_list(id=school.list_url, validFrom="2026-11-22T00:00:30Z")))
    school.status_list = lambda: fresh  # type: ignore[method-assign]
    page = ana.get(ana.claim(school.offer()).headers["location"])
    assert "Confirmed" in page.text
    school.make = lambda school, name, holder: school.issue(name, holder, validFrom="2026-11-22T00:05:01Z")
    assert "This badge is not good yet" in ana.claim(school.offer("writing")).text


def test_words_of_an_issuer_cannot_act(ana: Person) -> None:
    subject = badge()["credentialSubject"]
    achievement = {
        **subject["achievement"],
        "criteria": {
            "id": "https://school.example/c",
            "narrative": "<script>x()</script> [go](javascript:x()) **bold**",
        },
    }
    names = {"name": "<b>Bold</b> \u202eevil", "credentialSubject": {**subject, "achievement": achievement}}
    page = ana.get(added(ana, as_bytes(signed(badge(**names))))).text
    assert "<script>x" not in page
    assert "javascript:" not in page.replace("[go](javascript:x())", "")
    assert "<b>Bold" not in page
    assert "\u202e" not in page
    assert "<strong>bold</strong>" in page


def test_a_badge_with_everything_is_told(ana: Person) -> None:
    levels = [{"id": f"urn:l{n}", "type": ["RubricCriterionLevel"], "name": f"Level {n}"} for n in (1, 2, 3, 4)]
    description = {
        "id": "urn:r1",
        "type": ["ResultDescription"],
        "name": "Rubric",
        "resultType": "RubricCriterionLevel",
        "rubricCriterionLevel": levels,
        "requiredLevel": "urn:l2",
    }
    alignment = {
        "type": ["Alignment"],
        "targetName": "Portrait",
        "targetUrl": "https://utah.example/p",
        "targetFramework": "Utah",
    }
    subject = badge()["credentialSubject"]
    achievement = {**subject["achievement"], "resultDescription": [description], "alignment": [alignment]}
    result = {"type": ["Result"], "resultDescription": "urn:r1", "achievedLevel": "urn:l3"}
    name = {"type": "IdentityObject", "hashed": False, "identityHash": "Ana Ruiz", "identityType": "name"}
    evidence = {"id": "https://work.example/1", "type": ["Evidence"], "name": "Essay", "narrative": "An *essay*."}
    source = {"id": "did:key:zJudge", "type": ["Profile"], "name": "Ms. Judge"}
    made = badge(
        credentialSubject={
            **subject,
            "achievement": achievement,
            "result": [result],
            "identifier": [name],
            "source": source,
        },
        evidence=[evidence],
        awardedDate="2026-05-01T00:00:00Z",
        validUntil="2030-01-01T00:00:00Z",
    )
    page = ana.get(added(ana, as_bytes(signed(made)))).text
    for words in ("Level 3", "3 of 4", "Rubric", "Portrait (Utah)", "Essay", "<em>essay</em>", "Ana Ruiz", "Ms. Judge"):
        assert words in page, words
    assert "May 1, 2026" in page
    assert "January 1, 2030" in page
    assert "Level 3" in ana.get("/").text


def test_a_badge_that_was_paused_is_told_and_comes_back(ana: Person, school: School, wallet: UnderTest) -> None:
    school.purpose = "suspension"
    where = ana.claim(school.offer()).headers["location"].partition("?")[0]
    school.withdrawn = {7}
    assert "Confirmed" in ana.get(where).text  # asked a moment ago
    wallet.clock.advance(hours=2)
    assert "This badge is paused" in ana.get(where).text
    assert "Paused" in ana.get("/").text
    school.withdrawn = set()
    ana.post(f"{where}/check")
    assert "Confirmed" in ana.get(where).text


def test_a_list_that_does_not_answer_changes_nothing_but_is_told(
    ana: Person, school: School, wallet: UnderTest
) -> None:
    where = ana.claim(school.offer()).headers["location"].partition("?")[0]
    school.list_answers = False
    wallet.clock.advance(hours=3)
    page = ana.get(where).text
    assert "Good when we last could ask" in page
    assert "Last confirmed on November 22, 2026" in page
    assert "status-list-unchecked" in page
    (holding,) = ana.holdings()
    assert holding.standing == Standing.GOOD


def test_a_withdrawn_badge_stays_withdrawn_when_its_list_is_silent(
    ana: Person, school: School, wallet: UnderTest
) -> None:
    where = ana.claim(school.offer()).headers["location"].partition("?")[0]
    school.withdrawn = {7}
    ana.post(f"{where}/check")
    school.list_answers = False
    ana.post(f"{where}/check")
    assert "This badge was withdrawn" in ana.get(where).text


def test_a_badge_kept_unchecked_is_confirmed_when_its_list_answers(ana: Person, school: School) -> None:
    school.list_answers = False
    where = ana.claim(school.offer()).headers["location"]
    kept = ana.post(f"{where}/keep").headers["location"].partition("?")[0]
    school.list_answers = True
    ana.post(f"{kept}/check")
    assert "Confirmed" in ana.get(kept).text


def test_what_could_not_be_checked_replaces_nothing(ana: Person, school: School) -> None:
    good = ana.claim(school.offer()).headers["location"].partition("?")[0]
    school.list_answers = False
    school.make = lambda school, name, holder: school.issue(name, holder, validFrom="2026-11-01T00:00:00Z")
    where = ana.claim(school.offer()).headers["location"]
    ana.post(f"{where}/keep")
    assert len(ana.holdings()) == 2
    assert ana.get(good).status_code == 200


def test_a_badge_that_is_confirmed_replaces_its_unchecked_twin(ana: Person, school: School) -> None:
    school.list_answers = False
    school.make = lambda school, name, holder: school.issue(name, holder, validFrom="2026-11-01T00:00:00Z")
    where = ana.claim(school.offer()).headers["location"]
    unsure = ana.post(f"{where}/keep").headers["location"].partition("?")[0]
    school.list_answers = True
    school.make = School.make
    sure = ana.claim(school.offer()).headers["location"].partition("?")[0]
    assert ana.get(unsure).headers["location"] == sure


def test_a_job_asks_about_all_badges_that_are_due(
    ana: Person, school: School, wallet: UnderTest, document: bytes
) -> None:
    ana.claim(school.offer())
    added(ana, document)
    school.withdrawn = {7}
    wallet.clock.advance(hours=25)

    class Job:
        database, state = wallet.app.state.database, wallet.app.state

        @staticmethod
        def pause_if_stopping() -> None:
            """Go on."""

    wallet.app.state.jobs._tasks["wallet.holdings.refresh"].function(Job)
    standings = {holding.standing for holding in ana.holdings()}
    assert standings == {Standing.GOOD, Standing.WITHDRAWN}
    assert {holding.asked_at for holding in ana.holdings()} == {wallet.clock.now}


def test_one_badge_that_does_not_open_keeps_no_other_waiting(
    ana: Person, school: School, wallet: UnderTest, document: bytes
) -> None:
    ana.claim(school.offer())
    added(ana, document)
    with wallet.db() as db:
        broken = ana.holdings()[0]
        broken.sealed_document = b"\x01" + bytes(40)
        db.merge(broken)
        db.commit()
    wallet.clock.advance(hours=25)
    school.withdrawn = {7}

    class Job:
        database, state = wallet.app.state.database, wallet.app.state

        @staticmethod
        def pause_if_stopping() -> None:
            """Go on."""

    wallet.app.state.jobs._tasks["wallet.holdings.refresh"].function(Job)
    assert {holding.asked_at for holding in ana.holdings()} == {wallet.clock.now}


def test_removing_a_badge_removes_its_older_copies_too(ana: Person, school: School) -> None:
    ana.claim(school.offer())
    school.make = lambda school, name, holder: school.issue(name, holder, validFrom="2026-10-01T00:00:00Z")
    where = ana.claim(school.offer()).headers["location"].partition("?")[0]
    ana.post(f"{where}/remove", agreed="yes")
    assert ana.holdings() == []


def test_a_badge_with_status_of_an_unknown_kind_is_the_learners_choice(ana: Person) -> None:
    document = as_bytes(signed(with_status(entry(url="https://nowhere.example/1"))))
    assert add(ana, document).headers["location"].startswith("/arrivals/")


def refresh_all(wallet: UnderTest) -> None:
    """Do the job that asks about badges."""

    class Job:
        database, state = wallet.app.state.database, wallet.app.state

        @staticmethod
        def pause_if_stopping() -> None:
            """Go on."""

    wallet.app.state.jobs._tasks["wallet.holdings.refresh"].function(Job)


def test_a_withdrawn_badge_that_runs_out_stays_withdrawn_even_when_its_list_is_silent(
    ana: Person, school: School, wallet: UnderTest
) -> None:
    school.make = lambda school, name, holder: school.issue(name, holder, validUntil="2026-11-24T00:00:00Z")
    where = ana.claim(school.offer()).headers["location"].partition("?")[0]
    school.withdrawn = {7}
    ana.post(f"{where}/check")
    wallet.clock.advance(days=3)
    refresh_all(wallet)
    assert ana.holdings()[0].standing == Standing.WITHDRAWN
    school.list_answers = False
    wallet.clock.advance(days=3)
    refresh_all(wallet)
    assert ana.holdings()[0].standing == Standing.WITHDRAWN


class Counted:
    """A source that has nothing, and a limit of lookups."""

    def __init__(self, lookups: int) -> None:
        self.left = lookups

    def get(self, url: str, **_: Any) -> Fetched:
        """Raise."""
        self.left -= 1
        raise Unavailable("unreachable" if self.left >= 0 else "lookup-limit", url)


def badges_with_lists(*people: Person, each: int = 3) -> None:
    """Give people badges, each with a status list somewhere else."""
    for number in range(each):
        url = f"https://school{number}.example/status"
        document = as_bytes(signed(with_status(entry(7, "revocation", url), id=f"urn:uuid:{number}")))
        for one in people:
            assert one.post(f"{add(one, document).headers['location']}/keep").status_code == 303


def test_one_learners_badges_use_up_nothing_of_anothers_and_the_limit_changes_nothing(
    ana: Person, person: Callable[..., Person], wallet: UnderTest
) -> None:
    ben, made = person("Ben"), list[Counted]()
    badges_with_lists(ana, ben)
    wallet.clock.advance(days=2)

    def new_source() -> Counted:
        made.append(Counted(3))
        return made[-1]

    keyring = wallet.app.state.keyring
    with wallet.db() as db:
        asking = Round(new_source)
        while refresh_due(db, keyring, asking, now=wallet.clock.now, older_than=timedelta(hours=1), limit=4):
            pass
    assert asking.passed_over == set()
    assert {holding.asked_at for one in (ana, ben) for holding in one.holdings()} == {wallet.clock.now}
    before, then = [(one.standing, one.checked_at, one.sealed_finding) for one in ana.holdings()], wallet.clock.now
    wallet.clock.advance(days=2)
    with wallet.db() as db:
        asking = Round(lambda: Counted(0))
        while refresh_due(db, keyring, asking, now=wallet.clock.now, older_than=timedelta(hours=1), limit=4):
            pass
    assert len(asking.passed_over) == 6
    assert [(one.standing, one.checked_at, one.sealed_finding) for one in ana.holdings()] == before
    assert {holding.asked_at for holding in ana.holdings()} == {then}


def test_a_badge_cannot_be_asked_about_without_end(ana: Person, document: bytes) -> None:
    where = added(ana, document)
    codes = [ana.post(f"{where}/check").status_code for _ in range(31)]
    assert codes == [303] * 30 + [429]
