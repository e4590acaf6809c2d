"""Settings of the wallet, beside those of every service."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from intaglio.server.settings import Settings


class WalletSettings(Settings):
    """What the wallet can be told."""

    service: ClassVar[str] = "wallet"
    default_port: ClassVar[int] = 8002

    wrapping_key_uri: str = Field(
        default="",
        description="The key that learners' data keys are encrypted with: file:PATH to 32 random bytes, readable by the "
        "service alone. Without it nobody's badges can be read. Default: made once, kept in the data folder.",
    )
    previous_wrapping_key_uris: tuple[str, ...] = Field(
        default=(), description="Wrapping keys from before, for as long as something is still encrypted with them."
    )
    verifier_url: str = Field(
        default="http://localhost:8003", description="The verifier that shared badges are checked at."
    )
    registry_file: Path | None = Field(
        default=None,
        description="A file of the issuers that are known by name, as JSON: {“issuers”: {“did:web:…”: {“name”: “…”}}}. "
        "Others are shown as not known yet.",
    )
    share_days: int = Field(
        default=60, ge=1, le=366, description="Days until a shared link ends, unless its owner says."
    )
    status_hours: int = Field(
        default=24, ge=1, le=24 * 30, description="Hours after which a badge's standing is asked for again."
    )
    parents_agree_to_sharing: bool = Field(
        default=False,
        description="Learners under 18 share nothing without a parent's consent. It cannot be given here yet, so for now "
        "they do not share at all.",
    )
