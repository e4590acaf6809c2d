"""Migrations with Alembic: the server's own tables and the service's, each a branch of its own."""

import importlib
from pathlib import Path

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from intaglio.errors import Unavailable
from intaglio.server.database import with_driver

_SERVER = Path(__file__).parent / "migrations"


def config_for(service: str, url: str | None = None) -> Config:
    """Return Alembic's configuration for a service (the name of its package)."""
    package = importlib.import_module(service)
    folders = [_SERVER / "versions", Path(str(package.__file__)).parent / "migrations"]
    config = Config()
    config.set_main_option("script_location", str(_SERVER).replace("%", "%%"))
    config.set_main_option("version_locations", "\n".join(str(folder).replace("%", "%%") for folder in folders))
    config.set_main_option("path_separator", "newline")
    config.attributes["url"] = url and with_driver(url)
    config.attributes["service"] = service
    return config


def upgrade(url: str, service: str) -> None:
    """Bring a database to the present version; what is there already stays. Two at once wait for each other."""
    command.upgrade(config_for(service, url), "heads")


def check_current(url: str, service: str) -> None:
    """Refuse a database of another version.

    :raises Unavailable: ``old-database``, ``no-database``
    """
    wanted = set(ScriptDirectory.from_config(config_for(service)).get_heads())
    engine = sqlalchemy.create_engine(with_driver(url))
    try:
        with engine.connect() as connection:
            present = set(MigrationContext.configure(connection).get_current_heads())
    except sqlalchemy.exc.OperationalError as error:
        raise Unavailable("no-database", f"{str(error.orig).splitlines()[0][:200]}.") from None
    finally:
        engine.dispose()
    if present != wanted:
        raise Unavailable("old-database", f"The database of the {service} is not at its present version.")
