"""The tables of achievements: what can be achieved, its versions, and the pictures on them.

What was awarded never changes: a version that was published is never written again. The service keeps to it, and a trigger
(``migrations/issuer_0002_final_versions.py``) holds everybody else to it, a hurried administrator at the database's own prompt
among them.
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


class AchievementState(StrEnum):
    """Where an achievement stands as a whole."""

    DRAFT = "draft"
    """Nothing was published yet: nobody can award it."""
    PUBLISHED = "published"
    """Its newest published version can be awarded; a draft of the next may exist."""
    RETIRED = "retired"
    """It is not awarded any more. What was awarded stays good."""


class Achievement(Table, table=True):
    """Something that can be achieved at an organization.

    `code` is how its people call it in lists and addresses (``utah-communication``): unique in the organization, and fixed.
    `name` is the name in the newest version, be it a draft, kept here for lists and searches.
    """

    __tablename__ = "achievements"
    __table_args__ = (
        UniqueConstraint("organization_id", "code"),
        CheckConstraint("code ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(code) <= 60", name="code_form"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    organization_id: UUID = Field(foreign_key="organizations.id", index=True)
    code: str
    name: str
    state: AchievementState = Field(default=AchievementState.DRAFT, sa_type=AutoString)
    created_at: datetime = moment()
    retired_at: datetime | None = moment(nullable=True)


class AchievementImage(Table, table=True):
    """A picture, named by what it is: versions and copies share it, and lists of versions do not carry it.

    `digest` is the SHA-256 of `content` in lower-case hexadecimal.
    """

    __tablename__ = "achievement_images"
    __table_args__ = (
        CheckConstraint("digest = encode(sha256(content), 'hex')", name="digest"),
        CheckConstraint("media_type IN ('image/png', 'image/jpeg', 'image/svg+xml')", name="media_type"),
    )

    digest: str = Field(primary_key=True)
    media_type: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AchievementVersion(Table, table=True):
    """One wording of an achievement. `id` is the last part of the public address that credentials name it by.

    `definition` is `issuer.achievements.definition.Definition.to_json()`. A version without `published_at` is the draft; there
    is one at most. `number` counts from 1.
    """

    __tablename__ = "achievement_versions"
    __table_args__ = (
        UniqueConstraint("achievement_id", "number"),
        CheckConstraint("number >= 1", name="counts_from_one"),
        CheckConstraint("jsonb_typeof(definition) = 'object'", name="definition"),
        Index(
            "ix_achievement_versions_one_draft",
            "achievement_id",
            unique=True,
            postgresql_where=text("published_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    achievement_id: UUID = Field(foreign_key="achievements.id")
    number: int
    definition: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    image_digest: str | None = Field(default=None, foreign_key="achievement_images.digest")
    edited_at: datetime = moment()
    published_at: datetime | None = moment(nullable=True)
