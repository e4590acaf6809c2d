from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intaglio.errors import IntaglioError, MalformedInput, Unsupported
from intaglio.status.credential import status_entry
from intaglio.status.entries import (
    MAX_ENTRIES,
    ListEntry,
    ListKind,
    RevocationListEntry,
    UnknownEntry,
    parse_entries,
)

REVOCATION = {
    "id": "https://example.com/credentials/status/3#94567",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "94567",
    "statusListCredential": "https://example.com/credentials/status/3",
}
MESSAGES = [
    {"status": "0x0", "message": "pending_review"},
    {"status": "0x1", "message": "accepted"},
    {"status": "0x2", "message": "rejected"},
    {"status": "0x3", "message": "undefined"},
]
MESSAGE = {**REVOCATION, "statusPurpose": "message", "statusSize": 2, "statusMessage": MESSAGES}


def without(entry: dict[str, Any], name: str) -> dict[str, Any]:
    return {member: value for member, value in entry.items() if member != name}


def refusal(entry: object, kind: type[IntaglioError] = MalformedInput) -> tuple[str, str | None]:
    with pytest.raises(kind) as raised:
        parse_entries({"credentialStatus": entry})
    return raised.value.problem.kind, raised.value.problem.pointer


def test_a_credential_without_status_has_no_entries() -> None:
    assert parse_entries({"type": "VerifiableCredential"}) == ()


def test_the_entry_of_the_specification_is_read() -> None:
    assert parse_entries({"credentialStatus": REVOCATION}) == (
        ListEntry(
            kind=ListKind.BITSTRING,
            purpose="revocation",
            index=94567,
            list_url="https://example.com/credentials/status/3",
            size=1,
            messages=(),
            pointer="/credentialStatus",
        ),
    )


def test_every_entry_of_an_array_is_read_and_knows_its_place() -> None:
    suspension = {**REVOCATION, "statusPurpose": "suspension", "statusListIndex": "0"}

    first, second = parse_entries({"credentialStatus": [REVOCATION, suspension]})

    assert isinstance(first, ListEntry)
    assert isinstance(second, ListEntry)
    assert (first.pointer, first.purpose) == ("/credentialStatus/0", "revocation")
    assert (second.pointer, second.purpose, second.index) == ("/credentialStatus/1", "suspension", 0)


def test_the_messages_of_an_entry_are_ordered_by_their_value() -> None:
    (entry,) = parse_entries({"credentialStatus": {**MESSAGE, "statusMessage": MESSAGES[::-1]}})

    assert isinstance(entry, ListEntry)
    assert entry.size == 2
    assert entry.messages == ("pending_review", "accepted", "rejected", "undefined")


def test_an_entry_of_one_bit_may_have_two_messages() -> None:
    (entry,) = parse_entries({"credentialStatus": {**REVOCATION, "statusMessage": MESSAGES[:2]}})

    assert isinstance(entry, ListEntry)
    assert entry.messages == ("pending_review", "accepted")


def test_an_entry_of_the_older_list_is_read_and_knows_no_sizes() -> None:
    (entry,) = parse_entries({"credentialStatus": {**REVOCATION, "type": ["StatusList2021Entry"], "statusSize": 9}})

    assert isinstance(entry, ListEntry)
    assert (entry.kind, entry.size) == (ListKind.STATUS_LIST_2021, 1)


def test_a_revocation_list_of_1edtech_is_read() -> None:
    status = {"id": "https://example.edu/credentials/3732/revocations", "type": "1EdTechRevocationList"}

    assert parse_entries({"credentialStatus": status}) == (
        RevocationListEntry("https://example.edu/credentials/3732/revocations", "/credentialStatus"),
    )


def test_a_status_of_another_kind_is_kept_as_unknown() -> None:
    status = {"id": "https://example.com/1", "type": ["RevocationList2020Status", "Thing"]}

    assert parse_entries({"credentialStatus": [REVOCATION, status]})[1] == UnknownEntry(
        ("RevocationList2020Status", "Thing"), "/credentialStatus/1"
    )


@pytest.mark.parametrize("empty", [None, []])
def test_a_status_member_that_says_nothing_is_not_taken_for_no_status(empty: object) -> None:
    assert refusal(empty) == ("status-malformed", "/credentialStatus")


def test_a_credential_that_makes_us_fetch_a_thousand_lists_is_refused() -> None:
    assert len(parse_entries({"credentialStatus": [REVOCATION] * MAX_ENTRIES})) == MAX_ENTRIES
    assert refusal([REVOCATION] * 1000) == ("status-malformed", "/credentialStatus")


@pytest.mark.parametrize("entry", ["https://example.com/status", 5, [REVOCATION], True])
def test_an_entry_that_is_no_object_is_refused(entry: object) -> None:
    assert refusal([entry]) == ("status-malformed", "/credentialStatus/0")


@pytest.mark.parametrize("name", [None, [], 5, ["BitstringStatusListEntry", 5]])
def test_an_entry_without_a_proper_type_is_refused(name: object) -> None:
    assert refusal({**REVOCATION, "type": name}) == ("status-malformed", "/credentialStatus/type")


def test_an_entry_of_two_kinds_cannot_choose_the_list_that_says_nothing() -> None:
    both = {**REVOCATION, "type": ["1EdTechRevocationList", "BitstringStatusListEntry"]}

    assert refusal(both) == ("status-malformed", "/credentialStatus/type")


def test_one_broken_entry_cannot_hide_behind_a_good_one() -> None:
    broken = without(REVOCATION, "statusListIndex")

    assert refusal([REVOCATION, broken]) == ("status-malformed", "/credentialStatus/1/statusListIndex")


@pytest.mark.parametrize("purpose", [None, "", 5, ["revocation"]])
def test_a_purpose_that_is_no_text_is_refused(purpose: object) -> None:
    assert refusal({**REVOCATION, "statusPurpose": purpose}) == ("status-malformed", "/credentialStatus/statusPurpose")


@pytest.mark.parametrize(
    "index", [None, 94567, 9.0, True, "", "-1", "+1", "1.0", "0x1F", "1_000", " 1", "1\n", "٣", ["1"]]
)
def test_an_index_that_is_not_a_text_of_ascii_digits_is_refused(index: object) -> None:
    assert refusal({**REVOCATION, "statusListIndex": index}) == (
        "status-malformed",
        "/credentialStatus/statusListIndex",
    )


def test_an_index_of_a_million_digits_is_refused_without_counting() -> None:
    assert refusal({**REVOCATION, "statusListIndex": "9" * 1_000_000}) == (
        "status-index-out-of-range",
        "/credentialStatus/statusListIndex",
    )


@pytest.mark.parametrize(
    "url",
    [None, "", 5, "/status/3", "example.com/3", "https:", "https://a b/", "https://a/\n", "https://" + "a" * 2048],
)
def test_a_list_address_that_is_no_url_is_refused(url: object) -> None:
    assert refusal({**REVOCATION, "statusListCredential": url}) == (
        "status-malformed",
        "/credentialStatus/statusListCredential",
    )
    assert refusal({"type": "1EdTechRevocationList", "id": url}) == ("status-malformed", "/credentialStatus/id")


@pytest.mark.parametrize("size", [0, -1, "2", 2.0, True, None])
def test_a_size_that_is_no_positive_integer_is_refused(size: object) -> None:
    assert refusal({**MESSAGE, "statusSize": size}) == ("status-malformed", "/credentialStatus/statusSize")


def test_a_size_whose_messages_would_fill_the_memory_is_not_tried() -> None:
    assert refusal({**MESSAGE, "statusSize": 2**53 - 1}, Unsupported) == ("status-size", "/credentialStatus/statusSize")


@pytest.mark.parametrize(
    "messages",
    [
        None,
        {"status": "0x0", "message": "one"},
        MESSAGES[:3],
        [*MESSAGES, {"status": "0x4", "message": "more"}],
        [*MESSAGES[:3], MESSAGES[0]],
        [*MESSAGES[:3], {"status": "0x4", "message": "beyond"}],
    ],
)
def test_messages_that_do_not_stand_for_each_value_once_are_refused(messages: object) -> None:
    assert refusal({**MESSAGE, "statusMessage": messages}) == ("status-malformed", "/credentialStatus/statusMessage")


@pytest.mark.parametrize(
    "message",
    [5, {}, {"status": "3", "message": "x"}, {"status": 3, "message": "x"}, {"status": "0x3", "message": None}],
)
def test_a_message_without_value_or_text_is_refused(message: object) -> None:
    assert refusal({**MESSAGE, "statusMessage": [*MESSAGES[:3], message]}) == (
        "status-malformed",
        "/credentialStatus/statusMessage/3",
    )


def test_an_entry_of_two_bits_must_have_messages() -> None:
    assert refusal(without(MESSAGE, "statusMessage")) == ("status-malformed", "/credentialStatus/statusMessage")


def test_an_entry_that_we_write_is_one_that_we_read() -> None:
    entry = status_entry(
        list_url="https://example.com/status/8",
        index=492_847,
        purpose="message",
        size=2,
        messages=("pending_review", "accepted", "rejected", "undefined"),
        reference="https://example.org/status-dictionary/",
    )

    assert entry == {
        "id": "https://example.com/status/8#492847",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "message",
        "statusListIndex": "492847",
        "statusListCredential": "https://example.com/status/8",
        "statusSize": 2,
        "statusMessage": MESSAGES,
        "statusReference": "https://example.org/status-dictionary/",
    }
    (read,) = parse_entries({"credentialStatus": entry})
    assert isinstance(read, ListEntry)
    assert read.index == 492_847


def test_a_plain_entry_that_we_write_states_no_size() -> None:
    entry = status_entry(list_url=REVOCATION["statusListCredential"], index=94567, purpose="revocation")

    assert entry == REVOCATION


def test_an_entry_with_too_few_messages_is_not_written() -> None:
    with pytest.raises(MalformedInput) as raised:
        status_entry(list_url="https://example.com/1", index=1, purpose="message", size=2, messages=("one",))

    assert raised.value.problem.kind == "status-malformed"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=8,
)


def place_of_refusal(status: object) -> str | None:
    try:
        parse_entries({"credentialStatus": status})
    except (MalformedInput, Unsupported) as error:
        return error.problem.pointer or "nowhere"
    return None


@given(st.dictionaries(st.sampled_from([*MESSAGE, "type"]), JSON), JSON)
def test_no_status_does_worse_than_be_refused_at_its_place(changes: dict[str, object], other: object) -> None:
    for status in ({**MESSAGE, **changes}, [REVOCATION, {**REVOCATION, **changes}], other):
        place = place_of_refusal(status)
        assert place is None or place.startswith("/credentialStatus")
