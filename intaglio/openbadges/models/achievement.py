"""The achievement, and the badge that awards it."""

from typing import Annotated

from pydantic import Field

from intaglio.openbadges.models.base import Model
from intaglio.openbadges.models.declarations import BADGE_CONTEXTS, OPEN_BADGES, Context, includes
from intaglio.openbadges.models.endorsement import Credential, EndorsementCredential, Profile
from intaglio.openbadges.models.profile import IdentifierEntry, IdentityObject, Image
from intaglio.openbadges.models.result import Alignment, Result, ResultDescription
from intaglio.openbadges.models.values import (
    CompactJws,
    DateTime,
    DateTimeZ,
    Iri,
    LanguageCode,
    Number,
    OneOrMany,
    Text,
    Uri,
)
from intaglio.openbadges.models.vocabularies import AchievementType
from intaglio.vcdm import CONTEXT_V2


class Criteria(Model):
    """What must be done to earn an achievement: a page, or words (Markdown)."""

    id: Uri | None = None
    narrative: Text | None = None


class Related(Model):
    """Another edition of the same achievement, in another language or version."""

    id: Uri
    type: Annotated[tuple[Iri, ...], includes("Related")] = ("Related",)
    in_language: LanguageCode | None = None
    version: Text | None = None


class AchievementMembers(Model):
    """What an achievement has in either version of the credentials data model."""

    id: Uri
    type: Annotated[tuple[Iri, ...], includes("Achievement")] = ("Achievement",)
    name: Text
    description: Text
    criteria: Criteria
    alignment: OneOrMany[Alignment] | None = None
    achievement_type: AchievementType | None = None
    credits_available: Number | None = None
    endorsement_jwt: OneOrMany[CompactJws] | None = None
    field_of_study: Text | None = None
    human_code: Text | None = None
    image: Image | None = None
    in_language: LanguageCode | None = None
    other_identifier: OneOrMany[IdentifierEntry] | None = None
    related: OneOrMany[Related] | None = None
    result_description: OneOrMany[ResultDescription] | None = None
    specialization: Text | None = None
    tag: OneOrMany[Text] | None = None
    version: Text | None = None


class Achievement(AchievementMembers):
    """Something that can be achieved, the same for everybody who achieves it."""

    creator: Profile | None = None
    endorsement: OneOrMany[EndorsementCredential] | None = None


class AchievementSubjectMembers(Model):
    """What the subject of a badge has in either version of the credentials data model."""

    id: Uri | None = None
    type: Annotated[tuple[Iri, ...], includes("AchievementSubject")] = ("AchievementSubject",)
    activity_end_date: DateTime | None = None
    activity_start_date: DateTime | None = None
    credits_earned: Number | None = None
    identifier: OneOrMany[IdentityObject] | None = None
    image: Image | None = None
    license_number: Text | None = None
    narrative: Text | None = None
    result: OneOrMany[Result] | None = None
    role: Text | None = None
    term: Text | None = None


class AchievementSubject(AchievementSubjectMembers):
    """The learner, and what the learner achieved."""

    achievement: Achievement
    source: Profile | None = None


class AchievementCredentialMembers(Model):
    """What a badge has in either version of the credentials data model."""

    id: Uri
    type: Annotated[
        tuple[Iri, ...], includes("VerifiableCredential", ("AchievementCredential", "OpenBadgeCredential"))
    ] = ("VerifiableCredential", "OpenBadgeCredential")
    description: Text | None = None
    image: Image | None = None
    awarded_date: DateTimeZ | None = None
    endorsement_jwt: OneOrMany[CompactJws] | None = None


class AchievementCredential(AchievementCredentialMembers, Credential):
    """A badge: an achievement, awarded to a learner."""

    context: Annotated[tuple[Context, ...], BADGE_CONTEXTS] = Field(default=(CONTEXT_V2, OPEN_BADGES), alias="@context")
    name: Text | None = None
    credential_subject: AchievementSubject
    endorsement: OneOrMany[EndorsementCredential] | None = None
