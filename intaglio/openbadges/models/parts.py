"""What every credential may carry beside its claims."""

from typing import Annotated

from intaglio.openbadges.models.base import Model
from intaglio.openbadges.models.declarations import includes
from intaglio.openbadges.models.values import DateTime, Iri, OneOrMany, Text, Token, Uri


class Proof(Model):
    """An embedded proof; what its members must be is the business of its cryptosuite."""

    type: Iri
    created: DateTime | None = None
    cryptosuite: Token | None = None
    challenge: Token | None = None
    domain: Token | None = None
    nonce: Token | None = None
    proof_purpose: Token | None = None
    proof_value: Token | None = None
    verification_method: Uri | None = None


class CredentialSchema(Model):
    """A schema that the credential claims to keep to."""

    id: Uri
    type: Iri


class CredentialStatus(Model):
    """Where the credential's status is kept."""

    id: Uri | None = None
    type: Iri


class RefreshService(Model):
    """Where a newer form of the credential can be had."""

    id: Uri
    type: Iri


class TermsOfUse(Model):
    """The terms on which the credential was issued."""

    id: Uri | None = None
    type: Iri


class Evidence(Model):
    """A piece of work, or a page about it, that the claims rest on."""

    id: Uri | None = None
    type: Annotated[tuple[Iri, ...], includes("Evidence")] = ("Evidence",)
    narrative: Text | None = None
    name: Text | None = None
    description: Text | None = None
    genre: Text | None = None
    audience: Text | None = None


class CredentialParts(Model):
    """The optional members of every credential, in either version of the data model."""

    proof: OneOrMany[Proof] | None = None
    credential_schema: OneOrMany[CredentialSchema] | None = None
    credential_status: CredentialStatus | None = None
    refresh_service: RefreshService | None = None
    terms_of_use: OneOrMany[TermsOfUse] | None = None
    evidence: OneOrMany[Evidence] | None = None
