"""``POST /vc-api/{instance}/credentials/issue``."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from intaglio.dids.resolver import Resolver
from intaglio.proofs import jose
from intaglio.server.rates import Rate
from issuer.doors import instances
from issuer.doors.forms import FORMS
from issuer.doors.models import Instance
from issuer.issuance.models import StatusEntry, StatusList
from issuer.organizations import keys, machines
from issuer.organizations.models import AuditEntry, OrganizationKey
from tests.interop.peer import NodePeer
from tests.issuer.doors.machine import Caller, add_trial, badge, caller, handed_on, plain_credential, sealed_in
from tests.issuer.readers import FromIssuer, problems, read
from tests.issuer.schools import World


@pytest.mark.parametrize("identifier", ["key", "organization"])
def test_every_form_is_sealed_and_verifies(trial: Caller, identifier: str) -> None:
    issuers = set()
    for form in FORMS:
        path = trial.open(form, identifier=identifier)
        sealed = sealed_in(trial.issue(path, badge()))
        report = read(trial.issuer, handed_on(sealed))
        assert report.verified, (form, problems(report))
        assert report.document is not None
        assert report.document["issuer"]["name"] == "Sandbox"
        issuers.add(report.document["issuer"]["id"])
    if identifier == "organization":
        assert issuers == {"did:web:issuer.localhost:trials:sandbox"}
    else:
        assert len(issuers) == len(FORMS)
        assert {did[:8] for did in issuers} == {"did:key:", "did:jwk:"}


def test_digital_bazaars_libraries_verify_what_each_suitesealed_in(trial: Caller, node: NodePeer) -> None:
    for form, known in FORMS.items():
        path = trial.open(form)
        sealed = sealed_in(trial.issue(path, badge()))
        if known.jwt is None:
            assert node.ask("vc_verify", document=sealed, now="2026-11-22T00:00:00Z")["errors"] == [], form
            continue
        token = handed_on(sealed).decode()
        did = jose.decode(token).header["kid"]
        public = Resolver(FromIssuer(trial.issuer)).method(did, "assertionMethod").key.to_jwk()
        assert node.ask("jwt_verify", token=token, jwk=public, algorithms=[known.jwt])["verified"] is True, form


def test_the_issuer_is_filled_in_or_must_be_the_instances_own(trial: Caller) -> None:
    path = trial.open(identifier="organization")
    did = "did:web:issuer.localhost:trials:sandbox"
    assert sealed_in(trial.issue(path, plain_credential()))["issuer"] == did
    assert sealed_in(trial.issue(path, plain_credential(issuer=did)))["issuer"] == did
    for other in ("did:web:issuer.localhost:organizations:prairie-view-high-school", None, [did], {"id": None}, 7):
        answer = trial.issue(path, plain_credential(issuer=other))
        assert answer.status_code == 400
        assert answer.json()["type"] == "urn:intaglio:problem:door-other-issuer"
        assert answer.json()["pointer"] == "/issuer"


def test_what_a_verifier_would_refuse_is_not_sealed_and_every_place_is_named(trial: Caller) -> None:
    path = trial.open(purpose="revocation")
    answer = trial.issue(path, badge(validFrom="yesterday", credentialSubject={"favouriteColour": "green"}))
    assert answer.status_code == 422
    assert {problem["pointer"] for problem in answer.json()["problems"]} >= {"/validFrom"}
    assert len(answer.json()["problems"]) > 1
    old = trial.issue(path, badge(**{"@context": ["https://www.w3.org/2018/credentials/v1"]}))
    sealed = trial.issue(path, badge(proof={"type": "DataIntegrityProof"}))
    assert [old.status_code, sealed.status_code] == [422, 422]
    with trial.issuer.db() as db:
        assert db.exec(select(StatusEntry)).first() is None
        assert [one.used for one in db.exec(select(StatusList))] in ([], [0])


def test_requests_that_are_none_are_refused(trial: Caller) -> None:
    path = trial.open()
    cases: list[tuple[Any, int]] = [
        ([], 400),
        ({}, 400),
        ({"credential": "text"}, 400),
        ({"credential": {}, "options": {"type": "Ed25519Signature2018"}}, 422),
        ({"credential": {}, "options": {"mandatoryPointers": ["/issuer"]}}, 422),
        ({"credential": {}}, 422),
        ({"credential": {}, "options": {"credentialId": 7}}, 400),
    ]
    for body, status in cases:
        assert trial.post(f"{path}/credentials/issue", body).status_code == status, body


def test_a_body_that_is_no_json_or_too_much_is_refused(trial: Caller) -> None:
    url, client = f"{trial.open()}/credentials/issue", trial.issuer.client
    for content, status in ((b"{", 400), (b'{"credential": {}, "credential": {}}', 400), (b"x" * 1_100_000, 413)):
        answer = client.post(url, content=content, headers=trial.headers)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_an_organization_that_is_no_trial_seals_nothing_and_says_how_to_award(world: World) -> None:
    school = caller(world.issuer, world.school)
    path = school.open()
    answer = school.issue(path, badge())
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:intaglio:problem:door-takes-awards"
    assert f"https://issuer.localhost{world.base}/api/awards" in answer.json()["detail"]
    with world.issuer.db() as db:
        assert db.exec(select(OrganizationKey).where(OrganizationKey.organization_id == world.school.id)).one()


def test_a_door_opens_for_keys_of_its_own_organization_alone(trial: Caller, world: World) -> None:
    path = trial.open(purpose="revocation")
    assert trial.issue(path, badge()).status_code == 201
    for other in (caller(world.issuer, world.district), caller(world.issuer, add_trial(world, "Other sandbox"))):
        assert other.issue(path, badge(2)).status_code == 404
        assert other.set_status(path, badge()["id"], "revocation", value=True).status_code == 404
    assert trial.issue("/vc-api/nothing", badge(2)).status_code == 404
    assert trial.issue("/vc-api/%00", badge(2)).status_code == 404
    for headers in ({}, {"authorization": "Bearer "}, {"authorization": f"Basic {trial.token}"}):
        answer = world.issuer.client.post(f"{path}/credentials/issue", json={"credential": {}}, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["type"] == "urn:intaglio:problem:no-machine-key"


def test_a_key_that_was_given_up_opens_nothing(trial: Caller) -> None:
    path = trial.open()
    with trial.issuer.db() as db:
        (key,) = machines.keys_of(db, trial.organization)
        machines.revoke(db, trial.organization, key.id, staff_id=None, now=trial.issuer.clock())
    assert trial.issue(path, badge()).status_code == 401


def test_a_key_that_asks_too_often_waits(trial: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    path = trial.open()
    monkeypatch.setattr("issuer.access._MACHINES", Rate("machine", 2, timedelta(minutes=1)))
    assert [trial.issue(path, {}).status_code for _ in range(3)] == [422, 422, 429]
    other = caller(trial.issuer, trial.organization)
    assert other.issue(path, {}).status_code == 422
    trial.issuer.clock.advance(minutes=2)
    assert trial.issue(path, {}).status_code == 422


def test_a_closed_door_seals_nothing_and_what_it_sealed_stays_good(trial: Caller) -> None:
    path = trial.open(identifier="organization")
    wanted = badge()
    sealed = sealed_in(trial.issue(path, wanted))
    trial.issuer.clock.advance(days=1)
    with trial.issuer.db() as db:
        instance = db.exec(select(Instance)).one()
        for _ in range(2):
            instances.close_instance(db, trial.organization, instance.id, staff_id=None, now=trial.issuer.clock())
        assert [row.action for row in db.exec(select(AuditEntry))].count("door.closed") == 1
    answer = trial.issue(path, wanted)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:intaglio:problem:door-closed")
    assert read(trial.issuer, handed_on(sealed)).verified


def test_a_doors_key_never_seals_awards_and_one_that_was_given_up_is_followed_by_another(trial: Caller) -> None:
    path = trial.open("jwt-rs256")
    wanted = badge()
    before = sealed_in(trial.issue(path, wanted))
    with trial.issuer.db() as db:
        first, door = db.exec(select(OrganizationKey).order_by(OrganizationKey.fragment)).all()[-2:]
        assert (first.state, first.door, door.listed) == ("active", None, False)
        settings, now = trial.issuer.settings, trial.issuer.clock()
        keys.revoke(db, settings, trial.organization, door.id, staff_id=None, now=now)
    after = sealed_in(trial.issue(path, wanted))
    assert jose.decode(handed_on(before).decode()).header["kid"] != jose.decode(handed_on(after).decode()).header["kid"]
    listed = trial.issuer.client.get("/trials/sandbox/did.json").json()["verificationMethod"]
    assert [method["id"].partition("#")[2] for method in listed] == ["key-1"]


def test_what_a_machine_did_is_noted_under_its_key(trial: Caller) -> None:
    trial.issue(trial.open(), badge())
    with trial.issuer.db() as db:
        (entry,) = db.exec(select(AuditEntry).where(AuditEntry.action == "door.sealed")).all()
    assert entry.staff_id is None
    assert set(entry.details) == {"api_key"}


def test_the_doors_are_described_with_the_key_that_they_ask_for(trial: Caller) -> None:
    described = trial.issuer.client.get("/openapi.json").json()
    operation = described["paths"]["/vc-api/{instance}/credentials/issue"]["post"]
    assert operation["security"] == [{"HTTPBearer": []}]
    assert operation["requestBody"]["content"]["application/json"]["schema"]["required"] == ["credential"]
    assert "201" in operation["responses"]
