"""Whatever a stranger sends, a parser returns or raises one of our errors; what it returns can be written and read again."""

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intaglio.errors import IntaglioError
from intaglio.protocols.openid4vci.authorization_server import AuthorizationServerMetadata
from intaglio.protocols.openid4vci.credential import CredentialRequest, CredentialResponse
from intaglio.protocols.openid4vci.metadata import IssuerMetadata
from intaglio.protocols.openid4vci.nonce import NonceResponse
from intaglio.protocols.openid4vci.notification import Event, NotificationRequest
from intaglio.protocols.openid4vci.offer import Offer, TransactionCode, link_by_value, parse_link
from intaglio.protocols.openid4vci.proof import Expected, verify_proofs
from intaglio.protocols.openid4vci.token import TokenRequest, TokenResponse
from intaglio.protocols.vcapi.requests import (
    IssueRequest,
    StatusRequest,
    VerifyCredentialRequest,
    VerifyPresentationRequest,
)
from tests.protocols.openid4vci.issuer import ISSUER, NOW, issuer_metadata, offer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
HONEST: list[tuple[Callable[[Any], Any], dict[str, Any]]] = [
    (Offer.from_json, offer().to_json()),
    (lambda document: IssuerMetadata.from_json(document, expected_issuer=ISSUER), issuer_metadata().to_json()),
    (
        lambda document: AuthorizationServerMetadata.from_json(document, expected_issuer=ISSUER),
        AuthorizationServerMetadata(ISSUER, f"{ISSUER}/token", ("a",)).to_json(),
    ),
    (TokenResponse.from_json, TokenResponse("abc", 600, {"a": ("b",)}).to_json()),
    (NonceResponse.from_json, NonceResponse("abc").to_json()),
    (CredentialRequest.from_json, CredentialRequest("a", None, ("b.c.d",)).to_json()),
    (NotificationRequest.from_json, NotificationRequest("a", Event.ACCEPTED, "b").to_json()),
    (IssueRequest.from_json, {"credential": {"id": "a"}, "options": {"credentialId": "b"}}),
    (StatusRequest.from_json, {"credentialId": "a", "credentialStatus": {"statusPurpose": "b"}, "status": True}),
    (VerifyCredentialRequest.from_json, {"verifiableCredential": {}, "options": {"checks": ["proof"]}}),
    (VerifyPresentationRequest.from_json, {"verifiablePresentation": {}, "options": {"challenge": "a"}}),
]


@pytest.mark.parametrize("number", range(len(HONEST)))
@given(data=st.data())
def test_a_message_with_one_member_of_another_making_is_read_or_refused(number: int, data: st.DataObject) -> None:
    read, document = HONEST[number]
    assert read(document) is not None
    changed = json.loads(json.dumps(document))
    place: Any = changed
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(JSON)
    with contextlib.suppress(IntaglioError):
        read(changed)


@given(st.text() | st.text().map(lambda text: f"openid-credential-offer://?{text}"))
def test_any_text_is_an_offer_or_refused(text: str) -> None:
    with contextlib.suppress(IntaglioError):
        parse_link(text)


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_a_form_or_refused(body: bytes) -> None:
    with contextlib.suppress(IntaglioError):
        TokenRequest.from_form(body)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()), st.sampled_from(["ldp_vc", "jwt_vc_json-ld"]))
def test_any_bytes_are_a_credential_response_or_refused(body: bytes, format_name: str) -> None:
    with contextlib.suppress(IntaglioError):
        CredentialResponse.parse(body, format_name=format_name)


@given(st.text())
def test_no_text_is_a_proof(text: str) -> None:
    with contextlib.suppress(IntaglioError):
        verify_proofs([text], Expected(ISSUER, lambda _: True), now=NOW)
        pytest.fail("a text of no making passed for a proof")


@given(st.dictionaries(st.text(), JSON, max_size=4), st.sampled_from([None, 1]))
def test_a_signed_document_arrives_byte_for_byte(document: dict[str, Any], indent: Any) -> None:
    sealed = json.dumps(document, indent=indent, ensure_ascii=False).encode("utf-8", "replace")
    sent = CredentialResponse((sealed, sealed), "n")
    with contextlib.suppress(IntaglioError):  # numbers that not every reader can hold
        assert CredentialResponse.parse(sent.to_bytes(), format_name="ldp_vc") == sent


@given(
    st.text(min_size=1, max_size=50),
    st.builds(
        TransactionCode,
        st.sampled_from(["numeric", "text"]),
        st.none() | st.integers(1, 100),
        st.none() | st.text(max_size=300),
    ),
)
def test_every_offer_of_ours_is_read_again(code: str, transaction_code: TransactionCode) -> None:
    sent = offer(pre_authorized_code=code, transaction_code=transaction_code)
    with contextlib.suppress(UnicodeEncodeError):  # half of a surrogate pair, which no code of ours holds
        assert parse_link(link_by_value(sent)) == sent
