from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlmodel import select

from intaglio.errors import Unavailable
from issuer.delivery import codes, mails
from issuer.delivery.models import ClaimCode, ClaimState, Mail, MailState
from issuer.delivery.showing import mail_state
from issuer.organizations.models import Organization
from issuer.roster.models import Learner
from tests.issuer.classroom import Classroom
from tests.issuer.post_office import PostOffice


def _mails(room: Classroom) -> list[Mail]:
    with room.issuer.db() as db:
        return list(db.exec(select(Mail)))


def _send(room: Classroom, mail: Mail) -> MailState | None:
    with room.issuer.db() as db:
        return mails.send(db, room.issuer.settings, room.issuer.app.state.pages, mail.id, now=room.now)


def _waiting(room: Classroom) -> Mail:
    """Return a mail that waits, whatever the worker did with it."""
    room.sealed(room.learners[:1])
    (mail,) = _mails(room)
    room.change(Mail, mail.id, state=MailState.WAITING, sent_at=None)
    return mail


def test_a_learner_gets_one_mail_with_the_link_the_qr_code_and_both_languages(
    mailing: Classroom, office: PostOffice
) -> None:
    mailing.sealed(mailing.learners[:1])

    ((recipient, message),) = office.received
    assert recipient == "learner0@prairie.example"
    assert message["From"] == "School <badges@school.example>"
    assert message["Subject"] == "A badge for you from Prairie View High School"
    assert message["Auto-Submitted"] == "auto-generated"
    plain = message.get_body(("plain",))
    rich = message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    with mailing.issuer.db() as db:
        claim = db.exec(select(ClaimCode)).one()
    link = f"https://issuer.localhost/claim/{codes.claim_code(mailing.issuer.settings.secret_bytes, claim.id)}"
    for text in (plain.get_content(), rich.get_content()):
        assert link in text
        assert "Hello Ana Alvarez," in text
        assert "Hola, Ana Alvarez:" in text
        assert "Communication" in text
        assert "office@school.example" in text
    (picture,) = (part for part in message.walk() if part.get_content_type() == "image/png")
    assert picture["Content-ID"].strip("<>") in rich.get_content()
    assert picture.get_content().startswith(b"\x89PNG")


def test_the_transaction_code_does_not_travel_with_the_link(mailing: Classroom, office: PostOffice) -> None:
    mailing.sealed(mailing.learners[:1])
    with mailing.issuer.db() as db:
        claim = db.exec(select(ClaimCode)).one()
    tx_code = codes.tx_code(mailing.issuer.settings.secret_bytes, claim.id)
    assert tx_code not in office.received[0][1].as_string()


def test_a_mail_loads_nothing_from_anywhere(mailing: Classroom, office: PostOffice) -> None:
    mailing.sealed(mailing.learners[:1])
    rich = office.received[0][1].get_body(("html",))
    assert rich is not None
    text = rich.get_content()
    assert 'src="http' not in text
    assert "url(" not in text
    assert text.count("https://issuer.localhost/claim/") == 2


def test_everybody_with_an_address_gets_one_mail_and_nobody_two(mailing: Classroom, office: PostOffice) -> None:
    mailing.change(Learner, mailing.learners[1], email=None)
    mailing.change(Learner, mailing.learners[2], birth_date=date(2018, 1, 1))
    mailing.sealed()
    mailing.work()
    assert [recipient for recipient, _ in office.received] == ["learner0@prairie.example"]
    assert [mail.state for mail in _mails(mailing)] == [MailState.SENT]


def test_without_a_mail_server_no_mail_is_queued(room: Classroom) -> None:
    room.sealed()
    assert _mails(room) == []


def test_two_workers_with_the_same_mail_send_it_once(mailing: Classroom, office: PostOffice) -> None:
    mail = _waiting(mailing)
    office.received.clear()
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(lambda _: _send(mailing, mail), range(4)))
    assert sorted(map(str, states)) == ["None", "None", "None", "sent"]
    assert len(office.received) == 1


def test_a_mail_that_was_sent_is_not_sent_again(mailing: Classroom, office: PostOffice) -> None:
    mailing.sealed(mailing.learners[:1])
    (mail,) = _mails(mailing)
    assert _send(mailing, mail) is None
    assert len(office.received) == 1


def test_a_mail_server_that_is_away_is_tried_again_later(mailing: Classroom, office: PostOffice) -> None:
    mail = _waiting(mailing)
    office.received.clear()
    office.answers["RCPT"] = "451 Try later"
    with pytest.raises(Unavailable):
        _send(mailing, mail)
    assert _mails(mailing)[0].state == MailState.WAITING
    office.answers.clear()
    assert _send(mailing, mail) == MailState.SENT
    assert len(office.received) == 1


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_refused_mail_is_not_tried_again_and_the_page_says_why(
    mailing: Classroom, office: PostOffice, step: str
) -> None:
    mail = _waiting(mailing)
    office.answers[step] = "550 No such person here"
    assert _send(mailing, mail) == MailState.REFUSED
    assert "No such person here" in (_mails(mailing)[0].error or "")
    award = mailing.awards()[0]
    page = mailing.world.as_teacher().get(f"{mailing.world.base}/awards/{award.id}").text
    assert "The mail was not taken" in page
    assert "No such person here" in page


def test_where_the_server_hangs_up_before_it_answers_a_person_decides(mailing: Classroom, office: PostOffice) -> None:
    mail = _waiting(mailing)
    office.answers["DATA"] = "hang up"
    assert _send(mailing, mail) == MailState.UNCERTAIN
    assert _send(mailing, mail) is None
    award = mailing.awards()[0]
    assert "not certain whether the mail went out" in (
        mailing.world.as_teacher().get(f"{mailing.world.base}/awards/{award.id}").text
    )


def test_what_a_killed_worker_was_sending_is_not_sent_by_the_next_one(mailing: Classroom, office: PostOffice) -> None:
    mail = _waiting(mailing)
    office.received.clear()
    mailing.change(Mail, mail.id, state=MailState.SENDING, began_at=mailing.now)
    assert _send(mailing, mail) is None
    assert _mails(mailing)[0].state == MailState.SENDING

    mailing.issuer.clock.advance(minutes=6)
    assert mail_state(_mails(mailing)[0], mailing.now) == MailState.UNCERTAIN
    with mailing.issuer.db() as db:
        assert mails.settle_abandoned(db, now=mailing.now) == 1
        assert mails.settle_abandoned(db, now=mailing.now) == 0
    assert _mails(mailing)[0].state == MailState.UNCERTAIN
    assert office.received == []


def test_a_job_that_comes_late_settles_what_was_cut_off(mailing: Classroom) -> None:
    mail = _waiting(mailing)
    mailing.change(Mail, mail.id, state=MailState.SENDING, began_at=mailing.now)
    mailing.issuer.clock.advance(minutes=6)
    assert _send(mailing, mail) is None
    assert _mails(mailing)[0].state == MailState.UNCERTAIN


def test_sending_again_makes_a_new_link_and_a_mail_of_its_own(mailing: Classroom, office: PostOffice) -> None:
    award = mailing.sealed(mailing.learners[:1])[0]
    teacher, here = mailing.world.as_teacher(), f"{mailing.world.base}/awards/{award.id}"
    done = teacher.post_form(f"{here}/new-link", by_mail="1")
    mailing.work()
    assert "a mail with it is on its way" in teacher.get(done.headers["location"]).text
    first, second = (message.get_body(("plain",)).get_content() for _, message in office.received)  # type: ignore[union-attr]
    assert first != second
    assert len({message["Message-ID"] for _, message in office.received}) == 2


@pytest.mark.parametrize(
    "change", [{"state": ClaimState.REPLACED}, {"state": ClaimState.CLAIMED}, {"expires_at": date(2026, 1, 1)}]
)
def test_no_mail_goes_out_for_a_link_that_has_ended(
    mailing: Classroom, office: PostOffice, change: dict[str, object]
) -> None:
    mail = _waiting(mailing)
    office.received.clear()
    mailing.change(ClaimCode, mail.claim_id, **change)
    assert _send(mailing, mail) == MailState.REFUSED
    assert office.received == []


@pytest.mark.parametrize(
    "address",
    [None, "a b@c.example", "a@b.example\r\nBcc: c@d.example", "jürgen@x.example", "a@b.example, c@d.example"],
)
def test_no_address_can_smuggle_anything_in(mailing: Classroom, office: PostOffice, address: str | None) -> None:
    mail = _waiting(mailing)
    office.received.clear()
    mailing.change(Learner, mailing.learners[0], email=address)
    assert _send(mailing, mail) == MailState.REFUSED
    assert office.received == []


def test_names_with_markup_stay_text(mailing: Classroom, office: PostOffice) -> None:
    mailing.change(Organization, mailing.world.school.id, name="A & <b>B</b>")
    mailing.sealed(mailing.learners[:1])
    message = office.received[0][1]
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert message["Subject"] == "A badge for you from A & <b>B</b>"
    assert "A & <b>B</b> has issued" in plain.get_content()
    assert "A &amp; &lt;b&gt;B&lt;/b&gt; has issued" in rich.get_content()


def test_where_the_mail_server_was_taken_from_the_settings_mails_wait(room: Classroom) -> None:
    room.sealed(room.learners[:1])
    with room.issuer.db() as db:
        claim = db.exec(select(ClaimCode)).one()
        mail = Mail(claim_id=claim.id, queued_at=room.now)
        db.add(mail)
        db.commit()
    with pytest.raises(Unavailable):
        _send(room, mail)
    assert _mails(room)[0].state == MailState.WAITING


def test_a_mail_whose_job_was_lost_is_found_again_and_given_up_after_two_days(
    mailing: Classroom, office: PostOffice
) -> None:
    mail = _waiting(mailing)
    office.received.clear()
    with mailing.issuer.db() as db:
        assert mails.resume_forgotten(db, mailing.jobs, now=mailing.now) == 0
        mailing.issuer.clock.advance(minutes=31)
        assert mails.resume_forgotten(db, mailing.jobs, now=mailing.now) == 1
    mailing.work()
    assert len(office.received) == 1

    mailing.change(Mail, mail.id, state=MailState.WAITING, sent_at=None)
    mailing.issuer.clock.advance(days=2)
    with mailing.issuer.db() as db:
        assert mails.resume_forgotten(db, mailing.jobs, now=mailing.now) == 0
    assert _mails(mailing)[0].state == MailState.REFUSED


def test_what_goes_wrong_before_the_mail_server_hears_of_it_leaves_no_doubt(
    mailing: Classroom, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = _waiting(mailing)
    before = len(office.received)

    def broken(*_args: object, **_more: object) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(mails, "write_mail", broken)
    assert _send(mailing, mail) == MailState.REFUSED
    assert len(office.received) == before
