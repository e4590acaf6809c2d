"""Where issuers and authorization servers publish what they can do."""

from urllib.parse import urlsplit, urlunsplit

from intaglio.errors import MalformedInput
from intaglio.fetch.rules import show
from intaglio.protocols.members import is_web_address

ISSUER_PATH = "/.well-known/openid-credential-issuer"
AUTHORIZATION_SERVER_PATH = "/.well-known/oauth-authorization-server"


def issuer_metadata_url(credential_issuer: str) -> str:
    """Return the address of an issuer's metadata: the well-known path goes before the issuer's own (section 12.2.2).

    ``https://school.example/north`` has it at ``https://school.example/.well-known/openid-credential-issuer/north``.

    :raises MalformedInput: ``bad-address``
    """
    return _inserted(credential_issuer, ISSUER_PATH)


def authorization_server_metadata_url(issuer: str) -> str:
    """Return the address of an authorization server's metadata (RFC 8414, section 3.1).

    :raises MalformedInput: ``bad-address``
    """
    return _inserted(issuer, AUTHORIZATION_SERVER_PATH)


def _inserted(identifier: str, path: str) -> str:
    if not is_web_address(identifier) or "?" in identifier or "#" in identifier:
        raise MalformedInput("bad-address", f"{show(identifier)} is not an https address without query and fragment.")
    parts = urlsplit(identifier)
    # RFC 8414 removes a slash at the end; OpenID4VCI does not say, and wallets treat both alike.
    return urlunsplit((parts.scheme, parts.netloc, path + parts.path.removesuffix("/"), "", ""))
