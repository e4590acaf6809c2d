"""``docs/settings.md``, written from the settings themselves: ``python -m intaglio.server.settings_page`` prints it."""

import sys
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from intaglio.server.commands.config import settings_class
from intaglio.server.settings import Settings

SERVICES = ("issuer", "wallet", "verifier")

_HEAD = """\
# Settings

Each service reads its settings when it starts: from the environment, and where that says nothing, from the TOML file that
`INTAGLIO_CONFIG` names, in which each setting goes by its name without `INTAGLIO_` and in small letters (`port = 8001`). Options
of a command win over both. `intaglio config` shows what holds, and where it comes from. Lists are written as JSON in the
environment: `INTAGLIO_LANGUAGES='["en", "es"]'`. This page is written by `python -m intaglio.server.settings_page`.

Every service has a database, a secret and an address of its own; where several run on one machine, give each its own environment.
"""


def markdown() -> str:
    """Return the page."""
    parts = [_HEAD, _table("Every service", Settings, set())]
    shared = set(Settings.model_fields)
    for service in SERVICES:
        found = settings_class(service)
        if set(found.model_fields) - shared:
            parts.append(_table(f"The {service} alone", found, shared))
    ports = ", ".join(f"{service} {settings_class(service).default_port}" for service in SERVICES)
    parts.append(f"The services' own ports: {ports}.\n")
    return "\n".join(parts)


def _table(title: str, settings: type[Settings], without: set[str]) -> str:
    rows = [
        f"| `INTAGLIO_{name.upper()}` | {field.description} | {_default(field)} |"
        for name, field in settings.model_fields.items()
        if name not in without
    ]
    return "\n".join([f"## {title}", "", "| setting | what it says | default |", "|---|---|---|", *rows, ""])


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or (value in ("", 0, ()) and not isinstance(value, bool)) or isinstance(value, SecretStr):
        return ""
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if isinstance(value, tuple):
        return f"`{', '.join(map(str, value))}`"
    return f"`{value.as_posix() if isinstance(value, Path) else value}`"


if __name__ == "__main__":
    sys.stdout.write(markdown())
