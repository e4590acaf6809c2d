"""A wallet that may reach this machine, a school to collect from, and learners with wallets."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlmodel import select

from tests.database import Cluster
from tests.services import Browser, UnderTest, running
from tests.wallet.school import AT, School, open_school
from wallet.holders.accounts import Profile, create_holder, vault_of
from wallet.holders.envelope import Vault
from wallet.holders.models import Holder
from wallet.holdings.keeping import open_card
from wallet.holdings.models import Holding


@dataclass
class Person:
    """A learner at her browser."""

    service: UnderTest
    browser: Browser
    holder: Holder
    vault: Vault

    def get(self, url: str, **options: Any) -> httpx.Response:
        """Ask for a page."""
        return self.browser.get(url, **options)

    def post(self, url: str, **fields: Any) -> httpx.Response:
        """Send a form."""
        return self.browser.post_form(url, **fields)

    def claim(self, link: str, code: str = "493536") -> httpx.Response:
        """Open a claim link and send the numbers from the teacher."""
        parts = urlsplit(link)
        opened = self.get(f"{parts.path}?{parts.query}")
        assert opened.status_code == 303, opened.text
        return self.post(opened.headers["location"], code=code)

    def holdings(self) -> list[Holding]:
        """Return what is in the wallet, replaced copies too, the oldest first."""
        with self.service.db() as db:
            rows = db.exec(select(Holding).where(Holding.holder_id == self.holder.id)).all()
        return sorted(rows, key=lambda holding: (holding.received_at, holding.replaced_by is None))

    def holding(self, name: str) -> Holding:
        """Return the badge of this name."""
        return next(holding for holding in self.holdings() if open_card(self.vault, holding).name == name)


@pytest.fixture
def wallet(postgres: Cluster, tmp_path: Path) -> Iterator[UnderTest]:
    """Return a running wallet that may ask servers on this machine."""
    with running("wallet", postgres, tmp_path, allow_http_loopback=True) as service:
        service.clock.now = AT
        yield service


@pytest.fixture
def school(wallet: UnderTest) -> Iterator[School]:
    """Return a school that issues by OpenID4VCI; its clock is the wallet's."""
    with open_school() as found:
        found.clock = wallet.clock
        yield found


@pytest.fixture
def person(wallet: UnderTest) -> Callable[..., Person]:
    """Return what makes learners, each with a wallet and a browser that is signed in."""

    def make(name: str = "Ana", born: date | None = date(2009, 4, 17)) -> Person:
        keyring = wallet.app.state.keyring
        with wallet.db() as db:
            holder = create_holder(
                db, keyring, Profile(name, f"{name}@example.com"), language="en", born=born, now=wallet.clock.now
            )
            db.commit()
        return Person(wallet, wallet.visitor().sign_in_as(holder.id), holder, vault_of(keyring, holder))

    return make


@pytest.fixture
def ana(person: Callable[..., Person]) -> Person:
    """Return a learner of 17."""
    return person()


def run_jobs(service: UnderTest) -> None:
    """Do the jobs that wait."""
    asyncio.run(service.app.state.jobs.run_waiting(service.app))
