"""Addresses that people type, before they are sealed: JSON-LD drops what is no IRI, and a page would link to anything."""

import re
from urllib.parse import urlsplit

_CHARACTERS = re.compile(r"""[^\s<>"{}|\\^`\x00-\x20]+\Z""")
_HOST = re.compile(r"(?!-)[\w-]{1,63}(?<!-)(\.[\w-]{1,63})*\.?\Z|\[[0-9A-Fa-f:.]+\]\Z")
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:[^\s<>\"{}|\\^`\x00-\x20]+\Z", re.IGNORECASE)
MAX_LENGTH = 2000


def is_web_address(text: str) -> bool:
    """Tell whether a text is an http or https address that can be followed, without a password in it."""
    if len(text) > MAX_LENGTH or not _CHARACTERS.match(text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https") and "@" not in parts.netloc and bool(host and _HOST.match(_bracketed(host)))
    )


def is_urn(text: str) -> bool:
    """Tell whether a text is a URN (RFC 8141)."""
    return len(text) <= MAX_LENGTH and _URN.match(text) is not None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
