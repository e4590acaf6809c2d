"""A service under test: the whole application on a real PostgreSQL, asked as a browser or a machine would.

``issuer``, ``wallet`` and ``verifier`` are fixtures (``tests/conftest.py``); each is an `UnderTest`::

    def test_somebody_sees_a_page(issuer: UnderTest) -> None:
        answer = issuer.get("/sign-in")
        answer = issuer.post_form("/sign-in", email="a@b.example", password="…")   # takes the page's token along

Cookies are kept as a browser keeps them; `issuer.visitor()` gives another browser. `issuer.clock.now` can be set.
"""

import importlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2 as httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from intaglio.server import csrf, migrate
from intaglio.server.secrets import new_token, token_hash
from intaglio.server.tables import SignIn
from intaglio.server.visitors import CookieNames, Visitor
from tests.database import Cluster

START = datetime(2026, 5, 12, 15, 0, tzinfo=UTC)
SECRET = "a secret of the tests, of no use anywhere else"
_PAGE = {"accept": "text/html,application/xhtml+xml"}


@dataclass
class TestClock:
    """A clock that stands still until it is set."""

    __test__ = False
    now: datetime = START

    def __call__(self) -> datetime:
        """Return the time that was set."""
        return self.now

    def advance(self, **of: float) -> None:
        """Let time pass, such as ``days=3``."""
        self.now += timedelta(**of)


class Browser:
    """One visitor's browser: keeps cookies, sends forms with their tokens."""

    def __init__(self, app: FastAPI, client: TestClient) -> None:
        self.app, self.client = app, client

    def get(self, url: str, **options: Any) -> httpx.Response:
        """Ask for a page; redirects are not followed."""
        return self.client.get(url, headers={**_PAGE, **options.pop("headers", {})}, follow_redirects=False, **options)

    def post_form(self, url: str, /, *, files: Any = None, **fields: Any) -> httpx.Response:
        """Send a form as one of our own pages would."""
        fields[csrf.FIELD] = self.form_token()
        return self.client.post(url, data=fields, files=files, headers=_PAGE, follow_redirects=False)

    def form_token(self) -> str:
        """Return the token that the forms of this visitor carry now."""
        names = CookieNames.of(self.app.state.settings.service)
        jar = self.client.cookies
        visitor = Visitor(names, jar.get(names.sign_in), jar.get(names.visitor))
        if visitor.sign_in_token is None and visitor.token is None:
            jar.set(names.visitor, visitor.ensure_token(), domain=self.client.base_url.host)
        return csrf.form_token(self.app.state.settings.secret_bytes, visitor)

    def sign_in_as(self, account_id: UUID) -> "Browser":
        """Sign an account in behind the scenes: for tests that are about something else."""
        now, token = self.app.state.clock(), new_token()
        with self.app.state.database.session() as db:
            row = SignIn(
                token_hash=token_hash(token),
                account_id=account_id,
                method="test",
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(hours=12),
            )
            db.add(row)
            db.commit()
        name = CookieNames.of(self.app.state.settings.service).sign_in
        self.client.cookies.set(name, token, domain=self.client.base_url.host)
        return self


class UnderTest(Browser):
    """A running service; it is a browser of its own too."""

    def __init__(self, app: FastAPI, client: TestClient, clock: TestClock, url: str) -> None:
        super().__init__(app, client)
        self.clock, self.database_url = clock, url

    @property
    def settings(self) -> Any:
        """The settings of the service."""
        return self.app.state.settings

    def visitor(self) -> Browser:
        """Return another browser."""
        return Browser(self.app, TestClient(self.app, base_url=str(self.client.base_url)))

    def db(self) -> Session:
        """Return a session of the service's database; use it in a ``with``."""
        session: Session = self.app.state.database.session()
        return session


@contextmanager
def running(service: str, postgres: Cluster, folder: Path, **settings: Any) -> Iterator[UnderTest]:
    """Run a service by its name on a fresh database; `settings` differ from the defaults."""
    module = importlib.import_module(f"{service}.app")
    settings_of = importlib.import_module(f"{service}.settings")
    with ExitStack() as stack:
        url = stack.enter_context(postgres.fresh_database(service, lambda url: migrate.upgrade(url, service)))
        kind = getattr(settings_of, f"{service.capitalize()}Settings")
        defaults = {"public_url": f"https://{service}.localhost", "data_folder": folder, "secret": SECRET}
        clock = TestClock()
        app = module.create_app(kind(database_url=url, **{**defaults, **settings}), clock=clock)
        client = TestClient(app, base_url=app.state.settings.origin, raise_server_exceptions=True)
        stack.enter_context(client)
        yield UnderTest(app, client, clock, url)
