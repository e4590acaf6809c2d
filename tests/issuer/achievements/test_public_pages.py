"""The page that badges point to: for people, for machines, and its picture; for anybody, and only what was published."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from intaglio.openbadges import shape
from issuer.achievements import service
from issuer.achievements.images import StoredImage
from issuer.achievements.models import AchievementVersion
from tests.issuer.achievements.people import scope_of
from tests.issuer.achievements.samples import definition
from tests.issuer.schools import World, make_district
from tests.services import START, UnderTest

DRAWING = StoredImage("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"><style>rect{}</style></svg>')


@pytest.fixture
def world(issuer: UnderTest) -> World:
    return make_district(issuer)


@contextmanager
def drafted(world: World) -> Iterator[AchievementVersion]:
    scope = scope_of(world.administrator, world.district)
    with world.issuer.db() as db:
        achievement = service.create(db, scope, definition(), now=START)
        yield service.set_image(db, scope, achievement.id, DRAWING, now=START)


def published(world: World, *, versions: int = 1) -> list[AchievementVersion]:
    scope = scope_of(world.administrator, world.district)
    with drafted(world) as draft, world.issuer.db() as db:
        made = [service.publish(db, scope, draft.achievement_id, seen=START, now=START)]
        while len(made) < versions:
            service.begin_draft(db, scope, draft.achievement_id, now=START)
            made.append(service.publish(db, scope, draft.achievement_id, seen=START, now=START))
    return made


def asked(issuer: UnderTest, url: str, **headers: str) -> Any:
    return issuer.visitor().client.get(url, headers=headers)


def test_people_get_a_page(issuer: UnderTest, world: World) -> None:
    (version,) = published(world)
    answer = issuer.visitor().get(f"/achievements/{version.id}")

    assert answer.status_code == 200
    assert "<em>two</em> audiences" in answer.text
    assert 'id="criteria"' in answer.text
    assert "Prairie View District" in answer.text
    assert "There is a newer version" not in answer.text
    assert answer.headers["cache-control"].startswith("public")
    assert "accept" in answer.headers["vary"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("accept", ["application/ld+json", "application/json", "*/*"])
def test_machines_get_the_achievement_that_badges_hold(issuer: UnderTest, world: World, accept: str) -> None:
    (version,) = published(world)
    answer = asked(issuer, f"/achievements/{version.id}", accept=accept)

    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    document = json.loads(answer.content)
    assert document.pop("@context")[0] == "https://www.w3.org/ns/credentials/v2"
    assert document["id"] == f"https://issuer.localhost/achievements/{version.id}"
    assert document["image"]["id"] == f"{document['id']}/image"
    assert document["creator"]["name"] == "Prairie View District"
    assert list(shape.problems("Achievement", document)) == []


def test_both_are_remembered_by_their_tags(issuer: UnderTest, world: World) -> None:
    (version,) = published(world)
    for url, accept in ((f"/achievements/{version.id}", "*/*"), (f"/achievements/{version.id}/image", "image/*")):
        first = asked(issuer, url, accept=accept)
        again = asked(issuer, url, **{"accept": accept, "if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_a_drawing_can_do_nothing_when_it_is_opened_by_itself(issuer: UnderTest, world: World) -> None:
    (version,) = published(world)
    answer = asked(issuer, f"/achievements/{version.id}/image")

    assert answer.content == DRAWING.content
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_drafts_and_guesses_are_not_found(issuer: UnderTest, world: World) -> None:
    with drafted(world) as draft:
        for version_id in (draft.id, draft.achievement_id, uuid4()):
            for url in (f"/achievements/{version_id}", f"/achievements/{version_id}/image"):
                assert asked(issuer, url).status_code == 404
    assert asked(issuer, "/achievements/1").status_code == 422


def test_an_old_version_stays_and_names_the_new_one(issuer: UnderTest, world: World) -> None:
    old, new = published(world, versions=2)
    page = issuer.visitor().get(f"/achievements/{old.id}").text

    assert "Badges of this version stay as they are." in page
    assert f'href="/achievements/{new.id}"' in page
    assert asked(issuer, f"/achievements/{old.id}").json()["version"] == "1"
    assert asked(issuer, f"/achievements/{new.id}").json()["version"] == "2"


def test_what_is_not_awarded_any_more_says_so(issuer: UnderTest, world: World) -> None:
    (version,) = published(world)
    with issuer.db() as db:
        service.retire(db, scope_of(world.administrator, world.district), version.achievement_id, now=START)

    assert "It is not awarded any more." in issuer.visitor().get(f"/achievements/{version.id}").text


def test_the_page_is_in_the_readers_language(issuer: UnderTest, world: World) -> None:
    (version,) = published(world)

    page = issuer.visitor().get(f"/achievements/{version.id}", headers={"accept-language": "es"}).text

    assert "Qué se requiere" in page
    assert 'lang="en"' in page
