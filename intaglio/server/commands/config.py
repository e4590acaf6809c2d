"""Settings by the name of a service: read, and shown without secrets."""

import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_settings import EnvSettingsSource, SettingsError, TomlConfigSettingsSource

from intaglio.errors import MalformedInput
from intaglio.server.settings import Settings

CONFIG_VARIABLE = "INTAGLIO_CONFIG"


def settings_class(service: str) -> type[Settings]:
    """Return the class of a service's settings."""
    found: type[Settings] = getattr(importlib.import_module(f"{service}.settings"), f"{service.capitalize()}Settings")
    return found


def read_settings(service: str, given: Mapping[str, Any] | None = None) -> Settings:
    """Return a service's settings. What is `given` wins over the environment, and that over the file.

    :raises MalformedInput: ``bad-settings``; the values, which may be secrets, are not repeated.
    """
    path = os.environ.get(CONFIG_VARIABLE)
    if path and not Path(path).is_file():
        raise MalformedInput("bad-settings", f"There is no file {path}, which {CONFIG_VARIABLE} names.")
    try:
        return settings_class(service)(**(given or {}))
    except ValidationError as error:
        found = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_input=False)
        )
        raise MalformedInput("bad-settings", f"{found}.") from None
    except SettingsError:
        raise MalformedInput("bad-settings", 'A list is not written as JSON, as in ["en", "es"].') from None
    except (OSError, ValueError) as error:  # the file, which is not TOML
        raise MalformedInput("bad-settings", f"{path}: {error}.") from None


def describe(service: str) -> list[tuple[str, str, str]]:
    """Return name, value and source of every setting.

    :raises MalformedInput: ``bad-settings``
    """
    settings = read_settings(service)
    sources = _sources(type(settings))
    rows = []
    for name in type(settings).model_fields:
        source = next((where for where, found in sources if name in found), "default")
        rows.append((f"INTAGLIO_{name.upper()}", _shown(getattr(settings, name)), source))
    return rows


def _sources(settings: type[Settings]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return what each source says, the strongest first."""
    sources: list[tuple[str, Mapping[str, Any]]] = [("environment", EnvSettingsSource(settings)())]
    path = os.environ.get(CONFIG_VARIABLE)
    if path:
        sources.append((path, TomlConfigSettingsSource(settings, toml_file=path)()))
    return sources


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        return "(set)"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
