from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from issuer.issuance.models import Award, StatusChange
from issuer.organizations import identity, keys
from issuer.organizations.models import OrganizationKey
from issuer.roster.models import Enrollment, Learner
from tests.issuer.classroom import Classroom, classroom
from tests.services import UnderTest


def _page(room: Classroom, award_id: UUID) -> str:
    return f"{room.world.base}/awards/{award_id}"


def test_before_the_first_badge_the_list_says_how_to_begin(room: Classroom) -> None:
    page = room.world.as_teacher().get(f"{room.world.base}/awards")
    assert page.status_code == 200
    assert "No badges yet" in page.text


def test_the_list_is_searched_sorted_and_filtered(room: Classroom) -> None:
    awards = room.sealed()
    room.change(Award, awards[0].id, status="revoked")
    registrar = room.world.as_registrar()
    everything = registrar.get(f"{room.world.base}/awards?sort=name").text
    assert everything.index("Ana Alvarez") < everything.index("Björn Begay") < everything.index("Chloé D’Angelo")
    backwards = registrar.get(f"{room.world.base}/awards?sort=-name").text
    assert backwards.index("Chloé D’Angelo") < backwards.index("Ana Alvarez")
    assert "Björn Begay" not in registrar.get(f"{room.world.base}/awards?q=alv").text
    assert "Ana Alvarez" in registrar.get(f"{room.world.base}/awards?q=ana+commun").text
    withdrawn = registrar.get(f"{room.world.base}/awards?state=withdrawn").text
    assert "Ana Alvarez" in withdrawn
    assert "Björn Begay" not in withdrawn
    assert "Nothing here" in registrar.get(f"{room.world.base}/awards?state=failed").text
    assert "Nothing found" in registrar.get(f"{room.world.base}/awards?q=100%25").text
    mine = registrar.get(f"{room.world.base}/awards?learner_id={room.learners[1]}").text
    assert "Björn Begay" in mine
    assert "Ana Alvarez" not in mine
    assert "Nothing here" in registrar.get(f"{room.world.base}/awards?learner_id=x").text


@pytest.mark.parametrize("sort", ["awarded", "-awarded", "achievement", "state", "-state", "nonsense"])
def test_every_order_of_the_list_works(room: Classroom, sort: str) -> None:
    room.sealed()
    page = room.world.as_registrar().get(f"{room.world.base}/awards?sort={sort}")
    assert page.text.count("/awards/") >= 3


def test_one_badge_shows_its_state_its_history_and_the_code_for_the_learner(room: Classroom) -> None:
    award = room.sealed(room.learners[:1], narrative="Spoke at the council.")[0]
    page = room.world.as_teacher().get(_page(room, award.id))
    assert page.status_code == 200
    for words in ("Communication", "Ana Alvarez", "Proficient", "Spoke at the council.", "Issued", "By Tess Teacher"):
        assert words in page.text
    assert f"{room.issuer.settings.origin}/claim/" in page.text
    assert "QR code of the link" in page.text
    assert award.credential_id in page.text


def test_a_teacher_sees_badges_of_learners_in_her_present_classes_and_no_others(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    teacher = room.world.as_teacher()
    with room.issuer.db() as db:
        enrollment = db.exec(select(Enrollment.id).where(Enrollment.learner_id == room.learners[0])).one()
    room.change(Enrollment, enrollment, active=False)
    for rest in ("", "/letter", "/status/withdraw"):
        assert teacher.get(_page(room, award.id) + rest).status_code == 404
    assert teacher.post_form(_page(room, award.id) + "/new-link").status_code == 404
    assert teacher.get(f"{room.world.base}/awards/batches/{award.batch_id}").status_code == 404
    assert "Ana Alvarez" not in teacher.get(f"{room.world.base}/awards").text
    assert room.world.as_registrar().get(_page(room, award.id)).status_code == 200


def test_a_badge_is_not_under_another_organizations_address(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    administrator = room.world.as_administrator()
    assert administrator.get(_page(room, award.id)).status_code == 200
    assert administrator.get(f"/o/{room.world.other_school.id}/awards/{award.id}").status_code == 404
    assert administrator.get(_page(room, uuid4())).status_code == 404


def test_withdrawing_asks_for_a_reason_and_once_more_whether_it_is_meant(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    registrar, here = room.world.as_registrar(), _page(room, award.id) + "/status/withdraw"
    assert "nobody can undo it" in registrar.get(here).text

    unsure = registrar.post_form(here, reason="A mistake.")
    assert unsure.status_code == 422
    assert "A mistake." in unsure.text
    assert registrar.post_form(here, sure="yes").status_code == 422
    assert registrar.post_form(here, sure="yes", reason="\x00").status_code == 422
    assert room.awards()[0].status == "valid"

    done = registrar.post_form(here, sure="yes", reason="A mistake.")
    assert done.status_code == 303
    page = registrar.get(done.headers["location"]).text
    assert "Withdrawn" in page
    assert "A mistake." in page
    assert "/status/" not in page.replace("/status/revocation/", "")
    assert registrar.get(here).status_code == 409
    assert registrar.post_form(here, sure="yes", reason="Twice.").status_code == 409


def test_pausing_and_making_good_again(issuer: UnderTest) -> None:
    room = classroom(issuer, pausable=True)
    award = room.sealed(room.learners[:1])[0]
    teacher, here = room.world.as_teacher(), _page(room, award.id)
    assert teacher.post_form(f"{here}/status/pause", sure="yes", reason="We look into it.").status_code == 303
    assert "Paused" in teacher.get(f"{room.world.base}/awards").text
    assert teacher.post_form(f"{here}/status/reinstate", sure="yes", reason="All is well.").status_code == 303
    page = teacher.get(here).text
    assert page.index("We look into it.") < page.index("All is well.")
    assert room.awards()[0].status == "valid"


def test_a_teacher_withdraws_only_what_she_awarded_herself(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    room.change(Award, award.id, assessor_id=room.world.registrar.id)
    teacher = room.world.as_teacher()
    assert "/status/withdraw" not in teacher.get(_page(room, award.id)).text
    assert teacher.post_form(_page(room, award.id) + "/status/withdraw", sure="yes", reason="No.").status_code == 409
    with room.issuer.db() as db:
        assert db.exec(select(StatusChange)).all() == []


def test_an_unknown_change_is_refused(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    assert room.world.as_registrar().get(_page(room, award.id) + "/status/destroy").status_code == 422


def test_after_a_key_was_given_up_the_list_offers_to_issue_again(room: Classroom) -> None:
    room.sealed()
    administrator = room.world.as_administrator()
    assert "Nothing to do" in administrator.get(f"{room.world.base}/awards/seal-again").text
    with room.issuer.db() as db:
        old = db.exec(select(OrganizationKey).where(OrganizationKey.organization_id == room.world.school.id)).one()
        keys.revoke(db, room.issuer.settings, room.world.school, old.id, staff_id=None, now=room.now)
        assert len(identity.keys_of(db, room.world.school.id)) == 2
    assert "3 badges stand on a key" in administrator.get(f"{room.world.base}/awards").text
    assert "key that was given up" not in room.world.as_teacher().get(f"{room.world.base}/awards").text
    assert room.world.as_registrar().get(f"{room.world.base}/awards/seal-again").status_code == 403
    assert "3 badges were issued" in administrator.get(f"{room.world.base}/awards/seal-again").text
    done = administrator.post_form(f"{room.world.base}/awards/seal-again")
    assert "being issued again" in administrator.get(done.headers["location"]).text
    room.work()
    assert "key that was given up" not in administrator.get(f"{room.world.base}/awards").text
    assert "replaced" in administrator.get(_page(room, room.awards()[0].id)).text


def test_the_page_of_a_badge_that_waits_or_failed_says_so(room: Classroom) -> None:
    batch = room.award(room.learners[:1])
    (award,) = room.awards(batch.id)
    teacher = room.world.as_teacher()
    assert "being issued now" in teacher.get(_page(room, award.id)).text
    room.change(Award, award.id, subject_name="4711")
    room.work()
    page = teacher.get(_page(room, award.id)).text
    assert "could not be issued" in page
    assert "has a number in it" in page


def test_pages_speak_spanish(room: Classroom) -> None:
    award = room.sealed(room.learners[:1])[0]
    teacher = room.world.as_teacher()
    assert "Insignias" in teacher.get(f"{room.world.base}/awards?lang=es").text
    assert "Qué pasó" in teacher.get(_page(room, award.id) + "?lang=es").text


def test_a_badge_of_a_child_is_kept_by_the_school_and_the_family_gets_a_letter(room: Classroom) -> None:
    room.change(Learner, room.learners[0], birth_date=None)
    award = room.sealed(room.learners[:1])[0]
    teacher = room.world.as_teacher()
    page = teacher.get(_page(room, award.id)).text
    assert "The school keeps this badge" in page
    assert "/claim/" not in page
    letter = teacher.get(_page(room, award.id) + "/letter").text
    assert "Dear family of Ana Alvarez," in letter
    assert "The badge is kept at the school" in letter
