"""What the wallet reaches the world by: a door to the network, documents looked up by it, and the issuers it knows by name."""

from dataclasses import dataclass

from fastapi import FastAPI, Request

from intaglio.documents import parse_object
from intaglio.errors import MalformedInput
from intaglio.fetch.messages import Sender
from intaglio.fetch.source import Source
from intaglio.server.outside import network_of, source_of
from intaglio.verification.policy import Registry
from wallet.settings import WalletSettings

_MAX_REGISTRY = 10 * 1024 * 1024


@dataclass(frozen=True)
class Means:
    """The means of one request. `source` remembers what it looked up, so it is made anew for each."""

    sender: Sender
    source: Source
    registry: Registry | None


def means_of(request: Request) -> Means:
    """Return the means for the request that is being answered."""
    settings: WalletSettings = request.app.state.settings
    return Means(network_of(settings), source_of(settings), registry_of(request))


def registry_of(request: Request) -> Registry | None:
    """Return the issuers that the wallet knows by name."""
    registry: Registry | None = request.app.state.registry
    return registry


def set_up(app: FastAPI) -> None:
    """Read the registry, once.

    :raises MalformedInput: ``bad-registry``
    """
    path = app.state.settings.registry_file
    app.state.registry = None
    if path is not None:
        try:
            document = parse_object(path.read_bytes(), max_bytes=_MAX_REGISTRY)
        except OSError as error:
            raise MalformedInput("bad-registry", f"{path}: {error.strerror}.") from None
        app.state.registry = Registry.from_json(document)
