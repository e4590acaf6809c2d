from datetime import date

import pytest
from sqlmodel import select

from issuer.delivery import codes
from issuer.delivery.models import ClaimCode
from issuer.delivery.service import collected
from issuer.issuance.models import Award
from issuer.organizations.models import Organization
from issuer.roster.models import Learner
from tests.issuer.classroom import Classroom


def _claims(room: Classroom) -> list[ClaimCode]:
    with room.issuer.db() as db:
        return list(db.exec(select(ClaimCode).order_by(ClaimCode.created_at)))  # type: ignore[arg-type]


def _code(room: Classroom, claim: ClaimCode) -> str:
    return codes.claim_code(room.issuer.settings.secret_bytes, claim.id)


def _tx_code(room: Classroom, claim: ClaimCode) -> str:
    found = codes.tx_code(room.issuer.settings.secret_bytes, claim.id)
    return f"{found[:3]} {found[3:]}"


def test_the_claim_page_says_what_waits_and_leads_into_a_wallet(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    (claim,) = _claims(room)
    code = _code(room, claim)
    page = room.issuer.visitor().get(f"/claim/{code}")
    assert page.status_code == 200
    assert "Issued by Prairie View High School" in page.text
    assert "Communication" in page.text
    assert (
        f"http://localhost:8002/claim?credential_offer_uri=https%3A%2F%2Fissuer.localhost%2Fclaim%2F{code}%2Foffer"
        in (page.text.replace("&amp;", "&"))
    )
    assert "openid-credential-offer://?credential_offer_uri=" in page.text
    assert "12 August 2026" not in page.text
    assert "August 10, 2026" in page.text


def test_the_claim_page_does_not_say_for_whom_nor_the_code(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    (claim,) = _claims(room)
    text = room.issuer.visitor().get(f"/claim/{_code(room, claim)}").text
    assert "Alvarez" not in text
    assert _tx_code(room, claim).replace(" ", "") not in text
    assert _tx_code(room, claim) not in text


def test_the_claim_page_of_a_school_that_tries_things_out_says_so(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    room.change(Organization, room.world.school.id, is_test=True)
    (claim,) = _claims(room)
    assert "not real" in room.issuer.visitor().get(f"/claim/{_code(room, claim)}").text


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_link_that_does_not_work_says_what_to_do(room: Classroom, language: str) -> None:
    room.sealed(room.learners[:1])
    (claim,) = _claims(room)
    code, visitor = _code(room, claim), room.issuer.visitor()
    words = {
        "en": ("Ask your school for a new link.", "There is a newer link", "does not lead to a badge"),
        "es": ("Pide un enlace nuevo", "Hay un enlace más nuevo", "no lleva a ninguna insignia"),
    }[language]
    unknown = visitor.get(f"/claim/nothing?lang={language}")
    assert (unknown.status_code, words[2] in unknown.text) == (404, True)
    room.issuer.clock.advance(days=91)
    old = visitor.get(f"/claim/{code}?lang={language}")
    assert (old.status_code, words[0] in old.text) == (409, True)
    room.change(ClaimCode, claim.id, state="replaced")
    assert words[1] in visitor.get(f"/claim/{code}?lang={language}").text


def test_the_list_of_codes_is_for_those_who_reach_the_class(room: Classroom) -> None:
    room.sealed()
    here = f"{room.world.base}/awards/codes/{room.class_id}"
    page = room.world.as_teacher().get(here)
    assert page.status_code == 200
    for claim in _claims(room):
        assert _tx_code(room, claim) in page.text
        assert _code(room, claim) not in page.text
    assert "Ana Alvarez" in page.text
    assert room.world.as_registrar().get(here).status_code == 200
    assert room.world.browser(room.world.stranger).get(here).status_code == 404
    assert room.issuer.visitor().get(here).status_code == 303


def test_the_list_of_codes_holds_only_what_can_be_collected_now(room: Classroom) -> None:
    awards = room.sealed()
    with room.issuer.db() as db:
        claim = next(one for one in db.exec(select(ClaimCode)) if one.learner_id == awards[0].learner_id)
        collected(db, claim.id, [awards[0].id], now=room.now)
        db.commit()
    room.change(Learner, awards[1].learner_id, birth_date=date(2020, 1, 1))
    text = room.world.as_teacher().get(f"{room.world.base}/awards/codes/{room.class_id}").text
    assert "Ana Alvarez" not in text
    assert "Björn Begay" not in text
    assert "Chloé D’Angelo" in text
    room.issuer.clock.advance(days=91)
    later = room.world.as_registrar().get(f"{room.world.base}/awards/codes/{room.class_id}").text
    assert "Nothing waits to be collected" in later


def test_a_new_link_is_made_on_the_page_of_the_badge(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    teacher, here = room.world.as_teacher(), f"{room.world.base}/awards/{award.id}"
    room.issuer.clock.advance(minutes=1)
    done = teacher.post_form(f"{here}/new-link")
    assert done.status_code == 303
    old, new = _claims(room)
    page = teacher.get(done.headers["location"]).text
    assert "There is a new link." in page
    assert _code(room, new) in page
    assert _code(room, old) not in page
    assert room.issuer.visitor().get(f"/claim/{_code(room, old)}").status_code == 409


def test_one_link_carries_everything_that_waits(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    room.issuer.clock.advance(minutes=1)
    award = room.sealed(room.learners[:1], again=True)[0]
    room.issuer.clock.advance(minutes=1)
    teacher = room.world.as_teacher()
    teacher.post_form(f"{room.world.base}/awards/{award.id}/new-link", everything="1")
    *_, newest = _claims(room)
    page = room.issuer.visitor().get(f"/claim/{_code(room, newest)}").text
    assert "2 badges for you" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "locked"}, "The code was wrong five times"),
        ({"expires_at": date(2026, 1, 1)}, "The link is too old"),
    ],
)
def test_the_page_of_a_badge_says_why_its_link_does_not_work(
    room: Classroom, change: dict[str, object], words: str
) -> None:
    award = room.sealed(room.learners[:1])[0]
    room.change(ClaimCode, _claims(room)[0].id, **change)
    page = room.world.as_teacher().get(f"{room.world.base}/awards/{award.id}").text
    assert words in page
    assert "/claim/" not in page


def test_the_page_of_a_badge_says_when_it_was_collected(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    with room.issuer.db() as db:
        collected(db, _claims(room)[0].id, [award.id], now=room.now)
        db.commit()
    page = room.world.as_teacher().get(f"{room.world.base}/awards/{award.id}").text
    assert "Collected on May 12, 2026." in page
    assert "Collected by the learner" in page


def test_a_badge_without_a_link_offers_to_make_one(room: Classroom) -> None:
    room.change(Learner, room.learners[0], birth_date=None)
    award = room.sealed(room.learners[:1])[0]
    room.change(Learner, room.learners[0], birth_date=date(2010, 1, 1))
    page = room.world.as_teacher().get(f"{room.world.base}/awards/{award.id}").text
    assert "There is no link yet." in page
    assert "Make a link" in page


def test_the_letter_says_what_was_earned_in_both_cases(room: Classroom) -> None:
    award = room.sealed(room.learners[:1], narrative="Spoke at the council.")[0]
    here = f"{room.world.base}/awards/{award.id}/letter"
    letter = room.world.as_teacher().get(here).text
    assert "Two pieces of evidence." in letter
    assert "Spoke at the council." in letter
    assert "waits to be collected" in letter
    assert "Estimada familia de Ana Alvarez:" in room.world.as_teacher().get(here + "?lang=es").text


def test_a_link_of_a_withdrawn_badge_says_so(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    (claim,) = _claims(room)
    room.change(Award, award.id, status="revoked")
    answer = room.issuer.visitor().get(f"/claim/{_code(room, claim)}")
    assert (answer.status_code, "This badge was withdrawn." in answer.text) == (409, True)
    teacher = room.world.as_teacher()
    assert teacher.post_form(f"{room.world.base}/awards/{award.id}/new-link").status_code == 409
    assert len(_claims(room)) == 1


def test_there_is_no_letter_about_what_is_not_issued_or_was_withdrawn(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    here, teacher = f"{room.world.base}/awards/{award.id}/letter", room.world.as_teacher()
    room.change(ClaimCode, _claims(room)[0].id, state="locked")
    assert "Your child can get a link at school." in teacher.get(here).text
    with room.issuer.db() as db:
        collected(db, _claims(room)[0].id, [award.id], now=room.now)
        db.commit()
    assert "has collected the badge already" in teacher.get(here).text
    room.change(Award, award.id, status="revoked")
    assert teacher.get(here).status_code == 409
    room.change(Award, award.id, status="valid", state="waiting", sealed_at=None)
    assert teacher.get(here).status_code == 409
