"""A certificate authority for the servers of these tests, and a network that trusts it."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from intaglio.fetch.network import Network, NetworkSettings

HOST = "school.example"


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Return a private certificate authority."""
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return its certificate as a PEM file."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture(scope="session")
def tls_for(authority: trustme.CA) -> Callable[[str], ssl.SSLContext]:
    """Return what makes a server's TLS for a name."""

    def make(name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return context

    return make


@pytest.fixture(scope="session")
def tls(tls_for: Callable[[str], ssl.SSLContext]) -> ssl.SSLContext:
    """Return the TLS of `HOST`."""
    return tls_for(HOST)


@pytest.fixture
def network(ca_file: Path) -> Network:
    """Return a network in which every name is 127.0.0.1."""
    return local_network(ca_file)


def local_network(ca_file: Path, *, total_seconds: float = 10.0) -> Network:
    """Make one, with a limit on its time."""
    settings = NetworkSettings(total_seconds=total_seconds, allow_http_loopback=True, ca_file=ca_file)
    return Network(settings, resolver=lambda _host, _port: ["127.0.0.1"])
