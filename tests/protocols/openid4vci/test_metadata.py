import json
from collections.abc import Callable
from typing import Any

import pytest

from intaglio.errors import IntaglioError, InvalidProof
from intaglio.protocols.openid4vci.authorization_server import (
    AuthorizationServerMetadata,
    parse_authorization_server_metadata,
)
from intaglio.protocols.openid4vci.configuration import JWT_VC_JSON, CredentialConfiguration
from intaglio.protocols.openid4vci.display import Claim, Display, best_display
from intaglio.protocols.openid4vci.metadata import IssuerMetadata, parse_issuer_metadata
from intaglio.protocols.openid4vci.offer import PRE_AUTHORIZED_CODE
from intaglio.protocols.openid4vci.well_known import authorization_server_metadata_url, issuer_metadata_url
from tests.protocols.openid4vci.issuer import ISSUER, issuer_metadata

SERVER = AuthorizationServerMetadata(ISSUER, f"{ISSUER}/token", (PRE_AUTHORIZED_CODE,), anonymous_access=True)


def read(document: Any) -> IssuerMetadata:
    return parse_issuer_metadata(json.dumps(document).encode(), expected_issuer=ISSUER)


def kind_of(document: Any) -> str:
    with pytest.raises(IntaglioError) as caught:
        read(document)
    return caught.value.problem.kind


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    document = issuer_metadata().to_json()
    change(document)
    return document


@pytest.mark.parametrize(
    ("identifier", "path"),
    [
        ("https://school.example", "https://school.example{}"),
        ("https://school.example/", "https://school.example{}"),
        ("https://school.example/north", "https://school.example{}/north"),
        ("https://school.example/north/", "https://school.example{}/north"),
        ("https://school.example:8443/a/b", "https://school.example:8443{}/a/b"),
        ("http://localhost:8001/north", "http://localhost:8001{}/north"),
    ],
)
def test_the_well_known_path_goes_before_the_issuers_own(identifier: str, path: str) -> None:
    assert issuer_metadata_url(identifier) == path.format("/.well-known/openid-credential-issuer")
    assert authorization_server_metadata_url(identifier) == path.format("/.well-known/oauth-authorization-server")


@pytest.mark.parametrize(
    "identifier", ["school", "https://school.example/?a", "https://school.example/#a", "http://school.example"]
)
def test_what_is_no_identifier_has_no_metadata(identifier: str) -> None:
    with pytest.raises(IntaglioError) as caught:
        issuer_metadata_url(identifier)
    assert caught.value.problem.kind == "bad-address"


def test_metadata_arrive_as_they_were_sent() -> None:
    sent = issuer_metadata()
    document = sent.to_json()
    assert read(document) == sent
    mastery = document["credential_configurations_supported"]["mastery"]
    assert mastery["format"] == "ldp_vc"
    assert mastery["credential_signing_alg_values_supported"] == ["eddsa-rdfc-2022"]
    assert mastery["proof_types_supported"] == {"jwt": {"proof_signing_alg_values_supported": ["EdDSA", "ES256"]}}
    assert mastery["credential_definition"]["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert mastery["credential_metadata"]["claims"][0]["path"] == ["credentialSubject", "result", None, "value"]


def test_what_need_not_be_there_is_left_out() -> None:
    bare = IssuerMetadata(ISSUER, f"{ISSUER}/credential", {"a": CredentialConfiguration("a", JWT_VC_JSON, ("T",))})
    document = bare.to_json()
    assert document == {
        "credential_issuer": ISSUER,
        "credential_endpoint": f"{ISSUER}/credential",
        "credential_configurations_supported": {
            "a": {"format": "jwt_vc_json", "credential_definition": {"type": ["T"]}, "credential_metadata": {}}
        },
    }
    assert read(document) == bare


def test_formats_that_are_not_ours_are_not_looked_into() -> None:
    document = changed(
        lambda members: members["credential_configurations_supported"].update(
            {"mdoc": {"format": "mso_mdoc", "credential_signing_alg_values_supported": [-7], "doctype": "x"}}
        )
    )
    assert read(document).configurations["mdoc"] == CredentialConfiguration("mdoc", "mso_mdoc")


def test_what_is_not_known_is_ignored_and_contexts_may_be_objects() -> None:
    document = changed(
        lambda members: members.update(new=[1], credential_request_encryption={"encryption_required": True})
    )
    configuration = document["credential_configurations_supported"]["mastery"]
    configuration["credential_definition"]["@context"].append({"a": "b"})
    configuration["proof_types_supported"]["di_vp"] = {"proof_signing_alg_values_supported": ["eddsa-rdfc-2022"]}
    configuration["proof_types_supported"]["jwt"]["key_attestations_required"] = {}
    found = read(document)
    assert found.request_encryption_required
    assert not found.response_encryption_required
    assert len(found.configurations["mastery"].contexts) == 2
    assert found.configurations["mastery"].proof_types == ("jwt", "di_vp")
    assert found.configurations["mastery"].key_attestation_required


def test_an_issuer_may_ask_for_a_proof_that_we_do_not_make() -> None:
    only = {"di_vp": {"proof_signing_alg_values_supported": ["eddsa-rdfc-2022"]}}
    document = changed(
        lambda members: members["credential_configurations_supported"]["mastery"].update(proof_types_supported=only)
    )
    found = read(document).configurations["mastery"]
    assert (found.proof_types, found.proof_algorithms) == (("di_vp",), ())


@pytest.mark.parametrize(
    "other", ["https://school.example/south", "https://school.example/north/", "https://SCHOOL.example/north"]
)
def test_the_metadata_of_another_issuer_are_not_used(other: str) -> None:
    with pytest.raises(InvalidProof) as caught:
        read(changed(lambda members: members.update(credential_issuer=other)))
    assert caught.value.problem.kind == "issuer-mismatch"
    with pytest.raises(InvalidProof) as caught:
        AuthorizationServerMetadata.from_json({**SERVER.to_json(), "issuer": other}, expected_issuer=ISSUER)
    assert caught.value.problem.kind == "issuer-mismatch"


def _configuration(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda members: members["credential_configurations_supported"]["mastery"].update(changes)


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members.pop("credential_issuer"),
        lambda members: members.pop("credential_endpoint"),
        lambda members: members.update(credential_endpoint="http://school.example/c"),
        lambda members: members.update(nonce_endpoint="http://10.0.0.1/"),
        lambda members: members.update(notification_endpoint=1),
        lambda members: members.pop("credential_configurations_supported"),
        lambda members: members.update(credential_configurations_supported=[]),
        lambda members: members.update(credential_configurations_supported={"a": 1}),
        lambda members: members.update(credential_configurations_supported={"a": {}}),
        lambda members: members.update(authorization_servers=[]),
        lambda members: members.update(batch_credential_issuance={"batch_size": 1}),
        lambda members: members.update(display=[{"locale": "en"}, {"locale": "en"}]),
        lambda members: members.update(display={"name": "x"}),
        _configuration(credential_definition=None),
        _configuration(credential_definition={"@context": ["https://www.w3.org/ns/credentials/v2"]}),
        _configuration(credential_signing_alg_values_supported=[-8]),
        _configuration(cryptographic_binding_methods_supported="did:key"),
        _configuration(proof_types_supported={"jwt": {}}),
        _configuration(credential_metadata={"claims": [{"path": []}]}),
        _configuration(credential_metadata={"claims": [{"path": [-1]}]}),
        _configuration(credential_metadata={"claims": [{"path": [True]}]}),
        _configuration(credential_metadata={"claims": [{"path": ["a"], "mandatory": "yes"}]}),
        _configuration(credential_metadata={"display": [{"name": 1}]}),
    ],
)
def test_metadata_that_break_a_rule_are_refused(change: Callable[[dict[str, Any]], Any]) -> None:
    assert kind_of(changed(change)) == "issuer-metadata"


def test_a_server_says_where_tokens_are_had() -> None:
    data = json.dumps(SERVER.to_json()).encode()
    assert parse_authorization_server_metadata(data, expected_issuer=ISSUER) == SERVER
    assert SERVER.to_json()["pre-authorized_grant_anonymous_access_supported"] is True
    assert SERVER.takes_pre_authorized_codes


@pytest.mark.parametrize(
    ("grants", "takes"),
    [(None, True), ([PRE_AUTHORIZED_CODE, "authorization_code"], True), (["authorization_code"], False)],
)
def test_a_server_that_lists_no_grants_may_be_tried(grants: Any, takes: bool) -> None:
    document = {**SERVER.to_json(), "grant_types_supported": grants}
    assert AuthorizationServerMetadata.from_json(document, expected_issuer=ISSUER).takes_pre_authorized_codes is takes


@pytest.mark.parametrize(
    "changes", [{"issuer": None}, {"token_endpoint": None}, {"token_endpoint": "http://a.example/"}]
)
def test_a_server_without_a_token_endpoint_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(IntaglioError) as caught:
        AuthorizationServerMetadata.from_json({**SERVER.to_json(), **changes}, expected_issuer=ISSUER)
    assert caught.value.problem.kind == "authorization-server-metadata"


@pytest.mark.parametrize(
    ("languages", "name"),
    [
        (("es-MX", "en"), "Maestría"),
        (("es",), "Maestría"),
        (("en_GB",), "Mastery"),
        (("fr",), "Meisterschaft"),
        ((), "Meisterschaft"),
    ],
)
def test_a_learner_reads_her_own_language_where_there_is_one(languages: tuple[str, ...], name: str) -> None:
    displays = (
        Display(name="Mastery", locale="en"),
        Display(name="Maestría", locale="es-US"),
        Display(name="Meisterschaft"),
    )
    assert best_display(displays, languages).name == name


def test_without_a_default_the_first_display_will_do() -> None:
    assert (
        best_display((Display(name="Mastery", locale="en"), Display(name="M", locale="es")), ["fr"]).name == "Mastery"
    )
    assert best_display((), ["en"]) == Display()


def test_a_logo_and_a_claim_say_all_they_have() -> None:
    display = Display("a", "en", "https://school.example/a.png", "an owl", "d", "#12107c", "#FFFFFF")
    assert display.to_json()["logo"] == {"uri": "https://school.example/a.png", "alt_text": "an owl"}
    assert Claim(("a", 0, None), mandatory=True).to_json() == {"path": ["a", 0, None], "mandatory": True}
