"""Alembic asks here how to reach the database. It runs from `intaglio.server.migrate` alone, never from a file of settings."""

import sqlalchemy
from alembic import context

_LOCK = 0x494E5447  # "INTG": one migration at a time in one database
_attributes = context.config.attributes

engine = sqlalchemy.create_engine(_attributes["url"], poolclass=sqlalchemy.NullPool)
with engine.begin() as connection:
    connection.execute(sqlalchemy.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    context.configure(
        connection=connection,
        target_metadata=_attributes.get("metadata"),
        include_object=_attributes.get("include_object"),
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
