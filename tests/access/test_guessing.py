"""Whoever guesses identifiers of another district's things learns nothing, and can do nothing with them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.access.issuer_asks import asker_of
from tests.access.standing import Ask, Asker, Standing
from tests.access.table import Outcome, Table
from tests.services import Browser

TABLE = Table.read("issuer")
INSIDE = [door for door in TABLE.routes if "{organization_id}" in door]
WITH_IDS = [door for door in INSIDE if len(re.findall(r"{(\w+_id)}", door)) > 1]


def other_of(ids: Mapping[str, str], value: str) -> str | None:
    """Return what the other district has in the place of a thing, or None for what is no id of one."""
    name = next((name for name, known in ids.items() if known == value and name.endswith("_id")), None)
    return ids.get(f"other_{name}") if name else None


def who_may(door: str) -> str:
    """Return the persona of this district that may do the most at a route."""
    return next(
        persona for persona in ("administrator", "own_key") if TABLE.routes[door].outcomes[persona] == Outcome.OK
    )


def changed(asker: Asker, *, place: str = "", field: str = "") -> Asker:
    """Return the same request with another district's id in one place of the address, or in one field."""

    def ask(browser: Browser, ids: Mapping[str, str]) -> Ask:
        asked = asker(browser, ids)
        if place:
            found = other_of(ids, asked.values.get(place, ids.get(place, "")))
            assert found is not None, f"the other district has nothing for {place}"
            return replace(asked, values={**asked.values, place: found})
        return replace(asked, fields={**asked.fields, field: _others(ids, asked.fields[field])})

    return ask


def _others(ids: Mapping[str, str], value: Any) -> Any:
    return [other_of(ids, one) for one in value] if isinstance(value, list) else other_of(ids, value)


@pytest.mark.parametrize("door", INSIDE)
def test_whoever_may_the_most_finds_nothing_of_another_district(schools: Standing, door: str) -> None:
    for place in re.findall(r"{(\w+_id)}", door):
        answer = schools.ask(door, who_may(door), changed(asker_of(door), place=place))
        assert answer.status_code == 404, f"with another district's {place}: {answer.status_code}"


@pytest.mark.parametrize("door", WITH_IDS)
def test_what_is_known_of_another_district_is_not_found_at_its_own_address_either(schools: Standing, door: str) -> None:
    places = re.findall(r"{(\w+_id)}", door)

    def ask(browser: Browser, ids: Mapping[str, str]) -> Ask:
        asked = asker_of(door)(browser, ids)
        values = {place: other_of(ids, asked.values.get(place, ids.get(place, ""))) or "" for place in places}
        return replace(asked, values={**asked.values, **values})

    answer = schools.ask(door, who_may(door), ask)
    assert answer.status_code == 404
    assert "Outside" not in answer.text
    assert "Trial" not in answer.text


def _fields_with_ids(ids: Mapping[str, str], browser: Browser) -> Iterator[tuple[str, str]]:
    for door in INSIDE:
        for field, value in asker_of(door)(browser, ids).fields.items():
            values = value if isinstance(value, list) else [value]
            if any(other_of(ids, one) for one in values):
                yield door, field


def test_ids_of_another_district_in_forms_do_nothing(schools: Standing) -> None:
    tried = list(_fields_with_ids(schools.ids, schools.browser("administrator")))
    assert {field for _, field in tried} >= {"achievement", "class_id", "learner", "version_id"}
    for door, field in tried:
        with schools.copy():
            answer = schools.ask(door, who_may(door), changed(asker_of(door), field=field))
        assert 400 <= answer.status_code < 500, f"{door} with another district's {field}: {answer.status_code}"


@pytest.mark.parametrize("query", ["learner_id={other_learner_id}", "class_id={other_class_id}"])
def test_ids_of_another_district_in_addresses_of_the_award_form_do_nothing(schools: Standing, query: str) -> None:
    asked = query.format(**schools.ids)
    url = f"/o/{schools.ids['organization_id']}/awards/new?achievement={schools.ids['achievement_id']}&{asked}"
    assert schools.browser("administrator").get(url).status_code == 404


def test_a_list_asked_for_another_districts_learner_is_empty(schools: Standing) -> None:
    url = f"/o/{schools.ids['organization_id']}/awards?learner_id={schools.ids['other_learner_id']}"
    assert "Ana Alvarez" not in schools.browser("administrator").get(url).text


def test_an_address_of_another_districts_staff_gives_neither_name_nor_account(schools: Standing) -> None:
    url = f"/o/{schools.ids['organization_id']}/people"
    with schools.copy():
        browser = schools.browser("administrator")
        answer = browser.post_form(url, name="Somebody", email="oda@trial.example", role="teacher")
        assert answer.status_code == 409
        assert "Outside" not in answer.text + browser.get(url).text


def test_an_award_is_found_under_its_own_organization_alone(schools: Standing) -> None:
    administrator = schools.browser("administrator")
    for organization in ("district_id", "other_organization_id"):
        url = f"/o/{schools.ids[organization]}/awards/{schools.ids['award_id']}"
        assert administrator.get(url).status_code == 404


@pytest.mark.parametrize("door", INSIDE)
def test_what_is_no_id_at_all_is_told_without_a_fault(schools: Standing, door: str) -> None:
    for place in re.findall(r"{(\w+_id)}", door):
        answer = schools.ask(door, who_may(door), asker_of(door), **{place: "1%27%20OR%20%271"})
        assert answer.status_code in (404, 422)
