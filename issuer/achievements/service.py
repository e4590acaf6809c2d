"""Writing achievements: drafts, publishing, retiring, copying.

Every function that changes something locks the achievement first, so that two people at once take turns, and commits at its end.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from intaglio.errors import MalformedInput
from intaglio.server.errors import Conflict, NotFound
from issuer.access import Scope
from issuer.achievements import library
from issuer.achievements.codes import free_code
from issuer.achievements.definition import Definition
from issuer.achievements.findings import findings
from issuer.achievements.images import StoredImage
from issuer.achievements.models import Achievement, AchievementImage, AchievementState, AchievementVersion
from issuer.organizations.audit import note
from issuer.organizations.models import Organization


def create(
    db: Session, scope: Scope, definition: Definition, *, now: datetime, image_digest: str | None = None
) -> Achievement:
    """Make an achievement of the scope's organization, with its first draft."""
    achievement = add(db, scope, definition, now=now, image_digest=image_digest)
    db.commit()
    return achievement


def save_draft(
    db: Session, scope: Scope, achievement_id: UUID, definition: Definition, *, seen: datetime | None, now: datetime
) -> AchievementVersion:
    """Keep what was typed into the draft, finished or not. `seen` is when the draft was edited that the writer began with.

    :raises NotFound: ``no-such-page``
    :raises Conflict: ``achievement-final`` without a draft; ``achievement-changed`` where somebody was faster.
    """
    achievement, draft = _own_draft(db, scope, achievement_id)
    if draft.edited_at != seen:
        raise Conflict("achievement-changed", "Your words are still in the form.")
    _write(achievement, draft, definition, now)
    db.add_all([achievement, draft])
    db.commit()
    return draft


def set_image(
    db: Session, scope: Scope, achievement_id: UUID, image: StoredImage | None, *, now: datetime
) -> AchievementVersion:
    """Give the draft a picture, or take it away.

    :raises NotFound: ``no-such-page``
    :raises Conflict: ``achievement-final``
    """
    _, draft = _own_draft(db, scope, achievement_id)
    if image is not None:
        row = {"digest": image.digest, "media_type": image.media_type, "content": image.content}
        db.execute(insert(AchievementImage).values(row).on_conflict_do_nothing())
    draft.image_digest = image.digest if image is not None else None
    draft.edited_at = now
    db.add(draft)
    db.commit()
    return draft


def begin_draft(db: Session, scope: Scope, achievement_id: UUID, *, now: datetime) -> AchievementVersion:
    """Return the draft of the next version, begun with the words of the newest one if there was none.

    :raises NotFound: ``no-such-page``
    """
    achievement = library.find_own(db, scope, achievement_id, lock=True)
    draft = library.draft_of(db, achievement.id)
    if draft is None:
        newest = library.newest_published(db, achievement.id)
        assert newest is not None  # noqa: S101 - for mypy: an achievement has a version from its first moment on
        draft = AchievementVersion(
            achievement_id=achievement.id,
            number=newest.number + 1,
            definition=Definition.from_json(newest.definition).with_new_ids().to_json(),
            image_digest=newest.image_digest,
            edited_at=now,
        )
        db.add(draft)
        _note(db, scope, achievement, "achievement.draft-begun", now, number=draft.number)
    db.commit()
    return draft


def discard_draft(db: Session, scope: Scope, achievement_id: UUID, *, now: datetime) -> bool:
    """Throw the draft away; an achievement that was never published goes with it. Tell whether the achievement is still there.

    :raises NotFound: ``no-such-page``
    :raises Conflict: ``achievement-final``
    """
    achievement, draft = _own_draft(db, scope, achievement_id)
    _note(db, scope, achievement, "achievement.draft-discarded", now, number=draft.number)
    db.delete(draft)
    db.flush()
    newest = library.newest_published(db, achievement.id)
    if newest is None:
        db.delete(achievement)
    else:
        achievement.name = Definition.from_json(newest.definition).name
        db.add(achievement)
    db.commit()
    return newest is not None


def publish(
    db: Session, scope: Scope, achievement_id: UUID, *, seen: datetime | None, now: datetime
) -> AchievementVersion:
    """Publish the draft: from now on it is what is awarded, and it never changes.

    `seen` is when the draft was edited that the publisher read.

    :raises NotFound: ``no-such-page``
    :raises Conflict: ``achievement-final``, ``achievement-changed``
    :raises MalformedInput: ``achievement-incomplete`` with the first finding; `findings` has all.
    """
    achievement, draft = _own_draft(db, scope, achievement_id)
    if draft.edited_at != seen:
        raise Conflict("achievement-changed", "What you read is not what would be published.")
    wrong = findings(Definition.from_json(draft.definition))
    if wrong:
        raise MalformedInput("achievement-incomplete", f"{wrong[0].field}: {wrong[0].text}")
    draft.published_at = now
    achievement.state, achievement.retired_at = AchievementState.PUBLISHED, None
    db.add_all([achievement, draft])
    _note(db, scope, achievement, "achievement.published", now, number=draft.number, version=draft.id)
    db.commit()
    return draft


def retire(db: Session, scope: Scope, achievement_id: UUID, *, now: datetime) -> Achievement:
    """Let an achievement not be awarded any more. What was awarded stays good, and its pages stay.

    :raises NotFound: ``no-such-page``
    """
    return _set_state(db, scope, achievement_id, AchievementState.RETIRED, now)


def restore(db: Session, scope: Scope, achievement_id: UUID, *, now: datetime) -> Achievement:
    """Let a retired achievement be awarded again.

    :raises NotFound: ``no-such-page``
    """
    return _set_state(db, scope, achievement_id, AchievementState.PUBLISHED, now)


def copy(db: Session, scope: Scope, version: AchievementVersion, *, now: datetime) -> Achievement:
    """Make an achievement of the scope's organization that begins with the words and picture of a version that it sees."""
    definition = Definition.from_json(version.definition).with_new_ids()
    return create(db, scope, definition, now=now, image_digest=version.image_digest)


def add(
    db: Session,
    scope: Scope,
    definition: Definition,
    *,
    now: datetime,
    image_digest: str | None = None,
    code: str | None = None,
) -> Achievement:
    """Like `create`, but the caller commits, and may name the code: one that is free, under `take_turns`."""
    take_turns(db, scope)
    achievement = Achievement(
        organization_id=scope.organization.id,
        code=code or free_code(db, scope.organization.id, definition.name),
        name=definition.name,
        created_at=now,
    )
    db.add(achievement)
    db.flush()
    db.add(
        AchievementVersion(
            achievement_id=achievement.id,
            number=1,
            definition=definition.to_json(),
            image_digest=image_digest,
            edited_at=now,
        )
    )
    _note(db, scope, achievement, "achievement.created", now)
    return achievement


def take_turns(db: Session, scope: Scope) -> None:
    """Let nobody else add an achievement to the organization before this commit: two who press at once get two codes."""
    db.exec(select(Organization.id).where(Organization.id == scope.organization.id).with_for_update()).one()


def _own_draft(db: Session, scope: Scope, achievement_id: UUID) -> tuple[Achievement, AchievementVersion]:
    achievement = library.find_own(db, scope, achievement_id, lock=True)
    draft = library.draft_of(db, achievement.id, lock=True)
    if draft is None:
        raise Conflict("achievement-final", "There is no draft.")
    return achievement, draft


def _write(achievement: Achievement, draft: AchievementVersion, definition: Definition, now: datetime) -> None:
    draft.definition, draft.edited_at = definition.to_json(), now
    achievement.name = definition.name


def _set_state(db: Session, scope: Scope, achievement_id: UUID, state: AchievementState, now: datetime) -> Achievement:
    achievement = library.find_own(db, scope, achievement_id, lock=True)
    if achievement.state == AchievementState.DRAFT:
        raise NotFound("no-such-page", "It was never published.")
    if achievement.state != state:
        achievement.state = state
        achievement.retired_at = now if state == AchievementState.RETIRED else None
        db.add(achievement)
        _note(db, scope, achievement, f"achievement.{state}", now)
    db.commit()
    return achievement


def _note(db: Session, scope: Scope, achievement: Achievement, action: str, now: datetime, **details: object) -> None:
    note(
        db,
        action=action,
        subject=achievement.id,
        organization_id=scope.organization.id,
        staff_id=scope.actor.staff_id,
        now=now,
        **details,
    )
