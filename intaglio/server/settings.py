"""Settings of a service: from the environment (``INTAGLIO_…``), and below it from a TOML file that ``INTAGLIO_CONFIG`` names."""

import os
import re
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from intaglio.server.secrets import stored_secret

_CONFIG_VARIABLE = "INTAGLIO_CONFIG"
_ORIGIN = re.compile(r"https://[^/\s?#@]+|http://([a-z0-9-]+\.)*localhost(:[0-9]+)?|http://127\.0\.0\.1(:[0-9]+)?")


class Settings(BaseSettings):
    """What every service can be told. Each field's description stands in ``docs/settings.md``."""

    model_config = SettingsConfigDict(env_prefix="INTAGLIO_", extra="ignore", frozen=True)
    service: ClassVar[str]
    default_port: ClassVar[int]

    public_url: str = Field(
        default="",
        description="The address that people and other services reach this service by, without a path. "
        "Default: http://localhost with the service's port. It must be https anywhere but on localhost.",
    )
    host: str = Field(default="localhost", description="The address to listen on.")
    port: int = Field(default=0, ge=0, le=65535, description="The port to listen on. Default: the service's own.")
    data_folder: Path = Field(
        default=Path("intaglio-data"),
        description="Where keys, the secret and the embedded database live. Back it up, and keep it private.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="A PostgreSQL (15 or newer) for this service: postgresql://user:password@host/name. "
        "Default: an embedded server in the data folder.",
    )
    secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="What tokens in forms are derived from; the same on every machine of one service. "
        "Default: made once, kept in the data folder.",
    )
    languages: tuple[str, ...] = Field(default=("en", "es"), description="Languages to offer, the default first.")
    time_zone: str = Field(default="UTC", description="The time zone of the times on pages, such as America/Denver.")
    session_hours: int = Field(default=12, ge=1, le=24 * 30, description="Hours until a sign-in ends by itself.")
    smtp_url: SecretStr | None = Field(
        default=None,
        description="The mail server: smtp://user:password@host:587 (STARTTLS is used where it is offered) "
        "or smtps://user:password@host:465. Without one, no mail is sent, and pages say so.",
    )
    mail_from: str = Field(default="Intaglio <intaglio@localhost>", description="The sender of mails.")
    trusted_proxies: tuple[str, ...] = Field(
        default=(), description="Addresses of reverse proxies whose X-Forwarded-For and -Proto are believed."
    )
    allow_http_loopback: bool = Field(
        default=False,
        description="Let documents be fetched from this very machine, over http too. For trying things out.",
    )
    ca_file: Path | None = Field(
        default=None, description="A PEM file of certificate authorities to trust beside the public ones."
    )
    with_worker: bool = Field(default=False, description="Run a worker for jobs inside the service's own process.")
    worker_silence: int = Field(
        default=30,
        ge=3,
        le=3600,
        description="Seconds without a sign of life after which a worker counts as dead, and others take its jobs over.",
    )
    log_format: str = Field(default="json", pattern="^(json|text)$", description="Lines of the log: json or text.")
    oidc_issuer: str | None = Field(default=None, description="The OpenID Connect provider that people sign in with.")
    oidc_client_id: str | None = Field(default=None, description="This service's client id there.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="This service's client secret there.")
    oidc_name: str = Field(default="School account", description="What the button of that sign-in says.")

    @field_validator("public_url")
    @classmethod
    def _check_origin(cls, url: str) -> str:
        # Passwords and cookies go there: whatever lies between a browser and a service must not read them.
        if url and not _ORIGIN.fullmatch(url.rstrip("/")):
            message = "an address such as https://badges.example, https anywhere but on localhost, without a path"
            raise ValueError(message)
        return url.rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the name is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: what is passed in, the environment, mounted secrets, the file."""
        sources = (init_settings, env_settings, file_secret_settings)
        path = os.environ.get(_CONFIG_VARIABLE)
        return (*sources, TomlConfigSettingsSource(settings_cls, toml_file=path)) if path else sources

    @property
    def listen_port(self) -> int:
        """The port to listen on."""
        return self.port or self.default_port

    @property
    def origin(self) -> str:
        """The public address, such as ``https://issuer.example``, without a slash at the end."""
        return self.public_url or f"http://localhost:{self.listen_port}"

    @cached_property
    def secret_bytes(self) -> bytes:
        """The secret that tokens in forms are derived from."""
        if self.secret is not None:
            return self.secret.get_secret_value().encode()
        return stored_secret(self.data_folder / f"{self.service}.secret")
