from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, SigningFailed, Unavailable
from intaglio.multikey import Algorithm, PublicKey
from intaglio.proofs.proof_set import MAX_PROOFS, Expectations, add_proof, check_options
from tests.proofs.published import key_in, suites
from tests.proofs.samples import CREDENTIAL, without
from tests.proofs.sets import AT, SIGNERS, add, error_of, kinds_of, results_of, with_proofs
from tests.proofs.tokens import signer

# — sets —


def test_the_first_proof_stands_alone_and_further_ones_make_a_list() -> None:
    once = add(CREDENTIAL)
    assert isinstance(once["proof"], dict)
    twice = add(once, "eddsa-rdfc-2022", SIGNERS[1])
    assert twice["proof"][0] == once["proof"]
    assert kinds_of(once) == [None]
    assert kinds_of(twice) == [None, None]
    assert [result.pointer for result in results_of(once)] == ["/proof"]
    assert [result.pointer for result in results_of(twice)] == ["/proof/0", "/proof/1"]
    assert "proof" not in CREDENTIAL


def test_a_set_of_all_suites_verifies_in_any_order() -> None:
    document = CREDENTIAL
    for name, algorithm in (
        ("eddsa-rdfc-2022", Algorithm.ED25519),
        ("eddsa-jcs-2022", Algorithm.ED25519),
        ("ecdsa-rdfc-2019", Algorithm.P256),
        ("ecdsa-jcs-2019", Algorithm.P384),
    ):
        document = add(document, name, signer(algorithm))
    assert kinds_of(document) == [None] * 4
    assert kinds_of({**document, "proof": document["proof"][::-1]}) == [None] * 4


def test_each_proof_of_a_set_is_judged_on_its_own() -> None:
    document = add(add(add(CREDENTIAL), by=SIGNERS[1]), by=SIGNERS[2])
    first, second, third = document["proof"]
    bad = {**second, "proofValue": third["proofValue"]}
    unknown = {**second, "cryptosuite": "bbs-2023"}
    assert kinds_of(with_proofs(document, first, bad, third)) == [None, "bad-signature", None]
    assert kinds_of(with_proofs(document, first, unknown, third)) == [None, "unknown-suite", None]
    assert kinds_of({**document, "name": "Other"}) == ["bad-signature"] * 3


def test_a_proof_can_be_taken_out_of_a_set() -> None:
    document = add(add(CREDENTIAL), by=SIGNERS[1])
    assert kinds_of(with_proofs(document, document["proof"][1])) == [None]


@pytest.mark.parametrize("proof", [[], None])
def test_no_proof_has_no_result_that_could_be_taken_for_one_that_holds(proof: object) -> None:
    assert results_of({**CREDENTIAL, "proof": proof}) == ()
    assert results_of(CREDENTIAL) == ()


@pytest.mark.parametrize("proof", ["proof", 5, True, [None], [{}, "x"], [[]], [[{}]]])
def test_proofs_that_are_no_objects_are_refused(proof: object) -> None:
    with pytest.raises(MalformedInput) as caught:
        results_of({**CREDENTIAL, "proof": proof})
    assert (caught.value.problem.kind, caught.value.problem.pointer) == ("proof-list", "/proof")


def test_more_proofs_than_anybody_makes_are_refused_unread() -> None:
    proof = add(CREDENTIAL)["proof"]
    assert kinds_of(with_proofs(CREDENTIAL, *[proof] * MAX_PROOFS)) == [None] * MAX_PROOFS
    with pytest.raises(MalformedInput) as caught:
        results_of(with_proofs(CREDENTIAL, *[proof] * (MAX_PROOFS + 1)))
    assert caught.value.problem.kind == "proof-list"


def test_an_error_in_finding_a_key_is_the_result_of_its_proof() -> None:
    def find_key(proof: JsonObject) -> PublicKey:
        if proof["verificationMethod"] == SIGNERS[1].verification_method:
            raise Unavailable("unreachable", "Nobody answers.")
        return key_in(proof)

    document = add(add(CREDENTIAL), by=SIGNERS[1])
    first, second = results_of(document, find_key=find_key)
    assert first.error is None
    assert isinstance(second.error, Unavailable)


def test_a_key_is_looked_up_only_for_a_proof_that_could_hold() -> None:
    def find_key(proof: JsonObject) -> PublicKey:
        pytest.fail("a key was looked up")

    proof = add(CREDENTIAL)["proof"]
    refused = (
        {"cryptosuite": "x"},
        {"proofPurpose": "x"},
        {"expires": "2020-01-01T00:00:00Z"},
        {"previousProof": "urn:x:1"},
    )
    for change in refused:
        (kind,) = kinds_of({**CREDENTIAL, "proof": {**proof, **change}}, find_key=find_key)
        assert kind is not None


# — making proofs —


def test_a_new_proof_names_the_verification_method_of_its_signer() -> None:
    assert add(CREDENTIAL)["proof"]["verificationMethod"] == SIGNERS[0].verification_method
    named = add(CREDENTIAL, verificationMethod="did:web:school.example#1")
    assert named["proof"]["verificationMethod"] == "did:web:school.example#1"


@pytest.mark.parametrize("options", [{"proofPurpose": None}, {"proofPurpose": 5}, {"verificationMethod": None}])
def test_a_proof_that_would_leave_something_out_is_not_made(options: JsonObject) -> None:
    with pytest.raises(SigningFailed) as caught:
        add(CREDENTIAL, **options)
    assert caught.value.problem.kind == "proof-incomplete"


def test_a_proof_without_a_purpose_is_not_made() -> None:
    with pytest.raises(SigningFailed) as caught:
        add_proof(CREDENTIAL, suites().by_name("eddsa-jcs-2022"), {}, SIGNERS[0])
    assert caught.value.problem.kind == "proof-incomplete"


# — options —


def test_the_purpose_must_be_the_one_that_is_expected() -> None:
    document = add(CREDENTIAL)
    assert error_of(document, purpose="authentication").problem.kind == "proof-purpose"
    login = add(CREDENTIAL, proofPurpose="authentication")
    assert isinstance(error_of(login), InvalidProof)
    assert error_of(login).problem.kind == "proof-purpose"


@pytest.mark.parametrize("name", ["verificationMethod", "proofPurpose"])
@pytest.mark.parametrize("value", [..., None, 5, ["x"], {"id": "x"}])
def test_a_proof_must_state_its_purpose_and_its_key(name: str, value: object) -> None:
    proof = add(CREDENTIAL)["proof"]
    changed = without(proof, (name,)) if value is ... else {**proof, name: value}
    error = error_of({**CREDENTIAL, "proof": changed})
    assert (error.problem.kind, error.problem.pointer) == ("proof-incomplete", f"/proof/{name}")


def test_a_proof_of_no_kind_is_refused() -> None:
    proof = without(add(CREDENTIAL)["proof"], ("type",))
    assert error_of({**CREDENTIAL, "proof": proof}).problem.kind == "proof-suite"


def test_a_proof_runs_out_at_the_moment_that_it_names() -> None:
    document = add(CREDENTIAL, expires="2026-11-22T00:00:00Z")
    assert kinds_of(document, expected=Expectations("assertionMethod", AT - timedelta(seconds=1))) == [None]
    for at in (AT, AT + timedelta(microseconds=1), AT + timedelta(days=10_000)):
        assert error_of(document, at=at).problem.kind == "proof-expired"


def test_an_expiry_in_another_time_zone_is_the_same_moment() -> None:
    document = add(CREDENTIAL, expires="2026-11-22T05:00:00+05:00")
    assert error_of(document).problem.kind == "proof-expired"


@pytest.mark.parametrize("name", ["created", "expires"])
@pytest.mark.parametrize("value", [None, 5, "", "2099-01-01", "2099-01-01T00:00:00", "never", ["2099-01-01T00:00:00Z"]])
def test_a_time_that_is_none_is_no_time(name: str, value: object) -> None:
    proof = {**add(CREDENTIAL)["proof"], name: value}
    error = error_of({**CREDENTIAL, "proof": proof})
    assert (error.problem.kind, error.problem.pointer) == ("bad-time", f"/proof/{name}")


def test_when_a_proof_was_made_decides_nothing() -> None:
    assert kinds_of(add(CREDENTIAL, created="2099-01-01T00:00:00Z")) == [None]


@pytest.mark.parametrize(
    ("stated", "expected", "holds"),
    [
        ("https://a.example", "https://a.example", True),
        (["https://a.example"], "https://a.example", True),
        (["https://a.example", "https://b.example"], "https://a.example", False),
        ("https://b.example", "https://a.example", False),
        ("https://a.example/", "https://a.example", False),
        (..., "https://a.example", False),
        ([], "https://a.example", False),
        ("https://b.example", None, True),
        (["https://b.example", "https://a.example"], None, True),
    ],
)
def test_a_domain_is_compared_where_the_reader_names_one(stated: object, expected: str | None, holds: bool) -> None:
    options = {} if stated is ... else {"domain": stated}
    document = add(CREDENTIAL, **options)
    if holds:
        assert kinds_of(document, expected=Expectations("assertionMethod", AT, domain=expected)) == [None]
    else:
        assert error_of(document, domain=expected).problem.kind == "wrong-domain"


@pytest.mark.parametrize(
    ("stated", "expected", "holds"),
    [
        ("c-1", "c-1", True),
        ("c-2", "c-1", False),
        ("", "c-1", False),
        (..., "c-1", False),
        (["c-1"], "c-1", False),
        ("c-1", "", False),
        (..., "", False),
        ("c-1", None, True),
    ],
)
def test_a_challenge_is_compared_where_the_reader_gave_one(stated: object, expected: str | None, holds: bool) -> None:
    options = {} if stated is ... else {"challenge": stated}
    document = add(CREDENTIAL, **options)
    if holds:
        assert kinds_of(document, expected=Expectations("assertionMethod", AT, challenge=expected)) == [None]
    else:
        assert error_of(document, challenge=expected).problem.kind == "wrong-challenge"


def test_a_challenge_or_domain_written_in_afterwards_is_a_bad_signature() -> None:
    proof = add(CREDENTIAL, challenge="c-1", domain="a")["proof"]
    assert (
        error_of({**CREDENTIAL, "proof": {**proof, "challenge": "c-2"}}, challenge="c-2").problem.kind
        == "bad-signature"
    )
    assert error_of({**CREDENTIAL, "proof": {**proof, "domain": "b"}}, domain="b").problem.kind == "bad-signature"


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["verificationMethod", "proofPurpose", "created", "expires", "domain", "challenge"]),
        st.none() | st.text(max_size=5) | st.integers() | st.lists(st.text(max_size=2)) | st.just("assertionMethod"),
    )
)
def test_whatever_a_proof_states_it_is_accepted_or_refused(proof: JsonObject) -> None:
    expected = Expectations("assertionMethod", AT, "a", "c")
    try:
        check_options(proof, expected)
    except IntaglioError:
        return
    assert proof["proofPurpose"] == "assertionMethod"
    assert proof["challenge"] == "c"
    assert proof["domain"] in ("a", ["a"])


@pytest.mark.parametrize("name", ["https://w3id.org/security#expiration", "sec:expiration", "@type"])
def test_an_option_spelled_as_an_address_cannot_go_unnoticed(name: str) -> None:
    expected = Expectations("assertionMethod", AT)
    proof = {"verificationMethod": "did:key:z6Mk", "proofPurpose": "assertionMethod", name: "2020-01-01T00:00:00Z"}
    with pytest.raises(MalformedInput) as caught:
        check_options(proof, expected)
    assert caught.value.problem.kind == "proof-incomplete"
