"""Documents that are built to take time, memory or stack. What bounds them is counted work, so no test needs a clock."""

import resource
import subprocess
import sys
from typing import Any

import pytest

from intaglio.canonical.context_resolver import MAX_CONTEXTS_AT_ONCE, MAX_WORK
from intaglio.canonical.survey import MAX_VALUES
from intaglio.documents import MAX_DEPTH
from tests.canonical.documents import OPEN_BADGES, TERMS, V2, X, credential, document, nquads, refusal


def nested(depth: int, inner: Any) -> Any:
    for _ in range(depth):
        inner = {"a": inner}
    return inner


def test_three_thousand_contexts_are_refused() -> None:
    assert refusal({**credential(), "@context": [V2] * 3_000}) == ("too-many-contexts", "/@context/0")
    inline = [{f"t{number}": f"urn:t:{number}"} for number in range(3_000)]
    assert refusal({**credential(), "@context": [V2, *inline]})[0] == "too-many-contexts"
    assert refusal(credential(issuer={"@context": inline, "id": "did:web:a"}))[0] == "too-many-contexts"


def test_as_many_contexts_as_anybody_uses_are_read() -> None:
    inline = [{f"t{number}": f"urn:t:{number}"} for number in range(MAX_CONTEXTS_AT_ONCE - 2)]
    assert "urn:t:29" in nquads({**credential(), "@context": [V2, OPEN_BADGES, *inline], "t29": "x"})


def test_three_thousand_nested_credentials_of_the_same_contexts_are_read() -> None:
    parts = [{"@context": [V2, OPEN_BADGES], "id": f"urn:{number}", "name": "x"} for number in range(3_000)]
    assert nquads(credential(credentialSubject=parts)).count("\n") == 6_003


def test_three_thousand_nested_contexts_that_differ_are_refused_where_the_work_gets_too_much() -> None:
    parts = [{"@context": [{"t": f"urn:{number}"}, OPEN_BADGES], "id": f"urn:{number}"} for number in range(3_000)]
    kind, place = refusal(credential(credentialSubject=parts))
    assert kind == "too-many-contexts"
    assert place is not None
    assert place.startswith("/credentialSubject/")


def test_an_inline_context_of_twenty_thousand_terms_is_refused() -> None:
    terms = {f"t{number}": f"urn:t:{number}" for number in range(MAX_WORK // 20)}
    assert refusal({"@context": [V2, terms], "id": "urn:s", "name": "x"}) == ("too-many-contexts", "/@context/1")


def test_a_chain_of_three_thousand_aliases_does_not_use_up_the_stack() -> None:
    chain = {f"t{number}": f"t{number + 1}" for number in range(3_000)}
    assert refusal({"@context": chain, "@id": "urn:s", "t0": "x"})[0] == "too-deep"
    scoped = {"t": {"@id": "urn:t", "@context": chain}}
    assert refusal({"@context": scoped, "@id": "urn:s", "t": {"t0": "x"}})[0] == "too-deep"


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 10_000])
def test_ten_thousand_levels_are_refused(depth: int) -> None:
    assert refusal(document(**nested(depth, "x")))[0] == "too-deep"
    context: Any = {"t": "urn:t"}
    for _ in range(depth):
        context = {"t": {"@id": "urn:t", "@context": context}}
    assert refusal({"@context": context, "@id": "urn:s", "t": "x"})[0] == "too-deep"


def test_as_many_levels_as_are_allowed_are_read() -> None:
    assert nquads(document(**nested(MAX_DEPTH - 1, "x"))).count("\n") == MAX_DEPTH - 1
    listed: Any = "x"
    for _ in range(MAX_DEPTH - 2):
        listed = [listed]
    assert nquads(document(list=listed)).count("\n") == 2 * (MAX_DEPTH - 2) + 1


def test_a_text_of_five_megabytes_passes_and_a_name_or_tag_of_that_size_is_refused() -> None:
    large = "x" * 5_000_000
    assert len(nquads(document(a=large))) > 5_000_000
    assert len(nquads(document(iri=f"urn:{large}"))) > 5_000_000
    assert refusal(document(**{large: "x"})) == ("undefined-term", "")
    assert refusal(document(iri="/" * 5_000_000)) == ("relative-iri", "/iri")
    assert refusal(document(a={"@value": "x", "@language": "a-" * 2_500_000})) == ("bad-language-tag", "/a/@language")


def test_a_hundred_thousand_values_of_one_member_are_read_in_linear_time() -> None:
    # To look each of them up among the others would take 5 · 10^9 comparisons.
    assert nquads(document(a=list(range(50_000)))).count("\n") == 50_000
    assert nquads(document(a=["x"] * 50_000)).count("\n") == 1


def test_more_values_than_anybody_needs_are_refused() -> None:
    assert refusal(document(json=[1] * (MAX_VALUES + 1)))[0] == "too-large"
    assert refusal(document(a=[{"b": "x"}] * MAX_VALUES))[0] == "too-large"


def test_long_names_above_many_values_do_not_fill_the_memory_with_pointers() -> None:
    value: Any = {"k": [1] * 20_000, "null": None}
    for _ in range(90):
        value = {"n" * 2_000: value}
    assert nquads(document(json=value)).count("\n") == 1
    # Nothing here has a place, so the whole document is looked through for one.
    assert (
        refusal({"@context": [V2, None], "n" * 1_000_000: list(range(50_000)), "@id": "urn:s"})[0] == "protected-term"
    )
    kind, place = refusal(document(a={"b": [{f"{number}" * 600: None} for number in range(3)]}))
    assert (kind, place) == ("undefined-term", "/a/b/0")


def test_many_suspicious_values_are_refused_rather_than_tested_one_by_one() -> None:
    suspects = {"@list": [{"@set": [number], "@index": "i"} for number in range(30)]}
    # None of these is dropped: a JSON value may hold anything.
    assert refusal(document(json=suspects))[0] == "bad-json-ld"
    few = {"@list": [{"@set": [number], "@index": "i"} for number in range(10)]}
    assert nquads(document(json=few)).count("\n") == 1


def test_poison_twelve_nodes_that_all_know_each_other_are_refused() -> None:
    nodes = [{"b": [{"a": "x"}] * 3, "iri": [f"urn:{number}"]} for number in range(12)]
    assert nquads(document(a=nodes)).count("\n") == 12 * 8
    context = {**TERMS, "knows": {"@id": f"{X}knows", "@type": "@id"}}
    clique = [{"@id": f"_:{one}", "knows": [f"_:{other}" for other in range(12) if other != one]} for one in range(12)]
    assert refusal({"@context": context, "@id": "urn:s", "a": clique})[0] == "blank-node-identifier"


def test_no_hostile_document_takes_more_than_half_a_gigabyte() -> None:
    program = """
from tests.canonical.documents import *
large = "x" * 5_000_000
for value in (
    document(a={"@value": "x", "@language": "a-" * 2_500_000}),
    document(a=[{"b": number} for number in range(40_000)]),
    document(a=[{"b": number} for number in range(30_000)] + [None]),
    document(json=[None] * 190_000),
    document(json=[1] * 5_000_000),
    document(**{large: [None] * 1_000}),
    document(a=[large, None]),
):
    try:
        nquads(value)
    except IntaglioError:
        pass
"""
    limit = 512 * 1024 * 1024

    def limit_memory() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    command = [sys.executable, "-c", program]
    subprocess.run(command, check=True, preexec_fn=limit_memory)  # noqa: S603
