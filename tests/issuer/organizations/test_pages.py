"""An administrator's pages: profile, organizations below, people, machines."""

import io
import re
from dataclasses import replace
from threading import Barrier, Thread
from uuid import UUID

import pytest
from PIL import Image

from intaglio.errors import IntaglioError
from intaglio.server.errors import Conflict
from intaglio.server.tables import Password
from issuer.organizations import machines, staffing
from issuer.organizations.models import Kind, Membership, Role
from issuer.organizations.profiles import ProfileForm, create_organization
from tests.issuer.schools import World, make_district
from tests.services import UnderTest


@pytest.fixture
def world(issuer: UnderTest) -> World:
    return make_district(issuer)


def _png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 48), "green").save(file, "PNG")
    return file.getvalue()


def test_who_works_in_one_place_goes_straight_there(world: World) -> None:
    answer = world.as_teacher().get("/")
    assert answer.headers["location"] == world.base


def test_the_overview_offers_each_what_they_may_do(world: World) -> None:
    teacher, administrator = world.as_teacher().get(world.base), world.as_administrator().get(world.base)
    assert teacher.status_code == administrator.status_code == 200
    assert f"{world.base}/keys" not in teacher.text
    assert f"{world.base}/keys" in administrator.text


def test_an_organization_of_others_is_not_there(world: World) -> None:
    browser = world.browser(world.stranger)
    assert browser.get(world.base).status_code == 404
    assert browser.get("/o/00000000-0000-4000-8000-000000000000").status_code == 404


@pytest.mark.parametrize("page", ["profile", "keys", "people", "machines", "add"])
def test_administrators_pages_are_theirs_alone(world: World, page: str) -> None:
    assert world.as_registrar().get(f"{world.base}/{page}").status_code == 403
    assert world.as_administrator().get(f"{world.base}/{page}").status_code == 200


def test_a_profile_is_changed_with_its_picture(world: World) -> None:
    browser = world.as_administrator()
    files = {"picture": ("seal.png", _png(), "image/png")}
    answer = browser.post_form(f"{world.base}/profile", name="Prairie View High", url="https://pv.example", files=files)
    assert answer.status_code == 303
    assert world.organization(world.school.id).name == "Prairie View High"
    picture = world.issuer.get(f"/organizations/{world.school.slug}/image")
    assert Image.open(io.BytesIO(picture.content)).size == (48, 48)
    assert "Prairie View High" in world.issuer.get(f"/organizations/{world.school.slug}").text


def test_a_profile_form_keeps_what_was_typed(world: World) -> None:
    answer = world.as_administrator().post_form(f"{world.base}/profile", name="", url="not an address", email="x")
    assert answer.status_code == 422
    assert "not an address" in answer.text
    assert "Enter the name as it shall stand on badges." in answer.text
    assert world.organization(world.school.id).name == "Prairie View High School"


def test_a_picture_with_a_script_in_it_is_refused(world: World) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    files = {"picture": ("seal.svg", svg, "image/svg+xml")}
    answer = world.as_administrator().post_form(f"{world.base}/profile", name="Prairie View", files=files)
    assert answer.status_code == 422
    assert world.organization(world.school.id).image is None


def test_a_school_is_added_below_a_district_with_an_address_of_its_own(world: World) -> None:
    browser = world.as_administrator()
    for slug in ("prairie-view-high-school-2", "prairie-view-high-school-3"):
        answer = browser.post_form(f"/o/{world.district.id}/add", name="Prairie View High School", kind="school")
        assert answer.status_code == 303
        assert world.issuer.client.get(f"/organizations/{slug}/did.json").status_code == 200


def test_a_school_has_nothing_below_it(world: World) -> None:
    answer = world.as_administrator().post_form(f"{world.base}/add", name="A school in a school", kind="school")
    assert answer.status_code == 409


def test_somebody_new_gets_a_link_and_somebody_known_a_further_role(world: World) -> None:
    browser = world.as_administrator()
    answer = browser.post_form(f"{world.base}/people", name="Nia New", email="Nia@Prairie.example", role="teacher")
    assert "https://issuer.localhost/welcome/" in answer.text
    again = browser.post_form(f"{world.base}/people", name="Nia New", email="nia@prairie.example", role="registrar")
    assert again.status_code == 303
    assert browser.get(f"{world.base}/people").text.count("nia@prairie.example") == 2


def test_a_role_that_ended_opens_nothing_any_more(world: World) -> None:
    teacher, administrator = world.as_teacher(), world.as_administrator()
    page = administrator.get(f"{world.base}/people").text
    row = page[page.index("tess@prairie.example") :]
    path = row[row.index(f"{world.base}/people/") :].partition('"')[0]
    assert administrator.post_form(path).status_code == 303
    assert teacher.get(world.base).headers["location"].startswith("/sign-in")


def test_the_last_administrator_stays(world: World) -> None:
    with world.issuer.db() as db:
        staff, _ = staffing.find_or_add_staff(db, email="sam@state.example", name="Sam", now=world.issuer.clock())
        membership = staffing.give_role(db, world.state, staff, Role.ADMINISTRATOR, by=None, now=world.issuer.clock())
        db.commit()
    answer = world.browser(staff).post_form(f"/o/{world.state.id}/people/{membership.id}/end")
    assert answer.status_code == 409
    assert "the last administrator" in answer.text


def test_a_machines_key_is_shown_once_and_can_be_given_up(world: World) -> None:
    browser, now = world.as_administrator(), world.issuer.clock()
    page = browser.post_form(f"{world.base}/machines", name="Learning platform").text
    token = page[page.index(machines.PREFIX) :].partition("<")[0]
    assert token not in browser.get(f"{world.base}/machines").text
    with world.issuer.db() as db:
        assert machines.organization_of(db, f"Bearer {token}", now).id == world.school.id
        machines.revoke(db, world.school, machines.keys_of(db, world.school)[0].id, staff_id=world.teacher.id, now=now)
        with pytest.raises(IntaglioError, match="no key that is in use"):
            machines.organization_of(db, f"Bearer {token}", now)
        with pytest.raises(IntaglioError, match="no key that is in use"):
            machines.organization_of(db, f"Basic {token}", now)


def test_a_form_of_another_site_changes_nothing(world: World) -> None:
    browser = world.as_administrator()
    without = browser.client.post(f"{world.base}/machines", data={"name": "x"}, follow_redirects=False)
    foreign = browser.client.post(
        f"{world.base}/machines",
        data={"name": "x", "csrf_token": browser.form_token()},
        headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
    )
    anothers = browser.client.post(
        f"{world.base}/machines", data={"name": "x", "csrf_token": world.as_administrator().form_token()}
    )
    assert {without.status_code, foreign.status_code, anothers.status_code} == {403}


def test_a_trial_says_so_in_its_address_and_its_identifier_for_ever(world: World) -> None:
    answer = world.as_administrator().post_form(
        f"/o/{world.district.id}/add", name="Sandbox", kind="school", is_test="yes"
    )
    assert answer.status_code == 303
    document = world.issuer.client.get("/trials/sandbox/did.json").json()
    assert document["id"] == "did:web:issuer.localhost:trials:sandbox"
    assert world.issuer.client.get("/organizations/sandbox/did.json").status_code == 404
    assert world.issuer.client.get(f"/trials/{world.school.slug}/did.json").status_code == 404
    assert "They prove nothing." in world.issuer.get("/trials/sandbox").text


def _elsewhere(world: World) -> World:
    """Return a second district, which has nothing to do with the first."""
    with world.issuer.db() as db:
        form, now = ProfileForm("Far District"), world.issuer.clock()
        far = create_organization(
            db, world.issuer.settings, form, kind=Kind.DISTRICT, parent=None, staff_id=None, now=now
        )
        boss, _ = staffing.find_or_add_staff(db, email="boss@far.example", name="Bo", now=now)
        staffing.give_role(db, far, boss, Role.ADMINISTRATOR, by=None, now=now)
        db.commit()
    return replace(world, district=far, school=far, administrator=boss)


def test_an_account_that_another_organization_made_gets_no_role(world: World) -> None:
    far = _elsewhere(world)
    victim = {"name": "Vic", "email": "vic@prairie.example", "role": "administrator"}
    assert "/welcome/" in far.as_administrator().post_form(f"{far.base}/people", **victim).text
    answer = world.as_administrator().post_form(f"{world.base}/people", **{**victim, "name": "Victoria Prairie"})
    assert answer.status_code == 409
    assert "Another organization made this account." in answer.text
    assert "Far" not in answer.text
    assert "vic@prairie.example" not in world.as_administrator().get(f"{world.base}/people").text


def test_an_account_from_above_gets_a_role_and_one_from_a_sister_school_does_not(world: World) -> None:
    browser, new = world.as_administrator(), {"name": "Nia", "role": "teacher"}
    browser.post_form(f"/o/{world.district.id}/people", email="above@prairie.example", **new)
    browser.post_form(f"/o/{world.other_school.id}/people", email="beside@prairie.example", **new)
    assert browser.post_form(f"{world.base}/people", email="above@prairie.example", **new).status_code == 303
    assert browser.post_form(f"{world.base}/people", email="beside@prairie.example", **new).status_code == 409


def _link_button(page: str, base: str, email: str) -> str:
    row = page[page.index(email) :].partition("</tr>")[0]
    found = re.search(rf"{base}/people/[0-9a-f-]+/link", row)
    return found[0] if found else ""


def test_who_cannot_sign_in_yet_gets_a_link(world: World) -> None:
    with world.issuer.db() as db:
        by, now = world.administrator.id, world.issuer.clock()
        where, who = world.school, {"email": "rosa@prairie.example", "name": "Rosa Roster"}
        staff, _ = staffing.take_in(db, where, Role.TEACHER, by=by, now=now, **who)
        db.commit()
    browser = world.as_administrator()
    path = _link_button(browser.get(f"{world.base}/people").text, world.base, "rosa@prairie.example")
    answer = browser.post_form(path)
    token = answer.text.partition("/welcome/")[2].partition("<")[0]
    assert world.issuer.visitor().get(f"/welcome/{token}").status_code == 200
    with world.issuer.db() as db:
        db.add(Password(account_id=staff.id, hash="x", changed_at=world.issuer.clock()))
        db.commit()
    assert "/link" not in browser.get(f"{world.base}/people").text
    assert browser.post_form(path).status_code == 409


def test_no_link_opens_more_than_the_administrator_who_makes_it(world: World) -> None:
    with world.issuer.db() as db:
        now = world.issuer.clock()
        principal, _ = staffing.find_or_add_staff(db, email="pia@prairie.example", name="Pia", now=now)
        staffing.give_role(db, world.school, principal, Role.ADMINISTRATOR, by=None, now=now)
        who = {"email": "rosa@prairie.example", "name": "Rosa Roster"}
        rosa, _ = staffing.take_in(db, world.district, Role.REGISTRAR, by=None, now=now, **who)
        mine = staffing.give_role(db, world.school, rosa, Role.TEACHER, by=None, now=now)
        trusted = staffing.give_role(db, world.school, world.teacher, Role.REGISTRAR, by=None, now=now)
        db.commit()
    browser = world.browser(principal)
    assert "/link" not in browser.get(f"{world.base}/people").text
    assert browser.post_form(f"{world.base}/people/{mine.id}/link").status_code == 409
    assert world.as_administrator().post_form(f"{world.base}/people/{mine.id}/link").status_code == 200
    assert world.as_administrator().post_form(f"{world.base}/people/{trusted.id}/link").status_code == 409
    assert world.as_administrator().post_form(f"/o/{world.district.id}/people/{mine.id}/link").status_code == 404


def test_two_last_administrators_cannot_end_each_other(world: World) -> None:
    with world.issuer.db() as db:
        now, roles = world.issuer.clock(), []
        for name in ("sam", "sue"):
            staff, _ = staffing.find_or_add_staff(db, email=f"{name}@state.example", name=name, now=now)
            roles.append(staffing.give_role(db, world.state, staff, Role.ADMINISTRATOR, by=None, now=now).id)
        db.commit()
    ready, outcomes = Barrier(2), []

    def end(role: UUID) -> None:
        with world.issuer.db() as db:
            db.get(Membership, role)
            ready.wait()
            try:
                staffing.end_role(db, world.state, role, by=None, now=now)
                outcomes.append("ended")
            except Conflict as error:
                outcomes.append(error.problem.kind)

    threads = [Thread(target=end, args=(role,)) for role in roles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ended", "last-administrator"]


def test_names_hold_nothing_that_nobody_sees(world: World) -> None:
    browser = world.as_administrator()
    browser.post_form(f"{world.base}/profile", name="Prairie\u202e View\x00", url="https://pv.example")
    assert world.organization(world.school.id).name == "Prairie View"
    browser.post_form(f"{world.base}/people", name="Nia\u202e", email="nia@prairie.example", role="teacher")
    browser.post_form(f"{world.base}/machines", name="Grade\u202ebook")
    with world.issuer.db() as db:
        assert (
            staffing.find_or_add_staff(db, email="nia@prairie.example", name="", now=world.issuer.clock())[0].name
            == "Nia"
        )
        assert machines.keys_of(db, world.school)[0].name == "Gradebook"


def test_no_address_of_an_organization_holds_anything_else(world: World) -> None:
    for slug in ("a%00b", "a%27b", "A", "%F0%9F%98%80"):
        assert world.issuer.client.get(f"/organizations/{slug}/did.json").status_code == 404
