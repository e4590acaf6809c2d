"""The Comprehensive Learner Record 2.0: a credential that holds credentials."""

from typing import Annotated, Literal

from pydantic import Field

from intaglio.openbadges.models.achievement import Achievement
from intaglio.openbadges.models.base import Closed, Model
from intaglio.openbadges.models.declarations import (
    CREDENTIAL_CONTEXTS,
    LEARNER_RECORD,
    OPEN_BADGES,
    RECORD_CONTEXTS,
    Context,
    includes,
)
from intaglio.openbadges.models.endorsement import Credential, EndorsementCredential
from intaglio.openbadges.models.profile import IdentityObject, Image
from intaglio.openbadges.models.values import CompactJws, DateTimeZ, Iri, OneOrMany, SomeOf, Text, Uri
from intaglio.openbadges.models.vocabularies import AssociationType
from intaglio.vcdm import CONTEXT_V2


class CredentialSubject(Model):
    """The subject of a credential of any kind."""

    id: Uri | None = None


class VerifiableCredentialMembers(Model):
    """What a credential inside a record has in either version of the credentials data model."""

    id: Uri | None = None
    type: Annotated[tuple[Iri, ...], includes("VerifiableCredential")] = ("VerifiableCredential",)
    credential_subject: CredentialSubject


class VerifiableCredential(VerifiableCredentialMembers, Credential):
    """A credential of any kind inside a record; what it says in particular is checked when it is verified itself."""

    context: Annotated[tuple[Context, ...], CREDENTIAL_CONTEXTS] = Field(default=(CONTEXT_V2,), alias="@context")


class Association(Closed):
    """How one achievement of a record relates to another, by their `id`."""

    type: Literal["Association"] = "Association"
    association_type: AssociationType
    source_id: Uri
    target_id: Uri


class ClrSubjectMembers(Model):
    """What the subject of a record has in either version of the credentials data model."""

    id: Uri | None = None
    type: Annotated[tuple[Iri, ...], includes("ClrSubject")] = ("ClrSubject",)
    identifier: OneOrMany[IdentityObject] | None = None
    association: OneOrMany[Association] | None = None


class ClrSubject(ClrSubjectMembers):
    """The learner, and the credentials that the record collects."""

    achievement: OneOrMany[Achievement] | None = None
    verifiable_credential: SomeOf[VerifiableCredential]


class ClrCredentialMembers(Model):
    """What a learner record has in either version of the credentials data model."""

    id: Uri
    type: Annotated[tuple[Iri, ...], includes("VerifiableCredential", "ClrCredential")] = (
        "VerifiableCredential",
        "ClrCredential",
    )
    name: Text
    description: Text | None = None
    endorsement_jwt: OneOrMany[CompactJws] | None = None
    image: Image | None = None
    partial: bool | None = None
    awarded_date: DateTimeZ | None = None


class ClrCredential(ClrCredentialMembers, Credential):
    """A learner record: what one learner achieved, as one publisher collected it."""

    context: Annotated[tuple[Context, ...], RECORD_CONTEXTS] = Field(
        default=(CONTEXT_V2, LEARNER_RECORD, OPEN_BADGES), alias="@context"
    )
    credential_subject: ClrSubject
    endorsement: OneOrMany[EndorsementCredential] | None = None
