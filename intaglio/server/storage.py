"""Where a service's database is: the PostgreSQL that the settings name, or an embedded one in the data folder."""

from collections.abc import Iterator
from contextlib import contextmanager

from intaglio.server.postgres.embedded import Embedded
from intaglio.server.settings import Settings


@contextmanager
def open_database(settings: Settings) -> Iterator[str]:
    """Yield the URL of a service's database. An embedded server runs for as long as anybody holds it."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with Embedded(settings.data_folder / "postgres") as server:
        yield server.ensure_database(settings.service)
