"""Published versions for the world outside: the addresses that badges name, and what is found there."""

from sqlmodel import Session

from intaglio.documents import JsonObject
from intaglio.openbadges.models.declarations import OPEN_BADGES
from intaglio.vcdm import CONTEXT_V2
from issuer.achievements.composing import AwardedAchievement, IssuerProfile
from issuer.achievements.definition import Definition, to_open_badge
from issuer.achievements.models import Achievement, AchievementVersion
from issuer.organizations.identity import did_of, profile_url
from issuer.organizations.models import Organization
from issuer.settings import IssuerSettings


def address_of(settings: IssuerSettings, version: AchievementVersion) -> str:
    """Return the address of a version's public page, by which badges name it."""
    return f"{settings.origin}/achievements/{version.id}"


def image_address_of(settings: IssuerSettings, version: AchievementVersion) -> str | None:
    """Return the address of a version's picture, or None where it has none."""
    return None if version.image_digest is None else f"{address_of(settings, version)}/image"


def profile_of(settings: IssuerSettings, organization: Organization) -> IssuerProfile:
    """Return who an organization is in the badges that it issues."""
    page = profile_url(settings, organization)
    image = f"{page}/image" if organization.image is not None else None
    return IssuerProfile(did_of(settings, organization), organization.name, organization.url or page, image)


def awarded_achievement(db: Session, settings: IssuerSettings, version: AchievementVersion) -> AwardedAchievement:
    """Return a published version as `issuer.achievements.composing` takes it.

    :raises LookupError: for a version whose achievement is not there, which the database does not allow.
    """
    achievement = db.get_one(Achievement, version.achievement_id)
    owner = db.get_one(Organization, achievement.organization_id)
    return AwardedAchievement(
        address=address_of(settings, version),
        version=version.number,
        definition=Definition.from_json(version.definition),
        image_address=image_address_of(settings, version),
        creator=profile_of(settings, owner),
    )


def document_of(settings: IssuerSettings, version: AchievementVersion, owner: Organization) -> JsonObject:
    """Return a published version as JSON-LD: the ``Achievement`` of Open Badges 3.0, as its badges hold it."""
    achievement = to_open_badge(
        Definition.from_json(version.definition),
        address=address_of(settings, version),
        version=version.number,
        image_address=image_address_of(settings, version),
        creator=profile_of(settings, owner).to_json(),
    )
    return {"@context": [CONTEXT_V2, OPEN_BADGES], **achievement}
