"""An organization for trials, and a machine of it."""

import pytest

from tests.interop.conftest import node
from tests.issuer.doors.machine import Caller, add_trial, caller
from tests.issuer.schools import World, make_district
from tests.services import UnderTest

__all__ = ["node"]


@pytest.fixture
def world(issuer: UnderTest) -> World:
    return make_district(issuer)


@pytest.fixture
def trial(world: World) -> Caller:
    return caller(world.issuer, add_trial(world))
