"""What a service is put together from."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from fastapi import APIRouter, FastAPI
from sqlalchemy import MetaData

from intaglio.server.settings import Settings

Setup: TypeAlias = Callable[[FastAPI], None]
"""Puts what a feature shares between requests into ``app.state``; called once, when the service is made."""


@dataclass(frozen=True)
class Feature:
    """A folder of a service: its routes, templates (``pages/``), texts (``languages/*.po``) and what it sets up."""

    name: str
    folder: Path
    router: APIRouter
    setup: Setup | None = None

    @classmethod
    def of(cls, package: str, router: APIRouter, *, setup: Setup | None = None) -> "Feature":
        """Describe the feature that lives in a package, such as ``issuer.roster``; its name is the last part.

        Written at the end of the feature's ``routes.py`` (``FEATURE = Feature.of("issuer.roster", router)``).
        """
        file = importlib.import_module(package).__file__
        if file is None:
            raise ImportError(f"{package} has no folder")
        return cls(package.rpartition(".")[2], Path(file).parent, router, setup)


@dataclass(frozen=True)
class NavItem:
    """An entry of the navigation. `title` is translated when it is shown."""

    title: str
    path: str


@dataclass(frozen=True)
class Service:
    """A whole service. `title` is its name on pages; `folder` holds its ``static/`` and ``migrations/``."""

    name: str
    title: str
    folder: Path
    settings: Settings
    metadata: MetaData | None
    features: tuple[Feature, ...] = field(default=())
