"""The page where administrators open and close doors."""

import pytest
from sqlmodel import select

from issuer.doors.models import Instance
from tests.issuer.doors.machine import Caller
from tests.issuer.schools import World


def _instances(world: World) -> list[Instance]:
    with world.issuer.db() as db:
        return list(db.exec(select(Instance).order_by(Instance.slug)))


def test_an_administrator_opens_and_closes_a_door_of_a_trial(world: World, trial: Caller) -> None:
    browser, base = world.as_administrator(), f"/o/{trial.organization.id}"
    assert f'href="{base}/instances"' in browser.get(f"{base}/machines").text
    assert "For trials only" in browser.get(f"{base}/instances").text
    answer = browser.post_form(f"{base}/instances", form="ecdsa-rdfc-2019-p384", identifier="key", purpose="suspension")
    assert answer.headers["location"] == f"{base}/instances?said=opened"
    page = browser.get(answer.headers["location"]).text
    assert "https://issuer.localhost/vc-api/sandbox-ecdsa-rdfc-2019-p384" in page
    assert "did:key:z82" in page
    assert "The door is open." in page
    (instance,) = _instances(world)
    assert "door sandbox-ecdsa-rdfc-2019-p384" in browser.get(f"{base}/keys").text

    answer = browser.post_form(f"{base}/instances/{instance.id}/close")
    assert answer.status_code == 303
    assert "Closed" in browser.get(f"{base}/instances").text


def test_a_school_opens_a_door_for_its_awards_without_a_key(world: World) -> None:
    browser = world.as_administrator()
    assert browser.post_form(f"{world.base}/instances", form="jwt-rs256", purpose="revocation").status_code == 303
    (instance,) = _instances(world)
    assert (instance.slug, instance.form, instance.purpose) == ("prairie-view-high-school-awards", None, None)
    page = browser.get(f"{world.base}/instances", headers={"accept-language": "es"}).text
    assert f"https://issuer.localhost{world.base}/api/awards" in page
    assert "Las insignias salen de otorgamientos" in page


def test_what_is_not_offered_is_not_opened(world: World, trial: Caller) -> None:
    path = f"/o/{trial.organization.id}/instances"
    answer = world.as_administrator().post_form(path, form="md5", identifier="me", purpose="decoration")
    assert answer.status_code == 422
    assert answer.text.count("Choose one of these.") >= 3
    assert _instances(world) == []


@pytest.mark.parametrize("who", ["registrar", "teacher"])
def test_doors_are_for_administrators(world: World, who: str) -> None:
    browser = getattr(world, f"as_{who}")()
    assert browser.get(f"{world.base}/instances").status_code == 403
    assert browser.post_form(f"{world.base}/instances").status_code == 403


def test_the_doors_of_others_cannot_be_closed(world: World, trial: Caller) -> None:
    trial.open()
    (instance,) = _instances(world)
    assert world.as_administrator().post_form(f"{world.base}/instances/{instance.id}/close").status_code == 404
    assert world.browser(world.stranger).get(f"/o/{trial.organization.id}/instances").status_code == 404
