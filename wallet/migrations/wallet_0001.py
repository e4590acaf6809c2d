"""The first tables of the wallet."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "wallet_0001"
down_revision = None
branch_labels = ("wallet",)
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "holders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identifier_hash", sa.LargeBinary(), nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_profile", sa.LargeBinary(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("age_known_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minor_until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holders")),
        sa.UniqueConstraint("identifier_hash", name=op.f("uq_holders_identifier_hash")),
    )
    op.create_table(
        "service_keys",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_service_keys")),
    )
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_document", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_notice", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holders.id"], name=op.f("fk_arrivals_holder_id_holders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
    )
    op.create_index(op.f("ix_arrivals_expires_at"), "arrivals", ["expires_at"], unique=False)
    op.create_index(op.f("ix_arrivals_holder_id"), "arrivals", ["holder_id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("offer_digest", sa.LargeBinary(), nullable=False),
        sa.Column("link_digest", sa.LargeBinary(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed_state", sa.LargeBinary(), nullable=False),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holders.id"], name=op.f("fk_claims_holder_id_holders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("holder_id", "offer_digest", name=op.f("uq_claims_holder_id_offer_digest")),
    )
    op.create_index(op.f("ix_claims_expires_at"), "claims", ["expires_at"], unique=False)
    op.create_index(op.f("ix_claims_holder_id"), "claims", ["holder_id"], unique=False)
    op.create_index(op.f("ix_claims_link_digest"), "claims", ["link_digest"], unique=False)
    op.create_table(
        "holder_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("did", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("algorithm", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed_private_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holders.id"], name=op.f("fk_holder_keys_holder_id_holders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder_keys")),
        sa.UniqueConstraint("did", name=op.f("uq_holder_keys_did")),
    )
    op.create_index(op.f("ix_holder_keys_holder_id"), "holder_keys", ["holder_id"], unique=False)
    op.create_table(
        "holdings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("credential_digest", sa.LargeBinary(), nullable=False),
        sa.Column("document_digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_document", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_card", sa.LargeBinary(), nullable=False),
        sa.Column("standing", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed_finding", sa.LargeBinary(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holders.id"], name=op.f("fk_holdings_holder_id_holders"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["holdings.id"], name=op.f("fk_holdings_replaced_by_holdings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holdings")),
        sa.UniqueConstraint("holder_id", "document_digest", name=op.f("uq_holdings_holder_id_document_digest")),
    )
    op.create_index(op.f("ix_holdings_asked_at"), "holdings", ["asked_at"], unique=False)
    op.create_index(op.f("ix_holdings_holder_id"), "holdings", ["holder_id"], unique=False)
    op.create_index(op.f("ix_holdings_replaced_by"), "holdings", ["replaced_by"], unique=False)
    op.create_index("ix_holdings_twins", "holdings", ["holder_id", "credential_digest"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_request", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holders.id"], name=op.f("fk_notices_holder_id_holders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_holder_id"), "notices", ["holder_id"], unique=False)
    op.create_table(
        "shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_details", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holders.id"], name=op.f("fk_shares_holder_id_holders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_shares_token_hash")),
    )
    op.create_index(op.f("ix_shares_holder_id"), "shares", ["holder_id"], unique=False)
    op.create_table(
        "share_items",
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("holding_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["holding_id"], ["holdings.id"], name=op.f("fk_share_items_holding_id_holdings"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["share_id"], ["shares.id"], name=op.f("fk_share_items_share_id_shares"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("share_id", "holding_id", name=op.f("pk_share_items")),
    )
    op.create_index(op.f("ix_share_items_holding_id"), "share_items", ["holding_id"], unique=False)
    op.create_table(
        "share_openings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("share_id", sa.Uuid(), nullable=False),
        sa.Column("how", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["shares.id"], name=op.f("fk_share_openings_share_id_shares"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_openings")),
    )
    op.create_index(op.f("ix_share_openings_share_id"), "share_openings", ["share_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_share_openings_share_id"), table_name="share_openings")
    op.drop_table("share_openings")
    op.drop_index(op.f("ix_share_items_holding_id"), table_name="share_items")
    op.drop_table("share_items")
    op.drop_index(op.f("ix_shares_holder_id"), table_name="shares")
    op.drop_table("shares")
    op.drop_index(op.f("ix_notices_holder_id"), table_name="notices")
    op.drop_table("notices")
    op.drop_index("ix_holdings_twins", table_name="holdings")
    op.drop_index(op.f("ix_holdings_replaced_by"), table_name="holdings")
    op.drop_index(op.f("ix_holdings_holder_id"), table_name="holdings")
    op.drop_index(op.f("ix_holdings_asked_at"), table_name="holdings")
    op.drop_table("holdings")
    op.drop_index(op.f("ix_holder_keys_holder_id"), table_name="holder_keys")
    op.drop_table("holder_keys")
    op.drop_index(op.f("ix_claims_link_digest"), table_name="claims")
    op.drop_index(op.f("ix_claims_holder_id"), table_name="claims")
    op.drop_index(op.f("ix_claims_expires_at"), table_name="claims")
    op.drop_table("claims")
    op.drop_index(op.f("ix_arrivals_holder_id"), table_name="arrivals")
    op.drop_index(op.f("ix_arrivals_expires_at"), table_name="arrivals")
    op.drop_table("arrivals")
    op.drop_table("service_keys")
    op.drop_table("holders")
