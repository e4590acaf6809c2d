"""The addresses of a claim: for people, for a wallet that we know, and for any other wallet on the device."""

from dataclasses import dataclass
from urllib.parse import urlencode

from intaglio.protocols.openid4vci.offer import SCHEME
from issuer.delivery.codes import claim_code
from issuer.delivery.models import ClaimCode
from issuer.settings import IssuerSettings

OFFER_PATH = "/claim/{code}/offer"
"""Where a wallet finds the credential offer of a claim link (OpenID4VCI 1.0, section 4.1.3)."""


@dataclass(frozen=True)
class ClaimLinks:
    """`page` is what mails and QR codes hold; `offer` is for machines; `our_wallet` and `any_wallet` open one with the offer."""

    page: str
    offer: str
    our_wallet: str
    any_wallet: str


def links_of(settings: IssuerSettings, claim: ClaimCode) -> ClaimLinks:
    """Return the addresses of a claim."""
    return links_for(settings, claim_code(settings.secret_bytes, claim.id))


def links_for(settings: IssuerSettings, code: str) -> ClaimLinks:
    """Return the addresses of the claim with a code, which is one that was found."""
    offer = settings.origin + OFFER_PATH.format(code=code)
    query = urlencode({"credential_offer_uri": offer})
    return ClaimLinks(
        page=f"{settings.origin}/claim/{code}",
        offer=offer,
        our_wallet=f"{settings.wallet_url}/claim?{query}",
        any_wallet=f"{SCHEME}?{query}",
    )
