"""Where the network may go: pure decisions about URLs, redirects and addresses.

A verifier reads addresses out of documents that strangers wrote. Without these rules it would be a machine for asking its own
neighbours (server-side request forgery): every URL is read here and nowhere else, so that no second parser can see another
host in it, and every address that a name resolves to is judged before a connection is made to exactly that address.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urljoin

from intaglio.errors import MalformedInput, Unavailable

MAX_URL = 4096
MAX_REDIRECTS = 3
_DEFAULT_PORTS = {"https": 443, "http": 80}

# RFC 3986, appendix A: what a URI is written with, and how its parts are cut. Tabs, line ends, backslashes and letters
# outside ASCII are where parsers disagree about the host; none of them belongs to a URI.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+\Z")
_WEB = re.compile(r"(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?\Z", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?\Z")
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)\Z")

# IANA IPv4 Special-Purpose Address Registry (RFC 6890) and multicast. Written out, since what Python's `is_global` says
# has changed between its versions.
_FORBIDDEN_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carrier-grade NAT; 100.100.100.200 is a cloud's metadata
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # looks public, but is a cloud's platform service to its own machines
        "169.254.0.0/16",  # link-local; 169.254.169.254 is most clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; 192.0.0.192 is a cloud's metadata
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_LOOPBACK_V4 = IPv4Network("127.0.0.0/8")
_LOOPBACK_V6 = IPv6Address("::1")
# The IPv6 internet is 2000::/3 (RFC 4291, 2.4). Everything else falls away at once: loopback, link-local, unique local
# (fd00:ec2::254 is a cloud's metadata), multicast, and addresses that embed an IPv4 address (::ffff:0:0/96, ::/96).
_GLOBAL_V6 = IPv6Network("2000::/3")
_FORBIDDEN_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, and Teredo, which embeds an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which embeds an IPv4 address
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
"""Networks without IPv4 see every IPv4 host under this prefix (RFC 6052), so the embedded address decides."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked, in parts: `host` in lower case and without brackets, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the Host header: a default port is left out, an IPv6 address stands in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL, without a fragment."""
        return f"{self.scheme}://{self.authority}{self.path}"


def parse_target(url: str, *, allow_http: bool = False) -> Target:
    """Read a URL (RFC 3986) that is to be asked; its fragment is left out, since fragments are never sent.

    With `allow_http`, http will do as well; `check_addresses` then holds it to loopback. Ports are the scheme's own and 1024
    or above: services of schools do live on such ports, while those below are other protocols', not to be knocked at.

    :raises MalformedInput: ``bad-address`` for what is not a URL.
    :raises Unavailable: ``forbidden-address`` for schemes, ports and credentials that are not for us.
    """
    if not _URI.match(url):
        raise MalformedInput("bad-address", f"{show(url)} is not a URL.")
    match = _WEB.match(url)
    if match is None:
        raise Unavailable("forbidden-address", f"{show(url)} is not an https address.")
    if len(url) > MAX_URL:
        raise MalformedInput("bad-address", f"{show(url)} is longer than {MAX_URL} characters.")
    scheme, (host, port) = match[1].lower(), _read_authority(url, match[2])
    if scheme == "http" and not allow_http:
        raise Unavailable("forbidden-address", f"{show(url)} begins with http; only https is asked.")
    number = _DEFAULT_PORTS[scheme] if port is None else int(port)
    if number != _DEFAULT_PORTS[scheme] and not 1024 <= number <= 65535:
        raise Unavailable("forbidden-address", f"Port {number} of {host} is not asked.")
    return Target(scheme, host, number, (match[3] or "/") + (match[4] or ""))


def redirect_target(current: Target, location: str, *, allow_http: bool = False) -> Target:
    """Read the Location (RFC 9110, 10.2.2) of a redirect from `current`; it passes the same rules as a first URL.

    :raises Unavailable: ``forbidden-address``, also for leaving https, and ``broken-answer``: what the server wrote is no
        fault of the document in question.
    """
    # `urljoin` drops tabs and line ends, so what is joined is checked before, as what comes of it is checked after.
    if len(location) > MAX_URL or not _URI.match("x:" + location):
        raise Unavailable("broken-answer", f"{current.host} redirects to {show(location)}, which is not a URL.")
    try:
        target = parse_target(urljoin(current.url, location), allow_http=allow_http)
    except (MalformedInput, ValueError):
        raise Unavailable(
            "broken-answer", f"{current.host} redirects to {show(location)}, which is not a URL."
        ) from None
    if current.scheme == "https" and target.scheme == "http":
        raise Unavailable("forbidden-address", f"{current.host} redirects from https to http.")
    return target


def check_addresses(target: Target, addresses: Iterable[str], *, allow_loopback: bool = False) -> tuple[str, ...]:
    """Return the addresses of the target's host if every one of them may be asked.

    One forbidden address forbids them all: an honest host on the internet has no address inside somebody's network, and so
    the outcome does not depend on which of them comes first. http is for loopback alone.

    :raises Unavailable: ``forbidden-address``, which does not say the address: to a stranger it would be a map of the
        reader's network.
    """
    found = tuple(addresses)
    for text in found:
        address = _read_address(text)
        if address is not None and _is_loopback(address):
            allowed = allow_loopback
        else:
            allowed = address is not None and target.scheme == "https" and is_public(address)
        if not allowed:
            raise Unavailable("forbidden-address", f"{target.host} is not a host on the internet.")
    return found


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address belongs to the internet: not private, shared, local, multicast, reserved or documentation."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _FORBIDDEN_V4)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _GLOBAL_V6 and not any(address in network for network in _FORBIDDEN_V6)


def show(text: str) -> str:
    """Return a text from outside as a sentence may quote it: short, and without characters that have no shape."""
    safe = "".join(character if character.isprintable() else "�" for character in text[:80])
    return f"“{safe}…”" if len(text) > 80 else f"“{safe}”"


def _read_authority(url: str, authority: str) -> tuple[str, str | None]:
    if "@" in authority:
        # https://school.example@evil.example/ reads as the school's to a person, and credentials are never sent.
        raise Unavailable("forbidden-address", f"{show(url)} carries a user name or password.")
    match = _AUTHORITY.match(authority)
    if match is None or not _is_host(match[1]):
        raise MalformedInput("bad-address", f"{show(url)} does not name a host.")
    return match[1].strip("[]").lower(), match[2]


def _is_host(host: str) -> bool:
    labels = host.split(".")
    if host.startswith("["):
        return _read_address(host[1:-1]) is not None
    if labels[-1].isdigit() or labels[-1].lower().startswith("0x"):
        # 2130706433, 0x7f.1 and 127.1 are 127.0.0.1 to a resolver: numbers must be a plain dotted quad.
        return _read_address(host) is not None
    return len(host) <= 253 and all(_LABEL.match(label) for label in labels)


def _read_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _is_loopback(address: IPv4Address | IPv6Address) -> bool:
    return address in _LOOPBACK_V4 if isinstance(address, IPv4Address) else address == _LOOPBACK_V6
