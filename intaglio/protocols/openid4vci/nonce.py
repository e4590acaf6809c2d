"""Fresh nonces for key proofs (OpenID4VCI 1.0, section 7). The request is a POST with an empty body and no token."""

from dataclasses import dataclass

from intaglio.documents import JsonObject, parse_object
from intaglio.protocols.members import Members

MAX_RESPONSE = 16 * 1024
_MAX_NONCE = 1024


@dataclass(frozen=True, slots=True)
class NonceResponse:
    """The nonce that the next key proof must carry."""

    c_nonce: str

    @classmethod
    def from_json(cls, document: JsonObject) -> "NonceResponse":
        """Read the response.

        :raises MalformedInput: ``nonce-response``
        """
        return cls(Members(document, "nonce-response").text("c_nonce", longest=_MAX_NONCE))

    def to_json(self) -> JsonObject:
        """Return the response, which must be sent with ``Cache-Control: no-store`` (section 7.2)."""
        return {"c_nonce": self.c_nonce}


def parse_nonce_response(data: bytes) -> NonceResponse:
    """Read a nonce response as bytes.

    :raises MalformedInput: ``nonce-response``, and what `intaglio.documents.parse_object` raises.
    """
    return NonceResponse.from_json(parse_object(data, max_bytes=MAX_RESPONSE))
