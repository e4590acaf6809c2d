"""A wallet with three learners. One of them has everything that the wallet's routes are about."""

import asyncio
from datetime import date
from urllib.parse import urlsplit

from sqlmodel import select

from intaglio.server.signing_in.invitations import invite
from intaglio.server.signing_in.passwords import set_password
from intaglio.server.tables import Passkey
from tests.access.standing import Persona, persona_of
from tests.services import Browser, UnderTest
from tests.wallet.school import School
from wallet.exchange.models import Claim
from wallet.holders.accounts import Profile, create_holder
from wallet.holders.models import Holder
from wallet.holdings.models import Holding

PASSWORD = "kettle window marble thursday"
CODE = "493536"
CREDENTIAL_ID = b"the learner's passkey"


def fill_wallet(wallet: UnderTest, school: School) -> tuple[dict[str, Persona], dict[str, str]]:
    """Make the learners; return the personas of ``wallet.toml``, and the ids of what the first one has."""
    born = date(2009, 4, 17)
    learner, other, unasked = _holder(wallet, "Ana", born), _holder(wallet, "Bo", born), _holder(wallet, "Cy", None)
    browsers = {"learner": learner, "other": other, "unasked": unasked}
    personas = {name: persona_of(wallet.visitor().sign_in_as(who.id)) for name, who in browsers.items()}
    ids = _possessions(wallet, school, wallet.visitor().sign_in_as(learner.id))
    with wallet.db() as db:
        set_password(db, learner.id, PASSWORD, now=wallet.clock())
        for credential_id, name in ((CREDENTIAL_ID, "Phone"), (b"another of hers", "Laptop")):
            db.add(
                Passkey(
                    credential_id=credential_id,
                    account_id=learner.id,
                    public_key=b"",
                    sign_count=0,
                    name=name,
                    transports=[],
                    created_at=wallet.clock(),
                )
            )
        ids["welcome"] = invite(db, other.id, now=wallet.clock())
        db.commit()
    ids["passkey"] = CREDENTIAL_ID.hex()
    return {"nobody": Persona(), **personas}, ids


def _holder(wallet: UnderTest, name: str, born: date | None) -> Holder:
    with wallet.db() as db:
        profile = Profile(name, f"{name}@example.com")
        holder = create_holder(db, wallet.app.state.keyring, profile, language="en", born=born, now=wallet.clock())
        db.commit()
    return holder


def _possessions(wallet: UnderTest, school: School, browser: Browser) -> dict[str, str]:
    """Give a learner a badge, one that could not be confirmed, an offer that waits, and a link that she shares."""
    assert _claim(school, browser, "thinking").startswith("/badges/")
    with wallet.db() as db:
        holding_id = str(db.exec(select(Holding.id)).one())
    school.list_answers = False
    arrival = _claim(school, browser, "writing")
    school.list_answers = True
    assert arrival.startswith("/arrivals/")
    offered = browser.get(_path(school.offer("writing", code=CODE))).headers["location"]
    shared = browser.post_form(
        "/shares/new", badge=[holding_id], audience="A college", purpose="Application", days="60"
    )
    page = browser.get(shared.headers["location"]).text
    asyncio.run(wallet.app.state.jobs.run_waiting(wallet.app))
    with wallet.db() as db:
        claim_id = offered.rpartition("/")[2]
        assert db.exec(select(Claim).where(Claim.id == claim_id)).one() is not None
    return {
        "holding_id": holding_id,
        "arrival_id": arrival.rpartition("/")[2],
        "claim_id": claim_id,
        "share_id": shared.headers["location"].rpartition("/")[2],
        "token": page.partition("https://wallet.localhost/s/")[2].partition('"')[0],
        "offer": _path(school.offer("thinking", code=CODE)).partition("?")[2],
        "badge": school.issue("thinking", "did:example:learner").decode(),
    }


def _claim(school: School, browser: Browser, name: str) -> str:
    offered = browser.get(_path(school.offer(name, code=CODE))).headers["location"]
    return str(browser.post_form(offered, code=CODE).headers["location"])


def _path(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"
