"""What a learner pasted or scanned: the offer of a badge, or a badge."""

from enum import Enum
from urllib.parse import urlsplit

from intaglio.errors import IntaglioError, MalformedInput
from intaglio.protocols.openid4vci.offer import Offer, parse_link

_OFFER_WORDS = ("credential_offer=", "credential_offer_uri=", '"credential_issuer"')


class Brought(Enum):
    """What it is."""

    OFFER = "offer"
    BADGE = "badge"


def recognise(text: str) -> Brought:
    """Tell an offer from a badge.

    :raises MalformedInput: ``nothing-brought``, and ``other-link`` for an address that offers nothing.
    """
    stripped = text.strip()
    if not stripped:
        raise MalformedInput("nothing-brought", "The field is empty.")
    if any(word in stripped for word in _OFFER_WORDS):
        return Brought.OFFER
    if stripped.startswith(("http://", "https://", "openid-credential-offer:")):
        raise MalformedInput("other-link", "It carries no offer of a badge.")
    return Brought.BADGE


def issuer_host(link: str) -> str:
    """Return the host that an offer in a link leads to, without asking anybody; nothing where there is none to be read."""
    try:
        found = parse_link(link)
    except IntaglioError:
        return ""
    return urlsplit(found.credential_issuer if isinstance(found, Offer) else found.url).netloc


def did_web_of(credential_issuer: str) -> str:
    """Return the did:web that the address of an issuer would have (did:web Method, section 3.2)."""
    parts = urlsplit(credential_issuer)
    steps = [step for step in parts.path.split("/") if step]
    return ":".join(["did:web", parts.netloc.replace(":", "%3A"), *steps])
