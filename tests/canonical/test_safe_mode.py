"""What JSON-LD would drop or make up is refused, at the member that is to blame."""

from typing import Any

import pytest

from intaglio.canonical.jsonld import JsonLd
from intaglio.errors import MalformedInput
from intaglio.schemas import Contexts
from tests.canonical.documents import (
    DATA_INTEGRITY,
    OPEN_BADGES,
    TERMS,
    V1,
    V2,
    credential,
    document,
    nquads,
    refusal,
)

NAMELESS = {"@context": TERMS}


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"smuggled": "x"}, "/smuggled"),
        (
            {"credentialSubject": {"type": "AchievementSubject", "endorsementJwt": []}},
            "/credentialSubject/endorsementJwt",
        ),
        ({"issuer": {"id": "did:web:a", "a/b~c": "x"}}, "/issuer/a~1b~0c"),
        ({"evidence": [{"id": "urn:e", "type": "Evidence"}, {"audience": "x"}]}, "/evidence/1/audience"),
        ({"": "x"}, "/"),
        ({"@foo": "x"}, "/@foo"),
        ({"@Context": "x"}, "/@Context"),
        ({"__proto__": {"type": "VerifiableCredential"}}, "/__proto__"),
        ({"issuer": {"id": "did:web:a", "__proto__": {}}}, "/issuer/__proto__"),
        (
            {
                "relatedResource": {
                    "id": "urn:r",
                    "@context": {"j": {"@id": "urn:j", "@type": "@json"}},
                    "j": {"__proto__": 1},
                }
            },
            "/relatedResource/j/__proto__",
        ),
    ],
)
def test_a_member_that_no_context_defines_is_refused(members: dict[str, Any], pointer: str) -> None:
    assert refusal(credential(**members)) == ("undefined-term", pointer)


def test_the_first_of_many_undefined_members_of_one_name_is_named() -> None:
    subjects = [{"id": "urn:1", "role": "x"}, {"id": "urn:2", "rule": "x"}, {"id": "urn:3", "rule": "x"}]
    typed = [{**subject, "type": "AchievementSubject"} for subject in subjects]
    assert refusal(credential(credentialSubject=typed)) == ("undefined-term", "/credentialSubject/1/rule")


def test_a_term_that_was_mapped_to_null_is_undefined() -> None:
    assert refusal(document(unset="x")) == ("undefined-term", "/unset")
    assert refusal({"@context": [V2, {"smuggled": {"@id": None}}], "id": "urn:s", "smuggled": 1}) == (
        "undefined-term",
        "/smuggled",
    )


def test_terms_of_a_type_do_not_reach_into_the_nodes_below() -> None:
    # `achievement` is defined for an AchievementSubject, not for what such a subject contains.
    inner = {"id": "urn:p", "type": "Profile", "achievement": {"id": "urn:a"}}
    subject = {"id": "urn:s", "type": "AchievementSubject", "source": inner}
    assert refusal(credential(credentialSubject=subject)) == ("undefined-term", "/credentialSubject/source/achievement")


def test_a_context_that_resets_all_others_leaves_its_members_undefined() -> None:
    assert refusal(document(a={"@context": None, "b": "x"})) == ("undefined-term", "/a/b")


@pytest.mark.parametrize(
    ("members", "kind", "pointer"),
    [
        ({"type": ["VerifiableCredential", "Smuggled"]}, "undefined-type", "/type/1"),
        ({"issuer": {"id": "did:web:a", "type": "Smuggled"}}, "undefined-type", "/issuer/type"),
        ({"type": ["VerifiableCredential", "@foo"]}, "undefined-type", "/type/1"),
        ({"type": ["VerifiableCredential", "@id"]}, "undefined-type", "/type/1"),
        ({"type": ["VerifiableCredential", ""]}, "undefined-type", "/type/1"),
        ({"type": ["VerifiableCredential", "a b:c"]}, "bad-iri", "/type/1"),
        ({"name": {"@value": "x", "@type": "Smuggled"}}, "bad-json-ld", "/name/@type"),
        ({"name": {"@value": "x", "@type": "urn:a<b"}}, "bad-iri", "/name/@type"),
    ],
)
def test_a_type_that_no_context_defines_is_refused(members: dict[str, Any], kind: str, pointer: str) -> None:
    assert refusal(credential(**members)) == (kind, pointer)


@pytest.mark.parametrize(
    ("members", "kind", "pointer"),
    [
        ({"id": "relative"}, "relative-iri", "/id"),
        ({"id": ""}, "relative-iri", "/id"),
        ({"id": "//a.example/x"}, "relative-iri", "/id"),
        ({"issuer": "a"}, "relative-iri", "/issuer"),
        ({"issuer": {"id": "/a"}}, "relative-iri", "/issuer/id"),
        ({"issuer": "#key"}, "relative-iri", "/issuer"),
        ({"id": "@foo"}, "relative-iri", "/id"),
        ({"id": "@type"}, "relative-iri", "/id"),
        ({"id": "https://a.example/two words"}, "bad-iri", "/id"),
        ({"id": "https://a.example/<script>"}, "bad-iri", "/id"),
        ({"id": "https://a.example/\n"}, "bad-iri", "/id"),
        ({"id": "urn:x> <urn:p> <urn:o> .\n<urn:y"}, "bad-iri", "/id"),
        ({"id": "1a:b"}, "bad-iri", "/id"),
        ({"issuer": "did:web:a\\b"}, "bad-iri", "/issuer"),
        ({"id": "urn:\ud800"}, "bad-iri", "/id"),
    ],
)
def test_identifiers_that_are_not_whole_or_hold_what_none_may_are_refused(
    members: dict[str, Any], kind: str, pointer: str
) -> None:
    assert refusal(credential(**members)) == (kind, pointer)


def test_an_undefined_prefix_is_a_scheme_and_a_defined_one_is_checked_as_a_whole() -> None:
    assert "<foo:bar>" in nquads(document(iri="foo:bar"))
    assert refusal(document(iri="x:two words")) == ("bad-iri", "/iri")
    assert refusal(document(**{"x:a<": "v"})) == ("bad-iri", "/x:a<")
    assert refusal({"@context": {"a": "urn:a<"}, "@id": "urn:s", "a": "x"}) == ("bad-iri", None)


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"a": None}, "/a"),
        ({"a": ["x", None]}, "/a/1"),
        ({"a": {"b": [{"a": None}]}}, "/a/b/0/a"),
        ({"a": {"@value": None}}, "/a/@value"),
        ({"a": {"@value": "x", "@language": None}}, "/a/@language"),
        ({"a": {"@value": "x", "@type": None}}, "/a/@type"),
        ({"a": {"@list": [None]}}, "/a/@list/0"),
        ({"a": {"@set": None}}, "/a/@set"),
        ({"a": {"@set": [None]}}, "/a/@set/0"),
        ({"list": [1, None]}, "/list/1"),
        ({"list": None}, "/list"),
        ({"iri": None}, "/iri"),
        ({"iri": {"@id": None}}, "/iri/@id"),
        ({"word": None}, "/word"),
        ({"words": {"en": None}}, "/words/en"),
        ({"words": {"en": ["x", None]}}, "/words/en/1"),
        ({"byId": {"urn:1": None}}, "/byId/urn:1"),
        ({"byType": {"x:T": [None]}}, "/byType/x:T/0"),
        ({"graph": None}, "/graph"),
        ({"of": None}, "/of"),
        ({"@type": None}, "/@type"),
        ({"@type": ["x:T", None]}, "/@type/1"),
        ({"@id": None}, "/@id"),
        ({"@included": [None]}, "/@included/0"),
        ({"@graph": [None]}, "/@graph/0"),
        ({"nest": {"a": None}}, "/nest/a"),
    ],
)
def test_a_null_is_refused_wherever_json_ld_would_drop_it(members: dict[str, Any], pointer: str) -> None:
    kind, place = refusal(document(**members))
    assert place == pointer
    assert kind in {"null-member", "bad-json-ld", "free-floating-value"}


def test_nulls_inside_json_values_are_signed_and_others_in_the_same_document_refused() -> None:
    value = {"a": None, "b": [None, {"@context": None}]}
    assert r'"{\"a\":null,\"b\":[null,{\"@context\":null}]}"^^' in nquads(document(json=value))
    assert '"null"^^' in nquads(document(json=None))
    assert refusal(document(json=value, a=None)) == ("null-member", "/a")


@pytest.mark.parametrize(
    ("members", "kind", "pointer"),
    [
        ({"@graph": [{"a": "x"}, "scalar"]}, "free-floating-value", "/@graph/1"),
        ({"@graph": [{"a": "x"}, [[5]]]}, "free-floating-value", "/@graph/1/0/0"),
        ({"@graph": [{"a": "x"}, {"@set": [True]}]}, "free-floating-value", "/@graph/1/@set/0"),
        ({"@graph": [{"a": "x"}, {"@value": "y"}]}, "free-floating-value", "/@graph/1/@value"),
        ({"@graph": [{"a": "x"}, {"@list": ["y"]}]}, "free-floating-value", "/@graph/1"),
        ({"@graph": [{"a": "x"}, {"@id": "urn:1"}]}, "free-floating-value", "/@graph/1/@id"),
        ({"@graph": [{"a": "x"}, {}]}, "free-floating-value", "/@graph/1"),
        ({"graph": "scalar"}, "free-floating-value", "/graph"),
        ({"graph": {"@id": "urn:1"}}, "free-floating-value", "/graph/@id"),
        ({"@set": ["scalar"], "@type": "x:T"}, "free-floating-value", "/@set/0"),
        ({"@included": ["scalar", {"a": "x"}]}, "free-floating-value", "/@included/0"),
        ({"@included": [{}]}, "free-floating-value", "/@included/0"),
        ({"a": {"@language": "en"}}, "free-floating-value", "/a"),
        ({"a": ["x", {"@language": "en"}]}, "free-floating-value", "/a/1"),
        ({"a": {"@set": ["x"], "@index": "i"}}, "free-floating-value", "/a/@index"),
    ],
)
def test_what_hangs_on_nothing_is_refused(members: dict[str, Any], kind: str, pointer: str) -> None:
    assert refusal(document(**members)) == (kind, pointer)


@pytest.mark.parametrize("empty", [{}, {"@context": V2}, {"@context": V2, "id": "urn:1"}, {"@graph": []}, {"@set": []}])
def test_a_document_that_says_nothing_has_no_canonical_form_to_sign(empty: dict[str, Any]) -> None:
    assert refusal(empty)[0] == "free-floating-value"


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"a": {"@value": "x", "@index": "i"}}, "/a/@index"),
        ({"a": {"b": "x", "@index": "i"}}, "/a/@index"),
        ({"a": {"@list": ["x"], "@index": "i"}}, "/a/@index"),
        ({"byIndex": {"key": "x"}}, "/byIndex/key"),
        ({"byIndex": {"key": {"a": "x"}}}, "/byIndex/key"),
        ({"a": {"@value": 5, "@direction": "rtl"}}, "/a/@value"),
        ({"byId": {"urn:1": {"@id": "urn:2", "a": "x"}}}, "/byId/urn:1"),
        ({"byId": {"urn:1": [{"a": "y"}, {"@id": "urn:2", "a": "x"}]}}, "/byId/urn:1"),
        ({"a": {"b": "x", "@direction": "rtl"}}, "/a/@direction"),
        ({"a": {"b": "x", "@language": "en"}}, "/a/@language"),
        ({"a": {"b": "x", "@none": "y"}}, "/a/@none"),
        ({"a": {"@type": "x:T", "@list": ["x"]}}, "/a/@type"),
        ({"a": {"@type": "x:T", "@set": [{"b": "x"}]}}, "/a/@set/0/b"),
        ({"byId": {"@context": {"a": None}}}, "/byId/@context"),
        ({"byIndex": {"@context": [None, "x"]}}, "/byIndex/@context"),
    ],
)
def test_members_that_rdf_has_no_place_for_are_refused(members: dict[str, Any], pointer: str) -> None:
    assert refusal(document(**members)) == ("dropped-member", pointer)


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"a": {"@value": "x", "@language": "en_GB"}}, "/a/@language"),
        ({"a": {"@value": "x", "@language": ""}}, "/a/@language"),
        ({"words": {"not a tag": "x"}}, "/words/not a tag"),
        ({"a": {"@value": "x", "@type": "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"}}, "/a/@type"),
    ],
)
def test_what_is_no_language_is_refused(members: dict[str, Any], pointer: str) -> None:
    assert refusal(document(**members)) == ("bad-language-tag", pointer)


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"@id": "_:b0", "a": "x"}, "/@id"),
        ({"a": {"@id": "_:c14n0", "b": "x"}}, "/a/@id"),
        ({"iri": "_:b0"}, "/iri"),
        ({"@type": "_:T"}, "/@type"),
        ({"_:p": "x"}, "/_:p"),
    ],
)
def test_blank_node_identifiers_are_refused(members: dict[str, Any], pointer: str) -> None:
    assert refusal(document(**members)) == ("blank-node-identifier", pointer)


def test_blank_node_identifiers_may_be_allowed_and_then_mean_what_they_say() -> None:
    ids = {
        "a": [{"@id": "_:c14n1", "b": {"@id": "_:x"}}, {"@id": "_:x", "b": "end"}],
        "iri": "_:not a> label\n",
        "@type": "_:T",
    }
    anonymous = {"a": [{"b": {"@id": "_:1"}}, {"@id": "_:1", "b": "end"}], "iri": "_:2", "@type": "_:3"}
    written = nquads(document(**ids), allow_blank_node_ids=True)
    assert written == nquads(document(**anonymous), allow_blank_node_ids=True)
    assert "label" not in written
    with pytest.raises(MalformedInput) as refused:
        nquads(document(**{"_:p": "x"}), allow_blank_node_ids=True)
    assert refused.value.problem.kind == "blank-node-identifier"


@pytest.mark.parametrize(
    ("context", "kind", "pointer"),
    [
        ({"@vocab": "https://evil.example/"}, "context-vocab", "/@context/1/@vocab"),
        ({"@vocab": ""}, "context-vocab", "/@context/1/@vocab"),
        ({"@base": "https://evil.example/"}, "context-vocab", "/@context/1/@base"),
        (
            {"q": {"@id": "urn:q", "@context": {"@vocab": "urn:evil:"}}},
            "context-vocab",
            "/@context/1/q/@context/@vocab",
        ),
        ({"@import": V2}, "context-feature", "/@context/1/@import"),
        ({"@direction": "rtl"}, "context-feature", "/@context/1/@direction"),
        ({"q": {"@id": "urn:q", "@direction": "rtl"}}, "context-feature", "/@context/1/q"),
        ({"q": {"@id": "urn:q", "@container": "@index", "@index": "r"}}, "context-feature", "/@context/1/q"),
        ({"q": {"@id": "@nest", "@context": {"r": "urn:r"}}}, "context-feature", "/@context/1/q"),
        ({"@language": None}, "context-feature", "/@context/1/@language"),
        ({"@graph": "urn:g"}, "context-feature", "/@context/1/@graph"),
        ({"@foo": "urn:q"}, "undefined-term", "/@context/1/@foo"),
        ({"__proto__": "urn:q"}, "undefined-term", "/@context/1/__proto__"),
        ({"q": "@foo"}, "undefined-term", "/@context/1/q"),
        ({"q": {"@id": "@foo"}}, "undefined-term", "/@context/1/q"),
        ({"q": {"@reverse": "@foo"}}, "undefined-term", "/@context/1/q"),
        (5, "bad-json-ld", "/@context/1"),
        ({"q": 5}, "bad-json-ld", "/@context/1"),
        ({"q": {"@id": 5}}, "bad-json-ld", "/@context/1"),
        ({"q": {"@id": "urn:q", "@type": 5}}, "bad-json-ld", "/@context/1"),
        ({"q": "r", "r": "q"}, "bad-json-ld", "/@context/1"),
        ({"q": {"@id": "urn:q", "@nest": ""}}, "bad-json-ld", "/@context/1"),
        ({"q": {"@id": "urn:q", "@context": 5}}, "bad-json-ld", "/@context/1/q/@context"),
        ({"@context": {"@vocab": "urn:evil:"}}, "context-feature", "/@context/1/@context"),
        ({"@version": 1.2}, "bad-json-ld", "/@context/1"),
    ],
)
def test_contexts_in_which_things_could_hide_are_refused(context: Any, kind: str, pointer: str) -> None:
    assert refusal({**credential(), "@context": [V2, context, OPEN_BADGES]}) == (kind, pointer)


@pytest.mark.parametrize(
    ("context", "pointer"),
    [
        ({"VerifiableCredential": "https://evil.example/type"}, "/@context/2"),
        ({"id": "https://evil.example/id"}, "/@context/2"),
        ({"OpenBadgeCredential": None}, "/@context/2"),
        (None, "/@context"),
    ],
)
def test_a_protected_term_cannot_be_given_another_meaning(context: Any, pointer: str) -> None:
    refused = refusal({**credential(), "@context": [V2, OPEN_BADGES, context]})
    assert refused[0] == "protected-term"
    assert refused[1] is not None
    assert refused[1].startswith(pointer)


def test_a_protected_term_cannot_be_given_another_meaning_further_down_or_by_another_url() -> None:
    subject = {"@context": {"id": "https://evil.example/id"}, "id": "urn:s"}
    assert refusal(credential(credentialSubject=subject)) == ("protected-term", "/credentialSubject/@context")
    assert refusal({**credential(), "@context": [V2, V1]})[0] == "protected-term"
    assert refusal(credential(credentialSubject={"@context": None, "id": "urn:s"})) == (
        "protected-term",
        "/credentialSubject/@context",
    )


def test_a_scoped_context_repeated_word_for_word_is_not_excused_from_protection() -> None:
    # Served from a cache by its text, it would come out as it was processed where protection is off.
    scoped = {"@protected": True, "id": "@id", "type": "@type", "name": "urn:other"}
    context = {"@protected": True, "id": "@id", "name": "urn:name", "t": {"@id": "urn:t", "@context": scoped}}
    good = {"@context": context, "id": "urn:1", "t": {"name": "x"}}
    assert "<urn:other>" in nquads(good)
    assert "<urn:other>" in nquads({**good, "t": {"@context": dict(scoped), "name": "x"}})
    assert refusal({"@context": [context, dict(scoped)], "id": "urn:1", "name": "x"})[0] == "protected-term"


def test_an_unknown_context_is_named() -> None:
    url = "https://unknown.example/context"
    assert refusal({**credential(), "@context": [V2, url]}) == ("unknown-context", "/@context/1")
    assert refusal(credential(issuer={"@context": url, "id": "did:web:a"})) == ("unknown-context", "/issuer/@context")
    assert refusal({"@context": {"q": {"@id": "urn:q", "@context": url}}, "@id": "urn:s", "q": 1}) == (
        "unknown-context",
        "/@context/q/@context",
    )
    assert refusal({**credential(), "@context": [V2, "context.json"]}) == ("unknown-context", "/@context/1")
    assert '"@context":\\"nothing' not in nquads(document(json={"@context": url}))


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"@id": 5}, "invalid @id value"),
        ({"@id": ["urn:1"]}, "invalid @id value"),
        ({"@type": 5}, "invalid type value"),
        ({"@type": [True]}, "invalid type value"),
        ({"a": {"@value": {"b": 1}}}, "invalid value object value"),
        ({"a": {"@value": "x", "b": 1}}, "invalid value object"),
        ({"a": {"@value": "x", "@type": "urn:t", "@language": "en"}}, "invalid value object"),
        ({"a": {"@value": 5, "@language": "en"}}, "invalid language-tagged value"),
        ({"a": {"@value": "x", "@language": 5}}, "invalid language-tagged string"),
        ({"a": {"@list": ["x"], "b": 1}}, "invalid set or list object"),
        ({"@graph": "x"}, "invalid @graph value"),
        ({"@index": 5}, "invalid @index value"),
        ({"@reverse": 5}, "invalid @reverse value"),
        ({"of": "x"}, "invalid reverse property value"),
        ({"@included": "x"}, "invalid @included value"),
        ({"nest": "x"}, "invalid @nest value"),
        ({"words": {"en": 5}}, "invalid language map value"),
        ({"a": {"@value": "x", "@direction": "up"}}, "invalid base direction"),
    ],
)
def test_what_breaks_the_rules_of_json_ld_is_refused_with_its_code(members: dict[str, Any], code: str) -> None:
    with pytest.raises(MalformedInput, match=f"JSON-LD error: {code}"):
        nquads(document(**members))


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"@id": 5}, "/@id"),
        ({"a": {"@id": False}}, "/a/@id"),
        ({"a": [{}, {"@type": True}]}, "/a/1/@type"),
        ({"a": {"@value": "x", "@language": False}}, "/a/@language"),
        ({"a": {"@value": "x", "b": 1}}, "/a/@value"),
    ],
)
def test_broken_json_ld_is_pointed_at_where_it_can_be_told(members: dict[str, Any], pointer: str) -> None:
    assert refusal(document(**members)) == ("bad-json-ld", pointer)


def test_two_names_for_one_keyword_in_one_object_collide() -> None:
    assert refusal(credential(**{"@id": "urn:other"}))[0] == "bad-json-ld"


def test_where_pyld_and_jsonld_js_read_different_things_nothing_is_signed() -> None:
    scoped = {"@context": {"@language": "de"}, "a": "x"}
    assert refusal(document(nest=scoped)) == ("context-feature", "/nest")
    assert refusal(document(nest=[{"@type": "x:T", "a": "x"}])) == ("context-feature", "/nest")
    assert refusal(document(a={"@list": [[["x"]]]})) == ("bad-json-ld", "/a/@list")
    assert refusal(document(byType={"x:T": {"@value": "x"}}))[0] == "bad-json-ld"
    assert refusal({"@context": [False, TERMS], "@id": "urn:s", "a": "x"}) == ("bad-json-ld", "/@context")


@pytest.mark.parametrize("value", [1e-7, -3e-10, 5e-324])
def test_a_number_that_jsonld_js_takes_for_zero_is_refused(value: float) -> None:
    assert refusal(document(a=["x", value])) == ("ambiguous-number", "/a/1")


@pytest.mark.parametrize("text", ["1.50", "1E0", "5.0abc", "INF", "NaN", "", "0x10", "1_0.0E0"])
def test_a_double_that_is_not_written_canonically_is_refused(text: str) -> None:
    double = {"@value": text, "@type": "http://www.w3.org/2001/XMLSchema#double"}
    assert refusal(document(a=double)) == ("ambiguous-number", "/a/@value")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_does_not_have_are_refused(value: float) -> None:
    assert refusal(document(a=value)) == ("number-out-of-range", "/a")
    assert refusal(document(json={"k": value})) == ("number-out-of-range", "/json")


def test_half_characters_are_refused_wherever_they_stand() -> None:
    assert refusal(document(a="\ud800")) == ("lone-surrogate", "/a")
    assert refusal(document(a={"@value": "\ud800", "@language": "en"})) == ("lone-surrogate", "/a/@value")
    assert refusal(document(json=["\udfff"])) == ("lone-surrogate", "/json/0")


@pytest.mark.parametrize("value", [b"bytes", (1, 2), {1, 2}, object()])
def test_values_that_only_python_has_are_refused(value: Any) -> None:
    assert refusal(document(a=[value]))[0] == "not-json"


@pytest.mark.parametrize("value", ["text", [], None, 5])
def test_a_document_that_is_no_object_is_refused(value: Any) -> None:
    assert refusal(value) == ("not-an-object", "")


def test_an_import_cannot_change_a_context_for_the_next_document() -> None:
    before = nquads(credential(name="x"))
    assert refusal({**credential(), "@context": [V2, {"@import": DATA_INTEGRITY, "cryptosuite": "urn:evil"}]})[0] == (
        "context-feature"
    )
    assert nquads(credential(name="x")) == before


def test_each_refused_document_leaves_no_trace() -> None:
    before = nquads(credential(name="x"))
    for context in (
        {"name2": "urn:n"},
        {"name": "urn:evil"},
        {"@language": "de"},
        {"q": {"@id": "urn:q", "@context": None}},
    ):
        for name in ("name", "name2", "smuggled"):
            try:
                nquads({**credential(), "@context": [V2, OPEN_BADGES, context], name: "x"})
            except MalformedInput:
                continue
    assert nquads(credential(name="x")) == before == _fresh(credential(name="x"))


def _fresh(value: dict[str, Any]) -> str:
    return "".join(sorted(quad.line() for quad in JsonLd(Contexts.bundled()).to_quads(value)))
