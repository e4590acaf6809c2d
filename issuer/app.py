"""The issuer, put together."""

from pathlib import Path

from fastapi import FastAPI

from intaglio.server.app import create
from intaglio.server.clock import Clock, system_clock
from intaglio.server.features import Service
from intaglio.server.languages import mark
from intaglio.server.signing_in.routes import sign_in_feature
from issuer.achievements.routes import FEATURE as ACHIEVEMENTS
from issuer.delivery.routes import FEATURE as DELIVERY
from issuer.doors.routes import FEATURE as DOORS
from issuer.exchange.routes import FEATURE as EXCHANGE
from issuer.issuance.routes import FEATURE as ISSUANCE
from issuer.organizations.accounts import StaffAccounts
from issuer.organizations.routes import FEATURE as ORGANIZATIONS
from issuer.roster.import_routes import UPLOAD_LIMIT, UPLOAD_PATH
from issuer.roster.routes import FEATURE as ROSTER
from issuer.settings import IssuerSettings
from issuer.tables import Table

_BODY_LIMITS = {"/o/": 6 * 1024 * 1024, UPLOAD_PATH: UPLOAD_LIMIT, "/vc-api/": 1024 * 1024}
"""Bytes of a request by the beginning of its path: pages of staff take pictures, and rosters have a path of their own."""


def create_app(settings: IssuerSettings | None = None, *, clock: Clock = system_clock) -> FastAPI:
    """Return the issuer. Without settings they are read from the environment."""
    service = Service(
        name="issuer",
        title=mark("Intaglio for schools"),
        folder=Path(__file__).parent,
        settings=settings or IssuerSettings(),
        metadata=Table.metadata,
        features=(
            sign_in_feature(StaffAccounts()),
            ORGANIZATIONS,
            ACHIEVEMENTS,
            ROSTER,
            ISSUANCE,
            DELIVERY,
            EXCHANGE,
            DOORS,
        ),
    )
    return create(service, clock=clock, body_limits=_BODY_LIMITS)
