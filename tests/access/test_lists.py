"""Lists and choices hold what is within reach, and nothing else."""

import pytest

from tests.access.standing import Standing

_LISTS = (
    "roster",
    "roster/classes",
    "awards",
    "awards/new",
    "awards?q=varez",
    "awards?state=issued",
    "roster?q=varez",
)
_SECRETS = ("Alvarez", "Begay", "Advisory 1")


@pytest.mark.parametrize("path", _LISTS)
@pytest.mark.parametrize("persona", ["no_class", "former"])
def test_a_teacher_without_the_class_reads_none_of_its_names(schools: Standing, persona: str, path: str) -> None:
    page = schools.browser(persona).get(f"/o/{schools.ids['organization_id']}/{path}")
    assert page.status_code == 200
    assert [name for name in _SECRETS if name in page.text] == []


@pytest.mark.parametrize(
    "path", ["", "/roster", "/roster/classes", "/awards", "/achievements", "/people", "/machines", "/keys"]
)
def test_an_administrators_lists_hold_nothing_of_another_district(schools: Standing, path: str) -> None:
    page = schools.browser("administrator").get(f"/o/{schools.ids['organization_id']}{path}")
    assert page.status_code == 200
    assert "Trial" not in page.text
    assert "Outside" not in page.text
    assert schools.ids["other_slug"] not in page.text


def test_somebodys_first_page_shows_the_own_places_alone(schools: Standing) -> None:
    for persona in ("administrator", "teacher", "other_school", "registrar"):
        assert "Trial" not in _home(schools, persona)


def _home(schools: Standing, persona: str) -> str:
    browser = schools.browser(persona)
    answer = browser.get("/")
    return (browser.get(answer.headers["location"]) if answer.status_code == 303 else answer).text


def test_a_draft_is_not_there_for_teachers(schools: Standing) -> None:
    url = f"/o/{schools.ids['organization_id']}/achievements/{schools.ids['draft_id']}"
    assert schools.browser("registrar").get(url).status_code == 200
    assert schools.browser("teacher").get(url).status_code == 404
    assert schools.browser("registrar").get(f"/o/{schools.ids['district_id']}").status_code == 404


def test_a_draft_is_not_there_for_the_public(schools: Standing) -> None:
    for version in (schools.ids["draft_version_id"], schools.ids["other_draft_version_id"]):
        assert schools.browser("nobody").get(f"/achievements/{version}").status_code == 404
        assert schools.browser("nobody").get(f"/achievements/{version}/image").status_code == 404


def test_a_trial_is_not_found_where_organizations_are(schools: Standing) -> None:
    nobody, own, other = schools.browser("nobody"), schools.ids["slug"], schools.ids["other_slug"]
    for wrong in (f"/trials/{own}", f"/organizations/{other}"):
        for rest in ("", "/did.json", "/image", "/status/revocation/1"):
            assert nobody.get(wrong + rest).status_code == 404
