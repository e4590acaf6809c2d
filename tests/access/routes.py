"""The routes of a service, as its application has them, each with the rule about who may use it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Route

from intaglio.server.access import Access
from intaglio.server.csrf import require_own_form

DESCRIPTION = "/openapi.json"
"""FastAPI's own route, which takes no dependencies: it tells what this repository tells."""


@dataclass(frozen=True)
class Door:
    """One method of one route. `rules` are the `Access`es among its dependencies; there should be one.

    `guards_forms` tells whether it takes only what a page of ours has sent.
    """

    method: str
    path: str
    rules: tuple[Access, ...]
    guards_forms: bool

    @property
    def name(self) -> str:
        """What the tables call it, such as ``GET /o/{organization_id}``."""
        return f"{self.method} {self.path}"


def doors_of(app: FastAPI) -> list[Door]:
    """Return every method of every route of an application, in the order in which they are tried."""
    return [door for context in iter_route_contexts(app.routes) for door in _doors(context)]


def _doors(context: Any) -> Iterator[Door]:
    route = context.original_route
    if isinstance(route, APIRoute):
        # The context's dependant has the dependencies of the routers too that the route came in by.
        calls = list(_calls(context.dependant))
    elif isinstance(route, Route):
        calls = []
    else:
        raise TypeError(f"nobody has thought about who may use a {type(route).__name__}")
    rules = tuple(call for call in calls if isinstance(call, Access))
    for method in sorted((context.methods or set()) - {"HEAD"}):
        yield Door(method, context.path, rules, require_own_form in calls)


def _calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for below in dependant.dependencies:
        yield from _calls(below)
