"""Settings of the verifier, beside those of every service."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from intaglio.server.settings import Settings
from intaglio.status.bitstring import MINIMUM_ENTRIES


class VerifierSettings(Settings):
    """What the verifier can be told."""

    service: ClassVar[str] = "verifier"
    default_port: ClassVar[int] = 8003
    registry_file: Path | None = Field(
        default=None,
        description="A JSON file of the issuers that you recognize, and the names that you know them by. "
        "It is read again when it changes.",
    )
    shortest_status_list: int = Field(
        default=MINIMUM_ENTRIES,
        ge=1,
        description="Accept lists of withdrawn badges from so many entries on. Some issuers use 100000.",
    )
