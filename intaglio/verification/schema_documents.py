"""Loading the schemas that strangers' credentials name, so many in one input and no more."""

from intaglio.errors import Unavailable
from intaglio.fetch.source import Source
from intaglio.openbadges.credential_schema import MAX_SCHEMA_BYTES

MAX_SCHEMAS = 16
"""For one input. Evaluating one may take a second, and a record of a thousand badges could name thousands."""
_MEDIA_TYPES = (
    "application/schema+json",
    "application/json",
    "application/ld+json",
    "text/plain",  # how the web sites of code repositories serve everything
)


class SchemaDocuments:
    """The schemas of one input."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._left = MAX_SCHEMAS

    def load(self, url: str) -> bytes:
        """Return the schema at `url`, as it was sent.

        :raises Unavailable: ``lookup-limit``, and as the source does.
        :raises MalformedInput: as the source does.
        """
        if self._left <= 0:
            raise Unavailable("lookup-limit", f"More than {MAX_SCHEMAS} schemas of issuers’ own are named.")
        self._left -= 1
        return self._source.get(url, accept=_MEDIA_TYPES, max_bytes=MAX_SCHEMA_BYTES).body
