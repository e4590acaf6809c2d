"""Achievements in pages: from an empty list to a published version, as a registrar, a teacher and a stranger see it."""

import io
import re
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from issuer.achievements import library, service
from issuer.achievements.definition import Definition
from issuer.achievements.models import Achievement, AchievementVersion
from tests.issuer.achievements.people import scope_of
from tests.issuer.achievements.samples import definition
from tests.issuer.achievements.test_form import typed
from tests.issuer.schools import World, make_district
from tests.services import START, Browser, UnderTest


@pytest.fixture
def world(issuer: UnderTest) -> World:
    return make_district(issuer)


@pytest.fixture
def office(world: World) -> Browser:
    return world.as_registrar()


@pytest.fixture
def base(world: World) -> str:
    return f"{world.base}/achievements"


def begun(office: Browser, base: str, **fields: Any) -> str:
    """Return the address of a new achievement."""
    answer = office.post_form(f"{base}/new", **{"name": "Juggling", **fields})
    assert answer.status_code == 303
    return str(answer.headers["location"]).removesuffix("/edit")


def seen(office: Browser, here: str) -> str:
    """Return what the form remembers of the draft that it shows."""
    found = re.search(r'name="seen" value="([^"]+)"', office.get(f"{here}/edit").text)
    assert found
    return found[1]


def saved(office: Browser, here: str, says: Definition | None = None, **more: Any) -> Any:
    fields = {**typed(says or definition()), "seen": seen(office, here), "do": "save", **more}
    return office.post_form(f"{here}/edit", **fields)


def published(world: World, says: Definition | None = None) -> tuple[Achievement, AchievementVersion]:
    scope = scope_of(world.administrator, world.district)
    with world.issuer.db() as db:
        achievement = service.create(db, scope, says or definition(), now=START)
        return achievement, service.publish(db, scope, achievement.id, seen=START, now=START)


def dot() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(out, "PNG")
    return out.getvalue()


def test_an_empty_list_says_how_to_begin(office: Browser, base: str) -> None:
    assert "Begin with the starter set" in office.get(base).text

    assert office.post_form(f"{base}/starter").headers["location"] == f"{base}?said=starter"
    assert "Critical thinking and problem solving" in office.get(base).text


def test_from_a_name_to_a_published_version(office: Browser, base: str) -> None:
    here = begun(office, base, rubric="yes")
    assert "Extending" in office.get(f"{here}/edit").text

    assert saved(office, here, do="publish").headers["location"] == f"{here}/publish"
    asked = office.get(f"{here}/publish").text
    assert "<em>two</em> audiences" in asked
    assert "What was awarded never changes" in asked

    answer = office.post_form(f"{here}/publish", seen=seen(office, here))
    assert answer.headers["location"] == f"{here}?said=published"
    page = office.get(answer.headers["location"]).text
    assert "It is published." in page
    assert "Write a new version" in page


def test_an_achievement_needs_a_name(office: Browser, base: str) -> None:
    for name in ("", "  ", "x" * 121):
        answer = office.post_form(f"{base}/new", name=name)
        assert answer.status_code == 422
        assert "Give it a name" in answer.text


def test_what_is_missing_is_named_before_publishing(office: Browser, base: str) -> None:
    here = begun(office, base)

    assert office.get(f"{here}/publish").headers["location"] == f"{here}/edit?check=1"
    page = office.get(f"{here}/edit?check=1").text
    assert 'href="#field-criteria"' in page
    assert "Say what a learner has to show." in page
    assert "Say what a learner has to show." not in office.get(f"{here}/edit").text


def test_a_button_in_the_middle_saves_what_was_typed(office: Browser, base: str) -> None:
    here = begun(office, base)
    answer = saved(office, here, do="add-alignment")

    assert answer.headers["location"] == f"{here}/edit#field-alignments-1-target_name"
    page = office.get(f"{here}/edit").text
    assert 'value="Speaks before an audience"' in page
    assert 'id="field-alignments-1-target_name"' in page


def test_every_field_comes_back_as_it_was_typed(office: Browser, base: str, world: World) -> None:
    here = begun(office, base)
    saved(office, here)

    with world.issuer.db() as db:
        draft = library.draft_of(db, library.find(db, scope_of(world.registrar, world.school), _id(here)).id)
        assert draft is not None
        assert Definition.from_json(draft.definition) == definition()


def test_who_was_slower_keeps_the_words(office: Browser, base: str) -> None:
    here = begun(office, base)
    first = seen(office, here)
    office.app.state.clock.advance(seconds=5)
    saved(office, here, Definition(name="Juggling with fire"))

    answer = office.post_form(f"{here}/edit", **{**typed(Definition(name="Juggling with eggs")), "seen": first})

    assert answer.status_code == 409
    assert "Somebody else changed this in the meantime." in answer.text
    assert 'value="Juggling with eggs"' in answer.text
    again = re.search(r'name="seen" value="([^"]+)"', answer.text)
    assert again
    assert saved(office, here, Definition(name="Juggling with eggs"), seen=again[1]).status_code == 303


def test_words_for_a_draft_that_is_gone_get_a_clear_answer(office: Browser, base: str) -> None:
    here = begun(office, base)
    saved(office, here)
    office.post_form(f"{here}/publish", seen=seen(office, here))

    answer = office.post_form(f"{here}/edit", **typed(definition()), seen="2026")

    assert answer.status_code == 409
    assert "Begin a new version" in answer.text
    assert office.get(f"{here}/edit").headers["location"] == here
    assert office.get(f"{here}/publish").headers["location"] == here
    assert office.post_form(f"{here}/publish", seen="yesterday").status_code == 409


def test_a_picture_is_kept_shown_and_taken_away(office: Browser, base: str) -> None:
    here = begun(office, base)
    assert saved(office, here, files={"picture": ("a.png", dot(), "image/png")}, square="yes").status_code == 303
    shown = re.search(rf'src="({here}/versions/[^"]+/image\?[0-9a-f]+)"', office.get(f"{here}/edit").text)
    assert shown

    answer = office.get(shown[1])
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert Image.open(io.BytesIO(answer.content)).size == (200, 200)

    saved(office, here, remove_picture="yes")
    assert f"{here}/versions" not in office.get(f"{here}/edit").text
    assert office.get(shown[1]).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"GIF89a", "This file is not a picture that we can use."),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "This drawing does things by itself"),
        (b"\x89PNG\r\n\x1a\n", "This picture cannot be read."),
        (b"x" * (5 * 1024 * 1024 + 1), "This picture is too large."),
    ],
)
def test_a_bad_picture_gets_a_clear_error_and_the_words_are_kept(
    office: Browser, base: str, content: bytes, sentence: str
) -> None:
    here = begun(office, base)
    answer = saved(office, here, Definition(name="Kept"), files={"picture": ("a", content, "image/png")})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Kept"' in office.get(f"{here}/edit").text


def test_words_with_script_show_as_words(office: Browser, base: str) -> None:
    here = begun(office, base, name="<script>alert(1)</script>")
    hostile = "<img src=x onerror=alert(1)>"
    saved(office, here, definition(name=hostile, description=hostile, criteria=f"{hostile} [x](javascript:alert(1))"))

    for page in (f"{here}/publish", f"{here}/edit", base, here):
        text = office.get(page).text
        assert "<img src=x" not in text
        assert 'href="javascript:' not in text
        assert "&lt;img src=x" in text


def test_a_new_version_and_its_end(office: Browser, base: str) -> None:
    here = begun(office, base)
    saved(office, here)
    office.post_form(f"{here}/publish", seen=seen(office, here))

    assert office.post_form(f"{here}/draft").headers["location"] == f"{here}/edit"
    assert "Draft of version 2" in office.get(f"{here}/edit").text
    assert "Go on with the draft" in office.get(here).text
    assert "new draft" in office.get(base).text

    assert "Throw away the draft" in office.get(f"{here}/discard").text
    assert office.post_form(f"{here}/discard").headers["location"] == f"{here}?said=discarded"


def test_throwing_away_the_only_draft_leads_back_to_the_list(office: Browser, base: str) -> None:
    here = begun(office, base)

    assert office.post_form(f"{here}/discard").headers["location"] == f"{base}?said=discarded"
    assert office.get(here).status_code == 404


def test_retiring_is_asked_twice_and_can_be_undone(world: World) -> None:
    achievement, _ = published(world)
    office = world.as_administrator()
    here = f"/o/{world.district.id}/achievements/{achievement.id}"

    assert "Stop awarding “Communication”?" in office.get(f"{here}/retire").text
    assert "No longer awarded" in office.get(office.post_form(f"{here}/retire").headers["location"]).text
    assert "Published" in office.get(office.post_form(f"{here}/restore").headers["location"]).text


def test_a_school_reads_and_copies_what_its_district_published(world: World, office: Browser, base: str) -> None:
    achievement, version = published(world)
    here = f"{base}/{achievement.id}"

    page = office.get(here).text
    assert "Prairie View District wrote this." in page
    assert "Write a new version" not in page
    for way in ("edit", "publish", "discard", "retire"):
        assert office.get(f"{here}/{way}").status_code == 404
    for way in ("draft", "publish", "discard", "retire", "restore"):
        assert office.post_form(f"{here}/{way}").status_code == 404

    copied = office.post_form(f"{here}/copy", version_id=str(version.id)).headers["location"]
    assert copied.startswith(base)
    assert "This is your own copy." in office.get(copied).text
    assert office.post_form(f"{here}/copy", version_id=str(achievement.id)).status_code == 404


def test_teachers_read_what_is_published_and_change_nothing(world: World, office: Browser, base: str) -> None:
    teacher = world.as_teacher()
    achievement, version = published(world)
    draft = begun(office, base)

    assert "Communication" in teacher.get(base).text
    assert "Juggling" not in teacher.get(base).text
    assert "Make a copy" not in teacher.get(f"{base}/{achievement.id}").text
    assert teacher.get(f"{base}/{achievement.id}/versions/{version.id}").status_code == 200
    assert teacher.get(draft).status_code == 404
    for way in ("new", f"{achievement.id}/edit", f"{achievement.id}/publish", f"{achievement.id}/retire"):
        assert teacher.get(f"{base}/{way}").status_code == 403
    for way in ("new", "starter", f"{achievement.id}/copy", f"{achievement.id}/edit"):
        assert teacher.post_form(f"{base}/{way}").status_code == 403


def test_strangers_find_nothing(world: World, office: Browser, base: str) -> None:
    stranger, draft = world.browser(world.stranger), begun(office, base)
    theirs = f"/o/{world.other_school.id}/achievements"

    for page in (base, draft, f"{draft}/edit", draft.replace(base, theirs), f"{theirs}/{world.school.id}"):
        assert stranger.get(page).status_code == 404
    assert world.issuer.visitor().get(base).status_code == 303


def test_the_list_can_be_searched_filtered_and_sorted(world: World, office: Browser, base: str) -> None:
    published(world)
    published(world, definition(name="100% attendance"))
    begun(office, base, name="Juggling")

    def names(query: str) -> list[str]:
        return re.findall(rf'href="{base}/[0-9a-f-]{{36}}">([^<]+)<', office.get(f"{base}?{query}").text)

    assert names("") == ["100% attendance", "Communication", "Juggling"]
    assert names("sort=-name") == ["Juggling", "Communication", "100% attendance"]
    assert names("q=100%25") == ["100% attendance"]
    assert names("q=_") == []
    assert names("state=draft") == ["Juggling"]
    assert names("state=anything") == names("")
    assert names("whose=own") == ["Juggling"]
    assert names("sort=published_at")[-1] == "Juggling"
    assert names("sort=-published_at")[-1] == "Juggling"


def test_pages_speak_spanish(office: Browser, base: str) -> None:
    here = begun(office, base, rubric="yes")

    assert "Qué se requiere" in office.get(f"{here}/edit?lang=es").text
    assert "Diga qué tiene que demostrar el estudiante." in office.get(f"{here}/edit?check=1&lang=es").text


def _id(here: str) -> UUID:
    return UUID(here.rsplit("/", 1)[1])
