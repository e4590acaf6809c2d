"""Controller documents and bare keys at https addresses.

A Data Integrity proof names ``https://example.com/issuers/1#key-1``: the document at the address without the fragment is the
controller's (Controlled Identifiers 1.0, section 3.3). A token of Open Badges 3.0 may name an address that answers with a
JWK and nothing else (section 8.2, header ``kid``): that proves what the web site of the address publishes, and names nobody.
"""

from dataclasses import dataclass

from intaglio.dids.controller import ControllerDocument, parse
from intaglio.dids.documents import read_document
from intaglio.dids.material import read_jwk
from intaglio.fetch.source import Source
from intaglio.multikey import PublicKey


@dataclass(frozen=True)
class BareKey:
    """A key that an address answers with. Nobody says whose it is, or what it is for, except that it is for signatures."""

    url: str
    key: PublicKey


def resolve(url: str, source: Source) -> ControllerDocument | BareKey:
    """Return what is published at a URL without a fragment.

    The document's ``id`` must be the URL that was asked, also where the server redirected: who may redirect an address
    controls it, but who is redirected to does not. A JWK Set is none of both: it would have to be searched by a name that
    the token gives itself.

    :raises Unavailable: as the source does.
    :raises MalformedInput: ``bad-controller-document``, ``controller-document-id``, and as `read_jwk` does.
    :raises Unsupported: as `read_jwk` does.
    """
    document = read_document(source, url)
    if "kty" in document and "id" not in document:
        return BareKey(url, read_jwk(document))
    return parse(document, url)
