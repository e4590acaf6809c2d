"""What has to be sent to each route of the wallet so that it is done for those who may. Most need no more than their address."""

from collections.abc import Mapping
from typing import Any

from intaglio.server import csrf
from tests.access.standing import Ask, Asker
from tests.access.wallet_world import CODE, PASSWORD
from tests.server.signing_in.authenticator import Authenticator
from tests.services import Browser

_BORN = {"born_day": "17", "born_month": "4", "born_year": "2009"}


def asker_of(door: str) -> Asker:
    """Return what to ask a route for."""
    return _ASKERS.get(door, lambda _browser, _ids: Ask())


def _with(**fields: Any) -> Asker:
    return lambda _browser, _ids: Ask(fields=fields)


def _welcomed(**fields: Any) -> Asker:
    return lambda _browser, ids: Ask({"token": ids["welcome"]}, fields)


def _passkey(_browser: Browser, ids: Mapping[str, str]) -> Ask:
    return Ask(fields={"passkey": ids["passkey"], "name": "Blue phone"})


def _new_passkey(browser: Browser, _ids: Mapping[str, str]) -> Ask:
    headers = {csrf.HEADER: browser.form_token(), "accept": "application/json"}
    options = browser.client.post("/account/passkeys/options", headers=headers)
    if options.status_code != 200:
        return Ask(json={"credential": {}})
    device = Authenticator(origin="https://wallet.localhost", rp_id="wallet.localhost")
    return Ask(json={"credential": device.create(options.json())})


def _share(_browser: Browser, ids: Mapping[str, str]) -> Ask:
    return Ask(fields={"badge": [ids["holding_id"]], "audience": "A school", "purpose": "A place", "days": "30"})


_ASKERS: dict[str, Asker] = {
    "GET /static/{version}/{name:path}": lambda _browser, _ids: Ask({"version": "any", "name": "css/base.css"}),
    "POST /sign-in": _with(identifier="Ana@example.com", password=PASSWORD),
    "POST /sign-in/passkey": lambda _browser, _ids: Ask(json={"credential": {}}),
    "POST /register": _with(name="Dee", sign_in_name="dee-of-the-hill", **_BORN),
    "POST /account/password": _with(present=PASSWORD, new="another marble on thursday"),
    "POST /account/passkeys": _new_passkey,
    "POST /account/passkeys/name": _passkey,
    "POST /account/passkeys/remove": _passkey,
    "GET /welcome/{token}": _welcomed(),
    "POST /welcome/{token}/password": _welcomed(password=PASSWORD),
    "POST /welcome/{token}/passkey/options": _welcomed(),
    "POST /welcome/{token}/passkey": lambda _browser, ids: Ask({"token": ids["welcome"]}, json={"credential": {}}),
    "POST /welcome-age": _with(**_BORN),
    "POST /wallet/name": _with(name="Ana Maria"),
    "POST /wallet/close": _with(agreed="yes"),
    "POST /badges/{holding_id}/remove": _with(agreed="yes"),
    "GET /claim": lambda _browser, ids: Ask(query=f"?{ids['offer']}"),
    "POST /claim/{claim_id}": _with(code=CODE),
    "POST /add": lambda _browser, ids: Ask(fields={"text": ids["badge"]}),
    "POST /add/file": lambda _browser, ids: Ask(files={"file": ("badge.json", ids["badge"].encode())}),
    "POST /shares/new": _share,
}
