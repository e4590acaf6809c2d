"""Databases, brought to the present version."""

from collections.abc import Iterator, Sequence

import sqlalchemy
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from intaglio.errors import MalformedInput, Unavailable
from intaglio.server import migrate
from intaglio.server.commands.config import read_settings
from intaglio.server.database import with_driver
from intaglio.server.settings import Settings
from intaglio.server.storage import open_database


def upgrade(services: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Bring the services' databases to the present version; yield each service and its version when it is done.

    :raises MalformedInput: ``bad-settings``
    :raises Unavailable: ``no-database``
    """
    for settings in _settings_of(services):
        with open_database(settings) as url:
            _versions_in(url)  # a server that does not answer is told in a sentence, not by the migration's traceback
            migrate.upgrade(url, settings.service)
            yield settings.service, ", ".join(_versions_in(url))


def current(services: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """Yield each service, the version of its database, and whether it is the present one.

    :raises MalformedInput: ``bad-settings``
    :raises Unavailable: ``no-database``
    """
    for settings in _settings_of(services):
        wanted = ScriptDirectory.from_config(migrate.config_for(settings.service)).get_heads()
        with open_database(settings) as url:
            found = _versions_in(url)
        yield settings.service, ", ".join(found), set(found) == set(wanted)


def _settings_of(services: Sequence[str]) -> list[Settings]:
    found = [read_settings(service) for service in services]
    if len(found) > 1 and any(settings.database_url for settings in found):
        raise MalformedInput(
            "bad-settings",
            "INTAGLIO_DATABASE_URL names one database, and each service has its own. Name one service at a time.",
        )
    return found


def _versions_in(url: str) -> tuple[str, ...]:
    engine = sqlalchemy.create_engine(with_driver(url))
    try:
        with engine.connect() as connection:
            return tuple(sorted(MigrationContext.configure(connection).get_current_heads()))
    except sqlalchemy.exc.OperationalError as error:
        raise Unavailable("no-database", f"{str(error.orig).splitlines()[0][:200]}.") from None
    finally:
        engine.dispose()
