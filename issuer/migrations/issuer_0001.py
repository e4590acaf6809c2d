"""The first tables of the issuer."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "issuer_0001"
down_revision = None
branch_labels = ("issuer",)
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "achievement_images",
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("media_type", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("digest = encode(sha256(content), 'hex')", name=op.f("ck_achievement_images_digest")),
        sa.CheckConstraint(
            "media_type IN ('image/png', 'image/jpeg', 'image/svg+xml')", name=op.f("ck_achievement_images_media_type")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_achievement_images")),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("url", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("image", sa.LargeBinary(), nullable=True),
        sa.Column("image_type", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("sourced_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("seals_tokens", sa.Boolean(), nullable=False),
        sa.Column("asks_parents", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organizations.id"], name=op.f("fk_organizations_parent_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("slug", name=op.f("uq_organizations_slug")),
    )
    op.create_index(op.f("ix_organizations_parent_id"), "organizations", ["parent_id"], unique=False)
    op.create_index(op.f("ix_organizations_sourced_id"), "organizations", ["sourced_id"], unique=False)
    op.create_table(
        "spent_nonces",
        sa.Column("nonce_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nonce_hash", name=op.f("pk_spent_nonces")),
    )
    op.create_index(op.f("ix_spent_nonces_expires_at"), "spent_nonces", ["expires_at"], unique=False)
    op.create_table(
        "academic_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("sourced_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organizations.id"], name=op.f("fk_academic_sessions_district_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_academic_sessions")),
        sa.UniqueConstraint("district_id", "sourced_id", name=op.f("uq_academic_sessions_district_id_sourced_id")),
    )
    op.create_table(
        "achievements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "code ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(code) <= 60", name=op.f("ck_achievements_code_form")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_achievements_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievements")),
        sa.UniqueConstraint("organization_id", "code", name=op.f("uq_achievements_organization_id_code")),
    )
    op.create_index(op.f("ix_achievements_organization_id"), "achievements", ["organization_id"], unique=False)
    op.create_table(
        "courses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("sourced_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organizations.id"], name=op.f("fk_courses_district_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("district_id", "sourced_id", name=op.f("uq_courses_district_id_sourced_id")),
    )
    op.create_table(
        "learners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("sourced_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("given_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("family_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("preferred_name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("preferred_family_name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("middle_name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("grade", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("username", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organizations.id"], name=op.f("fk_learners_district_id_organizations")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["organizations.id"], name=op.f("fk_learners_school_id_organizations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learners")),
        sa.UniqueConstraint("district_id", "sourced_id", name=op.f("uq_learners_district_id_sourced_id")),
    )
    op.create_index(
        "ix_learners_lower_email", "learners", ["district_id", sa.literal_column("lower(email)")], unique=False
    )
    op.create_index("ix_learners_names", "learners", ["district_id", "family_name", "given_name"], unique=False)
    op.create_index(op.f("ix_learners_school_id"), "learners", ["school_id"], unique=False)
    op.create_table(
        "organization_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("uri", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("fragment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("algorithm", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("public_jwk", postgresql.JSONB(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("door", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_organization_keys_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_keys")),
        sa.UniqueConstraint("organization_id", "fragment", name=op.f("uq_organization_keys_organization_id_fragment")),
    )
    op.create_index(
        op.f("ix_organization_keys_organization_id"), "organization_keys", ["organization_id"], unique=False
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["origin_id"], ["organizations.id"], name=op.f("fk_staff_origin_id_organizations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "achievement_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        sa.Column("image_digest", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("jsonb_typeof(definition) = 'object'", name=op.f("ck_achievement_versions_definition")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_achievement_versions_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievements.id"], name=op.f("fk_achievement_versions_achievement_id_achievements")
        ),
        sa.ForeignKeyConstraint(
            ["image_digest"],
            ["achievement_images.digest"],
            name=op.f("fk_achievement_versions_image_digest_achievement_images"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_achievement_versions")),
        sa.UniqueConstraint("achievement_id", "number", name=op.f("uq_achievement_versions_achievement_id_number")),
    )
    op.create_index(
        "ix_achievement_versions_one_draft",
        "achievement_versions",
        ["achievement_id"],
        unique=True,
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_api_keys_created_by_staff")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_api_keys_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    op.create_index(op.f("ix_api_keys_organization_id"), "api_keys", ["organization_id"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_audit_entries_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_entries_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_organization_id"), "audit_entries", ["organization_id"], unique=False)
    op.create_table(
        "claim_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_claim_codes_learner_id_learners")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_claim_codes_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["claim_codes.id"], name=op.f("fk_claim_codes_replaced_by_claim_codes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_claim_codes_code_hash")),
    )
    op.create_index(op.f("ix_claim_codes_learner_id"), "claim_codes", ["learner_id"], unique=False)
    op.create_index(op.f("ix_claim_codes_organization_id"), "claim_codes", ["organization_id"], unique=False)
    op.create_table(
        "door_instances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("identifier", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("purpose", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('revocation', 'suspension')", name=op.f("ck_door_instances_purpose")),
        sa.CheckConstraint(
            "form IS NOT NULL OR purpose IS NULL", name=op.f("ck_door_instances_status_of_what_it_seals")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_door_instances_created_by_staff")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_door_instances_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_instances")),
        sa.UniqueConstraint("slug", name=op.f("uq_door_instances_slug")),
    )
    op.create_index(op.f("ix_door_instances_organization_id"), "door_instances", ["organization_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_memberships_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_memberships_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_organization_id"), "memberships", ["organization_id"], unique=False)
    op.create_index(op.f("ix_memberships_staff_id"), "memberships", ["staff_id"], unique=False)
    op.create_index(
        "uq_memberships_current",
        "memberships",
        ["staff_id", "organization_id", "role"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "roster_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("rows", postgresql.JSONB(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("findings_left_out", sa.Integer(), nullable=False),
        sa.Column("skipped_rows", sa.Integer(), nullable=False),
        sa.Column("changes", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'checked') = (content IS NOT NULL)", name=op.f("ck_roster_imports_content_until_decided")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organizations.id"], name=op.f("fk_roster_imports_district_id_organizations")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["staff.id"], name=op.f("fk_roster_imports_uploaded_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_imports")),
    )
    op.create_index("ix_roster_imports_district", "roster_imports", ["district_id", "created_at"], unique=False)
    op.create_index(op.f("ix_roster_imports_expires_at"), "roster_imports", ["expires_at"], unique=False)
    op.create_table(
        "roster_teachers",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organizations.id"], name=op.f("fk_roster_teachers_district_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["organizations.id"], name=op.f("fk_roster_teachers_school_id_organizations")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_roster_teachers_staff_id_staff")),
        sa.PrimaryKeyConstraint("district_id", "staff_id", "school_id", name=op.f("pk_roster_teachers")),
    )
    op.create_table(
        "school_classes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("sourced_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("terms", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_school_classes_course_id_courses")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organizations.id"], name=op.f("fk_school_classes_district_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["organizations.id"], name=op.f("fk_school_classes_school_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_classes")),
        sa.UniqueConstraint("district_id", "sourced_id", name=op.f("uq_school_classes_district_id_sourced_id")),
    )
    op.create_index(op.f("ix_school_classes_course_id"), "school_classes", ["course_id"], unique=False)
    op.create_index(op.f("ix_school_classes_school_id"), "school_classes", ["school_id"], unique=False)
    op.create_table(
        "status_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("published", sa.LargeBinary(), nullable=True),
        sa.Column("etag", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("used BETWEEN 0 AND length", name=op.f("ck_status_lists_used_fits")),
        sa.ForeignKeyConstraint(
            ["key_id"], ["organization_keys.id"], name=op.f("fk_status_lists_key_id_organization_keys")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_status_lists_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_lists")),
        sa.UniqueConstraint(
            "organization_id", "purpose", "number", name=op.f("uq_status_lists_organization_id_purpose_number")
        ),
    )
    op.create_table(
        "access_grants",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim_codes.id"], name=op.f("fk_access_grants_claim_id_claim_codes")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_access_grants_organization_id_organizations")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_access_grants")),
    )
    op.create_index(op.f("ix_access_grants_claim_id"), "access_grants", ["claim_id"], unique=False)
    op.create_index(op.f("ix_access_grants_expires_at"), "access_grants", ["expires_at"], unique=False)
    op.create_table(
        "award_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("press", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["school_classes.id"], name=op.f("fk_award_batches_class_id_school_classes")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_award_batches_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_award_batches_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["achievement_versions.id"], name=op.f("fk_award_batches_version_id_achievement_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_batches")),
        sa.UniqueConstraint("organization_id", "press", name=op.f("uq_award_batches_organization_id_press")),
    )
    op.create_index(op.f("ix_award_batches_class_id"), "award_batches", ["class_id"], unique=False)
    op.create_table(
        "door_credentials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["door_instances.id"], name=op.f("fk_door_credentials_instance_id_door_instances")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_credentials")),
        sa.UniqueConstraint("instance_id", "credential_id", name=op.f("uq_door_credentials_instance_id_credential_id")),
    )
    op.create_table(
        "enrollments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("sourced_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(role = 'student') = (learner_id IS NOT NULL)", name=op.f("ck_enrollments_student_is_learner")
        ),
        sa.CheckConstraint("(role = 'teacher') = (staff_id IS NOT NULL)", name=op.f("ck_enrollments_teacher_is_staff")),
        sa.ForeignKeyConstraint(
            ["class_id"], ["school_classes.id"], name=op.f("fk_enrollments_class_id_school_classes")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["organizations.id"], name=op.f("fk_enrollments_district_id_organizations")
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_enrollments_learner_id_learners")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_enrollments_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollments")),
        sa.UniqueConstraint("district_id", "sourced_id", name=op.f("uq_enrollments_district_id_sourced_id")),
    )
    op.create_index(op.f("ix_enrollments_class_id"), "enrollments", ["class_id"], unique=False)
    op.create_index(op.f("ix_enrollments_learner_id"), "enrollments", ["learner_id"], unique=False)
    op.create_index(op.f("ix_enrollments_staff_id"), "enrollments", ["staff_id"], unique=False)
    op.create_table(
        "handouts",
        sa.Column("notification_hash", sa.LargeBinary(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("award_ids", postgresql.JSONB(), nullable=False),
        sa.Column("holder_did", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim_codes.id"], name=op.f("fk_handouts_claim_id_claim_codes")),
        sa.PrimaryKeyConstraint("notification_hash", name=op.f("pk_handouts")),
    )
    op.create_index(op.f("ix_handouts_claim_id"), "handouts", ["claim_id"], unique=False)
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("error", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim_codes.id"], name=op.f("fk_mails_claim_id_claim_codes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_mails_claim_id")),
    )
    op.create_table(
        "place_orders",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("mod(length(places), 4) = 0", name=op.f("ck_place_orders_whole_places")),
        sa.ForeignKeyConstraint(["list_id"], ["status_lists.id"], name=op.f("fk_place_orders_list_id_status_lists")),
        sa.PrimaryKeyConstraint("list_id", name=op.f("pk_place_orders")),
    )
    op.create_table(
        "roster_findings",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("severity", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("file", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("column_name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("parameters", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["roster_imports.id"],
            name=op.f("fk_roster_findings_import_id_roster_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_roster_findings")),
    )
    op.create_table(
        "awards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.Integer(), nullable=False),
        sa.Column("subject_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("results", postgresql.JSONB(), nullable=False),
        sa.Column("level", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("narrative", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("problem", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'failed') = (problem IS NOT NULL)", name=op.f("ck_awards_failed_says_why")),
        sa.CheckConstraint("(state = 'sealed') = (sealed_at IS NOT NULL)", name=op.f("ck_awards_sealed_says_when")),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievements.id"], name=op.f("fk_awards_achievement_id_achievements")
        ),
        sa.ForeignKeyConstraint(["assessor_id"], ["staff.id"], name=op.f("fk_awards_assessor_id_staff")),
        sa.ForeignKeyConstraint(["batch_id"], ["award_batches.id"], name=op.f("fk_awards_batch_id_award_batches")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_awards_learner_id_learners")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_awards_organization_id_organizations")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["achievement_versions.id"], name=op.f("fk_awards_version_id_achievement_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
        sa.UniqueConstraint(
            "achievement_id", "learner_id", "occasion", name=op.f("uq_awards_achievement_id_learner_id_occasion")
        ),
        sa.UniqueConstraint("batch_id", "learner_id", name=op.f("uq_awards_batch_id_learner_id")),
    )
    op.create_index(op.f("ix_awards_learner_id"), "awards", ["learner_id"], unique=False)
    op.create_index("ix_awards_organization", "awards", ["organization_id", "awarded_at"], unique=False)
    op.create_index(op.f("ix_awards_version_id"), "awards", ["version_id"], unique=False)
    op.create_index(
        "ix_awards_waiting", "awards", ["batch_id"], unique=False, postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_table(
        "claim_items",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_claim_items_award_id_awards")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim_codes.id"], name=op.f("fk_claim_items_claim_id_claim_codes")),
        sa.PrimaryKeyConstraint("claim_id", "award_id", name=op.f("pk_claim_items")),
    )
    op.create_index(op.f("ix_claim_items_award_id"), "claim_items", ["award_id"], unique=False)
    op.create_table(
        "sealed_copies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("holder_did", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'learner') = (holder_did IS NOT NULL)", name=op.f("ck_sealed_copies_learner_has_did")
        ),
        sa.CheckConstraint("sha256 = sha256(document)", name=op.f("ck_sealed_copies_digest")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_sealed_copies_award_id_awards")),
        sa.ForeignKeyConstraint(
            ["key_id"], ["organization_keys.id"], name=op.f("fk_sealed_copies_key_id_organization_keys")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_copies")),
    )
    op.create_index(op.f("ix_sealed_copies_award_id"), "sealed_copies", ["award_id"], unique=False)
    op.create_index(op.f("ix_sealed_copies_key_id"), "sealed_copies", ["key_id"], unique=False)
    op.create_index(
        "uq_sealed_copies_current",
        "sealed_copies",
        ["award_id", "kind", "form", "holder_did"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "status_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("before", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("after", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_status_changes_award_id_awards")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_status_changes_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_changes")),
    )
    op.create_index(op.f("ix_status_changes_award_id"), "status_changes", ["award_id"], unique=False)
    op.create_table(
        "status_entries",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("purpose", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("credential_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=True),
        sa.Column("is_set", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_status_entries_award_id_awards")),
        sa.ForeignKeyConstraint(["list_id"], ["status_lists.id"], name=op.f("fk_status_entries_list_id_status_lists")),
        sa.PrimaryKeyConstraint("list_id", "index", name=op.f("pk_status_entries")),
        sa.UniqueConstraint("award_id", name=op.f("uq_status_entries_award_id")),
        sa.UniqueConstraint("credential_id", "purpose", name=op.f("uq_status_entries_credential_id_purpose")),
    )
    op.create_index(
        "ix_status_entries_set", "status_entries", ["list_id"], unique=False, postgresql_where=sa.text("is_set")
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_status_entries_set", table_name="status_entries", postgresql_where=sa.text("is_set"))
    op.drop_table("status_entries")
    op.drop_index(op.f("ix_status_changes_award_id"), table_name="status_changes")
    op.drop_table("status_changes")
    op.drop_index(
        "uq_sealed_copies_current",
        table_name="sealed_copies",
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.drop_index(op.f("ix_sealed_copies_key_id"), table_name="sealed_copies")
    op.drop_index(op.f("ix_sealed_copies_award_id"), table_name="sealed_copies")
    op.drop_table("sealed_copies")
    op.drop_index(op.f("ix_claim_items_award_id"), table_name="claim_items")
    op.drop_table("claim_items")
    op.drop_index("ix_awards_waiting", table_name="awards", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index(op.f("ix_awards_version_id"), table_name="awards")
    op.drop_index("ix_awards_organization", table_name="awards")
    op.drop_index(op.f("ix_awards_learner_id"), table_name="awards")
    op.drop_table("awards")
    op.drop_table("roster_findings")
    op.drop_table("place_orders")
    op.drop_table("mails")
    op.drop_index(op.f("ix_handouts_claim_id"), table_name="handouts")
    op.drop_table("handouts")
    op.drop_index(op.f("ix_enrollments_staff_id"), table_name="enrollments")
    op.drop_index(op.f("ix_enrollments_learner_id"), table_name="enrollments")
    op.drop_index(op.f("ix_enrollments_class_id"), table_name="enrollments")
    op.drop_table("enrollments")
    op.drop_table("door_credentials")
    op.drop_index(op.f("ix_award_batches_class_id"), table_name="award_batches")
    op.drop_table("award_batches")
    op.drop_index(op.f("ix_access_grants_expires_at"), table_name="access_grants")
    op.drop_index(op.f("ix_access_grants_claim_id"), table_name="access_grants")
    op.drop_table("access_grants")
    op.drop_table("status_lists")
    op.drop_index(op.f("ix_school_classes_school_id"), table_name="school_classes")
    op.drop_index(op.f("ix_school_classes_course_id"), table_name="school_classes")
    op.drop_table("school_classes")
    op.drop_table("roster_teachers")
    op.drop_index(op.f("ix_roster_imports_expires_at"), table_name="roster_imports")
    op.drop_index("ix_roster_imports_district", table_name="roster_imports")
    op.drop_table("roster_imports")
    op.drop_index("uq_memberships_current", table_name="memberships", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index(op.f("ix_memberships_staff_id"), table_name="memberships")
    op.drop_index(op.f("ix_memberships_organization_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_door_instances_organization_id"), table_name="door_instances")
    op.drop_table("door_instances")
    op.drop_index(op.f("ix_claim_codes_organization_id"), table_name="claim_codes")
    op.drop_index(op.f("ix_claim_codes_learner_id"), table_name="claim_codes")
    op.drop_table("claim_codes")
    op.drop_index(op.f("ix_audit_entries_organization_id"), table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_index(op.f("ix_api_keys_organization_id"), table_name="api_keys")
    op.drop_table("api_keys")
    op.drop_index(
        "ix_achievement_versions_one_draft",
        table_name="achievement_versions",
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.drop_table("achievement_versions")
    op.drop_table("staff")
    op.drop_index(op.f("ix_organization_keys_organization_id"), table_name="organization_keys")
    op.drop_table("organization_keys")
    op.drop_index(op.f("ix_learners_school_id"), table_name="learners")
    op.drop_index("ix_learners_names", table_name="learners")
    op.drop_index("ix_learners_lower_email", table_name="learners")
    op.drop_table("learners")
    op.drop_table("courses")
    op.drop_index(op.f("ix_achievements_organization_id"), table_name="achievements")
    op.drop_table("achievements")
    op.drop_table("academic_sessions")
    op.drop_index(op.f("ix_spent_nonces_expires_at"), table_name="spent_nonces")
    op.drop_table("spent_nonces")
    op.drop_index(op.f("ix_organizations_sourced_id"), table_name="organizations")
    op.drop_index(op.f("ix_organizations_parent_id"), table_name="organizations")
    op.drop_table("organizations")
    op.drop_table("achievement_images")
