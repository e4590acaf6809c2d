"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

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
