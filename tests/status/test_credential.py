import gzip
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld

from intaglio.errors import IntaglioError, MalformedInput, Unsupported
from intaglio.status.bitstring import StatusList
from intaglio.status.credential import list_credential, read_list
from intaglio.status.entries import ListKind
from tests.conftest import STANDARDS

URL = "https://example.com/credentials/status/3"
PUBLISHED = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": URL,
    "type": ["VerifiableCredential", "BitstringStatusListCredential"],
    "issuer": "did:example:12345",
    "validFrom": "2021-04-05T14:27:40Z",
    "credentialSubject": {
        "id": f"{URL}#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA",
    },
}
FOUR = ("pending", "accepted", "rejected", "undefined")
START = datetime(2026, 9, 1, tzinfo=UTC)


def with_subject(**changes: object) -> dict[str, Any]:
    return {**PUBLISHED, "credentialSubject": {**PUBLISHED["credentialSubject"], **changes}}


def refusal(document: dict[str, Any], kind: type[IntaglioError] = MalformedInput) -> tuple[str, str | None]:
    with pytest.raises(kind) as raised:
        read_list(document)
    return raised.value.problem.kind, raised.value.problem.pointer


def test_the_list_of_the_specification_is_read() -> None:
    content = read_list(PUBLISHED)

    assert content.kind is ListKind.BITSTRING
    assert content.purposes == ("revocation",)
    assert (content.size, content.ttl, content.messages) == (None, None, ())
    assert content.bits == bytes(16_384)


def test_a_list_may_serve_several_purposes() -> None:
    assert read_list(with_subject(statusPurpose=["revocation", "suspension"])).purposes == ("revocation", "suspension")


def test_the_list_of_the_digital_credentials_consortium_is_read(vectors: Path) -> None:
    document = json.loads((vectors / "status/dcc/verifier-core-e5WK8CbZ1GjycuPombrj.json").read_bytes())
    content = read_list(document)

    assert content.purposes == ("revocation",)
    assert [index for index in range(16) if content.bits[index // 8] & 0x80 >> index % 8] == [2, 6, 8]


def test_a_list_that_we_write_is_one_that_we_read() -> None:
    bits = StatusList()
    bits.set_many([4, 9])
    document = list_credential(
        bits,
        url=URL,
        issuer={"id": "did:web:school.example", "name": "A school"},
        purposes=["revocation", "suspension"],
        valid_from=START,
        valid_until=datetime(2026, 10, 1, tzinfo=UTC),
        ttl=3_600_000,
    )

    assert document == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": {"id": "did:web:school.example", "name": "A school"},
        "validFrom": "2026-09-01T00:00:00Z",
        "validUntil": "2026-10-01T00:00:00Z",
        "credentialSubject": {
            "id": f"{URL}#list",
            "type": "BitstringStatusList",
            "statusPurpose": ["revocation", "suspension"],
            "encodedList": bits.encode(),
            "ttl": 3_600_000,
        },
    }
    content = read_list(document)
    assert content.ttl == 3_600_000
    assert content.bits[:2] == bytes([0b0000_1000, 0b0100_0000])


def test_a_list_of_messages_says_what_its_values_mean() -> None:
    document = list_credential(
        StatusList(size=2), url=URL, issuer="did:example:1", purposes=["message"], valid_from=START, messages=FOUR
    )
    content = read_list(document)

    assert document["credentialSubject"]["statusPurpose"] == "message"
    assert document["credentialSubject"]["statusMessages"][2] == {"status": "0x2", "message": "rejected"}
    assert (content.size, content.messages) == (2, FOUR)


def test_nothing_of_a_list_of_messages_is_lost_to_json_ld() -> None:
    stored = STANDARDS / "contexts/www.w3.org_ns_credentials_v2.jsonld"
    if not stored.is_file():
        pytest.skip(f"no JSON-LD contexts at {stored.parent}")
    context = json.loads(stored.read_bytes())
    document = list_credential(
        StatusList(size=2), url=URL, issuer="did:example:1", purposes=["message"], valid_from=START, messages=FOUR
    )

    def load(url: str, _options: object) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": context}

    (expanded,) = jsonld.expand(document, {"documentLoader": load, "base": ""})
    (subject,) = expanded["https://www.w3.org/2018/credentials#credentialSubject"]
    status = "https://www.w3.org/ns/credentials/status#"
    assert subject[f"{status}statusSize"] == [{"@value": 2}]
    assert subject[f"{status}statusMessage"][1] == {
        f"{status}status": [{"@value": "0x1"}],
        f"{status}message": [{"@value": "accepted"}],
    }


def test_a_list_of_messages_without_messages_is_not_written() -> None:
    with pytest.raises(MalformedInput) as raised:
        list_credential(
            StatusList(size=2),
            url=URL,
            issuer="did:example:1",
            purposes=["message"],
            valid_from=START,
            messages=FOUR[:3],
        )

    assert raised.value.problem.kind == "status-malformed"


def test_a_list_without_purpose_is_not_written() -> None:
    with pytest.raises(MalformedInput) as raised:
        list_credential(StatusList(), url=URL, issuer="did:example:1", purposes=[], valid_from=START)

    assert raised.value.problem.kind == "status-malformed"


def test_the_singular_of_status_messages_is_read_too() -> None:
    messages = [{"status": "0x0", "message": "fine"}, {"status": "0x1", "message": "not so fine"}]

    assert read_list(with_subject(statusMessage=messages)).messages == ("fine", "not so fine")


def test_an_older_list_is_read_in_the_forms_of_its_time() -> None:
    bare = PUBLISHED["credentialSubject"]["encodedList"][1:]
    older = {**with_subject(type="StatusList2021", encodedList=bare), "type": ["StatusList2021Credential"]}

    assert read_list(older).kind is ListKind.STATUS_LIST_2021
    assert refusal(with_subject(encodedList=bare)) == ("status-list-malformed", "/credentialSubject/encodedList")


def test_a_list_unpacks_no_further_than_it_may() -> None:
    bomb = "u" + urlsafe_b64encode(gzip.compress(bytes(17 * 1024 * 1024))).rstrip(b"=").decode()

    assert refusal(with_subject(encodedList=bomb)) == ("status-list-too-large", "/credentialSubject/encodedList")


@pytest.mark.parametrize("types", [None, "VerifiableCredential", ["VerifiableCredential", "OpenBadgeCredential"], [5]])
def test_a_badge_in_place_of_a_status_list_is_refused(types: object) -> None:
    assert refusal({**PUBLISHED, "type": types}) == ("status-list-malformed", "/type")


def test_a_list_of_two_kinds_is_refused() -> None:
    both = ["BitstringStatusListCredential", "StatusList2021Credential"]

    assert refusal({**PUBLISHED, "type": both}) == ("status-list-malformed", "/type")


@pytest.mark.parametrize("subject", [None, [], "x", [PUBLISHED["credentialSubject"]] * 2, [5]])
def test_a_list_has_one_subject_so_that_nobody_chooses(subject: object) -> None:
    assert refusal({**PUBLISHED, "credentialSubject": subject}) == ("status-list-malformed", "/credentialSubject")


def test_the_one_subject_may_stand_in_an_array() -> None:
    assert read_list({**PUBLISHED, "credentialSubject": [PUBLISHED["credentialSubject"]]}) == read_list(PUBLISHED)


@pytest.mark.parametrize("name", [None, "StatusList2021", ["x"]])
def test_a_subject_of_another_type_is_refused(name: object) -> None:
    assert refusal(with_subject(type=name)) == ("status-list-malformed", "/credentialSubject/type")


@pytest.mark.parametrize("purpose", [None, [], 5, ["revocation", 5]])
def test_a_list_purpose_that_is_no_text_is_refused(purpose: object) -> None:
    assert refusal(with_subject(statusPurpose=purpose)) == ("status-list-malformed", "/credentialSubject/statusPurpose")


@pytest.mark.parametrize("ttl", ["300", -1, 1.5, True, None])
def test_a_time_to_live_that_is_no_number_is_not_worth_refusing_the_list_for(ttl: object) -> None:
    assert read_list(with_subject(ttl=ttl)).ttl is None


def test_a_size_that_is_not_read_is_unsupported() -> None:
    assert refusal(with_subject(statusSize=64), Unsupported) == ("status-size", "/credentialSubject/statusSize")
    assert refusal(with_subject(statusSize="1")) == ("status-malformed", "/credentialSubject/statusSize")
