"""Drafts, publishing and what never changes afterwards, on a real PostgreSQL."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy
from sqlmodel import Session, select

from intaglio.errors import IntaglioError, MalformedInput
from intaglio.server.errors import Conflict, NotFound
from issuer.access import Scope
from issuer.achievements import library, publication, service, starter
from issuer.achievements.composing import compose
from issuer.achievements.definition import Definition
from issuer.achievements.images import StoredImage
from issuer.achievements.models import Achievement, AchievementImage, AchievementState, AchievementVersion
from issuer.organizations.models import AuditEntry
from tests.issuer.achievements.people import scope_of
from tests.issuer.achievements.samples import award, definition
from tests.issuer.schools import World, make_district
from tests.services import START, UnderTest

DOT = StoredImage("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"></svg>')
LATER = START + timedelta(hours=1)


@pytest.fixture
def world(issuer: UnderTest) -> World:
    return make_district(issuer)


@pytest.fixture
def db(issuer: UnderTest) -> Iterator[Session]:
    with issuer.db() as session:
        yield session


@pytest.fixture
def scope(world: World) -> Scope:
    return scope_of(world.administrator, world.district)


@pytest.fixture
def school(world: World) -> Scope:
    return scope_of(world.registrar, world.school)


def published(db: Session, scope: Scope, says: Definition | None = None) -> tuple[Achievement, AchievementVersion]:
    achievement = service.create(db, scope, says or definition(), now=START)
    return achievement, service.publish(db, scope, achievement.id, seen=START, now=START)


def kind_of(error: "pytest.ExceptionInfo[IntaglioError]") -> str:
    return error.value.problem.kind


def test_a_new_achievement_is_a_draft_that_nobody_can_award(db: Session, scope: Scope) -> None:
    achievement = service.create(db, scope, Definition(name="Juggling"), now=START)

    assert (achievement.code, achievement.state) == ("juggling", AchievementState.DRAFT)
    assert library.awardable(db, scope.organization) == []
    assert library.newest_published(db, achievement.id) is None


def test_codes_are_numbered_where_names_are_equal(db: Session, scope: Scope, school: Scope) -> None:
    codes = [service.create(db, scope, Definition(name="Ju%ggling"), now=START).code for _ in range(3)]
    elsewhere = service.create(db, school, Definition(name="Ju-ggling"), now=START)

    assert codes == ["ju-ggling", "ju-ggling-2", "ju-ggling-3"]
    assert elsewhere.code == "ju-ggling"


def test_a_draft_is_saved_as_it_is(db: Session, scope: Scope) -> None:
    achievement = service.create(db, scope, Definition(name="A"), now=START)
    draft = service.save_draft(db, scope, achievement.id, Definition(name="B"), seen=START, now=LATER)

    assert Definition.from_json(draft.definition) == Definition(name="B")
    assert db.get_one(Achievement, achievement.id).name == "B"


def test_who_was_slower_is_told(db: Session, scope: Scope) -> None:
    achievement = service.create(db, scope, Definition(name="A"), now=START)
    service.save_draft(db, scope, achievement.id, Definition(name="B"), seen=START, now=LATER)

    for seen in (START, None):
        with pytest.raises(Conflict) as caught:
            service.save_draft(db, scope, achievement.id, Definition(name="C"), seen=seen, now=LATER)
        assert kind_of(caught) == "achievement-changed"


def test_publishing_makes_it_awardable(db: Session, scope: Scope) -> None:
    achievement, version = published(db, scope)

    assert (version.number, version.published_at) == (1, START)
    assert library.awardable(db, scope.organization) == [(achievement, version)]
    assert library.find_awardable(db, scope.organization, version.id) == (achievement, version)


def test_what_is_not_finished_is_not_published(db: Session, scope: Scope) -> None:
    achievement = service.create(db, scope, Definition(name="A"), now=START)

    with pytest.raises(MalformedInput) as caught:
        service.publish(db, scope, achievement.id, seen=START, now=START)

    assert kind_of(caught) == "achievement-incomplete"
    assert "description" in caught.value.problem.detail


def test_what_changed_since_it_was_read_is_not_published(db: Session, scope: Scope) -> None:
    achievement = service.create(db, scope, definition(), now=START)
    service.set_image(db, scope, achievement.id, DOT, now=LATER)

    with pytest.raises(Conflict):
        service.publish(db, scope, achievement.id, seen=START, now=LATER)


def test_a_published_version_has_no_draft_to_save(db: Session, scope: Scope) -> None:
    achievement, _ = published(db, scope)

    for act in (
        lambda: service.save_draft(db, scope, achievement.id, Definition(), seen=START, now=LATER),
        lambda: service.set_image(db, scope, achievement.id, DOT, now=LATER),
        lambda: service.discard_draft(db, scope, achievement.id, now=LATER),
        lambda: service.publish(db, scope, achievement.id, seen=START, now=LATER),
    ):
        with pytest.raises(Conflict) as caught:
            act()
        assert kind_of(caught) == "achievement-final"
        db.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE achievement_versions SET definition = '{}'",
        "UPDATE achievement_versions SET published_at = NULL",
        "UPDATE achievement_versions SET published_at = now()",
        "UPDATE achievement_versions SET image_digest = NULL",
        "DELETE FROM achievement_versions",
        "TRUNCATE achievement_versions CASCADE",
        "UPDATE achievement_images SET media_type = 'image/png'",
        "DELETE FROM achievement_images",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_published(db: Session, scope: Scope, statement: str) -> None:
    achievement = service.create(db, scope, definition(), now=START)
    service.set_image(db, scope, achievement.id, DOT, now=START)
    service.publish(db, scope, achievement.id, seen=START, now=START)

    with pytest.raises(sqlalchemy.exc.IntegrityError) as caught:
        db.connection().exec_driver_sql(statement)

    assert isinstance(caught.value.orig, psycopg.errors.IntegrityError)


def test_pictures_are_what_their_names_say(db: Session) -> None:
    db.add(AchievementImage(digest="0" * 64, media_type="image/png", content=b"x"))

    with pytest.raises(sqlalchemy.exc.IntegrityError):
        db.flush()


def test_a_new_version_begins_with_the_words_of_the_last(db: Session, scope: Scope) -> None:
    achievement, first = published(db, scope)
    draft = service.begin_draft(db, scope, achievement.id, now=LATER)
    again = service.begin_draft(db, scope, achievement.id, now=LATER)

    assert draft.id == again.id
    assert draft.number == 2
    assert Definition.from_json(draft.definition).criteria == Definition.from_json(first.definition).criteria
    assert Definition.from_json(draft.definition).results[0].id != Definition.from_json(first.definition).results[0].id
    assert [found for _, found in library.awardable(db, scope.organization)] == [first]

    second = service.publish(db, scope, achievement.id, seen=LATER, now=LATER)
    assert [found for _, found in library.awardable(db, scope.organization)] == [second]
    assert library.find_published(db, first.id)[0] == first
    with pytest.raises(NotFound):
        library.find_awardable(db, scope.organization, first.id)


def test_a_draft_can_be_thrown_away(db: Session, scope: Scope) -> None:
    achievement, version = published(db, scope)
    service.begin_draft(db, scope, achievement.id, now=LATER)
    service.save_draft(db, scope, achievement.id, Definition(name="Other"), seen=LATER, now=LATER)

    assert service.discard_draft(db, scope, achievement.id, now=LATER)
    assert db.get_one(Achievement, achievement.id).name == "Communication"
    assert library.versions_of(db, scope, achievement) == [version]


def test_an_achievement_that_was_never_published_goes_with_its_draft(db: Session, scope: Scope) -> None:
    achievement = service.create(db, scope, Definition(name="A"), now=START)

    assert not service.discard_draft(db, scope, achievement.id, now=LATER)
    with pytest.raises(NotFound):
        library.find(db, scope, achievement.id)


def test_what_is_retired_is_not_awarded_and_stays_readable(db: Session, scope: Scope) -> None:
    achievement, version = published(db, scope)

    assert service.retire(db, scope, achievement.id, now=LATER).retired_at == LATER
    assert service.retire(db, scope, achievement.id, now=LATER).state == AchievementState.RETIRED
    assert library.awardable(db, scope.organization) == []
    assert library.find_published(db, version.id)[0] == version

    assert service.restore(db, scope, achievement.id, now=LATER).retired_at is None
    assert library.awardable(db, scope.organization) == [(achievement, version)]


def test_a_draft_cannot_be_retired(db: Session, scope: Scope) -> None:
    achievement = service.create(db, scope, Definition(name="A"), now=START)

    with pytest.raises(NotFound):
        service.retire(db, scope, achievement.id, now=LATER)


def test_schools_award_what_is_above_them_and_nobody_elses(
    db: Session, scope: Scope, school: Scope, world: World
) -> None:
    achievement, version = published(db, scope)
    own, own_version = published(db, school, definition(name="Archery"))

    assert library.awardable(db, world.school) == [(own, own_version), (achievement, version)]
    assert library.awardable(db, world.other_school) == [(achievement, version)]
    assert library.awardable(db, world.district) == [(achievement, version)]
    assert library.awardable(db, world.state) == []
    for stranger in (scope_of(world.stranger, world.other_school), scope):
        with pytest.raises(NotFound):
            library.find(db, stranger, own.id)
    with pytest.raises(NotFound):
        library.find_own(db, school, achievement.id)


def test_a_copy_is_ones_own_and_shares_the_picture(db: Session, scope: Scope, school: Scope) -> None:
    original = service.create(db, scope, definition(), now=START)
    service.set_image(db, scope, original.id, DOT, now=START)
    version = service.publish(db, scope, original.id, seen=START, now=START)

    copy = service.copy(db, school, version, now=LATER)
    draft = library.draft_of(db, copy.id)

    assert copy.organization_id == school.organization.id
    assert draft is not None
    assert draft.image_digest == version.image_digest == DOT.digest
    assert len(db.exec(select(AchievementImage)).all()) == 1


def test_a_picture_can_be_taken_away(db: Session, scope: Scope) -> None:
    achievement = service.create(db, scope, definition(), now=START)
    draft = service.set_image(db, scope, achievement.id, DOT, now=START)
    assert library.image_of(db, draft).content == DOT.content

    draft = service.set_image(db, scope, achievement.id, None, now=START)
    with pytest.raises(NotFound):
        library.image_of(db, draft)


def test_the_starter_set_is_loaded_once(db: Session, scope: Scope) -> None:
    assert len(starter.load(db, scope, now=START)) == 13
    service.discard_draft(db, scope, library.find_own(db, scope, _first(db)).id, now=START)

    assert len(starter.load(db, scope, now=LATER)) == 1
    assert starter.load(db, scope, now=LATER) == []


def test_two_who_press_at_once_get_thirteen_together(issuer: UnderTest, scope: Scope) -> None:
    made: list[int] = []

    def press() -> None:
        with issuer.db() as session:
            made.append(len(starter.load(session, scope, now=START)))

    presses = [threading.Thread(target=press) for _ in range(2)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()

    assert sorted(made) == [0, 13]


def test_who_did_what_is_noted_without_words(db: Session, scope: Scope) -> None:
    achievement, version = published(db, scope)
    service.retire(db, scope, achievement.id, now=LATER)
    wanted = select(AuditEntry).where(AuditEntry.subject == str(achievement.id))
    entries = db.exec(wanted.order_by(sqlalchemy.text("id"))).all()

    assert [entry.action for entry in entries] == [
        *("achievement.created", "achievement.published", "achievement.retired")
    ]
    assert entries[1].details == {"number": 1, "version": str(version.id)}


def test_a_published_version_composes_into_a_badge(issuer: UnderTest, db: Session, scope: Scope, world: World) -> None:
    _, version = published(db, scope)
    awarded = publication.awarded_achievement(db, issuer.settings, version)
    profile = publication.profile_of(issuer.settings, world.school)
    credential = compose(award(achievement=awarded, issuer=profile))

    achievement = credential["credentialSubject"]["achievement"]
    assert achievement["id"] == f"https://issuer.localhost/achievements/{version.id}"
    assert achievement["creator"]["id"] == "did:web:issuer.localhost:organizations:prairie-view-district"
    assert credential["issuer"]["id"] == "did:web:issuer.localhost:organizations:prairie-view-high-school"


def test_guessed_ids_find_nothing(db: Session, scope: Scope) -> None:
    for find in (library.find, library.find_own):
        with pytest.raises(NotFound):
            find(db, scope, uuid4())
    with pytest.raises(NotFound):
        library.find_published(db, uuid4())
    with pytest.raises(NotFound):
        library.find_version(db, scope, published(db, scope)[0].id, uuid4())


def _first(db: Session) -> UUID:
    return db.exec(select(Achievement.id)).all()[0]
