"""Making the documents of `hostile` and `honest`, on which the peers' verdicts differ from the specifications.

They are made by Digital Bazaar's packages, so that none of our own code decides what is honest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.interop.peer import NodePeer
from tests.interop.samples import CREATED, key_pair, open_badge

LIST_URL = "https://school.example/status/1"

Case = tuple[dict[str, Any], dict[str, Any]]
"""A badge, and the documents that can be fetched."""


@dataclass(frozen=True)
class Difference:
    """One document, the clause that decides about it, and the peers (`wrong`) that decide otherwise."""

    name: str
    clause: str
    wrong: frozenset[str]
    build: Callable[[NodePeer], Case]


def signed(
    node: NodePeer, document: dict[str, Any], *, suite: str = "eddsa-rdfc-2022", signer: str = "ed25519", **options: Any
) -> dict[str, Any]:
    """Return `document` signed by Digital Bazaar's packages with the key named `signer`."""
    options = {"created": CREATED, **options}
    key = {"jwk": key_pair(signer).jwk}
    result: dict[str, Any] = node.ask("di_sign", suite=suite, key=key, document=document, **options)
    return result


def badge(**members: Any) -> dict[str, Any]:
    """Return an unsigned badge of the Ed25519 key."""
    return open_badge(key_pair("ed25519").did, **members)


def status_list(
    node: NodePeer, indexes: list[int], *, length: int = 131072, signer: str = "ed25519", **members: Any
) -> dict[str, Any]:
    """Return a status list for revocation, issued and signed by the key named `signer`; `members` go into its subject."""
    made = node.ask("status_list_create", length=length, set=indexes, id=LIST_URL, statusPurpose="revocation")
    document = {
        **made,
        "issuer": key_pair(signer).did,
        "validFrom": "2024-09-01T08:00:00Z",
        "credentialSubject": {**made["credentialSubject"], **members},
    }
    return signed(node, document, signer=signer)


def with_status(indexes: list[int], entries: list[dict[str, Any]], **options: Any) -> Callable[[NodePeer], Case]:
    """Return the builder of a badge with these status entries and of the list, with the bits at `indexes` set."""

    def build(node: NodePeer) -> Case:
        # Open Badges 3.0 has one status where there is one.
        status = entries[0] if len(entries) == 1 else entries
        return signed(node, badge(credentialStatus=status)), {LIST_URL: status_list(node, indexes, **options)}

    return build
