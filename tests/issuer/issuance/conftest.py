"""A class with something to be awarded."""

import pytest

from tests.issuer.classroom import Classroom, classroom
from tests.services import UnderTest


@pytest.fixture
def room(issuer: UnderTest) -> Classroom:
    """Return a class of three."""
    return classroom(issuer)
