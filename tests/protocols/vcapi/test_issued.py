import json

import pytest

from intaglio.errors import MalformedInput
from intaglio.protocols.vcapi.issued import issue_body
from intaglio.protocols.vcapi.requests import VerifyCredentialRequest
from tests.verification.builders import as_bytes, badge, badge_token, signed, token, verify


def test_a_document_leaves_as_it_was_signed() -> None:
    sealed = b'{ "a": 1.50, "b": "\\u00f1" }'
    assert issue_body(sealed + b"\n") == b'{"verifiableCredential":{ "a": 1.50, "b": "\\u00f1" }}'


@pytest.mark.parametrize(
    "sealed",
    [as_bytes(signed(badge())), token(badge()).encode(), badge_token().encode()],
    ids=["document", "token", "badge token"],
)
def test_what_is_issued_can_be_sent_to_be_verified(sealed: bytes) -> None:
    request = VerifyCredentialRequest.from_json(json.loads(issue_body(sealed)))
    assert verify(request.credential).verified


@pytest.mark.parametrize("sealed", [b"", b"[]", b"a.b", "ñ.b.c".encode()])
def test_what_is_no_credential_is_not_sent(sealed: bytes) -> None:
    with pytest.raises(MalformedInput):
        issue_body(sealed)
