"""What every test may ask for."""

import os
from pathlib import Path

import pytest

VECTORS = Path(os.environ.get("INTAGLIO_VECTORS", Path(__file__).parents[2] / "shared" / "vectors"))
STANDARDS = VECTORS.parent / "standards"


@pytest.fixture(scope="session")
def vectors() -> Path:
    """Return the folder of published test vectors, or skip the test."""
    if not VECTORS.is_dir():
        pytest.skip(f"no test vectors at {VECTORS}: name their folder by INTAGLIO_VECTORS")
    return VECTORS
