"""The base of the verifier's tables."""

from typing import ClassVar

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from intaglio.server.tables import NAMING


class Table(SQLModel):
    """A table of the verifier."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)
