"""Write a service's first migration anew from its models. For use until the first release, after which migrations are added.

``python -m tools.first_migration server|issuer|wallet|verifier``
"""

import importlib
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path

import sqlalchemy
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext

from intaglio.server.postgres.embedded import Embedded

_HEAD = '''"""The first tables of the {name}."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "{name}_0001"
down_revision = None
branch_labels = ("{name}",)
depends_on = None


def upgrade() -> None:
    """Make them."""
    {up}


def downgrade() -> None:
    """Drop them."""
    {down}
'''


def main(name: str) -> None:
    """Write the migration of one service, or of what all share."""
    metadata = _metadata(name)
    with tempfile.TemporaryDirectory(prefix="migration") as folder, Embedded(Path(folder), durable=False) as server:
        engine = sqlalchemy.create_engine(server.ensure_database("first"))
        with engine.connect() as connection:
            script = produce_migrations(MigrationContext.configure(connection), metadata)
            up, down = (render_python_code(ops) for ops in (script.upgrade_ops, script.downgrade_ops))
        engine.dispose()
    target = _folder(name) / f"{name}_0001.py"
    target.parent.mkdir(exist_ok=True)
    target.write_text(_HEAD.format(name=name, up=_tidy(up), down=_tidy(down)))
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", target], check=True)  # noqa: S603 - our own tool
    print(target)


def _tidy(code: str) -> str:
    lines = [line for line in code.splitlines() if not line.strip().startswith("#")]
    return "\n".join(lines).replace("astext_type=Text()", "").replace(", )", ")").strip()


def _metadata(name: str) -> sqlalchemy.MetaData:
    if name == "server":
        return importlib.import_module("intaglio.server.tables").ServerTable.metadata
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, f"{name}."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    return importlib.import_module(f"{name}.tables").Table.metadata


def _folder(name: str) -> Path:
    root = Path(__file__).parent.parent
    return root / "intaglio" / "server" / "migrations" / "versions" if name == "server" else root / name / "migrations"


if __name__ == "__main__":
    main(sys.argv[1])
