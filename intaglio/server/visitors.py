"""What a browser keeps for us: three cookies, each of this service alone.

Cookies ignore ports, so the names carry the service's; ``__Host-`` binds them to this very host and to secure connections
(browsers count ``http://localhost`` as one).
"""

import secrets
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.requests import Request

_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class CookieNames:
    """The names of a service's cookies."""

    sign_in: str
    visitor: str
    language: str

    @classmethod
    def of(cls, service: str) -> "CookieNames":
        """Return the names for a service."""
        return cls(*(f"__Host-intaglio-{service}{suffix}" for suffix in ("", "-visitor", "-language")))


@dataclass
class Visitor:
    """The browser that sends a request. What is set here goes out with the response."""

    names: CookieNames
    sign_in_token: str | None
    token: str | None
    _changes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, request: Request, names: CookieNames) -> "Visitor":
        """Read the cookies of a request."""
        return cls(names, request.cookies.get(names.sign_in), request.cookies.get(names.visitor))

    def ensure_token(self) -> str:
        """Return the token that tells this browser from others before anybody signs in, made now if it has none."""
        if self.token is None:
            self.token = secrets.token_urlsafe(18)
            self._set(self.names.visitor, self.token)
        return self.token

    def sign_in(self, token: str, *, seconds: int) -> None:
        """Keep a sign-in, and begin with a new visitor's token: what an attacker may have planted before ends here."""
        self.sign_in_token = token
        self._set(self.names.sign_in, token, max_age=seconds)
        self.token = None
        self.ensure_token()

    def sign_out(self) -> None:
        """Forget the sign-in."""
        self.sign_in_token = None
        self._set(self.names.sign_in, "", max_age=0)

    def choose_language(self, language: str) -> None:
        """Remember a language."""
        self._set(self.names.language, language, max_age=_YEAR)

    def write(self, headers: MutableHeaders) -> None:
        """Add what changed to the headers of a response."""
        for cookie in self._changes:
            headers.append("set-cookie", cookie)
        if self._changes:
            headers["cache-control"] = "no-store"

    def _set(self, name: str, value: str, *, max_age: int | None = None) -> None:
        age = "" if max_age is None else f"; Max-Age={max_age}"
        # Lax rather than Strict: a claim link in a mail, and the way back from a school's sign-in, come from elsewhere.
        self._changes.append(f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}")


def visitor_of(request: Request) -> Visitor:
    """Return the visitor of a request."""
    visitor: Visitor = request.state.visitor
    return visitor
