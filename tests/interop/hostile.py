"""Hostile badges that some peer verifies, each with the clause by which it must not be."""

from intaglio.multikey import decode_base58btc, encode_base64url
from tests.interop.differences import LIST_URL, Case, Difference, badge, signed, status_list, with_status
from tests.interop.peer import NodePeer
from tests.interop.samples import CONTEXTS, status_entry

_DIGITAL_BAZAAR = frozenset({"digitalbazaar"})
_OPENBADGESLIB = frozenset({"openbadgeslib"})
_NODE = frozenset({"digitalbazaar", "verifier-core"})
_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
_SIZES = {"statusSize": 2, "statusMessage": [{"status": f"0x{n}", "message": str(n)} for n in range(4)]}


def _bad_proof_in_a_set(node: NodePeer) -> Case:
    good = signed(node, badge())
    bad = {**good["proof"], "proofValue": signed(node, badge(name="Another"))["proof"]["proofValue"]}
    return {**good, "proof": [good["proof"], bad]}, {}


def _expired_proof(node: NodePeer) -> Case:
    return signed(node, badge(), created="2024-09-01T08:00:00Z", proof={"expires": "2024-10-01T08:00:00Z"}), {}


def _signature_in_another_base(node: NodePeer) -> Case:
    good = signed(node, badge())
    value = "u" + encode_base64url(decode_base58btc(good["proof"]["proofValue"]))
    return {**good, "proof": {**good["proof"], "proofValue": value}}, {}


def _member_spelled_as_its_iri(node: NodePeer) -> Case:
    expired = signed(node, badge(validUntil="2025-01-01T00:00:00Z"))
    literal = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": expired.pop("validUntil")}
    return {**expired, "https://www.w3.org/2018/credentials#validUntil": literal}, {}


def _null_member_added(node: NodePeer) -> Case:
    return {**signed(node, badge()), "awardedDate": None}, {}


def _proto_member_added(node: NodePeer) -> Case:
    return {**signed(node, badge()), "__proto__": {"name": "Another"}}, {}


def _empty_reference_added(node: NodePeer) -> Case:
    return {**signed(node, badge()), "refreshService": ""}, {}


def _blank_node_identifier(node: NodePeer) -> Case:
    return signed(node, badge(evidence=[{"id": "_:b0", "type": ["Evidence"]}])), {}


def _revocation_behind_another_type(node: NodePeer) -> Case:
    other = {"id": "https://school.example/revoked", "type": "1EdTechRevocationList"}
    members = {"@context": [*CONTEXTS, _EXTENSIONS], "credentialStatus": [other, status_entry(LIST_URL, 5)]}
    return signed(node, badge(**members)), {LIST_URL: status_list(node, [5])}


HOSTILE = [
    Difference("bad-proof-in-a-set", "Data Integrity 1.0, 4.5, step 6", _NODE, _bad_proof_in_a_set),
    Difference("expired-proof", "Data Integrity 1.0, 2.1, expires", _NODE, _expired_proof),
    Difference("signature-in-another-base", "vc-di-eddsa, 2.2.1", _NODE, _signature_in_another_base),
    Difference("member-spelled-as-its-iri", "Data Integrity 1.0, 2.4.1", _NODE, _member_spelled_as_its_iri),
    Difference("null-member-added", "Data Integrity 1.0, 2.4.3", _NODE, _null_member_added),
    Difference("proto-member-added", "Data Integrity 1.0, 2.4.3", _NODE, _proto_member_added),
    Difference("empty-reference-added", "Data Integrity 1.0, 2.4.3", _NODE, _empty_reference_added),
    Difference(
        "blank-node-identifier", "VC Data Model 2.0, 4.4: an id is a URL", _OPENBADGESLIB, _blank_node_identifier
    ),
    Difference(
        "revoked", "Bitstring Status List 1.0, 3.2", _DIGITAL_BAZAAR, with_status([5], [status_entry(LIST_URL, 5)])
    ),
    Difference(
        "second-status-entry-revoked",
        "VC Data Model 2.0, 4.10: one or more",
        _DIGITAL_BAZAAR,
        with_status([5], [status_entry(LIST_URL, 6), status_entry(LIST_URL, 5)]),
    ),
    Difference(
        "revocation-behind-another-type",
        "VC Data Model 2.0, 4.10: one or more",
        _NODE,
        _revocation_behind_another_type,
    ),
    Difference(
        "short-status-list",
        "Bitstring Status List 1.0, 3.2, step 9: at least 131,072 entries",
        _NODE,
        with_status([5], [status_entry(LIST_URL, 6)], length=16),
    ),
    Difference(
        "status-index-that-is-no-number",
        "Bitstring Status List 1.0, 2.1, statusListIndex",
        _NODE,
        with_status([5], [status_entry(LIST_URL, 6, statusListIndex="6x")]),
    ),
    Difference(
        "revoked-in-two-bits",
        "Bitstring Status List 1.0, 3.2, step 10",
        _NODE,
        with_status([4, 5], [status_entry(LIST_URL, 2, **_SIZES)], length=262144),
    ),
]
