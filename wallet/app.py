"""The wallet, put together."""

from pathlib import Path

from fastapi import FastAPI

from intaglio.server.app import create
from intaglio.server.clock import Clock, system_clock
from intaglio.server.features import Service
from intaglio.server.languages import mark
from intaglio.server.signing_in.routes import sign_in_feature
from wallet.exchange.routes import FEATURE as EXCHANGE
from wallet.holders.routes import FEATURE as HOLDERS
from wallet.holders.sign_in import LearnerAccounts
from wallet.holders.wrapping import Keyring
from wallet.holdings.checking import MAX_BYTES
from wallet.holdings.routes import FEATURE as HOLDINGS
from wallet.offline.routes import FEATURE as OFFLINE
from wallet.settings import WalletSettings
from wallet.sharing.routes import FEATURE as SHARING
from wallet.tables import Table

_FORM = 64 * 1024
"""What a form with a file has beside the file."""


def create_app(settings: WalletSettings | None = None, *, clock: Clock = system_clock) -> FastAPI:
    """Return the wallet. Without settings they are read from the environment."""
    chosen = settings or WalletSettings()
    accounts = LearnerAccounts(Keyring.of(chosen))
    signing_in = sign_in_feature(
        accounts, may_register=True, identifier="name", shortest_password=10, joins_external=False
    )
    service = Service(
        name="wallet",
        title=mark("My badges"),
        folder=Path(__file__).parent,
        settings=chosen,
        metadata=Table.metadata,
        features=(signing_in, HOLDERS, HOLDINGS, EXCHANGE, SHARING, OFFLINE),
    )
    return create(service, clock=clock, body_limits={"/add": MAX_BYTES + _FORM})
