"""Credential offers: what a link or a QR code carries (OpenID4VCI 1.0, section 4.1)."""

import json
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl, quote, urlsplit

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import MalformedInput, Unsupported
from intaglio.protocols.members import Members, is_web_address, without_none

PRE_AUTHORIZED_CODE = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
"""The grant type, registered by section 4.1.1."""
SCHEME = "openid-credential-offer://"
"""The address of any wallet on the device, where the issuer knows none in particular (section 12.1.1)."""
MAX_LINK = 16 * 1024
"""The longest link that is read, in characters; a QR code holds 4,296."""
MAX_OFFER = 64 * 1024
"""The largest offer that is read, in bytes."""
MAX_DESCRIPTION = 300

_KIND = "credential-offer"
InputMode: TypeAlias = Literal["numeric", "text"]


@dataclass(frozen=True, slots=True)
class TransactionCode:
    """What is known of the transaction code that the holder must type; the code itself travels another way."""

    input_mode: InputMode = "numeric"
    length: int | None = None
    description: str | None = None

    @classmethod
    def from_json(cls, members: Members) -> "TransactionCode":
        """Read the object ``tx_code``, which may be empty.

        :raises MalformedInput: ``credential-offer``
        """
        mode = members.optional_text("input_mode") or "numeric"
        if mode not in ("numeric", "text"):
            raise members.wrong("It is neither “numeric” nor “text”.", "input_mode")
        return cls(
            "text" if mode == "text" else "numeric",
            members.number("length", least=1),
            members.optional_text("description", longest=MAX_DESCRIPTION),
        )

    def to_json(self) -> JsonObject:
        """Return the object ``tx_code``."""
        return without_none(input_mode=self.input_mode, length=self.length, description=self.description)


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer that can be collected with a pre-authorized code.

    `configuration_ids` are names in the issuer's metadata. `transaction_code` is None where no such code is needed. The text
    form does not show the pre-authorized code.
    `authorization_server` is a hint for issuers with several.
    """

    credential_issuer: str
    configuration_ids: tuple[str, ...]
    pre_authorized_code: str = field(repr=False)
    transaction_code: TransactionCode | None = None
    authorization_server: str | None = None

    @classmethod
    def from_json(cls, document: JsonObject) -> "Offer":
        """Read a credential offer object (section 4.1.1). Unknown members and other grants are ignored.

        :raises MalformedInput: ``credential-offer``
        :raises Unsupported: ``offer-grant`` where it cannot be collected with a pre-authorized code.
        """
        members = Members(document, _KIND)
        issuer = members.url("credential_issuer")
        if "?" in issuer or "#" in issuer:
            raise members.wrong("An issuer’s address has no query and no fragment.", "credential_issuer")
        configuration_ids = members.required_texts("credential_configuration_ids")
        grants = members.inner("grants")
        grant = grants.inner(PRE_AUTHORIZED_CODE) if grants else None
        if grant is None:
            raise Unsupported("offer-grant", "It carries no pre-authorized code.", pointer="/grants")
        code = grant.inner("tx_code")
        return cls(
            issuer,
            configuration_ids,
            grant.text("pre-authorized_code"),
            None if code is None else TransactionCode.from_json(code),
            grant.optional_text("authorization_server"),
        )

    def to_json(self) -> JsonObject:
        """Return the credential offer object."""
        grant = without_none(
            **{"pre-authorized_code": self.pre_authorized_code},
            tx_code=None if self.transaction_code is None else self.transaction_code.to_json(),
            authorization_server=self.authorization_server,
        )
        return {
            "credential_issuer": self.credential_issuer,
            "credential_configuration_ids": list(self.configuration_ids),
            "grants": {PRE_AUTHORIZED_CODE: grant},
        }


@dataclass(frozen=True, slots=True)
class OfferReference:
    """Where an offer can be fetched: a GET that answers with ``application/json`` (section 4.1.3)."""

    url: str


def parse_link(link: str) -> Offer | OfferReference:
    """Read what a learner scanned, opened or pasted (sections 4.1.2 and 4.1.3).

    That is ``openid-credential-offer://?…``, an https link with such a query, or the offer itself as JSON.

    :raises MalformedInput: ``credential-offer``
    :raises Unsupported: ``offer-grant``
    """
    text = link.strip()
    if len(text) > MAX_LINK:
        raise MalformedInput(_KIND, f"The link has more than {MAX_LINK:,} characters.")
    if text.startswith("{"):
        return parse_offer(text)
    offers = _parameters(text)
    match offers:
        case [("credential_offer", value)]:
            return parse_offer(value)
        case [("credential_offer_uri", value)] if is_web_address(value):
            return OfferReference(value)
        case [("credential_offer_uri", _)]:
            raise MalformedInput(_KIND, "The place where the offer can be fetched is not an https address.")
        case []:
            raise MalformedInput(_KIND, "There is no offer in this link.")
    # Two of them could be two offers: one that a page shows, and one that a wallet takes.
    raise MalformedInput(_KIND, "There is more than one offer in this link.")


def parse_offer(data: bytes | str) -> Offer:
    """Read a credential offer object as text.

    :raises MalformedInput: ``credential-offer``, and what `intaglio.documents.parse_object` raises.
    :raises Unsupported: ``offer-grant``
    """
    return Offer.from_json(parse_object(data, max_bytes=MAX_OFFER))


def link_by_value(offer: Offer, *, wallet: str = SCHEME) -> str:
    """Return a link that holds the whole offer; `wallet` is the credential offer endpoint of a wallet."""
    text = json.dumps(offer.to_json(), ensure_ascii=False, separators=(",", ":"))
    return _with_parameter(wallet, "credential_offer", text)


def link_by_reference(offer_url: str, *, wallet: str = SCHEME) -> str:
    """Return a link that says where the offer is, short enough for a QR code."""
    return _with_parameter(wallet, "credential_offer_uri", offer_url)


def _parameters(link: str) -> list[tuple[str, str]]:
    try:
        parts = urlsplit(link)
        found = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=64, errors="strict")
    except ValueError:
        raise MalformedInput(_KIND, "The link cannot be read.") from None
    return [(name, value) for name, value in found if name in ("credential_offer", "credential_offer_uri")]


def _with_parameter(wallet: str, name: str, value: str) -> str:
    separator = "&" if "?" in wallet else "?"
    return f"{wallet}{separator}{name}={quote(value, safe='')}"
