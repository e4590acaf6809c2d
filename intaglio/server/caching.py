"""Answers that others may keep for a while (RFC 9111), and recognise again (RFC 9110, 13.1.2)."""

import hashlib

from starlette.responses import Response


def cached(answer: Response, if_none_match: str, *, seconds: int) -> Response:
    """Return an answer with a tag of its content and the time that it may be kept, or 304 where the asker has it already."""
    tag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    known = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    if tag in known or "*" in known:
        kept = {name: value for name, value in answer.headers.items() if name.startswith("access-control")}
        answer = Response(status_code=304, headers=kept)
    answer.headers["etag"] = tag
    answer.headers["cache-control"] = f"public, max-age={seconds}"
    return answer
