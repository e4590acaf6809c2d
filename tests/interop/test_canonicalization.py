"""Our canonical forms against those of the Node packages, byte for byte, on generated documents."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from intaglio.canonical import GeneralCanonicalizer, jcs
from intaglio.errors import IntaglioError
from intaglio.schemas import Contexts
from tests.interop.generated import INLINE_CONTEXT, faulty_badges, honest_badges, json_values, linked_nodes
from tests.interop.peer import NodePeer, PeerFailed
from tests.interop.samples import CONTEXTS

_HEALTH = list(HealthCheck)
_SLICE = settings(max_examples=150, derandomize=True, database=None, deadline=None, suppress_health_check=_HEALTH)
_WHOLE = settings(_SLICE, max_examples=20_000)
_CANONICALIZER = GeneralCanonicalizer(Contexts.bundled())


def test_node_and_we_read_the_same_contexts(node: NodePeer) -> None:
    installed = node.ask("contexts")
    ours = Contexts.bundled()
    shared = set(installed) & set(ours)
    assert set(CONTEXTS) <= shared
    assert {url for url in shared if installed[url] != ours.get(url)} == set()


@_SLICE
@given(document=honest_badges)
def test_any_badge_has_the_canonical_form_that_node_finds(node: NodePeer, document: dict[str, Any]) -> None:
    assert _CANONICALIZER.canonicalize(document).decode() == node.ask("canonize", document=document)


@_SLICE
@given(evidence=linked_nodes)
def test_nodes_that_refer_to_each_other_have_the_canonical_form_that_node_finds(
    node: NodePeer, evidence: dict[str, Any]
) -> None:
    document = {"@context": [*CONTEXTS, INLINE_CONTEXT], "id": "urn:x:1", "note": "x", "part": evidence}
    assert _CANONICALIZER.canonicalize(document).decode() == node.ask("canonize", document=document)


@_SLICE
@given(document=faulty_badges)
def test_what_node_refuses_to_canonicalize_we_refuse_too(node: NodePeer, document: dict[str, Any]) -> None:
    _both_refuse(node, document)


@_SLICE
@given(value=json_values)
def test_any_json_has_the_jcs_form_that_node_finds(node: NodePeer, value: Any) -> None:
    assert jcs.canonicalize(value).decode() == node.ask("jcs", value=value)


@pytest.mark.exhaustive
@_WHOLE
@given(document=honest_badges)
def test_twenty_thousand_badges_have_the_canonical_form_that_node_finds(
    node: NodePeer, document: dict[str, Any]
) -> None:
    assert _CANONICALIZER.canonicalize(document).decode() == node.ask("canonize", document=document)


@pytest.mark.exhaustive
@settings(_SLICE, max_examples=3_000)
@given(document=faulty_badges)
def test_three_thousand_faulty_badges_are_refused_by_both(node: NodePeer, document: dict[str, Any]) -> None:
    _both_refuse(node, document)


@pytest.mark.parametrize(
    "members",
    [
        {"greeting": None},
        {"words": {"en": None}},
        {"sees": ""},
        {"@index": "first"},
        {"part": [{"@set": [], "@index": "first"}]},
        {"__proto__": {"note": "y"}},
    ],
    ids=str,
)
def test_what_the_safe_mode_of_node_drops_in_silence_we_refuse(node: NodePeer, members: dict[str, Any]) -> None:
    """Data Integrity 1.0, 2.4.3: what is dropped is not signed, and anybody could add it to a signed document."""
    document = {"@context": INLINE_CONTEXT, "@id": "urn:a", "note": "x"}
    assert node.ask("canonize", document={**document, **members}) == node.ask("canonize", document=document)
    with pytest.raises(IntaglioError):
        _CANONICALIZER.canonicalize({**document, **members})


@pytest.mark.parametrize("member", [{"steps": []}, {"raw": {"a": 1}}], ids=str)
def test_node_repeats_a_quad_where_a_node_is_described_twice(node: NodePeer, member: dict[str, Any]) -> None:
    """RDFC-1.0, 4.4: the input is a dataset, which holds a quad once or not at all."""
    twice = {
        "@context": INLINE_CONTEXT,
        "@id": "urn:a",
        "part": [{"@id": "urn:b", **member}, {"@id": "urn:b", **member}],
    }
    first, second, third = node.ask("canonize", document=twice).splitlines()
    assert second == third
    assert _CANONICALIZER.canonicalize(twice).decode().splitlines() == [first, second]


def test_node_sorts_quads_by_utf16_units_and_we_by_code_points(node: NodePeer) -> None:
    """RDFC-1.0, 5: code point order, in which U+FF01 comes before U+1F600."""
    document = {"@context": INLINE_CONTEXT, "@id": "urn:a", "note": ["\uff01", "\U0001f600"]}
    ours = _CANONICALIZER.canonicalize(document).decode().splitlines()
    assert [line.split(" ")[2] for line in ours] == ['"\uff01"', '"\U0001f600"']
    assert node.ask("canonize", document=document).splitlines() == ours[::-1]


@pytest.mark.parametrize("zero", [0, 0.0, -0.0])
def test_zero_as_a_double_has_the_form_that_node_finds(node: NodePeer, zero: float) -> None:
    """JSON-LD 1.1 API, 8.6: the canonical form of a double is that of printf's %1.15E; ECMAScript knows no sign of zero."""
    document = {"@context": INLINE_CONTEXT, "@id": "urn:a", "measured": zero}
    assert _CANONICALIZER.canonicalize(document).decode() == node.ask("canonize", document=document)


@pytest.mark.parametrize("number", [1e-7, 5e-324, -3e-9])
def test_a_tiny_number_that_node_signs_as_zero_we_refuse(node: NodePeer, number: float) -> None:
    """JSON-LD 1.1 API, 8.2.2: a number with a fraction is a double; jsonld.js looks for a point in its text."""
    document = {"@context": INLINE_CONTEXT, "@id": "urn:a", "note": number}
    nquads = node.ask("canonize", document=document)
    assert nquads.split(" ")[2].startswith(('"0"', '"-0"'))
    with pytest.raises(IntaglioError):
        _CANONICALIZER.canonicalize(document)


def _both_refuse(node: NodePeer, document: dict[str, Any]) -> None:
    with pytest.raises(PeerFailed):
        node.ask("canonize", document=document)
    with pytest.raises(IntaglioError):
        _CANONICALIZER.canonicalize(document)
