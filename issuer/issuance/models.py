"""The tables of awards: what was awarded to whom, its sealed copies, and its place in a published status list.

``AwardBatch`` (one press of the button) → ``Award`` (one learner) → ``SealedCopy`` (the school's, and the learner's one)
                                                               ↘ ``StatusEntry`` (one bit) → ``StatusList`` (published)
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import AutoString, Field

from intaglio.server.tables import moment
from issuer.tables import Table


class AwardState(StrEnum):
    """How far an award is."""

    WAITING = "waiting"
    """It stands; its seal is still to be made."""
    SEALED = "sealed"
    FAILED = "failed"
    """It could not be sealed; `Award.problem` says why. Somebody may have it tried again."""


class AwardStatus(StrEnum):
    """What an award is worth now. Where the list's purpose is ``suspension``, `REVOKED` is a pause that nothing ends."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class CopyKind(StrEnum):
    """For whom a copy was sealed."""

    SCHOOL = "school"
    LEARNER = "learner"
    """Bound to the key of the learner's wallet."""


class CopyForm(StrEnum):
    """In what form a copy was sealed."""

    LDP = "ldp"
    """JSON with a Data Integrity proof (``eddsa-rdfc-2022``)."""
    JWT = "jwt"
    """The compact VC-JWT of Open Badges (RS256)."""


class AwardBatch(Table, table=True):
    """One press of the button: an achievement for one learner or many.

    `press` is made with the form, so that sending the same form twice finds the same batch.
    """

    __tablename__ = "award_batches"
    __table_args__ = (UniqueConstraint("organization_id", "press"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    organization_id: UUID = Field(foreign_key="organizations.id")
    press: UUID
    version_id: UUID = Field(foreign_key="achievement_versions.id")
    class_id: UUID | None = Field(default=None, foreign_key="school_classes.id", index=True)
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id")
    """None where a machine awarded, with a key of the organization."""
    created_at: datetime = moment()


class Award(Table, table=True):
    """An achievement, awarded to one learner. The credential's id is ``urn:uuid:`` and this id, in all its copies.

    `occasion` counts from 1 the times that one achievement was awarded to one learner: the database itself refuses a second
    award that nobody meant.
    """

    __tablename__ = "awards"
    __table_args__ = (
        UniqueConstraint("achievement_id", "learner_id", "occasion"),
        UniqueConstraint("batch_id", "learner_id"),
        CheckConstraint("(state = 'failed') = (problem IS NOT NULL)", name="failed_says_why"),
        CheckConstraint("(state = 'sealed') = (sealed_at IS NOT NULL)", name="sealed_says_when"),
        Index("ix_awards_organization", "organization_id", "awarded_at"),
        Index("ix_awards_waiting", "batch_id", postgresql_where=text("state = 'waiting'")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    organization_id: UUID = Field(foreign_key="organizations.id")
    batch_id: UUID = Field(foreign_key="award_batches.id")
    achievement_id: UUID = Field(foreign_key="achievements.id")
    version_id: UUID = Field(foreign_key="achievement_versions.id", index=True)
    learner_id: UUID = Field(foreign_key="learners.id", index=True)
    occasion: int = 1
    subject_name: str
    """The learner's name as the school wrote it when it awarded."""
    results: list[dict[str, str]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    """Each with ``result_id`` and either ``level_id`` or ``value``, as the version describes them."""
    level: str = ""
    """The same in words, for lists: ``Proficient``."""
    narrative: str = ""
    evidence: list[dict[str, str]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    """Each with ``url``, ``name`` and ``description``; empty texts where there is nothing to say."""
    assessor_id: UUID | None = Field(default=None, foreign_key="staff.id")
    state: AwardState = Field(default=AwardState.WAITING, sa_type=AutoString)
    problem: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True))
    """``kind``, ``detail``, and ``pointer`` where there is a place to point at."""
    status: AwardStatus = Field(default=AwardStatus.VALID, sa_type=AutoString)
    awarded_at: datetime = moment()
    valid_until: datetime | None = moment(nullable=True)
    sealed_at: datetime | None = moment(nullable=True)

    @property
    def credential_id(self) -> str:
        """The id of the credential, in every copy."""
        return f"urn:uuid:{self.id}"


class SealedCopy(Table, table=True):
    """A signed document, kept as it was signed. One that `replaced_at` dates was sealed anew since."""

    __tablename__ = "sealed_copies"
    __table_args__ = (
        Index(
            "uq_sealed_copies_current",
            "award_id",
            "kind",
            "form",
            "holder_did",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
        CheckConstraint("(kind = 'learner') = (holder_did IS NOT NULL)", name="learner_has_did"),
        CheckConstraint("sha256 = sha256(document)", name="digest"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    award_id: UUID = Field(foreign_key="awards.id", index=True)
    kind: CopyKind = Field(sa_type=AutoString)
    form: CopyForm = Field(sa_type=AutoString)
    holder_did: str | None = None
    document: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sha256: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    key_id: UUID = Field(foreign_key="organization_keys.id", index=True)
    valid_from: datetime = moment()
    sealed_at: datetime = moment()
    replaced_at: datetime | None = moment(nullable=True)


class StatusList(Table, table=True):
    """A bit list of an organization, for one purpose. Its places are given out in the order of its `PlaceOrder`.

    `published` is the signed list, or None where something changed since: whoever asks next has it made anew.
    """

    __tablename__ = "status_lists"
    __table_args__ = (
        UniqueConstraint("organization_id", "purpose", "number"),
        CheckConstraint("used BETWEEN 0 AND length", name="used_fits"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    organization_id: UUID = Field(foreign_key="organizations.id")
    purpose: str
    """``revocation`` or ``suspension``."""
    number: int
    length: int
    used: int = 0
    """How many of its places are given out: so many of the first of its order."""
    published: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    etag: str | None = None
    key_id: UUID | None = Field(default=None, foreign_key="organization_keys.id")
    published_at: datetime | None = moment(nullable=True)
    expires_at: datetime | None = moment(nullable=True)
    """When `published` says that it is too old to rely on."""
    created_at: datetime = moment()


class PlaceOrder(Table, table=True):
    """The random order in which a list's places are given out. It is half a megabyte, and nobody needs it to read a list."""

    __tablename__ = "place_orders"
    __table_args__ = (CheckConstraint("mod(length(places), 4) = 0", name="whole_places"),)

    list_id: UUID = Field(foreign_key="status_lists.id", primary_key=True)
    places: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """All indexes once, each as 4 bytes, big-endian."""


class StatusEntry(Table, table=True):
    """A place in a status list, and the one credential whose status it tells."""

    __tablename__ = "status_entries"
    __table_args__ = (
        UniqueConstraint("credential_id", "purpose"),
        Index("ix_status_entries_set", "list_id", postgresql_where=text("is_set")),
    )

    list_id: UUID = Field(foreign_key="status_lists.id", primary_key=True)
    index: int = Field(primary_key=True)
    purpose: str
    credential_id: str
    award_id: UUID | None = Field(default=None, foreign_key="awards.id", unique=True)
    """None for a credential that is no award: one that a machine had sealed for an organization on trial."""
    is_set: bool = False


class StatusChange(Table, table=True):
    """That an award was withdrawn, paused or reinstated, and why. The reason never leaves the issuer."""

    __tablename__ = "status_changes"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    award_id: UUID = Field(foreign_key="awards.id", index=True)
    before: AwardStatus = Field(sa_type=AutoString)
    after: AwardStatus = Field(sa_type=AutoString)
    reason: str
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id")
    at: datetime = moment()
