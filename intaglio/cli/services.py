"""Services, by name. Nothing here imports a service or a server: they are named by string, and loaded when a command runs."""

import argparse
import importlib
from typing import Any

SERVICES = ("issuer", "wallet", "verifier")
ALL = "all"


def add_service(parser: argparse.ArgumentParser, *, or_all: bool = False) -> None:
    """Add the argument that names a service, or with `or_all` every one of them."""
    choices = (*SERVICES, ALL) if or_all else SERVICES
    parser.add_argument("service", choices=choices, help="which service" + (", or all of them" if or_all else ""))


def services_of(options: argparse.Namespace) -> tuple[str, ...]:
    """Return the services that were named."""
    return SERVICES if options.service == ALL else (options.service,)


def call(entry: str, *arguments: Any, **named: Any) -> Any:
    """Call a function that is named as ``package.module:function``, and return what it does."""
    module, _, function = entry.partition(":")
    return getattr(importlib.import_module(module), function)(*arguments, **named)
