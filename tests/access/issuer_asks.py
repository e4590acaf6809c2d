"""What has to be sent to each route of the issuer so that it is done for those who may. Most need no more than their address."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from intaglio.server import csrf
from tests.access.issuer_world import DRAWING, PASSWORD, ROSTER
from tests.access.standing import Ask, Asker
from tests.issuer.classroom import LEVELS
from tests.issuer.doors.machine import badge
from tests.server.signing_in.authenticator import Authenticator
from tests.services import Browser

_O = "/o/{organization_id}"
_ONE = f"{_O}/achievements/{{achievement_id}}"
_AWARD = f"{_O}/awards/{{award_id}}"


def asker_of(door: str) -> Asker:
    """Return what to ask a route for."""
    return _ASKERS.get(door, lambda _browser, _ids: Ask())


def _with(**fields: Any) -> Asker:
    return lambda _browser, _ids: Ask(fields=fields)


def _at(**values: str) -> Callable[..., Asker]:
    """Return what makes an asker that puts other ids into places of the path, and sends fields."""

    def make(**fields: Any) -> Asker:
        return lambda _browser, ids: Ask({place: ids[name] for place, name in values.items()}, fields)

    return make


def _award_form(_browser: Browser, ids: Mapping[str, str]) -> Ask:
    return Ask(
        fields={
            "press": str(uuid4()),
            "achievement": ids["achievement_id"],
            "version": ids["awarded_version_id"],
            "class_id": ids["class_id"],
            "learner": [ids["second_learner_id"]],
            "r0-all": LEVELS[1],
        }
    )


def _edit(_browser: Browser, ids: Mapping[str, str]) -> Ask:
    fields = {"name": "Draft", "seen": ids["draft_seen"], "do": "save"}
    return Ask({"achievement_id": ids["draft_id"]}, fields)


def _publish(_browser: Browser, ids: Mapping[str, str]) -> Ask:
    return Ask({"achievement_id": ids["draft_id"]}, {"seen": ids["draft_seen"]})


def _copy(_browser: Browser, ids: Mapping[str, str]) -> Ask:
    return Ask({"achievement_id": ids["own_achievement_id"]}, {"version_id": ids["version_id"]})


def _revoke_key(_browser: Browser, ids: Mapping[str, str]) -> Ask:
    return Ask({"key_id": ids["signing_key_id"]}, {"confirmed": ids["signing_key"]})


def _own_passkey(_browser: Browser, ids: Mapping[str, str]) -> Ask:
    return Ask(fields={"passkey": ids["passkey"], "name": "Blue phone"})


def _new_passkey(browser: Browser, _ids: Mapping[str, str]) -> Ask:
    headers = {csrf.HEADER: browser.form_token(), "accept": "application/json"}
    options = browser.client.post("/account/passkeys/options", headers=headers)
    if options.status_code != 200:
        return Ask(json={"credential": {}})
    return Ask(json={"credential": Authenticator().create(options.json())})


def _upload(_browser: Browser, ids: Mapping[str, str]) -> Ask:
    return Ask({"organization_id": ids["district_id"]}, files={"files": ("roster.zip", ROSTER, "application/zip")})


def _profile(_browser: Browser, _ids: Mapping[str, str]) -> Ask:
    return Ask(fields={"name": "Prairie High"}, files={"picture": ("seal.svg", DRAWING, "image/svg+xml")})


def _token(_browser: Browser, ids: Mapping[str, str]) -> Ask:
    grant = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
    return Ask(fields={"grant_type": grant, "pre-authorized_code": ids["code"], "tx_code": ids["tx_code"]})


def _credential(_browser: Browser, _ids: Mapping[str, str]) -> Ask:
    return Ask(json={"credential_configuration_id": "communication", "proofs": {"jwt": ["e30.e30.e30"]}})


def _notification(_browser: Browser, _ids: Mapping[str, str]) -> Ask:
    return Ask(json={"notification_id": "any", "event": "credential_accepted"})


def _order(_browser: Browser, _ids: Mapping[str, str]) -> Ask:
    return Ask(json={"press": str(uuid4()), "achievement": "communication", "learner": "L1", "level": "Proficient"})


def _seal(_browser: Browser, ids: Mapping[str, str]) -> Ask:
    return Ask({"instance": ids["other_instance"]}, json={"credential": badge()})


def _status(_browser: Browser, ids: Mapping[str, str]) -> Ask:
    entry = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    order = {"credentialId": f"urn:uuid:{ids['award_id']}", "credentialStatus": entry, "status": True}
    return Ask(json={**order, "options": {"reason": "A mistake."}})


def _trial(asker: Asker) -> Asker:
    """Return the same about the organization on trial."""

    def ask(browser: Browser, ids: Mapping[str, str]) -> Ask:
        asked = asker(browser, ids)
        return Ask({**asked.values, "slug": ids["other_slug"]}, asked.fields, json=asked.json)

    return ask


_plain = _with()
_of_district = _at(organization_id="district_id")
_of_draft = _at(achievement_id="draft_id")
_of_own = _at(achievement_id="own_achievement_id")
_with_version = _at(achievement_id="own_achievement_id")
_machine_key = _at(key_id="machine_key_id")
_welcomed = _at(token="welcome")

_ASKERS: dict[str, Asker] = {
    "GET /static/{version}/{name:path}": lambda _browser, _ids: Ask({"version": "any", "name": "css/base.css"}),
    "POST /sign-in": _with(identifier="tess@prairie.example", password=PASSWORD),
    "POST /sign-in/passkey": lambda _browser, _ids: Ask(json={"credential": {}}),
    "POST /account/password": _with(new=PASSWORD),
    "POST /account/passkeys": _new_passkey,
    "POST /account/passkeys/name": _own_passkey,
    "POST /account/passkeys/remove": _own_passkey,
    "GET /welcome/{token}": _welcomed(),
    "POST /welcome/{token}/password": _welcomed(password=PASSWORD),
    "POST /welcome/{token}/passkey/options": _welcomed(),
    "POST /welcome/{token}/passkey": lambda _browser, ids: Ask({"token": ids["welcome"]}, json={"credential": {}}),
    f"POST {_O}/profile": _profile,
    f"GET {_O}/add": _of_district(),
    f"POST {_O}/add": _of_district(name="Third school", kind="school"),
    f"GET {_O}/keys/{{key_id}}/revoke": _at(key_id="signing_key_id")(),
    f"POST {_O}/keys/{{key_id}}/revoke": _revoke_key,
    f"POST {_O}/people": _with(name="Pat", email="pat@prairie.example", role="teacher"),
    f"POST {_O}/machines": _with(name="lunch system"),
    f"POST {_O}/machines/{{key_id}}/revoke": _machine_key(),
    f"POST {_O}/achievements/new": _with(name="Thinking"),
    f"GET {_ONE}/versions/{{version_id}}": _with_version(),
    f"GET {_ONE}/versions/{{version_id}}/image": _with_version(),
    f"POST {_ONE}/copy": _copy,
    f"GET {_ONE}/retire": _of_own(),
    f"POST {_ONE}/retire": _of_own(),
    f"POST {_ONE}/restore": _at(achievement_id="retired_id")(),
    f"POST {_ONE}/draft": _of_own(),
    f"GET {_ONE}/edit": _of_draft(),
    f"POST {_ONE}/edit": _edit,
    f"GET {_ONE}/publish": _of_draft(),
    f"POST {_ONE}/publish": _publish,
    f"GET {_ONE}/discard": _of_draft(),
    f"POST {_ONE}/discard": _of_draft(),
    "POST /roster-uploads/{organization_id}": _upload,
    f"GET {_O}/roster/import/{{import_id}}": _of_district(),
    f"GET {_O}/roster/import/{{import_id}}/findings.csv": _of_district(),
    f"POST {_O}/roster/import/{{import_id}}/apply": _of_district(leave_out="yes", many_leave="yes"),
    f"POST {_O}/roster/import/{{import_id}}/discard": _of_district(),
    f"POST {_O}/awards/check": _award_form,
    f"POST {_O}/awards": _award_form,
    f"POST {_O}/instances": _with(form="eddsa-rdfc-2022", identifier="organization", purpose=""),
    f"POST {_O}/api/awards": _order,
    "POST /vc-api/{instance}/credentials/issue": _seal,
    "POST /vc-api/{instance}/credentials/status": _status,
    f"POST {_AWARD}/status/{{change}}": _with(reason="A mistake.", sure="yes"),
    "POST /organizations/{slug}/openid4vci/token": _token,
    "POST /organizations/{slug}/openid4vci/credential": _credential,
    "POST /organizations/{slug}/openid4vci/notification": _notification,
}
_FOR_TRIALS = (
    "GET /trials/{slug}",
    "GET /trials/{slug}/did.json",
    "GET /trials/{slug}/image",
    "GET /trials/{slug}/status/{purpose}/{number}",
    "GET /.well-known/openid-credential-issuer/trials/{slug}",
    "GET /.well-known/oauth-authorization-server/trials/{slug}",
    "POST /trials/{slug}/openid4vci/token",
    "POST /trials/{slug}/openid4vci/nonce",
    "POST /trials/{slug}/openid4vci/credential",
    "POST /trials/{slug}/openid4vci/notification",
)
_ASKERS |= {door: _trial(_ASKERS.get(door.replace("/trials/", "/organizations/"), _plain)) for door in _FOR_TRIALS}
