"""An OpenID Connect provider that can be told to lie: each test changes one thing about its metadata, keys, tokens or answers."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from tests.server.signing_in.authenticator import encode

CLIENT_ID = "intaglio"
CLIENT_SECRET = "a secret of the tests"


@dataclass
class Liar:
    """What the provider says. The functions are given what an honest one would say, and return what is said instead."""

    issuer: str = ""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}))
    metadata: Callable[[dict[str, Any]], Any] = lambda honest: honest
    keys: Callable[[list[Any]], Any] = lambda honest: honest
    header: Callable[[dict[str, Any]], dict[str, Any]] = lambda honest: honest
    claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda honest: honest
    token: Callable[[dict[str, Any]], Any] = lambda honest: honest
    user_info: Callable[[dict[str, Any]], Any] = lambda honest: honest
    sign_with: Any = None
    status: dict[str, int] = field(default_factory=dict)
    nonce: str = ""
    asked: list[str] = field(default_factory=list)
    sent: list[tuple[dict[str, str], dict[str, list[str]]]] = field(default_factory=list)

    def answer(self, path: str) -> Any:
        """Return what is said at a path, as JSON."""
        self.asked.append(path)
        said: dict[str, Callable[[], Any]] = {
            "/.well-known/openid-configuration": self._metadata,
            "/jwks": lambda: {"keys": self.keys([self.key.as_dict(private=False)])},
            "/token": self._token,
            "/me": lambda: self.user_info({"sub": "ada", "email": "ada@school.example", "email_verified": True}),
        }
        return said[path]()

    def _metadata(self) -> Any:
        honest = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/me",
            "id_token_signing_alg_values_supported": ["ES256", "RS256", "HS256", "none"],
        }
        return self.metadata(honest)

    def _token(self) -> Any:
        now = int(datetime.now(UTC).timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": "ada", "iat": now, "exp": now + 60, "nonce": self.nonce}
        header = self.header({"alg": "ES256", "kid": "one"})
        key = self.sign_with or self.key
        token = _unsigned(claims) if header["alg"] == "none" else _signed(header, self.claims(claims), key)
        return self.token({"access_token": "a token", "token_type": "Bearer", "id_token": token})


def _signed(header: dict[str, Any], claims: dict[str, Any], key: Any) -> str:
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def _unsigned(claims: dict[str, Any]) -> str:
    return f"{encode(json.dumps({'alg': 'none'}).encode())}.{encode(json.dumps(claims).encode())}."


def shared_secret() -> OctKey:
    """Return the client's secret as a key: what a token must never be signed with."""
    return OctKey.import_key(CLIENT_SECRET)


@contextmanager
def lying_provider() -> Iterator[Liar]:
    """Run it on a loopback port."""
    liar = Liar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(urlsplit(self.path).path)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            liar.sent.append((dict(self.headers), parse_qs(body)))
            self._say(urlsplit(self.path).path)

        def _say(self, path: str) -> None:
            said = liar.answer(path)
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(liar.status.get(path, 200))
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        liar.issuer = f"http://localhost:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield liar
        finally:
            server.shutdown()
            thread.join()
