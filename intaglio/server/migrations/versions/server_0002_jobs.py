"""The tables of the jobs."""

from alembic import op

from intaglio.server.job_tables import procrastinate_drop_sql, procrastinate_schema_sql

revision = "server_0002"
down_revision = "server_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    _execute(procrastinate_schema_sql())


def downgrade() -> None:
    """Drop them."""
    _execute(procrastinate_drop_sql())


def _execute(script: str) -> None:
    # By the driver itself, and without parameters: the script is full of percent signs.
    op.get_bind().connection.cursor().execute(script)
