"""``POST /vc-api/{instance}/credentials/status``."""

from typing import Any

import pytest
from sqlmodel import select

from intaglio.documents import JsonObject
from issuer.doors.instances import close_instance, instances_of
from issuer.issuance.models import StatusChange
from tests.issuer.classroom import Classroom, classroom
from tests.issuer.doors.machine import Caller, badge, caller, handed_on, plain_credential, sealed_in
from tests.issuer.readers import problems, read
from tests.services import UnderTest

ID = badge()["id"]


def _issued(trial: Caller, path: str) -> JsonObject:
    return sealed_in(trial.issue(path, badge()))


def test_a_credential_is_revoked_for_good_and_the_published_list_shows_it_at_once(trial: Caller) -> None:
    path = trial.open(purpose="revocation")
    sealed = _issued(trial, path)
    entry = sealed["credentialStatus"]
    assert entry["statusListCredential"].startswith("https://issuer.localhost/trials/sandbox/status/revocation/")
    report = read(trial.issuer, handed_on(sealed))
    assert report.verified, problems(report)

    answer = trial.set_status(path, ID, "revocation", value=True)
    assert (answer.status_code, answer.json()) == (200, {"credentialId": ID, "credentialStatus": entry, "status": True})
    assert "revoked" in problems(read(trial.issuer, handed_on(sealed)))
    assert trial.set_status(path, ID, "revocation", value=True).status_code == 200
    back = trial.set_status(path, ID, "revocation", value=False)
    assert (back.status_code, back.json()["type"]) == (409, "urn:intaglio:problem:status-not-possible")


def test_a_credential_is_paused_and_goes_on_by_the_name_that_its_machine_gave_it(trial: Caller) -> None:
    path = trial.open("ecdsa-jcs-2019-p384", identifier="organization", purpose="suspension")
    sealed = sealed_in(trial.issue(path, badge(), credentialId="example.com/my-name"))
    for value, found in ((True, {"suspended"}), (False, set())):
        assert trial.set_status(path, "example.com/my-name", "suspension", value=value).status_code == 200
        assert problems(read(trial.issuer, handed_on(sealed))) & {"suspended"} == found
    assert trial.set_status(path, ID, "suspension", value=True).status_code == 404


def test_a_closed_door_still_takes_back_what_itsealed_in(trial: Caller) -> None:
    path = trial.open(purpose="revocation")
    _issued(trial, path)
    with trial.issuer.db() as db:
        (instance,) = instances_of(db, trial.organization)
        close_instance(db, trial.organization, instance.id, staff_id=None, now=trial.issuer.clock())
    assert trial.set_status(path, ID, "revocation", value=True).status_code == 200


def test_one_name_is_given_once_at_a_door_and_again_at_another(trial: Caller) -> None:
    path, other = trial.open(purpose="revocation"), trial.open(purpose="revocation")
    assert path != other
    first, elsewhere = _issued(trial, path), _issued(trial, other)
    assert first["credentialStatus"]["id"] != elsewhere["credentialStatus"]["id"]
    again = trial.issue(path, badge())
    assert (again.status_code, again.json()["type"]) == (409, "urn:intaglio:problem:door-credential-twice")
    trial.set_status(path, ID, "revocation", value=True)
    assert read(trial.issuer, handed_on(elsewhere)).verified


def test_credentials_without_a_name_or_with_a_status_of_their_own(trial: Caller) -> None:
    path = trial.open(purpose="revocation")
    places = [sealed_in(trial.issue(path, plain_credential()))["credentialStatus"]["statusListIndex"] for _ in range(2)]
    assert len(set(places)) == 2
    entry = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "5"}
    entry["statusListCredential"] = "https://lists.example/1"
    answer = trial.issue(path, plain_credential(credentialStatus=entry))
    assert (answer.status_code, answer.json()["pointer"]) == (400, "/credentialStatus")
    assert sealed_in(trial.issue(trial.open(), plain_credential(credentialStatus=entry)))["credentialStatus"] == entry
    bad = trial.issue(path, plain_credential(), credentialId="a\0b")
    assert bad.status_code == 400


def test_only_the_place_that_a_credential_has_is_changed(trial: Caller) -> None:
    path = trial.open(purpose="revocation")
    entry = _issued(trial, path)["credentialStatus"]
    assert trial.set_status(path, ID, "suspension", value=True).status_code == 400
    wrong = trial.set_status(path, ID, "revocation", value=True, statusListIndex="-1")
    assert (wrong.status_code, wrong.json()["pointer"]) == (400, "/credentialStatus/statusListIndex")
    assert trial.set_status(path, "urn:uuid:nothing", "revocation", value=True).status_code == 404
    assert trial.set_status(path, "a\0b", "revocation", value=True).status_code == 404
    right = trial.set_status(
        path,
        ID,
        "revocation",
        value=True,
        statusListIndex=entry["statusListIndex"],
        statusListCredential=entry["statusListCredential"],
    )
    assert right.status_code == 200


def test_requests_that_are_none_are_refused(trial: Caller) -> None:
    path = trial.open(purpose="revocation")
    body = {"credentialId": ID, "credentialStatus": {"type": "BitstringStatusListEntry"}, "status": True}
    cases: list[tuple[dict[str, Any], int]] = [
        ({"options": {"because": "x"}}, 422),
        ({"options": {"reason": 7}}, 400),
        ({"status": "perhaps"}, 400),
        ({"credentialStatus": []}, 400),
        ({"credentialStatus": [{"status": True}, {"status": True}]}, 400),
        ({"credentialStatus": {"type": "TokenStatusList"}}, 422),
    ]
    for more, status in cases:
        assert trial.post(f"{path}/credentials/status", {**body, **more}).status_code == status, more


@pytest.mark.parametrize("pausable", [False, True])
def test_awards_are_withdrawn_or_paused_with_a_reason_that_stays_here(issuer: UnderTest, pausable: bool) -> None:
    room = classroom(issuer, pausable=pausable)
    school, purpose = caller(issuer, room.world.school), "suspension" if pausable else "revocation"
    path, award = school.open(), room.sealed(room.learners[:1])[0]
    missing = school.set_status(path, award.credential_id, purpose, value=True)
    assert (missing.status_code, missing.json()["type"]) == (400, "urn:intaglio:problem:status-reason-missing")
    done = school.set_status(path, award.credential_id, purpose, value=True, reason="Entered for the wrong learner")
    assert done.status_code == 200
    assert "wrong learner" not in done.text
    assert room.awards()[0].status == ("suspended" if pausable else "revoked")
    back = school.set_status(path, award.credential_id, purpose, value=False, reason="It was right")
    assert back.status_code == (200 if pausable else 409)
    with issuer.db() as db:
        changes = db.exec(select(StatusChange)).all()
    assert {change.reason for change in changes} >= {"Entered for the wrong learner"}
    assert len(changes) == (2 if pausable else 1)


def test_awards_of_other_organizations_and_those_that_are_not_issued_yet_cannot_be_changed(room: Classroom) -> None:
    school, other = caller(room.issuer, room.world.school), caller(room.issuer, room.world.other_school)
    award = room.awards(room.award(room.learners[:1]).id)[0]
    assert other.set_status(other.open(), award.credential_id, "revocation", value=True, reason="x").status_code == 404
    waiting = school.set_status(school.open(), award.credential_id, "revocation", value=True, reason="x")
    assert waiting.status_code == 409


@pytest.fixture
def room(issuer: UnderTest) -> Classroom:
    return classroom(issuer)
