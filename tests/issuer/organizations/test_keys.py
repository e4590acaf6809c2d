"""DIDs, renewed keys and keys that were given up, as a verifier sees them."""

import json
from datetime import timedelta

import pytest

from intaglio.dids.resolver import Resolver
from intaglio.errors import SigningFailed
from intaglio.fetch.sources import Memory
from intaglio.multikey import Algorithm
from issuer.organizations import identity, keys
from issuer.organizations.models import KeyState
from tests.issuer.schools import World, make_district
from tests.services import UnderTest


@pytest.fixture
def world(issuer: UnderTest) -> World:
    return make_district(issuer, seals_tokens=True)


def _did_document(world: World) -> bytes:
    answer = world.issuer.client.get(f"/organizations/{world.school.slug}/did.json")
    assert answer.headers["content-type"] == "application/did+json"
    return answer.content


def test_the_did_document_lists_keys_that_our_resolver_reads(world: World) -> None:
    did = "did:web:issuer.localhost:organizations:prairie-view-high-school"
    source = Memory({"https://issuer.localhost/organizations/prairie-view-high-school/did.json": _did_document(world)})
    resolver = Resolver(source)
    assert resolver.method(f"{did}#key-1", "assertionMethod").key.algorithm is Algorithm.ED25519
    assert resolver.method(f"{did}#key-2", "assertionMethod").key.algorithm is Algorithm.RSA


def test_it_is_recognised_again(world: World) -> None:
    url = f"/organizations/{world.school.slug}/did.json"
    first = world.issuer.client.get(url)
    again = world.issuer.client.get(url, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"] == "public, max-age=300"


def test_a_renewed_key_retires_the_old_one_which_stays_listed(world: World) -> None:
    world.issuer.clock.advance(days=30)
    answer = world.as_administrator().post_form(f"{world.base}/keys/renew")
    assert answer.status_code == 303
    methods = {m["id"].partition("#")[2]: m for m in json.loads(_did_document(world))["verificationMethod"]}
    assert methods["key-1"]["expires"] == "2026-06-11T15:05:00Z"  # whoever was sealing with it may finish
    assert "expires" not in methods["key-3"]
    assert "revoked" not in methods["key-1"]
    with world.issuer.db() as db:
        assert identity.active_key(db, world.school.id, Algorithm.ED25519).fragment == "key-3"


def test_a_key_is_given_up_only_where_its_name_is_typed(world: World) -> None:
    browser = world.as_administrator()
    with world.issuer.db() as db:
        key = identity.active_key(db, world.school.id, Algorithm.ED25519)
    path = f"{world.base}/keys/{key.id}/revoke"
    assert browser.get(path).status_code == 200
    assert browser.post_form(path, confirmed="yes").status_code == 422
    assert browser.post_form(path, confirmed="key-1").status_code == 303
    assert browser.post_form(path, confirmed="key-1").status_code == 409
    method = json.loads(_did_document(world))["verificationMethod"][0]
    assert method["revoked"] == "2026-05-12T15:00:00Z"
    with world.issuer.db() as db:
        assert identity.active_key(db, world.school.id, Algorithm.ED25519).fragment == "key-3"


def test_keys_of_other_organizations_cannot_be_given_up(world: World) -> None:
    with world.issuer.db() as db:
        foreign = identity.active_key(db, world.state.id, Algorithm.ED25519)
    path = f"{world.base}/keys/{foreign.id}/revoke"
    assert world.as_administrator().post_form(path, confirmed="key-1").status_code == 404


def test_only_an_active_key_opens(world: World) -> None:
    settings, now = world.issuer.settings, world.issuer.clock()
    with world.issuer.db() as db:
        old = identity.active_key(db, world.school.id, Algorithm.ED25519)
        assert identity.signer_of(settings, world.school, old).algorithm is Algorithm.ED25519
        keys.rotate(db, settings, world.school, Algorithm.ED25519, staff_id=None, now=now + timedelta(days=1))
        assert old.state == KeyState.RETIRED
        with pytest.raises(Exception, match="is retired"):
            identity.signer_of(settings, world.school, old)


def test_key_files_are_private(world: World) -> None:
    folder = world.issuer.settings.data_folder / "keys" / str(world.school.id)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_a_crash_left_behind_does_not_block_the_next_key(world: World) -> None:
    folder = world.issuer.settings.data_folder / "keys" / str(world.school.id)
    for number in range(1, 9):
        (folder / f"key-{number}.pem").write_bytes(b"left behind")
    with world.issuer.db() as db:
        settings, now = world.issuer.settings, world.issuer.clock()
        assert keys.rotate(db, settings, world.school, Algorithm.ED25519, staff_id=None, now=now).fragment == "key-3"


def test_a_stolen_key_ends_also_where_no_new_one_can_be_made(world: World) -> None:
    settings, now = world.issuer.settings, world.issuer.clock()
    folder = settings.data_folder / "keys"
    folder.rename(settings.data_folder / "gone")
    folder.write_bytes(b"no folder")
    with world.issuer.db() as db:
        key = identity.active_key(db, world.school.id, Algorithm.ED25519)
    path = f"{world.base}/keys/{key.id}/revoke"
    answer = world.as_administrator().post_form(path, confirmed="key-1")
    assert "The key was given up, but no new one could be made." in answer.text
    assert json.loads(_did_document(world))["verificationMethod"][0]["revoked"] == "2026-05-12T15:00:00Z"
    with world.issuer.db() as db:
        with pytest.raises(SigningFailed, match="no active key"):
            identity.active_key(db, world.school.id, Algorithm.ED25519)
        folder.unlink()
        assert keys.rotate(db, settings, world.school, Algorithm.ED25519, staff_id=None, now=now).fragment == "key-3"
