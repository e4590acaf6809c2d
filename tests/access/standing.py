"""A service with everything in it that its routes are about, made once, and copied for each request that changes something.

Making it takes seconds, a copy of its database some hundredths of one.
"""

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2 as httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient

from intaglio.server import csrf, migrate
from intaglio.server.database import Database
from tests.access.table import Outcome
from tests.database import Cluster
from tests.services import START, Browser, UnderTest, running

_PAGE = {"accept": "text/html"}
_names = itertools.count()


@dataclass(frozen=True)
class Ask:
    """What a request carries beside its address. `values` fill the path's places; `json` and `content` are for machines."""

    values: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    files: Any = None
    json: Any = None
    content: bytes | None = None
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


Asker = Callable[[Browser, Mapping[str, str]], Ask]
"""Says what to ask, given the browser and the ids of what is there; it may ask for something else first."""


@dataclass
class Persona:
    """Somebody at the door: the cookies of a browser, or what a machine puts into its requests."""

    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Standing:
    """The service. `ids` are those of what is in it, by the names that the askers use."""

    service: UnderTest
    template: str
    cluster: Cluster
    personas: Mapping[str, Persona]
    ids: Mapping[str, str]
    folder: Path

    @property
    def app(self) -> FastAPI:
        """The application."""
        return self.service.app

    def browser(self, persona: str) -> Browser:
        """Return the browser of somebody. There is one only, so whoever used it before is gone."""
        # The service's own client runs in the loop that is there; another one would start a loop for each request.
        client = self.service.client
        client.cookies.clear()
        for name, value in self.personas[persona].cookies.items():
            client.cookies.set(name, value, domain=client.base_url.host)
        return Browser(self.app, client)

    @contextmanager
    def copy(self) -> Iterator[None]:
        """Work on a copy of the database and of the folder for the time of the block; what changes then is forgotten."""
        before, files = self.app.state.database, set(self.folder.rglob("*"))
        # The template is there already: whoever made the service made it.
        with self.cluster.fresh_database(self.template, lambda _url: None) as url:
            self.app.state.database = Database(url)
            try:
                yield
            finally:
                self.app.state.database.close()
                self.app.state.database = before
                for path in set(self.folder.rglob("*")) - files:
                    if path.is_file():
                        path.unlink()

    def ask(self, door: str, persona: str, asker: Asker, *, with_token: bool = True, **others: str) -> httpx.Response:
        """Send a request as somebody. `others` are ids to ask with instead of those that belong there.

        It comes from a page of ours, as its token says; without `with_token` from anywhere.
        """
        browser = self.browser(persona)
        ask = asker(browser, self.ids)
        method, path = door.split(" ")
        url = path.replace(":path}", "}").format(**{**self.ids, **ask.values, **others})
        headers = {**_PAGE, **self.personas[persona].headers, **ask.headers}
        if method != "GET" and with_token:
            headers[csrf.HEADER] = browser.form_token()
        return browser.client.request(
            method,
            url + ask.query,
            data=ask.fields or None,
            files=ask.files,
            json=ask.json,
            content=ask.content,
            headers=headers,
            follow_redirects=False,
        )


def outcome_of(answer: httpx.Response) -> Outcome | int:
    """Return what an answer means for whoever asked; the status, where it is neither done nor kept from them."""
    location = answer.headers.get("location", "") if answer.status_code == 303 else ""
    if location.startswith("/sign-in?next="):
        return Outcome.SIGN_IN
    if location.startswith("/welcome-age"):
        return Outcome.ASKED_FIRST
    kept = {401: Outcome.SIGN_IN, 403: Outcome.REFUSED, 404: Outcome.NOT_THERE}
    return kept.get(answer.status_code, Outcome.OK if answer.status_code < 400 else answer.status_code)


@contextmanager
def standing(
    name: str,
    postgres: Cluster,
    folder: Path,
    fill: Callable[[UnderTest], tuple[dict[str, Persona], dict[str, str]]],
    *,
    now: datetime = START,
    **settings: Any,
) -> Iterator[Standing]:
    """Run a service on a database that `fill` filled; it returns the personas, and the ids of what it made."""
    template = f"access_{name}_{os.getpid()}_{next(_names)}"
    made: list[Any] = []

    def prepare(url: str) -> None:
        migrate.upgrade(url, name)
        with _served(name, postgres, folder, url, settings) as service:
            service.clock.now = now
            made.extend(fill(service))

    with (
        postgres.fresh_database(template, prepare) as url,
        _served(name, postgres, folder, url, settings) as service,
    ):
        service.clock.now = now
        personas, ids = made
        yield Standing(service, template, postgres, personas, ids, folder)


@contextmanager
def _served(name: str, postgres: Cluster, folder: Path, url: str, settings: Mapping[str, Any]) -> Iterator[UnderTest]:
    """Run a service on a database that is there."""
    with running(name, postgres, folder, **settings) as service:
        empty = service.app.state.database
        service.app.state.database = Database(url)
        try:
            yield service
        finally:
            service.app.state.database.close()
            service.app.state.database = empty


def persona_of(browser: Browser) -> Persona:
    """Return who a browser is signed in as, to be somebody in another one."""
    client: TestClient = browser.client
    return Persona(dict(client.cookies))
