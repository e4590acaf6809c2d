"""The services of these tests, each made once for all of them: who changes something works on a copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from issuer.app import create_app as create_issuer
from issuer.settings import IssuerSettings
from tests.access.issuer_world import fill_issuer
from tests.access.standing import Standing, standing
from tests.access.verifier_world import fill_verifier
from tests.access.wallet_world import fill_wallet
from tests.database import Cluster
from tests.services import SECRET
from tests.verification.builders import AT as WHEN_CHECKED
from tests.wallet.school import AT, open_school
from verifier.app import create_app as create_verifier
from verifier.settings import VerifierSettings
from wallet.app import create_app as create_wallet
from wallet.settings import WalletSettings


@pytest.fixture(scope="package")
def schools(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Return an issuer with two districts."""
    with standing("issuer", postgres, tmp_path_factory.mktemp("issuer"), fill_issuer) as found:
        yield found


@pytest.fixture(scope="package")
def learners(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Return a wallet with three learners, and a school that it can reach."""
    folder = tmp_path_factory.mktemp("wallet")
    with (
        open_school() as school,
        standing(
            "wallet", postgres, folder, lambda wallet: fill_wallet(wallet, school), now=AT, allow_http_loopback=True
        ) as found,
    ):
        yield found


@pytest.fixture(scope="package")
def readers(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Return a verifier."""
    folder = tmp_path_factory.mktemp("verifier")
    with standing("verifier", postgres, folder, fill_verifier, now=WHEN_CHECKED) as found:
        yield found


@pytest.fixture(scope="package")
def apps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FastAPI]:
    """Return the services' applications by name, put together and not started."""
    folder: Path = tmp_path_factory.mktemp("apps")
    given = {"data_folder": folder, "secret": SECRET}
    return {
        "issuer": create_issuer(IssuerSettings(**given, public_url="https://issuer.localhost")),
        "wallet": create_wallet(WalletSettings(**given, public_url="https://wallet.localhost")),
        "verifier": create_verifier(VerifierSettings(**given, public_url="https://verifier.localhost")),
    }
