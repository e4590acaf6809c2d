"""The same for VC Data Model 1.1 (Open Badges 3.0, “Verification Support Data Models”): read, never issued.

1EdTech publishes no such classes for the learner record; those here follow the pattern of the badge's, since records of
that version are in the field.
"""

from typing import Annotated

from pydantic import ConfigDict, Field

from intaglio.openbadges.models.achievement import (
    AchievementCredentialMembers,
    AchievementMembers,
    AchievementSubjectMembers,
)
from intaglio.openbadges.models.clr import ClrCredentialMembers, ClrSubjectMembers, VerifiableCredentialMembers
from intaglio.openbadges.models.declarations import (
    BADGE_CONTEXTS_V1,
    CREDENTIAL_CONTEXTS_V1,
    RECORD_CONTEXTS_V1,
    Context,
)
from intaglio.openbadges.models.endorsement import EndorsementMembers, Profile
from intaglio.openbadges.models.parts import CredentialParts
from intaglio.openbadges.models.profile import ProfileMembers
from intaglio.openbadges.models.values import TEXT_OR_OBJECT, DateTimeZ, OneOrMany, SomeOf, Text, Uri


class ProfileV1(ProfileMembers):
    """A profile with endorsements of the older version; the organization above it is a profile of the newer one."""

    endorsement: "OneOrMany[EndorsementCredentialV1] | None" = None
    parent_org: Profile | None = None


class CredentialV1(CredentialParts):
    """What every credential of VC Data Model 1.1 has."""

    issuer: ProfileV1
    issuance_date: DateTimeZ
    expiration_date: DateTimeZ | None = None


class EndorsementCredentialV1(EndorsementMembers, CredentialV1):
    """An endorsement of the older version."""

    context: Annotated[tuple[Context, ...], BADGE_CONTEXTS_V1] = Field(alias="@context")


class AchievementV1(AchievementMembers):
    """An achievement with a creator and endorsements of the older version."""

    creator: ProfileV1 | None = None
    endorsement: OneOrMany[EndorsementCredentialV1] | None = None


class AchievementSubjectV1(AchievementSubjectMembers):
    """The learner, in a badge of the older version; the published schema closes this class to extensions."""

    model_config = ConfigDict(extra="forbid")

    achievement: AchievementV1
    source: ProfileV1 | None = None


class AchievementCredentialV1(AchievementCredentialMembers, CredentialV1):
    """A badge of the older version."""

    context: Annotated[tuple[Context, ...], BADGE_CONTEXTS_V1] = Field(alias="@context")
    name: Text
    credential_subject: AchievementSubjectV1
    endorsement: OneOrMany[EndorsementCredentialV1] | None = None


class VerifiableCredentialV1(VerifiableCredentialMembers, CredentialParts):
    """A credential of any kind inside a record of the older version; its issuer may be named by address alone."""

    context: Annotated[tuple[Context, ...], CREDENTIAL_CONTEXTS_V1] = Field(alias="@context")
    issuer: Annotated[Uri | ProfileV1, TEXT_OR_OBJECT]
    issuance_date: DateTimeZ
    expiration_date: DateTimeZ | None = None


class ClrSubjectV1(ClrSubjectMembers):
    """The learner, in a record of the older version."""

    achievement: OneOrMany[AchievementV1] | None = None
    verifiable_credential: SomeOf[VerifiableCredentialV1]


class ClrCredentialV1(ClrCredentialMembers, CredentialV1):
    """A learner record of the older version."""

    context: Annotated[tuple[Context, ...], RECORD_CONTEXTS_V1] = Field(alias="@context")
    credential_subject: ClrSubjectV1
    endorsement: OneOrMany[EndorsementCredentialV1] | None = None
