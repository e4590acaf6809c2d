"""What happens around every request, as one plain ASGI layer: bounds, language, cookies, headers, the log and the metrics."""

import secrets
import time
from collections.abc import Callable
from typing import TypeAlias

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intaglio.server import languages
from intaglio.server.answers import unexpected
from intaglio.server.errors import TooLarge
from intaglio.server.settings import Settings
from intaglio.server.visitors import CookieNames, Visitor

Observer: TypeAlias = Callable[[Request, int, float], None]
"""Told about each answered request: itself, the status, the seconds."""

SMALL_BODY = 256 * 1024
"""The most that a request may carry where its route does not say otherwise."""

_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), "
    "geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


class Surroundings:
    """Wraps a service."""

    def __init__(self, app: ASGIApp, settings: Settings, observe: Observer, body_limits: dict[str, int]) -> None:
        self._app, self._settings, self._observe, self._limits = app, settings, observe, body_limits
        self._names = CookieNames.of(settings.service)
        self._headers = dict(_HEADERS)
        if settings.origin.startswith("https:"):
            self._headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        visitor = Visitor.of(request, self._names)
        request.state.visitor = visitor
        request.state.request_id = secrets.token_hex(8)
        self._choose_language(request, visitor)
        began, status, answering = time.perf_counter(), 500, False
        is_head = scope["method"] == "HEAD"
        if is_head:
            # Whatever can be asked for can be asked about (RFC 9110, section 9.3.2); the body stays here.
            scope = {**scope, "method": "GET"}

        async def send_with_headers(message: Message) -> None:
            nonlocal status, answering
            if message["type"] == "http.response.start":
                status, answering = message["status"], True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
                headers["x-request-id"] = request.state.request_id
                visitor.write(headers)
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        limit = self._limit_of(scope["path"])
        try:
            await self._app(scope, _bounded(request, receive, limit), send_with_headers)
        except Exception as error:
            # Here rather than in Starlette's outermost layer, whose answers would go out without our headers.
            if answering:
                raise
            await unexpected(request, error)(scope, receive, send_with_headers)
        finally:
            self._observe(request, status, time.perf_counter() - began)

    def _choose_language(self, request: Request, visitor: Visitor) -> None:
        offered = self._settings.languages
        asked = request.query_params.get("lang")
        if asked in offered:
            visitor.choose_language(asked)
        wanted = [
            asked,
            request.cookies.get(self._names.language),
            *_accepted(request.headers.get("accept-language", "")),
        ]
        languages.set_language(next((language for language in wanted if language in offered), offered[0]))

    def _limit_of(self, path: str) -> int:
        return next((limit for prefix, limit in self._limits.items() if path.startswith(prefix)), SMALL_BODY)


def _bounded(request: Request, receive: Receive, limit: int) -> Receive:
    """Return `receive` with an end: whoever sends more is refused, whatever length was announced."""
    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            request.state.too_large = True  # whoever reads a form makes another error of this one
            raise TooLarge("too-large-a-request", f"It carries more than {limit // 1024:,} kB.")
        return message

    return bounded


def _accepted(header: str) -> list[str]:
    """Return the languages of an Accept-Language header (RFC 9110, 12.5.4), the liked best first."""
    weighted = []
    for part in header[:500].split(","):
        language, _, parameter = part.partition(";")
        weight = parameter.strip().removeprefix("q=") or "1"
        try:
            weighted.append((-float(weight), language.strip().partition("-")[0].lower()))
        except ValueError:
            continue
    return [language for _, language in sorted(weighted)]
