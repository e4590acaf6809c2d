"""One question to each peer: does this Open Badge with its embedded proof verify?

Each answer is what a caller of that package takes for the verdict, without reading further into its result.
"""

import json
from collections.abc import Mapping
from typing import Any

from tests.interop import openbadgeslib_peer
from tests.interop.peer import NodePeer
from tests.interop.samples import NOW

PEERS = ("digitalbazaar", "verifier-core", "openbadgeslib")


def accepting(node: NodePeer, badge: dict[str, Any], documents: Mapping[str, Any]) -> set[str]:
    """Return the names of the peers that verify `badge` when `documents` are all that can be fetched."""
    verdicts = {
        "digitalbazaar": digitalbazaar(node, badge, documents),
        "verifier-core": verifier_core(node, badge, documents),
        "openbadgeslib": openbadgeslib(badge, documents),
    }
    return {name for name, verified in verdicts.items() if verified}


def digitalbazaar(node: NodePeer, badge: dict[str, Any], documents: Mapping[str, Any]) -> bool:
    """Ask @digitalbazaar/vc, with its own status check."""
    verified: bool = node.ask("vc_verify", document=badge, documents=documents, now=NOW)["verified"]
    return verified


def verifier_core(node: NodePeer, badge: dict[str, Any], documents: Mapping[str, Any]) -> bool:
    """Ask @digitalcredentials/verifier-core: the signature is valid, and no step is anything but true.

    Some failures leave its result with no step and no error at all, so nothing wrong is not enough.
    """
    found = steps(ask_verifier_core(node, badge, documents))
    return found.get("valid_signature") is True and all(value is True for value in found.values())


def openbadgeslib(badge: dict[str, Any], documents: Mapping[str, Any]) -> bool:
    """Ask openbadgeslib, with its status check."""
    served = {url: json.dumps(document).encode() for url, document in documents.items()}
    return openbadgeslib_peer.refusal(badge, documents=served) is None


def ask_verifier_core(node: NodePeer, badge: dict[str, Any], documents: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole result of verifier-core."""
    result: dict[str, Any] = node.ask("verifier_core_credential", document=badge, documents=documents, now=NOW)
    return result


def steps(result: dict[str, Any]) -> dict[str, Any]:
    """Return the steps of a result of verifier-core: true, false, or the name of an error; a fatal one under ``error``.

    A step that is logged more than once (one for each status entry) is true where each of them is. ``registered_issuer``
    is left out: it says whether a registry knows the issuer, and most tests give none.
    """
    found: dict[str, Any] = {}
    for entry in result.get("log", []):
        value = entry["valid"] if "valid" in entry else entry["error"]["name"]
        if entry["id"] != "registered_issuer" and found.get(entry["id"], True) is True:
            found[entry["id"]] = value
    return {**found, "error": result["errors"][0]["name"]} if result.get("errors") else found
