"""Errors become answers here and nowhere else: RFC 9457 problems for machines, the same sentences on a page for people."""

import logging
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from intaglio.errors import IntaglioError, NotSealable, Problem, Unavailable, Unsupported
from intaglio.server.errors import ServerError, SignInNeeded, TooMany
from intaglio.server.languages import mark
from intaglio.server.pages import render

SIGN_IN_PATH = "/sign-in"
_log = logging.getLogger(__name__)
_KINDS = {404: "no-such-page", 405: "no-such-page", 413: "too-large-a-request"}
_SENTENCES = {404: mark("No page has this address."), 405: mark("Nothing can be sent to this address that way.")}


def install(app: FastAPI) -> None:
    """Handle every error of a service."""
    app.add_exception_handler(IntaglioError, _on_known)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(DataError, _on_data)


def wants_page(request: Request) -> bool:
    """Tell whether a person's browser asks: it names HTML, a program that says nothing in particular gets JSON."""
    return "text/html" in request.headers.get("accept", "")


def status_of(error: IntaglioError) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, ServerError):
        return error.status
    if isinstance(error, Unavailable):
        return 503
    if isinstance(error, NotSealable | Unsupported):
        return 422
    return 400


def problem_json(problem: Problem, status: int, request: Request, **more: Any) -> JSONResponse:
    """Return a problem for a machine (RFC 9457, section 3)."""
    body = {
        **problem.to_json(),
        "status": status,
        "instance": f"urn:intaglio:request:{request.state.request_id}",
        **more,
    }
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def _on_known(request: Request, error: Exception) -> Response:
    assert isinstance(error, IntaglioError)  # noqa: S101 - for mypy: it is registered for this type alone
    status = status_of(error)
    if isinstance(error, SignInNeeded) and wants_page(request) and request.method == "GET":
        where = quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
        return RedirectResponse(f"{SIGN_IN_PATH}?next={where}", status_code=303)
    more = {"problems": [problem.to_json() for problem in error.problems]} if isinstance(error, NotSealable) else {}
    response = _answer(request, error.problem, status, **more)
    if isinstance(error, SignInNeeded) and not wants_page(request):
        response.headers["www-authenticate"] = "Bearer"  # RFC 6750, section 3
    if isinstance(error, TooMany):
        response.headers["retry-after"] = str(error.retry_after)
    return response


def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - for mypy
    if getattr(request.state, "too_large", False):
        return _answer(request, Problem("too-large-a-request", "The limit of this place was passed."), 413)
    detail = _SENTENCES.get(error.status_code) or f"{error.detail}."
    problem = Problem(_KINDS.get(error.status_code, "bad-request"), detail)
    response = _answer(request, problem, error.status_code)
    response.headers.update(error.headers or {})
    return response


def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - for mypy
    places = ["/".join(str(part) for part in finding["loc"]) for finding in error.errors()[:5]]
    return _answer(request, Problem("bad-request", f"Not as expected: {', '.join(places)}."), 422)


def _on_data(request: Request, _error: Exception) -> Response:
    """Answer for text that no database holds, such as one with a NUL in it."""
    return _answer(request, Problem("bad-request", "It holds characters that nothing here can hold."), 400)


def unexpected(request: Request, error: Exception) -> Response:
    """Answer for a mistake of ours. The log has it under the number that the answer names."""
    _log.error("unexpected", exc_info=error, extra={"facts": {"request_id": request.state.request_id}})
    return _answer(request, Problem("our-mistake", f"It is noted under {request.state.request_id}."), 500)


def _answer(request: Request, problem: Problem, status: int, **more: Any) -> Response:
    if wants_page(request):
        return render(request, "problem.html", status=status, problem=problem, problem_status=status)
    return problem_json(problem, status, request, **more)
