"""The first tables of the verifier."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "verifier_0001"
down_revision = None
branch_labels = ("verifier",)
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "kept_results",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_kept_results")),
    )
    op.create_index(op.f("ix_kept_results_expires_at"), "kept_results", ["expires_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_kept_results_expires_at"), table_name="kept_results")
    op.drop_table("kept_results")
