"""Keys that an address carries in its own fragment."""

import re

from intaglio.dids.identifiers import split
from intaglio.errors import MalformedInput, Unsupported
from intaglio.fetch.rules import show
from intaglio.multikey import PublicKey

_KEY_TEXT = re.compile(r"z(?:6Mk|Dna|82L)[1-9A-HJ-NP-Za-km-z]{36,}\Z")
"""How the Multikey text of Ed25519, P-256 and P-384 begins; whatever else begins so is a broken key, not a name."""


def key_in_fragment(url: str) -> PublicKey | None:
    """Return the key in the fragment of ``https://example.com/issuers/1#z6Mk…``, or None where the fragment is a name.

    Open Badges are published with such addresses and without the document behind them. The key proves that nothing was changed
    since somebody signed; it does not prove who, since anybody may write any address before it.

    :raises MalformedInput: ``bad-public-key`` for a fragment that begins like a key and is none.
    """
    fragment = split(url).fragment
    if not _KEY_TEXT.match(fragment):
        return None
    try:
        return PublicKey.from_multikey(fragment)
    except (MalformedInput, Unsupported):
        raise MalformedInput("bad-public-key", f"The end of {show(url)} is no key.") from None
