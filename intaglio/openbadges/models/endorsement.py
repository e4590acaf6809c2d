"""Profiles and endorsements: a profile may be endorsed, and an endorsement is issued by a profile, so they share a file."""

from typing import Annotated

from pydantic import Field

from intaglio.openbadges.models.base import Model
from intaglio.openbadges.models.declarations import BADGE_CONTEXTS, OPEN_BADGES, Context, includes
from intaglio.openbadges.models.parts import CredentialParts
from intaglio.openbadges.models.profile import ProfileMembers
from intaglio.openbadges.models.values import TEXT_OR_OBJECT, DateTimeZ, Iri, OneOrMany, Text, Uri
from intaglio.vcdm import CONTEXT_V2


class Profile(ProfileMembers):
    """A person or an organization: an issuer, an endorser, the creator of an achievement."""

    endorsement: "OneOrMany[EndorsementCredential] | None" = None
    parent_org: "Profile | None" = None


class Credential(CredentialParts):
    """What every credential of VC Data Model 2.0 has; a class of its own adds contexts, types and claims."""

    issuer: Annotated[Uri | Profile, TEXT_OR_OBJECT]
    valid_from: DateTimeZ
    valid_until: DateTimeZ | None = None


class EndorsementSubject(Model):
    """Whom or what an endorsement endorses, and the words for it."""

    id: Uri
    type: Annotated[tuple[Iri, ...], includes("EndorsementSubject")] = ("EndorsementSubject",)
    endorsement_comment: Text | None = None


class EndorsementMembers(Model):
    """What an endorsement has in either version of the credentials data model."""

    id: Uri
    type: Annotated[tuple[Iri, ...], includes("VerifiableCredential", "EndorsementCredential")] = (
        "VerifiableCredential",
        "EndorsementCredential",
    )
    name: Text
    description: Text | None = None
    credential_subject: EndorsementSubject
    awarded_date: DateTimeZ | None = None


class EndorsementCredential(EndorsementMembers, Credential):
    """A credential in which somebody speaks for a person, an organization, a badge or an achievement."""

    context: Annotated[tuple[Context, ...], BADGE_CONTEXTS] = Field(default=(CONTEXT_V2, OPEN_BADGES), alias="@context")
