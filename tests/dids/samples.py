"""Keys and documents for these tests; the keys are the published examples of the did:key and did:jwk specifications."""

import json
from typing import Any

from intaglio.fetch.sources import Memory

ED25519 = "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"
OTHER_ED25519 = "z6MkjchhfUsD6mmvni8mCdXHw216Xrm9bQe2mBH1P5RDjVJG"
P256 = "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"
P384 = "z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9"
ED25519_JWK = {"kty": "OKP", "crv": "Ed25519", "x": "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik"}
P256_JWK = {
    "kty": "EC",
    "crv": "P-256",
    "x": "igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns",
    "y": "efsX5b10x8yjyrj4ny3pGfLcY7Xby1KzgqOdqnsrJIM",
}
P384_JWK = {
    "kty": "EC",
    "crv": "P-384",
    "x": "lInTxl8fjLKp_UCrxI0WDklahi-7-_6JbtiHjiRvMvhedhKVdHBfi2HCY8t_QJyc",
    "y": "y6N1IC-2mXxHreETBW7K3mBcw0qGr3CWHCs-yl09yCQRLcyfGv7XhqAngHOu51Zv",
}
X25519_JWK = {"kty": "OKP", "crv": "X25519", "use": "enc", "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}

SCHOOL = "did:web:school.example"
SCHOOL_URL = "https://school.example/.well-known/did.json"
ISSUER = "https://school.example/issuers/1"


def method(identifier: str = "#key-1", controller: str = SCHOOL, **members: Any) -> dict[str, Any]:
    """Return a verification method; a Multikey where `members` do not say otherwise."""
    material = members or {"type": "Multikey", "publicKeyMultibase": ED25519}
    return {"id": identifier, "controller": controller, **material}


def document(identifier: str = SCHOOL, **members: Any) -> dict[str, Any]:
    """Return a controller document with one key for assertions, where `members` do not say otherwise."""
    return {
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": identifier,
        "verificationMethod": [method(controller=identifier)],
        "assertionMethod": ["#key-1"],
        **members,
    }


def holding(documents: dict[str, Any]) -> Memory:
    """Return a source that holds these documents as JSON."""
    return Memory({name: json.dumps(value).encode() for name, value in documents.items()})
