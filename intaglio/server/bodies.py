"""Bodies of machines' requests, as the bytes that were sent: our own gate (`intaglio.documents`) reads them."""

from typing import Annotated, Any

from fastapi import Depends, Request


async def _raw(request: Request) -> bytes:
    return await request.body()


RawBody = Annotated[bytes, Depends(_raw)]


def described(schema: dict[str, Any] | None = None, *, media_type: str = "application/json") -> dict[str, Any]:
    """Return what the machines' description (OpenAPI) says of a raw body; written as ``openapi_extra`` of its route."""
    content = {media_type: {"schema": schema or {"type": "object"}}}
    return {"requestBody": {"required": True, "content": content}}
