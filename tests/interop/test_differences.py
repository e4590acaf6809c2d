"""Where the peers' verdicts differ from the specifications, and from each other."""

import pytest

from tests.interop.differences import Difference, badge, signed
from tests.interop.honest import HONEST
from tests.interop.hostile import HOSTILE
from tests.interop.peer import NodePeer
from tests.interop.verdicts import PEERS, accepting


def test_every_peer_verifies_a_plain_badge(node: NodePeer) -> None:
    assert accepting(node, signed(node, badge()), {}) == set(PEERS)


def test_no_peer_verifies_a_badge_that_was_changed(node: NodePeer) -> None:
    assert accepting(node, {**signed(node, badge()), "name": "Another"}, {}) == set()


@pytest.mark.parametrize("difference", HOSTILE, ids=lambda difference: difference.name)
def test_these_peers_accept_a_hostile_badge(node: NodePeer, difference: Difference) -> None:
    assert accepting(node, *difference.build(node)) == set(difference.wrong), difference.clause


@pytest.mark.parametrize("difference", HONEST, ids=lambda difference: difference.name)
def test_these_peers_refuse_an_honest_badge(node: NodePeer, difference: Difference) -> None:
    assert set(PEERS) - accepting(node, *difference.build(node)) == set(difference.wrong), difference.clause
