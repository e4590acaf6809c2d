"""Badges, lists, presentations and tokens for tests, all made through our own public interfaces, at one fixed time.

Three keys play the parts: the ``school`` that issues, the ``learner`` that holds, and a ``stranger``. Each goes by its did:key
unless a test publishes it elsewhere.
"""

import functools
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from intaglio.canonical import GeneralCanonicalizer
from intaglio.custody.local import LocalSigner, generate
from intaglio.documents import JsonObject
from intaglio.errors import Problem
from intaglio.fetch.sources import Memory
from intaglio.multikey import Algorithm
from intaglio.proofs import jose
from intaglio.proofs.proof_set import add_proof
from intaglio.proofs.suites import Suites
from intaglio.proofs.vc_jwt import pack_badge
from intaglio.schemas import Contexts
from intaglio.status.bitstring import StatusList
from intaglio.status.credential import list_credential, status_entry
from intaglio.vcdm import is_presentation
from intaglio.verification.policy import Policy
from intaglio.verification.report import Check, CheckOutcome, Outcome, Report
from intaglio.verification.verify import Verifier

AT = datetime(2026, 11, 22, tzinfo=UTC)
CREATED = "2026-09-01T08:00:00Z"
V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
LEARNER_RECORDS = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
WEB = "did:web:school.example"
LIST_URL = "https://school.example/status/1"

_SEEDS = {"school": 1, "learner": 2, "stranger": 3}


@functools.cache
def key(name: str, algorithm: Algorithm = Algorithm.ED25519) -> Any:
    """Return the private key of one of the three; an RSA key is new in every run."""
    match algorithm:
        case Algorithm.ED25519:
            return ed25519.Ed25519PrivateKey.from_private_bytes(bytes([_SEEDS[name]]) * 32)
        case Algorithm.P256:
            return ec.derive_private_key(_SEEDS[name], ec.SECP256R1())
        case Algorithm.P384:
            return ec.derive_private_key(_SEEDS[name], ec.SECP384R1())
        case Algorithm.RSA:
            return generate(Algorithm.RSA, rsa_bits=2048)


def signer(name: str, algorithm: Algorithm = Algorithm.ED25519, method: str | None = None) -> LocalSigner:
    """Return a signer for one of the three, under its did:key (RSA: did:jwk) or another verification method."""
    return LocalSigner.over(key(name, algorithm), method)


def did(name: str, algorithm: Algorithm = Algorithm.ED25519) -> str:
    """Return the did:key (RSA: did:jwk) of one of the three."""
    return signer(name, algorithm).verification_method.partition("#")[0]


SCHOOL, LEARNER, STRANGER = did("school"), did("learner"), did("stranger")


def badge(**changes: Any) -> JsonObject:
    """Return a valid, unsigned Open Badge; a change to None takes the member away."""
    document: JsonObject = {
        "@context": [V2, OPEN_BADGES],
        "id": "urn:uuid:2f5c6c5e-9a0b-4a5e-8f62-7c1d3c1a0001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Critical thinking",
        "issuer": {"id": SCHOOL, "type": ["Profile"], "name": "Riverside High School"},
        "validFrom": "2026-06-01T00:00:00Z",
        "credentialSubject": {
            "id": LEARNER,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://school.example/achievements/critical-thinking",
                "type": ["Achievement"],
                "name": "Critical thinking",
                "description": "Weighs evidence before judging.",
                "criteria": {"narrative": "Defended a thesis."},
            },
        },
        **changes,
    }
    return {name: value for name, value in document.items() if value is not None}


def old_badge(**changes: Any) -> JsonObject:
    """Return a valid, unsigned Open Badge of version 1.1 of the data model."""
    dates = {"validFrom": None, "issuanceDate": "2026-06-01T00:00:00Z"}
    return badge(**{"@context": [V1, OPEN_BADGES, DATA_INTEGRITY], **dates, **changes})


def endorsement(**changes: Any) -> JsonObject:
    """Return a valid, unsigned endorsement of the badge by the stranger."""
    members = {
        "id": "urn:uuid:2f5c6c5e-9a0b-4a5e-8f62-7c1d3c1a0002",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "An endorsement",
        "issuer": {"id": STRANGER, "type": ["Profile"], "name": "A museum"},
        "credentialSubject": {"id": badge()["id"], "type": ["EndorsementSubject"], "endorsementComment": "Seen."},
    }
    return badge(**members, **changes)


def learner_record(*credentials: Any, **changes: Any) -> JsonObject:
    """Return a valid, unsigned comprehensive learner record over credentials."""
    members = {
        "@context": [V2, LEARNER_RECORDS, OPEN_BADGES],
        "id": "urn:uuid:2f5c6c5e-9a0b-4a5e-8f62-7c1d3c1a0003",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "A learner record",
        "credentialSubject": {"id": LEARNER, "type": ["ClrSubject"], "verifiableCredential": list(credentials)},
    }
    return badge(**{**members, **changes})


def signed(
    document: JsonObject, by: str | LocalSigner = "school", suite: str = "eddsa-rdfc-2022", **options: Any
) -> JsonObject:
    """Return a document with one more proof; an option of None is left out."""
    purpose = "authentication" if is_presentation(document) else "assertionMethod"
    stated = {"created": CREATED, "proofPurpose": purpose, **options}
    maker = signer(by) if isinstance(by, str) else by
    members = {name: value for name, value in stated.items() if value is not None}
    return add_proof(document, _suites().by_name(suite), members, maker)


def presentation(*credentials: Any, **changes: Any) -> JsonObject:
    """Return an unsigned presentation of credentials by the learner; a change to None takes the member away."""
    document: JsonObject = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": LEARNER,
        "verifiableCredential": list(credentials),
        **changes,
    }
    return {name: value for name, value in document.items() if value is not None}


def token(
    payload: JsonObject, by: str | LocalSigner = "school", algorithm: Algorithm = Algorithm.ED25519, **header: Any
) -> str:
    """Return a token by one of the three; its type follows the payload. A header of None is left out."""
    maker = signer(by, algorithm) if isinstance(by, str) else by
    name = next(name for name, kind in jose.ALGORITHMS.items() if kind is maker.algorithm)
    kind = "vp+jwt" if is_presentation(payload) else "vc+jwt"
    members = {"alg": name, "typ": kind, "kid": maker.verification_method, **header}
    return jose.sign({name: value for name, value in members.items() if value is not None}, payload, maker)


def badge_token(document: JsonObject | None = None, by: str | LocalSigner = "school", **header: Any) -> str:
    """Return a token in the profile of Open Badges 3.0, by the RSA key of one of the three."""
    maker = signer(by, Algorithm.RSA) if isinstance(by, str) else by
    if document is None:
        document = badge(issuer={"id": maker.verification_method.partition("#")[0], "type": ["Profile"], "name": "A"})
    return token(pack_badge(document), maker, **{"typ": "JWT", **header})


def envelope(
    compact: str, kind: str = "EnvelopedVerifiableCredential", media: str = "application/vc+jwt"
) -> JsonObject:
    """Return the JSON envelope around a token."""
    return {"@context": V2, "id": f"data:{media},{compact}", "type": kind}


def with_status(*entries: Any, **changes: Any) -> JsonObject:
    """Return an unsigned badge with one status entry, or a list of them."""
    value = entries[0] if len(entries) == 1 else list(entries)
    return badge(**{"@context": [V2, OPEN_BADGES, EXTENSIONS], "credentialStatus": value, **changes})


def entry(index: int = 7, purpose: str = "revocation", url: str = LIST_URL, **members: Any) -> JsonObject:
    """Return a status entry."""
    return {**status_entry(list_url=url, index=index, purpose=purpose), **members}


def status_list(set_at: Iterable[int] = (), purpose: str = "revocation", **changes: Any) -> JsonObject:
    """Return an unsigned status list of the school's, with the bits at some places set."""
    bits = StatusList()
    bits.set_many(set_at)
    made = list_credential(
        bits, url=LIST_URL, issuer=SCHOOL, purposes=[purpose], valid_from=datetime(2026, 9, 1, tzinfo=UTC)
    )
    return {**made, **changes}


def web_document(*names: str, did: str = WEB, purpose: str = "assertionMethod", **members: Any) -> JsonObject:
    """Return the controller document of the school's did:web, with the keys of some of the three for one purpose."""
    methods = [
        {"id": f"{did}#{name}", "type": "Multikey", "controller": did, "publicKeyMultibase": multikey(name)}
        for name in names
    ]
    listed = [method["id"] for method in methods]
    return {"id": did, "verificationMethod": methods, purpose: listed, **members}


def multikey(name: str) -> str:
    """Return the public key of one of the three."""
    return signer(name).public_key.to_multikey()


def web_badge(by: str = "school", **changes: Any) -> JsonObject:
    """Return a signed badge of the school that goes by its did:web."""
    issuer = {"id": WEB, "type": ["Profile"], "name": "Riverside High School"}
    return signed(badge(**{"issuer": issuer, **changes}), signer(by, method=f"{WEB}#{by}"))


def stored(documents: Mapping[str, Any]) -> Memory:
    """Return a source that holds documents: bytes as they are, a text as a token, everything else as JSON."""
    return Memory({url: as_bytes(document) for url, document in documents.items()})


def as_bytes(document: Any) -> bytes:
    """Return a document as it would be read from a file."""
    if isinstance(document, bytes):
        return document
    return document.encode() if isinstance(document, str) else json.dumps(document, ensure_ascii=False).encode()


def verify(document: Any, documents: Mapping[str, Any] | None = None, **policy: Any) -> Report:
    """Verify a document (see `as_bytes`) with some documents at hand, as of the fixed time."""
    asked = Policy(**{"at": AT, **policy})
    return Verifier(asked, source=stored(documents or {}), canonicalizer=_canonicalizer()).verify(as_bytes(document))


def assert_refused(report: Report, name: str, kind: str, pointer: str | None = None) -> None:
    """Assert that a report is not verified, because one check failed with this problem at this place."""
    assert (report.outcome, report.verified) == (Outcome.NOT_VERIFIED, False)
    _assert_check(report, name, CheckOutcome.FAILED, kind, pointer)


def assert_doubted(report: Report, name: str, kind: str, pointer: str | None = None) -> None:
    """Assert that nothing failed that counts, but that one check could not be made, with this problem at this place."""
    assert (report.outcome, report.verified) == (Outcome.UNKNOWN, False)
    _assert_check(report, name, CheckOutcome.UNKNOWN, kind, pointer)


def assert_verified(report: Report) -> None:
    """Assert that a report is verified; if not, show what stands against it."""
    assert [check for check in report.checks if check.name in report.required and check.problem] == []
    assert (report.outcome, report.verified) == (Outcome.VERIFIED, True)


def check_of(report: Report, name: str) -> Check:
    """Return a check that must have been made."""
    found = report.check(name)
    assert found is not None, f"the check {name} was not made"
    return found


def problem_of(report: Report, name: str) -> Problem:
    """Return the problem of a check that must have one."""
    problem = check_of(report, name).problem
    assert problem is not None, f"the check {name} has no problem"
    return problem


def _assert_check(report: Report, name: str, outcome: CheckOutcome, kind: str, pointer: str | None) -> None:
    assert check_of(report, name).outcome is outcome, check_of(report, name)
    problem = problem_of(report, name)
    assert (problem.kind, problem.pointer) == (kind, pointer), problem


@functools.cache
def _canonicalizer() -> GeneralCanonicalizer:
    return GeneralCanonicalizer(Contexts.bundled())


@functools.cache
def _suites() -> Suites:
    return Suites(_canonicalizer())
