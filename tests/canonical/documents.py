"""Documents for the tests of JSON-LD, and what becomes of them."""

from typing import Any

from intaglio.canonical import rdfc
from intaglio.canonical.jsonld import JsonLd
from intaglio.errors import IntaglioError
from intaglio.schemas import Contexts

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
X = "https://x.example/"

JSON_LD = JsonLd(Contexts.bundled())
"""One for all tests, so that contexts are processed once; what a document leaves behind in it must not matter."""

TERMS: dict[str, Any] = {
    "a": f"{X}a",
    "b": f"{X}b",
    "iri": {"@id": f"{X}iri", "@type": "@id"},
    "word": {"@id": f"{X}word", "@type": "@vocab"},
    "json": {"@id": f"{X}json", "@type": "@json"},
    "list": {"@id": f"{X}list", "@container": "@list"},
    "graph": {"@id": f"{X}graph", "@container": "@graph"},
    "words": {"@id": f"{X}words", "@container": "@language"},
    "byIndex": {"@id": f"{X}byIndex", "@container": "@index"},
    "byId": {"@id": f"{X}byId", "@container": "@id"},
    "byType": {"@id": f"{X}byType", "@container": "@type"},
    "of": {"@reverse": f"{X}has"},
    "nest": "@nest",
    "unset": None,
    "x": X,
}


def document(**members: Any) -> dict[str, Any]:
    """Return a document about ``urn:s`` with the terms of `TERMS`."""
    return {"@context": TERMS, "@id": "urn:s", **members}


def credential(**members: Any) -> dict[str, Any]:
    """Return a credential with the bundled contexts."""
    subject = {"id": "urn:subject", "type": "AchievementSubject"}
    base = {"@context": [V2, OPEN_BADGES], "id": "urn:c", "type": ["VerifiableCredential", "OpenBadgeCredential"]}
    return {**base, "issuer": "did:web:school.example", "credentialSubject": subject, **members}


def nquads(document: Any, *, allow_blank_node_ids: bool = False) -> str:
    """Return the canonical N-Quads of a document."""
    return rdfc.canonicalize(JSON_LD.to_quads(document, allow_blank_node_ids=allow_blank_node_ids)).nquads


def refusal(document: Any) -> tuple[str, str | None]:
    """Return the kind and the pointer of the problem for which a document is refused."""
    try:
        result = JSON_LD.to_quads(document)
    except IntaglioError as error:
        return error.problem.kind, error.problem.pointer
    message = f"it was not refused: {result}"
    raise AssertionError(message)
