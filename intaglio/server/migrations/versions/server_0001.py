"""The first tables of the server."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "server_0001"
down_revision = None
branch_labels = ("server",)
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "server_ceremonies",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_server_ceremonies")),
    )
    op.create_index(op.f("ix_server_ceremonies_expires_at"), "server_ceremonies", ["expires_at"], unique=False)
    op.create_table(
        "server_external_identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_external_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_server_external_identities_issuer_subject")),
    )
    op.create_index(
        op.f("ix_server_external_identities_account_id"), "server_external_identities", ["account_id"], unique=False
    )
    op.create_table(
        "server_invitations",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_server_invitations")),
    )
    op.create_index(op.f("ix_server_invitations_account_id"), "server_invitations", ["account_id"], unique=False)
    op.create_index(op.f("ix_server_invitations_expires_at"), "server_invitations", ["expires_at"], unique=False)
    op.create_table(
        "server_passkeys",
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("transports", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_server_passkeys")),
    )
    op.create_index(op.f("ix_server_passkeys_account_id"), "server_passkeys", ["account_id"], unique=False)
    op.create_table(
        "server_passwords",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_server_passwords")),
    )
    op.create_table(
        "server_rate_windows",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_server_rate_windows")),
    )
    op.create_index(op.f("ix_server_rate_windows_started_at"), "server_rate_windows", ["started_at"], unique=False)
    op.create_table(
        "server_sign_ins",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("method", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_server_sign_ins")),
    )
    op.create_index(op.f("ix_server_sign_ins_account_id"), "server_sign_ins", ["account_id"], unique=False)
    op.create_index(op.f("ix_server_sign_ins_expires_at"), "server_sign_ins", ["expires_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_server_sign_ins_expires_at"), table_name="server_sign_ins")
    op.drop_index(op.f("ix_server_sign_ins_account_id"), table_name="server_sign_ins")
    op.drop_table("server_sign_ins")
    op.drop_index(op.f("ix_server_rate_windows_started_at"), table_name="server_rate_windows")
    op.drop_table("server_rate_windows")
    op.drop_table("server_passwords")
    op.drop_index(op.f("ix_server_passkeys_account_id"), table_name="server_passkeys")
    op.drop_table("server_passkeys")
    op.drop_index(op.f("ix_server_invitations_expires_at"), table_name="server_invitations")
    op.drop_index(op.f("ix_server_invitations_account_id"), table_name="server_invitations")
    op.drop_table("server_invitations")
    op.drop_index(op.f("ix_server_external_identities_account_id"), table_name="server_external_identities")
    op.drop_table("server_external_identities")
    op.drop_index(op.f("ix_server_ceremonies_expires_at"), table_name="server_ceremonies")
    op.drop_table("server_ceremonies")
