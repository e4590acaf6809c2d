"""Requests that change something must come from a page of ours (OWASP, Cross-Site Request Forgery Prevention).

Two guards, each enough alone where the browser plays along: what the browser says about where a request comes from, and a
token in the form, derived from a cookie that other sites cannot read.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from urllib.parse import urlsplit

from fastapi import Request

from intaglio.server.errors import Refused
from intaglio.server.visitors import Visitor, visitor_of

FIELD = "csrf_token"
HEADER = "x-csrf-token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def form_token(secret: bytes, visitor: Visitor) -> str:
    """Return the token for the forms of a visitor; it ends with the sign-in, or with the visit."""
    bound = visitor.sign_in_token or visitor.ensure_token()
    return urlsafe_b64encode(hmac.digest(secret, b"csrf\0" + bound.encode(), hashlib.sha256)).decode().rstrip("=")


async def require_own_form(request: Request) -> None:
    """Refuse a request that changes something and was not made by a page of this service.

    A dependency of every route for people. Doors for machines do not use it: they take no cookies.

    :raises Refused: ``foreign-form``
    """
    if request.method in _SAFE:
        return
    if not _from_here(request):
        raise Refused("foreign-form", "It was sent by a page of another site.")
    sent = request.headers.get(HEADER)
    if sent is None and "form" in request.headers.get("content-type", ""):
        field = (await request.form()).get(FIELD)
        sent = field if isinstance(field, str) else None
    expected = form_token(request.app.state.settings.secret_bytes, visitor_of(request))
    if not hmac.compare_digest((sent or "").encode(), expected.encode()):
        raise Refused("foreign-form", "The page it was sent from is no longer current.")


def _from_here(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == urlsplit(request.app.state.settings.origin).netloc
