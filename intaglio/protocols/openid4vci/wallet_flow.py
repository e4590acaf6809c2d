"""Collecting a badge, from the wallet's side, without a network of its own (OpenID4VCI 1.0, section 3.5).

Each state is a frozen value. A *step* knows the `request` to send, and turns the answer into the next state by `take`;
`follow` does so with a sender until somebody has to decide. The states at which it halts::

    begin(link) ──▶ Offered ──accept(code)──▶ Authorized ──collect(wanted)──▶ ProveKey ──prove(signer)──▶ Received
                    the learner               one round for                   the wallet                  verify, store,
                    decides                   each badge                      signs                       then notify

::

    halted = follow(begin(link), network)                    # Offered: show who offers what
    halted = follow(halted.accept("493536"), network)        # Authorized
    halted = follow(halted.collect(halted.wanted[0]), network)   # ProveKey, or Received where no proof is asked for
    halted = follow(halted.prove(signer, now=…), network)    # Received: credentials as bytes, not verified yet
    network.send(halted.notification(Event.ACCEPTED))
"""

from typing import TypeAlias, overload

from intaglio.fetch.messages import Sender
from intaglio.protocols.openid4vci.offer import Offer, OfferReference, parse_link
from intaglio.protocols.openid4vci.wallet_collect import (
    Authorized,
    ProveKey,
    Received,
    RequestCredential,
    RequestNonce,
    Wanted,
)
from intaglio.protocols.openid4vci.wallet_offer import FetchIssuer, FetchOffer, FetchServer, Offered, RequestToken

__all__ = [
    "Authorized",
    "FetchIssuer",
    "FetchOffer",
    "FetchServer",
    "Halt",
    "Offered",
    "ProveKey",
    "Received",
    "RequestCredential",
    "RequestNonce",
    "RequestToken",
    "Step",
    "Wanted",
    "begin",
    "follow",
    "resume",
]

Step: TypeAlias = FetchOffer | FetchIssuer | FetchServer | RequestToken | RequestNonce | RequestCredential
Halt: TypeAlias = Offered | Authorized | ProveKey | Received


def begin(link: str) -> FetchOffer | FetchIssuer:
    """Begin with what a learner scanned, opened or pasted.

    :raises MalformedInput: ``credential-offer``
    :raises Unsupported: ``offer-grant``
    """
    found = parse_link(link)
    return FetchOffer(found) if isinstance(found, OfferReference) else FetchIssuer(found)


def resume(known: Offer) -> FetchIssuer:
    """Begin again with an offer that was kept while the learner decided."""
    return FetchIssuer(known)


@overload
def follow(state: FetchOffer | FetchIssuer | FetchServer | Offered, sender: Sender) -> Offered: ...
@overload
def follow(state: RequestToken | Authorized, sender: Sender) -> Authorized: ...
@overload
def follow(state: RequestNonce | ProveKey | RequestCredential | Received, sender: Sender) -> ProveKey | Received: ...
def follow(state: Step | Halt, sender: Sender) -> Halt:
    """Send what is to be sent until somebody has to decide.

    :raises IntaglioError: what the steps and the sender raise.
    """
    while isinstance(state, Step):
        state = state.take(sender.send(state.request, max_bytes=state.max_bytes))
    return state
