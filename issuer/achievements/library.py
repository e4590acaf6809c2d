"""Which achievements there are, and who sees them.

An organization sees its own achievements and those of the organizations above it: a district's portrait is its schools' too. What
is published above can be awarded and copied below, and is changed only where it was written. Drafts are seen by the office of
the organization that writes them, and by nobody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from intaglio.server.errors import NotFound
from intaglio.server.listing import Listing
from issuer.access import Scope
from issuer.achievements.models import Achievement, AchievementImage, AchievementState, AchievementVersion
from issuer.organizations.models import Organization
from issuer.organizations.people import ancestors

SORTABLE = ("name", "state", "published_at")
FILTERS = ("state", "whose")


@dataclass(frozen=True, slots=True)
class Row:
    """An achievement in a list. `number` and `published_at` are of the newest published version."""

    achievement: Achievement
    owner: Organization
    number: int | None
    published_at: datetime | None
    has_draft: bool


def listed(db: Session, scope: Scope, listing: Listing) -> tuple[Sequence[Row], Listing]:
    """Return a page of the achievements that somebody sees, and the listing with their number."""
    wanted = _visible(db, scope)
    if listing.query:
        words = f"%{_escaped(listing.query)}%"
        wanted = and_(wanted, or_(col(Achievement.name).ilike(words), col(Achievement.code).ilike(words)))
    if listing.filters.get("state") in set(AchievementState):
        wanted = and_(wanted, col(Achievement.state) == listing.filters["state"])
    if listing.filters.get("whose") == "own":
        wanted = and_(wanted, col(Achievement.organization_id) == scope.organization.id)
    listing = listing.counted(db.exec(select(func.count()).select_from(Achievement).where(wanted)).one())
    published_at = func.max(col(AchievementVersion.published_at))
    number = func.max(AchievementVersion.number).filter(col(AchievementVersion.published_at).is_not(None))
    order = {"name": func.lower(Achievement.name), "state": col(Achievement.state), "published_at": published_at}
    by = order[listing.sort]
    found = db.exec(
        select(Achievement, Organization, cast("type[int | None]", number), cast("type[datetime | None]", published_at))
        .join(Organization, col(Organization.id) == col(Achievement.organization_id))
        .join(AchievementVersion, col(AchievementVersion.achievement_id) == col(Achievement.id))
        .where(wanted)
        .group_by(col(Achievement.id), col(Organization.id))
        .order_by(by.desc().nulls_last() if listing.descending else by.asc().nulls_last(), col(Achievement.id))
        .limit(listing.limit)
        .offset(listing.offset)
    ).all()
    drafts = _with_drafts(db, [item.id for item, *_ in found if _is_own(scope, item)]) if scope.is_office else set()
    return [Row(item, owner, latest, at, item.id in drafts) for item, owner, latest, at in found], listing


def find(db: Session, scope: Scope, achievement_id: UUID) -> Achievement:
    """Return an achievement that somebody sees.

    :raises NotFound: ``no-such-page``
    """
    found = db.exec(select(Achievement).where(col(Achievement.id) == achievement_id, _visible(db, scope))).first()
    if found is None:
        raise NotFound("no-such-page", "There is no such achievement.")
    return found


def find_own(db: Session, scope: Scope, achievement_id: UUID, *, lock: bool = False) -> Achievement:
    """Return an achievement of the scope's own organization; with `lock`, nobody else changes it before this commit.

    :raises NotFound: ``no-such-page``
    """
    wanted = select(Achievement).where(
        Achievement.id == achievement_id, Achievement.organization_id == scope.organization.id
    )
    found = db.exec(wanted.with_for_update() if lock else wanted).first()
    if found is None:
        raise NotFound("no-such-page", "There is no such achievement here.")
    return found


def versions_of(db: Session, scope: Scope, achievement: Achievement) -> Sequence[AchievementVersion]:
    """Return the versions that somebody sees, the newest first."""
    wanted = select(AchievementVersion).where(AchievementVersion.achievement_id == achievement.id)
    if not (scope.is_office and _is_own(scope, achievement)):
        wanted = wanted.where(col(AchievementVersion.published_at).is_not(None))
    return db.exec(wanted.order_by(col(AchievementVersion.number).desc())).all()


def find_version(db: Session, scope: Scope, achievement_id: UUID, version_id: UUID) -> AchievementVersion:
    """Return one version that somebody sees.

    :raises NotFound: ``no-such-page``
    """
    for version in versions_of(db, scope, find(db, scope, achievement_id)):
        if version.id == version_id:
            return version
    raise NotFound("no-such-page", "There is no such version.")


def draft_of(db: Session, achievement_id: UUID, *, lock: bool = False) -> AchievementVersion | None:
    """Return the draft of an achievement."""
    wanted = select(AchievementVersion).where(
        AchievementVersion.achievement_id == achievement_id, col(AchievementVersion.published_at).is_(None)
    )
    return db.exec(wanted.with_for_update() if lock else wanted).first()


def newest_published(db: Session, achievement_id: UUID) -> AchievementVersion | None:
    """Return the version that is awarded now."""
    wanted = select(AchievementVersion).where(
        AchievementVersion.achievement_id == achievement_id, col(AchievementVersion.published_at).is_not(None)
    )
    return db.exec(wanted.order_by(col(AchievementVersion.number).desc()).limit(1)).first()


def awardable(db: Session, organization: Organization) -> Sequence[tuple[Achievement, AchievementVersion]]:
    """Return what an organization can award, by name: the newest published version of each achievement that it sees."""
    newest = (
        select(AchievementVersion.achievement_id, func.max(AchievementVersion.number).label("number"))
        .where(col(AchievementVersion.published_at).is_not(None))
        .group_by(col(AchievementVersion.achievement_id))
        .subquery()
    )
    found = db.exec(
        select(Achievement, AchievementVersion)
        .join(newest, newest.c.achievement_id == col(Achievement.id))
        .join(
            AchievementVersion,
            and_(
                col(AchievementVersion.achievement_id) == newest.c.achievement_id,
                col(AchievementVersion.number) == newest.c.number,
            ),
        )
        .where(
            col(Achievement.organization_id).in_(
                [organization.id, *(above.id for above in ancestors(db, organization))]
            ),
            Achievement.state == AchievementState.PUBLISHED,
        )
        .order_by(func.lower(col(Achievement.name)), col(Achievement.id))
    )
    return found.all()


def find_awardable(db: Session, organization: Organization, version_id: UUID) -> tuple[Achievement, AchievementVersion]:
    """Return a version that an organization can award now.

    :raises NotFound: ``no-such-page`` also for an older version, and for a retired achievement.
    """
    for achievement, version in awardable(db, organization):
        if version.id == version_id:
            return achievement, version
    raise NotFound("no-such-page", "There is no such achievement to award.")


def find_published(db: Session, version_id: UUID) -> tuple[AchievementVersion, Achievement, Organization]:
    """Return a published version for anybody, with its achievement and whose it is.

    :raises NotFound: ``no-such-page``
    """
    found = db.exec(
        select(AchievementVersion, Achievement, Organization)
        .join(Achievement, col(Achievement.id) == col(AchievementVersion.achievement_id))
        .join(Organization, col(Organization.id) == col(Achievement.organization_id))
        .where(AchievementVersion.id == version_id, col(AchievementVersion.published_at).is_not(None))
    ).first()
    if found is None:
        raise NotFound("no-such-page", "There is no such achievement.")
    return found


def owner_of(db: Session, achievement: Achievement) -> Organization:
    """Return the organization whose achievement it is."""
    return db.get_one(Organization, achievement.organization_id)


def image_of(db: Session, version: AchievementVersion) -> AchievementImage:
    """Return the picture of a version.

    :raises NotFound: ``no-such-page``
    """
    image = db.get(AchievementImage, version.image_digest) if version.image_digest else None
    if image is None:
        raise NotFound("no-such-page", "This achievement has no picture.")
    return image


def _visible(db: Session, scope: Scope) -> ColumnElement[bool]:
    above = [organization.id for organization in ancestors(db, scope.organization)]
    own = col(Achievement.organization_id) == scope.organization.id
    told = col(Achievement.state) != AchievementState.DRAFT
    return or_(own if scope.is_office else and_(own, told), and_(col(Achievement.organization_id).in_(above), told))


def _with_drafts(db: Session, achievement_ids: Sequence[UUID]) -> set[UUID]:
    wanted = select(AchievementVersion.achievement_id).where(
        col(AchievementVersion.achievement_id).in_(achievement_ids), col(AchievementVersion.published_at).is_(None)
    )
    return set(db.exec(wanted))


def _is_own(scope: Scope, achievement: Achievement) -> bool:
    return achievement.organization_id == scope.organization.id


def _escaped(text: str) -> str:
    """Return a text for LIKE, where % and _ stand for others."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
