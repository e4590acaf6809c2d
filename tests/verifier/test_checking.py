"""What a reader sees for what was pasted or dropped."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from intaglio.openbadges.baking import bake
from tests.database import Cluster
from tests.services import UnderTest, running
from tests.verification import builders
from tests.verification.builders import AT, badge, presentation, signed, signer

NAMED = {
    "type": ["AchievementSubject"],
    "identifier": [
        {"type": "IdentityObject", "hashed": False, "identityHash": "Robin Castañeda", "identityType": "name"}
    ],
}


@pytest.fixture
def desk(verifier: UnderTest) -> UnderTest:
    verifier.clock.now = AT
    return verifier


def check(service: UnderTest, *documents: Any, lang: str = "en") -> str:
    pasted = "\n".join(one if isinstance(one, str) else json.dumps(one, separators=(",", ":")) for one in documents)
    answer = service.post_form(f"/check?lang={lang}", badge=pasted)
    assert answer.status_code == 200
    return answer.text


def school_copy() -> dict[str, Any]:
    subject = {**NAMED, "achievement": badge()["credentialSubject"]["achievement"]}
    return signed(badge(credentialSubject=subject))


def test_a_genuine_badge_gets_one_sentence_first(desk: UnderTest) -> None:
    page = check(desk, school_copy())
    assert 'data-kind="genuine"' in page
    assert "<h1>Genuine.</h1>" in page
    assert "for Robin Castañeda" in page
    assert "We cannot tell whether the person who sent it is that learner." in page
    assert "on June 1, 2026" in page


def test_the_same_in_spanish(desk: UnderTest) -> None:
    page = check(desk, school_copy(), lang="es")
    assert "<h1>Auténtica.</h1>" in page
    assert "1 de junio de 2026" in page
    assert "The " not in page.partition("<main")[2].partition("</main>")[0]


def test_a_changed_badge_is_not_genuine_and_what_it_says_is_not_to_be_relied_on(desk: UnderTest) -> None:
    page = check(desk, {**school_copy(), "name": "Something better"})
    assert 'data-kind="not_genuine"' in page
    assert 'data-outcome="not_verified"' in page
    assert "What it says of itself. Do not rely on it." in page


def test_what_could_not_be_checked_looks_and_reads_different_from_what_is_not_genuine(desk: UnderTest) -> None:
    listed = signed(
        badge(credentialStatus=builders.status_entry(list_url=builders.LIST_URL, index=7, purpose="revocation"))
    )
    page = check(desk, listed)
    assert 'data-kind="not_certain"' in page
    assert 'data-outcome="unknown"' in page
    assert "<h1>Not certain.</h1>" in page


def test_an_expired_badge_was_genuine_and_is_over(desk: UnderTest) -> None:
    page = check(desk, signed(badge(validUntil="2026-07-01T00:00:00Z")))
    assert 'data-kind="expired"' in page
    assert "It was good until July 1, 2026." in page


def test_nonsense_is_said_to_be_unreadable(desk: UnderTest) -> None:
    for pasted in ("hello", "{", "[1, 2]", "<svg>", '{"@context": []}', "a.b.c"):
        page = check(desk, pasted)
        assert 'data-outcome="verified"' not in page, pasted


def test_nothing_at_all_gets_a_word_of_what_to_do(desk: UnderTest) -> None:
    answer = desk.post_form("/check", badge="  ")
    assert answer.status_code == 422
    assert "Paste a link or a badge, or choose a file." in answer.text


def test_too_many_at_once_are_refused(desk: UnderTest) -> None:
    assert desk.post_form("/check", badge="a.b.c\n" * 21).status_code == 422


def test_several_files_are_told_apart(desk: UnderTest) -> None:
    picture = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'
    files = [
        ("files", ("good.svg", bake(picture, json.dumps(school_copy())), "image/svg+xml")),
        ("files", ("bad.json", b"{}", "application/json")),
    ]
    page = desk.post_form("/check", files=files).text
    assert page.index("good.svg") < page.index("bad.json")
    assert page.count("Genuine.") >= 2


def test_a_presentation_tells_the_whole_and_each(desk: UnderTest) -> None:
    whole = signed(
        presentation(signed(badge()), signed(badge(id="urn:uuid:2f5c6c5e-9a0b-4a5e-8f62-7c1d3c1a0009"))), "learner"
    )
    page = check(desk, whole)
    assert "<h1>All genuine.</h1>" in page
    assert "2 badges, and all are genuine." in page
    assert "perhaps for somebody else and some time ago" in page
    assert "nobody asked it just now" in page


def test_the_name_inside_a_badge_never_stands_alone(desk: UnderTest) -> None:
    page = check(desk, signed(badge()))
    assert "somebody who goes by “Riverside High School”" in page


def test_markup_in_a_badge_stays_text(desk: UnderTest) -> None:
    hostile = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    page = check(desk, signed(badge(name=hostile, description=hostile)))
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.fixture
def recognizing(postgres: Cluster, tmp_path: Path) -> Iterator[UnderTest]:
    registry = tmp_path / "registry.json"
    registry.write_text(json.dumps({"issuers": {builders.SCHOOL: {"name": "Riverside High School of Utah"}}}))
    with running("verifier", postgres, tmp_path, registry_file=registry) as service:
        service.clock.now = AT
        yield service


def test_the_registrys_name_wins_over_the_badges_own(recognizing: UnderTest) -> None:
    page = check(recognizing, signed(badge(issuer={"id": builders.SCHOOL, "type": ["Profile"], "name": "Harvard"})))
    assert "Issued by Riverside High School of Utah" in page
    assert "The issuer is one that you recognize" in page
    assert "Harvard" not in page


def test_a_school_that_is_not_in_the_registry_is_unknown_and_not_bad(recognizing: UnderTest) -> None:
    stranger = signed(badge(issuer={"id": builders.STRANGER, "type": ["Profile"], "name": "A museum"}), "stranger")
    page = check(recognizing, stranger)
    assert 'data-kind="genuine"' in page
    assert "We don’t know this school yet" in page


def test_a_registry_that_changes_is_read_again(recognizing: UnderTest) -> None:
    recognizing.settings.registry_file.write_text(
        json.dumps({"issuers": {builders.STRANGER: "A museum, as we know it"}})
    )
    stranger = signed(badge(issuer={"id": builders.STRANGER, "type": ["Profile"], "name": "A museum"}), "stranger")
    assert "A museum, as we know it" in check(recognizing, stranger)


def test_a_link_that_cannot_be_asked_leaves_it_open(desk: UnderTest) -> None:
    page = check(desk, "https://wallet.invalid/s/abc")
    assert 'data-outcome="unknown"' in page


def test_addresses_inside_the_readers_network_are_not_asked(desk: UnderTest) -> None:
    page = check(desk, "http://127.0.0.1:1/", "https://169.254.169.254/latest/meta-data")
    assert page.count('data-outcome="unknown"') == 2


def test_a_trial_says_so(desk: UnderTest) -> None:
    method = "did:web:issuer.example:trials:sandbox#key-1"
    document = badge(issuer={"id": method.partition("#")[0], "type": ["Profile"], "name": "Harvard"})
    page = check(desk, signed(document, signer("school", method=method)))
    assert "This is a trial." in page


@pytest.mark.parametrize(
    "dates", [{"validUntil": "2026-07-01T00:00:00Z"}, {"validFrom": "2027-07-01T00:00:00Z"}], ids=["over", "not yet"]
)
def test_dates_of_a_badge_whose_seal_could_not_be_checked_are_nobodys_word(
    recognizing: UnderTest, dates: dict[str, str]
) -> None:
    forged = signed(badge(issuer={"id": builders.SCHOOL, "type": ["Profile"], "name": "Harvard"}, **dates))
    forged["proof"]["cryptosuite"] = "made-up-2030"
    page = check(recognizing, forged)
    assert 'data-kind="not_certain"' in page
    assert "Issued by Riverside High School of Utah" not in page
    assert "Riverside High School of Utah" not in page
    assert "The issuer is one that you recognize" not in page
    assert "What it says of itself. Do not rely on it." in page


def test_a_wallets_word_is_not_told_of_a_badge_that_does_not_hold(desk: UnderTest) -> None:
    changed = {**signed(badge()), "name": "Something better"}
    page = check(desk, signed(presentation(changed), "learner"))
    assert 'data-kind="not_genuine"' in page
    assert "The wallet that it was issued to" not in page


def test_a_badge_is_dated_to_its_award(desk: UnderTest) -> None:
    page = check(desk, signed(badge(awardedDate="2026-05-20T00:00:00Z")))
    assert "on May 20, 2026" in page


def test_checking_cannot_be_had_without_end(desk: UnderTest) -> None:
    desk.post_form("/check", badge="a.b.c")
    with desk.db() as db:
        db.execute(text("UPDATE server_rate_windows SET count = 600"))
        db.commit()
    assert desk.post_form("/check", badge="a.b.c").status_code == 429
