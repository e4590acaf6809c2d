"""The database itself refuses to change what was published of an achievement."""

from alembic import op

revision = "issuer_0002"
down_revision = "issuer_0001"
branch_labels = None
depends_on = None

_UP = """
CREATE FUNCTION achievement_version_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was published of an achievement never changes'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER achievement_version_is_final BEFORE UPDATE OR DELETE ON achievement_versions
  FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION achievement_version_is_final();
CREATE TRIGGER achievement_versions_are_final BEFORE TRUNCATE ON achievement_versions
  FOR EACH STATEMENT EXECUTE FUNCTION achievement_version_is_final();
CREATE TRIGGER achievement_image_is_final BEFORE UPDATE ON achievement_images
  FOR EACH ROW EXECUTE FUNCTION achievement_version_is_final();
"""
_DOWN = """
DROP TRIGGER achievement_image_is_final ON achievement_images;
DROP TRIGGER achievement_versions_are_final ON achievement_versions;
DROP TRIGGER achievement_version_is_final ON achievement_versions;
DROP FUNCTION achievement_version_is_final();
"""


def upgrade() -> None:
    """Add the triggers."""
    op.execute(_UP)


def downgrade() -> None:
    """Drop them."""
    op.execute(_DOWN)
