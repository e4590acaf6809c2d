"""A school that issues by OpenID4VCI, as a real server on this machine: what the wallet meets in these tests.

It is written on the issuer's half of `intaglio.protocols.openid4vci`, keeps its state in memory, and can be told to fail.
"""

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError
from intaglio.protocols.openid4vci.configuration import JWT_VC_JSON_LD, LDP_VC, CredentialConfiguration
from intaglio.protocols.openid4vci.credential import CredentialResponse, parse_credential_request
from intaglio.protocols.openid4vci.display import Display
from intaglio.protocols.openid4vci.metadata import IssuerMetadata
from intaglio.protocols.openid4vci.nonce import NonceResponse
from intaglio.protocols.openid4vci.notification import parse_notification_request
from intaglio.protocols.openid4vci.offer import Offer, TransactionCode, link_by_reference, link_by_value
from intaglio.protocols.openid4vci.proof import Expected, verify_proofs
from intaglio.protocols.openid4vci.token import TokenRequest, TokenResponse
from tests.verification.builders import OPEN_BADGES, V2, as_bytes, badge, entry, signed, status_list, token, with_status

AT = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass
class School:
    """The state of the school, and what it saw. `fail` maps paths to the answers that are given instead, each once."""

    origin: str = ""
    codes: dict[str, str | None] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    nonces: set[str] = field(default_factory=set)
    holders: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    fail: dict[str, tuple[int, JsonObject]] = field(default_factory=dict)
    withdrawn: set[int] = field(default_factory=set)
    list_answers: bool = True
    purpose: str = "revocation"
    algorithms: tuple[str, ...] = ("EdDSA", "ES256")
    clock: Callable[[], datetime] = lambda: AT
    make: Callable[["School", str, str], bytes] = field(default=lambda school, name, holder: school.issue(name, holder))

    @property
    def list_url(self) -> str:
        """Where the status list is."""
        return f"{self.origin}/status/1"

    def offer(self, *names: str, code: str | None = "493536", by_reference: bool = False) -> str:
        """Return a link to an offer; `code` are the numbers from the teacher."""
        secret = secrets.token_urlsafe(8)
        self.codes[secret] = code
        needed = None if code is None else TransactionCode("numeric", len(code))
        made = Offer(self.origin, names or ("thinking",), secret, needed)
        if not by_reference:
            return link_by_value(made, wallet="https://wallet.localhost/claim")
        self.offers = made
        return link_by_reference(f"{self.origin}/offer", wallet="https://wallet.localhost/claim")

    def issue(self, name: str, holder: str, **changes: Any) -> bytes:
        """Return a signed badge for a holder."""
        subject = {**badge()["credentialSubject"], "id": holder}
        status = {**entry(7, self.purpose, self.list_url), "id": f"{self.list_url}#7"}
        members = {"id": f"urn:uuid:{name}", "credentialSubject": subject, "name": name.title(), **changes}
        document = with_status(status, **members)
        if name == "token":
            return token(document).encode()
        return as_bytes(signed(document))

    def metadata(self) -> JsonObject:
        """Return what the school publishes about itself."""

        def configuration(name: str) -> CredentialConfiguration:
            return CredentialConfiguration(
                name,
                JWT_VC_JSON_LD if name == "token" else LDP_VC,
                types=("VerifiableCredential", "OpenBadgeCredential"),
                contexts=(V2, OPEN_BADGES),
                binding_methods=("did:key",),
                proof_types=("jwt",),
                proof_algorithms=self.algorithms,
                display=(Display(name.title(), "en", description="What it takes."),),
            )

        return IssuerMetadata(
            self.origin,
            f"{self.origin}/credential",
            {name: configuration(name) for name in ("thinking", "writing", "token")},
            nonce_endpoint=f"{self.origin}/nonce",
            notification_endpoint=f"{self.origin}/notification",
            display=(Display("Prairie View High School", "en"),),
        ).to_json()

    def status_list(self) -> bytes:
        """Return the signed status list."""
        return as_bytes(signed(status_list(self.withdrawn, self.purpose, id=self.list_url)))

    def answer(  # noqa: PLR0911 - one for each address
        self, method: str, path: str, headers: Any, body: bytes
    ) -> tuple[int, bytes]:
        """Answer one request."""
        self.asked.append(f"{method} {path}")
        if path in self.fail:
            status, document = self.fail.pop(path)
            return status, json.dumps(document).encode()
        match path:
            case "/.well-known/openid-credential-issuer":
                return 200, json.dumps(self.metadata()).encode()
            case "/.well-known/oauth-authorization-server":
                members = {"issuer": self.origin, "token_endpoint": f"{self.origin}/token"}
                return 200, json.dumps(members).encode()
            case "/offer":
                return 200, json.dumps(self.offers.to_json()).encode()
            case "/status/1":
                return (200, self.status_list()) if self.list_answers else (503, b"{}")
            case "/token":
                return self._token(TokenRequest.from_form(body))
            case "/nonce":
                nonce = secrets.token_urlsafe(8)
                self.nonces.add(nonce)
                return 200, json.dumps(NonceResponse(nonce).to_json()).encode()
            case "/credential":
                return self._credential(headers, body)
            case "/notification":
                self.events.append(parse_notification_request(body).event.value)
                return 204, b""
        return 404, b"{}"

    def _token(self, asked: TokenRequest) -> tuple[int, bytes]:
        if self.codes.get(asked.pre_authorized_code, "") != asked.tx_code:
            return 400, b'{"error":"invalid_grant"}'
        del self.codes[asked.pre_authorized_code]
        made = secrets.token_urlsafe(8)
        self.tokens.add(made)
        return 200, json.dumps(TokenResponse(made).to_json()).encode()

    def _credential(self, headers: Any, body: bytes) -> tuple[int, bytes]:
        if headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return 401, b'{"error":"invalid_token"}'
        asked = parse_credential_request(body)
        try:
            expected = Expected(self.origin, accept_nonce=self.nonces.__contains__, algorithms=self.algorithms)
            proved = verify_proofs(asked.proofs, expected, now=self.clock())
        except IntaglioError:
            return 400, b'{"error":"invalid_nonce"}'
        self.holders.append(proved[0].holder)
        made = self.make(self, str(asked.configuration_id), proved[0].holder)
        return 200, CredentialResponse((made,), "note-1").to_bytes()


@contextmanager
def open_school() -> Iterator[School]:
    """Run a school while the block runs."""
    school = School()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET", b"")

        def do_POST(self) -> None:
            self._answer("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, method: str, body: bytes) -> None:
            status, answer = school.answer(method, self.path, self.headers, body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    school.origin = f"http://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield school
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
