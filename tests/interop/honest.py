"""Honest badges that some peer refuses, each with the clause by which it is in order."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime

from tests.interop.differences import LIST_URL, Case, Difference, badge, signed, with_status
from tests.interop.openbadgeslib_peer import sign_data_integrity
from tests.interop.peer import NodePeer
from tests.interop.samples import CONTEXTS, key_pair, open_badge, status_entry, with_achievement

_DIGITAL_BAZAAR = frozenset({"digitalbazaar"})
_OPENBADGESLIB = frozenset({"openbadgeslib"})
_VERIFIER_CORE = frozenset({"verifier-core"})
_SCHOOL = "https://school.example/issuer"


def _control_character(node: NodePeer) -> Case:
    return signed(node, badge(name="bell \b and delete \x7f")), {}


def _fullwidth_form_beside_emoji(_: NodePeer) -> Case:
    # Signed by openbadgeslib, which sorts as the specification says; Node's own signature would be over another order.
    unsigned = with_achievement(badge(), tag=["\uff01", "\U0001f600"])
    moment = datetime(2026, 9, 1, 8, tzinfo=UTC)
    return sign_data_integrity(unsigned, key_pair("ed25519"), moment), {}


def _base_direction(node: NodePeer) -> Case:
    name = {"@value": "يصغي إلى آراء الآخرين", "@language": "ar", "@direction": "rtl"}
    return signed(node, badge(name=name)), {}


def _inline_context(node: NodePeer) -> Case:
    terms = {"homeroom": "https://school.example/terms#homeroom"}
    return signed(node, badge(**{"@context": [*CONTEXTS, terms], "homeroom": "4b"})), {}


def _midnight_at_the_end_of_a_day(node: NodePeer) -> Case:
    return signed(node, badge(validFrom="2024-08-31T24:00:00Z")), {}


def _two_good_proofs(node: NodePeer) -> Case:
    first = signed(node, badge())
    return signed(node, deepcopy(first), created="2026-09-02T08:00:00Z"), {}


def _endorsement_of_the_badge_itself(node: NodePeer) -> Case:
    endorsement = {
        "@context": CONTEXTS,
        "id": "urn:uuid:5d0d1f02-7d8e-4f5e-8b43-5a0d0d9a1f10",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsement",
        "issuer": {"id": "did:example:museum", "type": ["Profile"], "name": "A museum"},
        "validFrom": "2024-09-01T08:00:00Z",
        "credentialSubject": {"id": badge()["id"], "type": ["EndorsementSubject"], "endorsementComment": "Seen."},
    }
    return signed(node, badge(endorsement=[endorsement])), {}


def _badge_with_a_large_image(node: NodePeer) -> Case:
    return signed(node, badge(image={"id": "data:image/png;base64," + "A" * 300_000, "type": "Image"})), {}


def _issuer_at_an_https_address(node: NodePeer) -> Case:
    key, method_id = key_pair("ed25519"), f"{_SCHOOL}#key"
    suite_context = "https://w3id.org/security/multikey/v1"
    method = {
        "id": method_id,
        "type": "Multikey",
        "controller": _SCHOOL,
        "publicKeyMultibase": key.public.to_multikey(),
    }
    controller = {
        "@context": ["https://www.w3.org/ns/did/v1", suite_context],
        "id": _SCHOOL,
        "verificationMethod": [method],
        "assertionMethod": [method_id],
    }
    documents = {_SCHOOL: controller, method_id: {"@context": suite_context, **method}}
    return signed(node, open_badge(_SCHOOL), verificationMethod=method_id), documents


def _vc_data_model_1(node: NodePeer) -> Case:
    old = badge(name="Listens to other views", issuanceDate="2024-09-01T08:00:00Z")
    old["@context"] = ["https://www.w3.org/2018/credentials/v1", CONTEXTS[1]]
    del old["validFrom"]
    return signed(node, old), {}


def _suite(name: str, signer: str) -> Callable[[NodePeer], Case]:
    return lambda node: (signed(node, open_badge(key_pair(signer).did), suite=name, signer=signer), {})


HONEST = [
    Difference("control-character", "RDFC-1.0, 5: canonical N-Quads", _OPENBADGESLIB, _control_character),
    Difference(
        "fullwidth-form-beside-emoji",
        "RDFC-1.0, 5: code point order",
        _DIGITAL_BAZAAR | _VERIFIER_CORE,
        _fullwidth_form_beside_emoji,
    ),
    Difference("base-direction", "VC Data Model 2.0, 11.1", _OPENBADGESLIB, _base_direction),
    Difference("inline-context", "VC Data Model 2.0, 4.3", _OPENBADGESLIB, _inline_context),
    Difference(
        "midnight-at-the-end-of-a-day",
        "XML Schema 1.1 part 2, 3.3.7: 24:00:00",
        _OPENBADGESLIB,
        _midnight_at_the_end_of_a_day,
    ),
    Difference("two-good-proofs", "Data Integrity 1.0, 2.1.1", _OPENBADGESLIB, _two_good_proofs),
    Difference(
        "endorsement-of-the-badge-itself",
        "Open Badges 3.0, EndorsementSubject.id",
        _OPENBADGESLIB,
        _endorsement_of_the_badge_itself,
    ),
    Difference("large-image", "Open Badges 3.0, Image: no limit", _OPENBADGESLIB, _badge_with_a_large_image),
    Difference("issuer-at-an-https-address", "VC Data Model 2.0, 4.7", _OPENBADGESLIB, _issuer_at_an_https_address),
    Difference("vc-data-model-1", "Open Badges 3.0, AchievementCredential v1.1", _OPENBADGESLIB, _vc_data_model_1),
    Difference(
        "suite-eddsa-jcs-2022", "vc-di-eddsa, 3.3", _VERIFIER_CORE | _OPENBADGESLIB, _suite("eddsa-jcs-2022", "ed25519")
    ),
    Difference(
        "suite-ecdsa-rdfc-2019", "vc-di-ecdsa, 3.2", _VERIFIER_CORE | _OPENBADGESLIB, _suite("ecdsa-rdfc-2019", "p256")
    ),
    Difference(
        "suite-ecdsa-jcs-2019", "vc-di-ecdsa, 3.3", _VERIFIER_CORE | _OPENBADGESLIB, _suite("ecdsa-jcs-2019", "p256")
    ),
    Difference(
        "status-list-with-an-embedded-proof",
        "Bitstring Status List 1.0, 3.6: any securing mechanism",
        _OPENBADGESLIB,
        with_status([5], [status_entry(LIST_URL, 6)]),
    ),
    Difference(
        "status-list-of-another-issuer",
        "Bitstring Status List 1.0, 2.2: MAY be different",
        _DIGITAL_BAZAAR | _OPENBADGESLIB,
        with_status([5], [status_entry(LIST_URL, 6)], signer="ed25519-other"),
    ),
    Difference(
        "status-list-of-two-purposes",
        "Bitstring Status List 1.0, 2.2, statusPurpose: one or more",
        _DIGITAL_BAZAAR | _VERIFIER_CORE | _OPENBADGESLIB,
        with_status([5], [status_entry(LIST_URL, 6)], statusPurpose=["revocation", "suspension"]),
    ),
    Difference(
        "status-list-with-an-entity-in-its-text",
        "RFC 8259: JSON has no character entities",
        _VERIFIER_CORE | _OPENBADGESLIB,
        with_status([5], [status_entry(LIST_URL, 6)], name="Write &amp; for an ampersand"),
    ),
]
