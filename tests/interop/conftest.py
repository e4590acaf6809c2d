"""The counterparts that these tests compare with."""

from collections.abc import Iterator

import pytest

from tests.interop.peer import NodePeer, why_not


@pytest.fixture(scope="session")
def node() -> Iterator[NodePeer]:
    """Return the Node peer, or skip the test and say what is missing."""
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    with NodePeer() as peer:
        yield peer
