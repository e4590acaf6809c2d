"""A class of five."""

import pytest

from tests.issuer.classroom import Classroom, classroom
from tests.services import UnderTest


@pytest.fixture
def room(issuer: UnderTest) -> Classroom:
    """Return a class of five."""
    return classroom(issuer, learners=5)
