"""Settings of the issuer, beside those of every service."""

from typing import ClassVar

from pydantic import Field, SecretStr

from intaglio.server.settings import Settings


class IssuerSettings(Settings):
    """What the issuer can be told."""

    service: ClassVar[str] = "issuer"
    default_port: ClassVar[int] = 8001
    key_passphrase: SecretStr | None = Field(
        default=None,
        description="The passphrase that encrypts the key files. Default: files readable by this user alone.",
    )
    wallet_url: str = Field(
        default="http://localhost:8002", description="The address of the wallet that claim pages offer first."
    )
    claim_days: int = Field(
        default=90, ge=1, le=730, description="Days that a claim link works. The badge lasts longer."
    )
