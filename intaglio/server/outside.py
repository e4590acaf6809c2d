"""The services' way to the network: one door, under the reader's settings."""

from intaglio.fetch.loopback import LoopbackOverHttp
from intaglio.fetch.network import Network, NetworkSettings
from intaglio.fetch.source import Source
from intaglio.fetch.sources import Budget, Cached
from intaglio.server.settings import Settings


def network_of(settings: Settings) -> Network:
    """Return the door to the network."""
    return Network(NetworkSettings(allow_http_loopback=settings.allow_http_loopback, ca_file=settings.ca_file))


def source_of(settings: Settings) -> Source:
    """Return a source for one run of the verifier, bounded and remembering what it asked."""
    network: Source = network_of(settings)
    return Cached(Budget(LoopbackOverHttp(network) if settings.allow_http_loopback else network))
