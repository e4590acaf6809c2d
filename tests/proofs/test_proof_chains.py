import copy
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.documents import JsonObject
from intaglio.errors import InvalidProof, SigningFailed, Unsupported
from intaglio.multikey import PublicKey
from intaglio.proofs.proof_set import MAX_PROOFS, ProofVerifier
from tests.proofs.published import key_in
from tests.proofs.samples import CREDENTIAL, without
from tests.proofs.sets import EXPECTED, PURPOSE, SIGNERS, add, kinds_of, results_of, with_proofs


def _chain(name: str = "eddsa-jcs-2022") -> JsonObject:
    """Return a credential with three proofs, each after the first on top of the one before."""
    document = add(CREDENTIAL, name, SIGNERS[0], id="urn:x:1")
    document = add(document, name, SIGNERS[1], id="urn:x:2", previousProof="urn:x:1")
    return add(document, name, SIGNERS[2], id="urn:x:3", previousProof=["urn:x:2"])


both_transformations = pytest.mark.parametrize("name", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])


@both_transformations
def test_a_chain_verifies(name: str) -> None:
    assert kinds_of(_chain(name)) == [None, None, None]


@both_transformations
def test_a_chain_is_told_by_its_names_and_not_by_its_order(name: str) -> None:
    document = _chain(name)
    assert kinds_of({**document, "proof": document["proof"][::-1]}) == [None, None, None]


@both_transformations
@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (0, ["previous-proof-missing", "previous-proof-failed"]),
        (1, [None, "previous-proof-missing"]),
        (2, [None, None]),
    ],
)
def test_a_removed_previous_proof_breaks_all_that_stands_on_it(
    name: str, index: int, expected: list[str | None]
) -> None:
    document = _chain(name)
    remaining = [proof for place, proof in enumerate(document["proof"]) if place != index]
    assert kinds_of(with_proofs(document, *remaining)) == expected


@both_transformations
def test_a_previous_proof_with_anything_changed_breaks_the_chain(name: str) -> None:
    document = _chain(name)
    first, second, third = document["proof"]
    stranger = add(CREDENTIAL, name, SIGNERS[3], id="urn:x:1")["proof"]
    # Replaced by another proof that holds by itself: what was signed on top of it was something else.
    assert kinds_of(with_proofs(document, stranger, second, third)) == [None, "bad-signature", "previous-proof-failed"]
    broken = {**first, "nonce": "x"}
    assert kinds_of(with_proofs(document, broken, second, third)) == [
        "bad-signature",
        "bad-signature",
        "previous-proof-failed",
    ]


def test_a_chain_without_its_links_does_not_verify() -> None:
    document = _chain()
    first, second, third = document["proof"]
    loose = without(second, ("previousProof",))
    assert kinds_of(with_proofs(document, first, loose, third)) == [None, "bad-signature", "bad-signature"]
    nameless = without(first, ("id",))
    assert kinds_of(with_proofs(document, nameless, second, third))[1:] == [
        "previous-proof-missing",
        "previous-proof-failed",
    ]


def test_a_proof_can_build_on_several() -> None:
    document = add(add(CREDENTIAL, id="urn:x:1"), by=SIGNERS[1], id="urn:x:2")
    document = add(document, by=SIGNERS[2], previousProof=["urn:x:2", "urn:x:1"])
    assert kinds_of(document) == [None, None, None]
    first, second, third = document["proof"]
    assert kinds_of(with_proofs(document, first, third)) == [None, "previous-proof-missing"]
    assert kinds_of(with_proofs(document, {**first, "nonce": "x"}, second, third))[2] == "bad-signature"


@pytest.mark.parametrize(
    "wanted", ["urn:x:9", ["urn:x:1", "urn:x:9"], 5, {"id": "urn:x:1"}, [None], [["urn:x:1"]], True, ["urn:x:1"] * 33]
)
def test_a_proof_on_top_of_one_that_is_not_there_is_neither_made_nor_verified(wanted: object) -> None:
    document = add(CREDENTIAL, id="urn:x:1")
    with pytest.raises(SigningFailed) as caught:
        add(document, by=SIGNERS[1], previousProof=wanted)
    assert caught.value.problem.kind == "previous-proof-missing"
    second = {**add(document, by=SIGNERS[1])["proof"][1], "previousProof": wanted}
    assert kinds_of(with_proofs(document, document["proof"], second)) == [None, "previous-proof-missing"]


def test_two_proofs_that_share_an_id_are_nobodys_previous_proof() -> None:
    document = add(add(CREDENTIAL, id="urn:x:1"), by=SIGNERS[1], id="urn:x:1")
    for wanted in ("urn:x:1", ["urn:x:1"], ["urn:x:1", "urn:x:1"]):
        with pytest.raises(SigningFailed):
            add(document, by=SIGNERS[2], previousProof=wanted)
        third = {**add(document, by=SIGNERS[2])["proof"][2], "previousProof": wanted}
        assert kinds_of(with_proofs(document, *document["proof"], third)) == [None, None, "previous-proof-missing"]


def test_proofs_that_are_no_objects_are_passed_over_when_a_link_is_made() -> None:
    document = {**CREDENTIAL, "proof": ["x", add(CREDENTIAL, id="urn:x:1")["proof"]]}
    assert len(add(document, by=SIGNERS[1], previousProof="urn:x:1")["proof"]) == 3


def test_a_proof_on_top_of_one_of_an_unknown_suite_is_unknown_too() -> None:
    unknown = {**add(CREDENTIAL, id="urn:x:1")["proof"], "cryptosuite": "bbs-2023"}
    document = add({**CREDENTIAL, "proof": unknown}, by=SIGNERS[1], id="urn:x:2", previousProof="urn:x:1")
    document = add(document, by=SIGNERS[2], previousProof="urn:x:2")
    results = results_of(document)
    assert [type(result.error) for result in results] == [Unsupported, Unsupported, Unsupported]
    assert kinds_of(document) == ["unknown-suite", "previous-proof-failed", "previous-proof-failed"]


def test_a_bad_proof_elsewhere_does_not_make_an_unknown_one_fail() -> None:
    unknown = {**add(CREDENTIAL, id="urn:x:1")["proof"], "cryptosuite": "bbs-2023"}
    document = add({**CREDENTIAL, "proof": unknown}, by=SIGNERS[1], previousProof="urn:x:1")
    bad = {**add(CREDENTIAL, by=SIGNERS[2])["proof"], "nonce": "x"}
    results = results_of(with_proofs(document, *document["proof"], bad))
    assert [type(result.error) for result in results] == [Unsupported, Unsupported, InvalidProof]


def test_a_proof_on_top_of_an_unknown_and_a_bad_one_fails() -> None:
    unknown = {**add(CREDENTIAL, id="urn:x:1")["proof"], "cryptosuite": "bbs-2023"}
    bad = {**add(CREDENTIAL, id="urn:x:2")["proof"], "nonce": "x"}
    document = add(with_proofs(CREDENTIAL, unknown, bad), by=SIGNERS[1], previousProof=["urn:x:1", "urn:x:2"])
    results = results_of(document)
    assert [type(result.error) for result in results] == [Unsupported, InvalidProof, InvalidProof]


class _BelievesAll:
    """A suite under which every signature holds, for what no honest one can be brought to: proofs in a ring."""

    def of_proof(self, _proof: JsonObject) -> "_BelievesAll":
        return self

    def verify_proof(self, _document: JsonObject, _proof: JsonObject, _key: PublicKey) -> None:
        return


def _ring(links: Mapping[str, str | list[str] | None]) -> list[str | None]:
    proofs = [
        {**PURPOSE, "verificationMethod": SIGNERS[0].verification_method, "id": name}
        | ({} if previous is None else {"previousProof": previous})
        for name, previous in links.items()
    ]
    verifier = ProofVerifier(_BelievesAll(), EXPECTED, key_in)  # type: ignore[arg-type]
    results = verifier.verify(with_proofs(CREDENTIAL, *proofs))
    assert all(result.error is None or isinstance(result.error, InvalidProof) for result in results)
    return [result.error.problem.kind if result.error else None for result in results]


def test_a_chain_that_bites_its_own_tail_does_not_hold() -> None:
    failed = "previous-proof-failed"
    assert _ring({"a": None, "b": "a", "c": ["a", "b"]}) == [None, None, None]
    assert _ring({"a": "a"}) == [failed]
    assert _ring({"a": "b", "b": "a"}) == [failed, failed]
    assert _ring({"a": "c", "b": "a", "c": "b", "d": None, "e": ["d"], "f": ["d", "a"]}) == [
        *(failed, failed, failed),
        *(None, None, failed),
    ]


def test_with_honest_suites_a_proof_that_builds_on_itself_is_a_bad_signature() -> None:
    proof = {**add(CREDENTIAL, id="urn:x:1")["proof"], "previousProof": "urn:x:1"}
    assert kinds_of({**CREDENTIAL, "proof": proof}) == ["bad-signature"]


@settings(max_examples=40, deadline=None)
@given(links=st.lists(st.sets(st.integers(0, 7), max_size=3), min_size=1, max_size=8))
def test_a_proof_holds_just_where_all_its_links_end(links: list[set[int]]) -> None:
    names = {index: [f"urn:x:{other}" for other in wanted if other < len(links)] for index, wanted in enumerate(links)}

    def ends(index: int, above: frozenset[int]) -> bool:
        following = [int(name.rpartition(":")[2]) for name in names[index]]
        return all(other not in above | {index} and ends(other, above | {index}) for other in following)

    kinds = _ring({f"urn:x:{index}": wanted for index, wanted in names.items()})
    assert [kind is None for kind in kinds] == [ends(index, frozenset()) for index in range(len(links))]


def test_the_longest_chain_is_followed_to_its_end() -> None:
    names = {f"urn:x:{index}": f"urn:x:{index + 1}" if index + 1 < MAX_PROOFS else None for index in range(MAX_PROOFS)}
    assert _ring(names) == [None] * MAX_PROOFS
    assert _ring({**names, f"urn:x:{MAX_PROOFS - 1}": "urn:x:0"}) == ["previous-proof-failed"] * MAX_PROOFS


def test_verifying_changes_nothing_of_the_document() -> None:
    document = _chain()
    kept = copy.deepcopy(document)
    results_of(document)
    assert document == kept
