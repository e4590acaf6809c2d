"""Status lists and entries that would pass off a withdrawn credential, or pass a good one off as withdrawn."""

import gzip
import zlib
from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.fetch.source import DEFAULT_MAX_BYTES, Fetched, Source
from intaglio.multikey import encode_base64url
from intaglio.status.bitstring import MAX_LIST_BYTES, SHORTEST_IN_USE, StatusList
from intaglio.status.credential import list_credential
from intaglio.verification.policy import Policy
from intaglio.verification.report import CheckOutcome, Report
from intaglio.verification.status_lists import MAX_UNPACKED
from intaglio.verification.verify import Verifier
from tests.verification.builders import (
    AT,
    LIST_URL,
    SCHOOL,
    STRANGER,
    as_bytes,
    assert_doubted,
    assert_refused,
    assert_verified,
    badge,
    check_of,
    entry,
    presentation,
    problem_of,
    signed,
    status_list,
    stored,
    token,
    verify,
    with_status,
)

_OTHER_URL = "https://school.example/status/2"


def _look(published: Any, *entries: Any, **policy: Any) -> Report:
    """Verify a badge with entries (by default, number 7 of the list) against what is published at the list's address."""
    documents = {} if published is None else {LIST_URL: published}
    return verify(signed(with_status(*(entries or [entry()]))), documents, **policy)


def _encoded(bits: bytes) -> JsonObject:
    """Return a signed list of these bits, whatever they are."""
    made = status_list()
    made["credentialSubject"]["encodedList"] = "u" + encode_base64url(gzip.compress(bits, mtime=0))
    return signed(made)


def test_a_bit_that_is_not_set_is_good() -> None:
    report = _look(signed(status_list([6, 8])))

    assert_verified(report)
    assert check_of(report, "status").note is None


def test_a_withdrawn_credential() -> None:
    assert_refused(_look(signed(status_list([7]))), "status", "revoked", "/credentialStatus")


def test_a_paused_credential() -> None:
    report = _look(signed(status_list([7], "suspension")), entry(purpose="suspension"))

    assert_refused(report, "status", "suspended", "/credentialStatus")


def test_a_withdrawal_in_the_second_entry() -> None:
    documents = {LIST_URL: signed(status_list([7])), _OTHER_URL: signed(status_list([9]))}

    report = verify(signed(with_status(entry(6), entry(9, url=_OTHER_URL))), documents)

    assert_refused(report, "status", "revoked", "/credentialStatus/1")


def test_a_withdrawal_behind_an_entry_of_an_unknown_kind() -> None:
    unknown = {"id": "https://school.example/other", "type": "1EdTechCredentialRefresh"}

    report = _look(signed(status_list([7])), unknown, entry())

    assert_refused(report, "status", "revoked", "/credentialStatus/1")


def test_a_withdrawal_behind_a_list_that_does_not_answer() -> None:
    report = _look(signed(status_list([7])), entry(url=_OTHER_URL), entry())

    assert_refused(report, "status", "revoked", "/credentialStatus/1")


def test_a_list_that_does_not_answer_is_unknown_and_not_withdrawn() -> None:
    report = _look(None)

    assert_doubted(report, "status", "status-list-unchecked", "/credentialStatus")
    assert f"“{LIST_URL}” is not among the documents at hand." in problem_of(report, "status").detail


def test_one_list_of_two_that_does_not_answer_is_unknown() -> None:
    report = _look(signed(status_list()), entry(), entry(url=_OTHER_URL))

    assert_doubted(report, "status", "status-list-unchecked", "/credentialStatus/1")


def test_a_list_that_is_too_short_gives_away_who_is_looked_up() -> None:
    assert_refused(
        _look(_encoded(bytes(16))), "status", "status-list-too-short", "/credentialStatus/statusListCredential"
    )


def test_a_list_that_is_too_short_by_one_byte() -> None:
    report = _look(_encoded(bytes(131_072 // 8 - 1)))

    assert_refused(report, "status", "status-list-too-short", "/credentialStatus/statusListCredential")


def test_a_reader_may_accept_the_shorter_lists_of_an_ecosystem() -> None:
    published = _encoded(bytes(SHORTEST_IN_USE // 8))

    assert_verified(_look(published, shortest_status_list=SHORTEST_IN_USE))
    assert not _look(published).verified


def test_a_list_of_another_purpose() -> None:
    report = _look(signed(status_list(purpose="suspension")))

    assert_refused(report, "status", "status-purpose-mismatch", "/credentialStatus/statusPurpose")


def test_a_purpose_of_the_issuers_own_is_unknown_even_where_the_bit_is_not_set() -> None:
    report = _look(signed(status_list(purpose="active")), entry(purpose="active"))

    assert_doubted(report, "status", "status-purpose", "/credentialStatus/statusPurpose")


def test_a_refresh_that_is_asked_for_informs() -> None:
    report = _look(signed(status_list([7], "refresh")), entry(purpose="refresh"))

    assert_verified(report)
    assert check_of(report, "status").note == "The issuer has set its mark “refresh”."


def test_a_message_informs() -> None:
    texts = ("Not looked at yet.", "Looked at.")
    listed = list_credential(
        StatusList(), url=LIST_URL, issuer=SCHOOL, purposes=["message"], valid_from=AT, messages=texts
    )

    report = _look(signed(listed), entry(purpose="message"))

    assert_verified(report)
    assert check_of(report, "status").note == "The issuer notes: “Not looked at yet.”."


def test_a_list_that_nobody_signed() -> None:
    report = _look(status_list())

    assert_refused(report, "status", "status-list-refused", "/credentialStatus")
    assert "It is not signed by anybody." in problem_of(report, "status").detail


def test_a_list_that_somebody_else_signed_in_the_issuers_name() -> None:
    report = _look(signed(status_list(), "stranger"))

    assert_refused(report, "status", "status-list-refused", "/credentialStatus")
    assert "signed by somebody other than the issuer that it names" in problem_of(report, "status").detail


def test_a_list_that_was_exchanged_for_a_clean_one() -> None:
    tampered = signed(status_list([7]))
    tampered["credentialSubject"]["encodedList"] = status_list()["credentialSubject"]["encodedList"]

    report = _look(tampered)

    assert_refused(report, "status", "status-list-refused", "/credentialStatus")
    assert "The signature does not match" in problem_of(report, "status").detail


def test_a_list_that_has_run_out() -> None:
    report = _look(signed(status_list(validUntil="2026-11-21T00:00:00Z")))

    assert_refused(report, "status", "status-list-expired", "/credentialStatus")


def test_a_list_whose_proof_has_run_out() -> None:
    report = _look(signed(status_list(), expires="2026-11-21T00:00:00Z"))

    assert_refused(report, "status", "status-list-expired", "/credentialStatus")


def test_the_end_of_a_list_is_not_hidden() -> None:
    stale = signed(status_list(validUntil="2026-11-21T00:00:00Z"))
    stale["https://www.w3.org/2018/credentials#validUntil"] = {
        "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        "@value": stale.pop("validUntil"),
    }

    assert_refused(_look(stale), "status", "status-list-refused", "/credentialStatus")


def test_a_list_from_the_future() -> None:
    report = _look(signed(status_list(validFrom="2026-12-01T00:00:00Z")))

    assert_refused(report, "status", "status-list-refused", "/credentialStatus")


def test_a_list_whose_key_cannot_be_had_is_unknown() -> None:
    other = "did:web:status.example"
    report = _look({**status_list(), "issuer": other, "proof": _proof_by(other)})

    assert_doubted(report, "status", "status-list-unchecked", "/credentialStatus")


def _proof_by(controller: str) -> JsonObject:
    proof: JsonObject = signed(status_list())["proof"]
    return {**proof, "verificationMethod": f"{controller}#key-1"}


def test_a_list_of_another_issuer_is_allowed_and_noted() -> None:
    report = _look(signed(status_list(issuer=STRANGER), "stranger"))

    assert_verified(report)
    assert check_of(report, "status").note == f"The list is kept by “{STRANGER}”."


def test_a_list_published_as_a_token() -> None:
    assert_verified(_look(token(status_list())))
    assert_refused(_look(token(status_list([7]))), "status", "revoked", "/credentialStatus")


@pytest.mark.parametrize(
    "published",
    [b"", b"<html>Not found</html>", b"[]", b'{"a": 1, "a": 2}', b"\x89PNG\r\n\x1a\n", b"a.b.c", b"{" * 5000],
)
def test_what_is_no_list_at_all(published: bytes) -> None:
    assert_refused(_look(published), "status", "status-list-malformed", "/credentialStatus")


def test_a_credential_in_the_place_of_the_list() -> None:
    report = _look(signed(badge()))

    assert_refused(report, "status", "status-list-malformed", "/credentialStatus")
    assert problem_of(report, "status").detail == (
        f"“{LIST_URL}”: What stands in the place of the status list is none. (at /type)"
    )


def test_the_credential_itself_in_the_place_of_its_list() -> None:
    document = signed(with_status(entry()))

    assert_refused(verify(document, {LIST_URL: document}), "status", "status-list-malformed", "/credentialStatus")


def test_a_presentation_in_the_place_of_the_list() -> None:
    published = signed(presentation(signed(badge())), "learner")

    assert_refused(_look(published), "status", "status-list-malformed", "/credentialStatus")


def test_a_list_that_names_itself_as_its_status_ends_the_search() -> None:
    looped = with_status(entry(), **{**status_list(), "@context": with_status()["@context"]})

    assert_verified(_look(signed(looped)))


def test_a_list_that_unpacks_to_a_gigabyte() -> None:
    packer = zlib.compressobj(9, wbits=31)
    begun = packer.compress(b"\0") + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush the same bytes unpack to the same megabyte again, as often as they are repeated.
    megabyte = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = status_list()
    bomb["credentialSubject"]["encodedList"] = "u" + encode_base64url(begun + megabyte * 1024)

    assert_refused(_look(signed(bomb)), "status", "status-list-too-large", "/credentialStatus")


def test_many_lists_that_together_unpack_to_more_than_is_held() -> None:
    urls = [f"https://school.example/status/{number}" for number in range(MAX_UNPACKED // MAX_LIST_BYTES + 2)]
    large = _encoded(bytes(MAX_LIST_BYTES))

    report = verify(signed(with_status(*(entry(url=url) for url in urls))), dict.fromkeys(urls, large))

    assert_doubted(report, "status", "lookup-limit", f"/credentialStatus/{len(urls) - 1}")


@pytest.mark.parametrize(
    "encoded", ["", "u", "H4sIAAAA", "uH4sIAAAA!", "zH4sIAAAA", 7, None, "u" + encode_base64url(b"no gzip")]
)
def test_a_list_that_cannot_be_unpacked(encoded: Any) -> None:
    published = status_list()
    published["credentialSubject"]["encodedList"] = encoded

    report = _look(token(published))

    assert check_of(report, "status").outcome is CheckOutcome.FAILED
    kind = "status-list-refused" if encoded is None else "status-list-malformed"
    assert problem_of(report, "status").kind == kind


def test_a_list_of_two_gzip_streams_that_readers_unpack_differently() -> None:
    streams = gzip.compress(bytes(16_384), mtime=0) + gzip.compress(b"\xff" * 16_384, mtime=0)
    published = status_list()
    published["credentialSubject"]["encodedList"] = "u" + encode_base64url(streams)

    assert_refused(_look(signed(published)), "status", "status-list-malformed", "/credentialStatus")


class _Counting:
    """A source that remembers what it was asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.asked: list[str] = []

    def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
        self.asked.append(url)
        return self._source.get(url, accept=accept, max_bytes=max_bytes)


@pytest.mark.parametrize("documents", [{LIST_URL: signed(status_list())}, {}])
def test_a_list_is_asked_for_once_in_a_run_whether_it_answers_or_not(documents: dict[str, Any]) -> None:
    source = _Counting(stored(documents))
    verifier = Verifier(Policy(at=AT), source=source)
    sealed = [signed(with_status(entry(index), id=f"urn:uuid:{index}")) for index in range(3)]

    for item in [*sealed, signed(presentation(*sealed), "learner")]:
        assert verifier.verify(as_bytes(item)).verified == bool(documents)

    assert source.asked == [LIST_URL]
