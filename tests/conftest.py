"""What every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.database import Cluster, empty_database, postgres
from tests.services import UnderTest, running

__all__ = ["empty_database", "postgres"]

VECTORS = Path(os.environ.get("INTAGLIO_VECTORS", Path(__file__).parents[2] / "shared" / "vectors"))
STANDARDS = VECTORS.parent / "standards"

# The same examples in every run: a test that fails must fail for everybody. The machine's speed is nobody's fault.
settings.register_profile("intaglio", deadline=None, derandomize=True, database=None)
settings.load_profile("intaglio")


@pytest.fixture(scope="session")
def vectors() -> Path:
    """Return the folder of published test vectors, or skip the test."""
    if not VECTORS.is_dir():
        pytest.skip(f"no test vectors at {VECTORS}: name their folder by INTAGLIO_VECTORS")
    return VECTORS


@pytest.fixture
def issuer(postgres: Cluster, tmp_path: Path) -> Iterator[UnderTest]:
    """Return a running issuer with nothing in it."""
    with running("issuer", postgres, tmp_path) as service:
        yield service


@pytest.fixture
def wallet(postgres: Cluster, tmp_path: Path) -> Iterator[UnderTest]:
    """Return a running wallet with nothing in it."""
    with running("wallet", postgres, tmp_path) as service:
        yield service


@pytest.fixture
def verifier(postgres: Cluster, tmp_path: Path) -> Iterator[UnderTest]:
    """Return a running verifier with nothing in it."""
    with running("verifier", postgres, tmp_path) as service:
        yield service
