"""One input's canonical forms: each computed once, exactly its own, and not without end."""

import functools

import pytest

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput, Unsupported
from intaglio.verification import verify
from intaglio.verification.canonical_forms import CanonicalForms
from intaglio.verification.policy import Policy
from intaglio.verification.report import Report
from intaglio.verification.verify import Verifier
from tests.verification.builders import AT, as_bytes, badge, check_of, presentation, signed


class _Counting:
    """Stands in for a canonicalizer, and takes a second for each document."""

    def __init__(self) -> None:
        self.seen: list[JsonObject] = []

    def clock(self) -> float:
        return float(len(self.seen))

    def canonicalize(self, document: JsonObject, *, hash_algorithm: str = "sha256") -> bytes:
        self.seen.append(document)
        if "bad" in document:
            raise MalformedInput("bad-json-ld", "It is bad.", pointer="/bad")
        return f"{hash_algorithm} {document!r}".encode()


def _forms(seconds: float = 100.0) -> tuple[CanonicalForms, _Counting]:
    counting = _Counting()
    return CanonicalForms(counting, seconds=seconds, clock=counting.clock), counting


def test_the_same_document_is_computed_once() -> None:
    forms, counting = _forms()

    assert forms.canonicalize({"a": 1}) == forms.canonicalize({"a": 1}) == b"sha256 {'a': 1}"
    assert len(counting.seen) == 1


@pytest.mark.parametrize("other", [{"a": True}, {"a": 1.0}, {"a": "1"}, {"a": [1]}, {"a": 1, "b": 1}])
def test_a_document_that_python_takes_for_the_same_is_another(other: JsonObject) -> None:
    forms, counting = _forms()

    assert forms.canonicalize({"a": 1}) != forms.canonicalize(other)
    assert counting.seen == [{"a": 1}, other]


def test_another_hash_makes_another_form() -> None:
    forms, _ = _forms()

    assert forms.canonicalize({"a": 1}, hash_algorithm="sha384") == b"sha384 {'a': 1}"
    assert forms.canonicalize({"a": 1}) == b"sha256 {'a': 1}"


def test_what_was_refused_once_is_refused_again_without_work() -> None:
    forms, counting = _forms()
    for _ in range(2):
        with pytest.raises(MalformedInput) as refused:
            forms.canonicalize({"bad": 1})
        assert refused.value.problem.pointer == "/bad"

    assert len(counting.seen) == 1


def test_a_document_that_is_asked_for_between_others_is_kept() -> None:
    forms, counting = _forms()
    for number in range(10):
        forms.canonicalize({"document": 1})
        forms.canonicalize({"options": number})

    assert counting.seen.count({"document": 1}) == 1


def test_only_a_few_forms_are_kept() -> None:
    forms, counting = _forms()
    for number in [*range(10), 0]:
        forms.canonicalize({"document": number})

    assert counting.seen.count({"document": 0}) == 2


def test_when_the_time_is_spent_the_rest_is_unknown() -> None:
    forms, _ = _forms(seconds=2)
    forms.canonicalize({"a": 1})
    with pytest.raises(MalformedInput):
        forms.canonicalize({"bad": 1})

    with pytest.raises(Unsupported) as refused:
        forms.canonicalize({"a": 2})
    assert refused.value.problem.kind == "took-too-long"
    assert forms.canonicalize({"a": 1})


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_set_of_many_proofs_costs_no_more_than_one(suite: str) -> None:
    document = {**signed(badge(), suite=suite), "bad": True}
    canonicalizer = _Counting()
    verifier = Verifier(Policy(at=AT), canonicalizer=canonicalizer)

    report = verifier.verify(as_bytes({**document, "proof": [document["proof"]] * 32}))

    assert not report.verified
    assert len(canonicalizer.seen) == 1


def test_one_input_does_not_spend_the_time_of_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    # The first document spends all of the time.
    monkeypatch.setattr(verify, "CanonicalForms", functools.partial(CanonicalForms, seconds=1e-9))
    verifier = Verifier(Policy(at=AT))
    many = presentation(*[signed(badge(id=f"urn:uuid:{number}"), suite="eddsa-jcs-2022") for number in range(3)])

    report = verifier.verify(as_bytes(signed(many, "learner", suite="eddsa-jcs-2022")))

    assert [_kind(inner) for inner in report.credentials] == ["took-too-long"] * 3
    assert report.outcome.value == "unknown"
    assert verifier.verify(as_bytes(signed(badge(), suite="eddsa-jcs-2022"))).verified


def _kind(report: Report) -> str:
    problem = check_of(report, "format").problem
    return problem.kind if problem else "none"
