"""What an OpenID Connect provider says of itself (OpenID Connect Discovery 1.0), and the keys that it signs with."""

import threading
from datetime import datetime, timedelta
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import IntaglioError, Unavailable
from intaglio.fetch.network import Network
from intaglio.fetch.rules import parse_target
from intaglio.server.settings import Settings

ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
"""Signatures that a provider alone can make: with `HS256` whoever knows the client's secret could, and `none` needs no key."""
_MAX_BYTES = 256 * 1024
_FRESH = timedelta(hours=1)
_ASK_AGAIN = timedelta(minutes=1)
_TYPES = ("application/json", "application/jwk-set+json")
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Provider:
    """The provider that the settings name. What it says is asked for when it is needed, and kept for an hour."""

    def __init__(self, settings: Settings, network: Network) -> None:
        if settings.oidc_issuer is None:
            raise ValueError("no provider is configured")
        self.issuer = settings.oidc_issuer
        self.network = network
        self._allow_http = settings.allow_http_loopback
        self._lock = threading.Lock()
        self._metadata: tuple[datetime, JsonObject] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def metadata(self, now: datetime) -> JsonObject:
        """Return the provider's metadata (section 3).

        :raises Unavailable: ``external-sign-in-away``
        """
        with self._lock:
            if self._metadata is None or now - self._metadata[0] >= _FRESH:
                self._metadata = now, self._ask_metadata()
            return self._metadata[1]

    def algorithms(self, now: datetime) -> list[str]:
        """Return the algorithms of ID Tokens that the provider states and we accept."""
        stated = self.metadata(now).get("id_token_signing_alg_values_supported", ["RS256"])
        return sorted(ALGORITHMS & set(map(str, stated))) if isinstance(stated, list) else []

    def key(self, key_id: str | None, now: datetime) -> Key | None:
        """Return the key of an id, or the only one where a token names none; asked for anew where it is not known yet.

        :raises Unavailable: ``external-sign-in-away``
        """
        with self._lock:
            asked = self._keys
        found = None if asked is None or now - asked[0] >= _FRESH else _find(asked[1], key_id)
        # A provider changes its keys without notice; a stranger's made-up ids must not make us ask each time.
        if found is None and (asked is None or now - asked[0] >= _ASK_AGAIN):
            keys = self._ask_keys(now)
            with self._lock:
                self._keys = now, keys
            found = _find(keys, key_id)
        return found

    def _ask_metadata(self) -> JsonObject:
        found = self._get(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        # Section 4.3: it must be the very same, or one provider could speak for another.
        if found.get("issuer") != self.issuer:
            raise Unavailable("external-sign-in-away", "Its metadata are those of another provider.")
        for name in _ENDPOINTS:
            self._check(found.get(name), name)
        return found

    def _check(self, url: Any, name: str) -> None:
        try:
            parse_target(url if isinstance(url, str) else "", allow_http=self._allow_http)
        except IntaglioError:
            raise Unavailable("external-sign-in-away", f"Its metadata state no usable {name}.") from None

    def _ask_keys(self, now: datetime) -> KeySet:
        found = self._get(self.metadata(now)["jwks_uri"])
        entries = found.get("keys")
        # Keys of kinds that nobody here knows are no reason to refuse the others.
        usable = (
            [key for entry in entries if (key := _imported(entry)) is not None] if isinstance(entries, list) else []
        )
        return KeySet(usable)

    def _get(self, url: str) -> JsonObject:
        try:
            return parse_object(self.network.get(url, accept=_TYPES, max_bytes=_MAX_BYTES).body)
        except IntaglioError as error:
            raise Unavailable("external-sign-in-away", error.problem.detail) from None


def _imported(entry: Any) -> Key | None:
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig" or entry.get("kty") == "oct":
        return None
    try:
        return KeySet.import_key_set({"keys": [entry]}).keys[0]
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _find(keys: KeySet, key_id: str | None) -> Key | None:
    found = [key for key in keys.keys if key_id is None or key.kid == key_id]
    return found[0] if len(found) == 1 else None
