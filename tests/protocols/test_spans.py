import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from intaglio.protocols.spans import item_spans, member_spans

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), VALUES, max_size=5), st.sampled_from([None, 0, 1, "\t"]), st.booleans())
def test_each_span_is_the_text_of_its_member(document: dict[str, Any], indent: Any, ascii_only: bool) -> None:
    text = " \n" + json.dumps(document, indent=indent, ensure_ascii=ascii_only) + " "
    spans = member_spans(text)
    assert {name: json.loads(text[start:end]) for name, (start, end) in spans.items()} == document
    assert all(text[start:end] == text[start:end].strip() for start, end in spans.values() if text[start] in '{["')


@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 1]))
def test_each_span_is_the_text_of_its_item(items: list[Any], indent: Any) -> None:
    text = json.dumps(items, indent=indent)
    assert [json.loads(text[start:end]) for start, end in item_spans(text, 0)] == items


def test_the_text_is_taken_as_it_was_written() -> None:
    text = '{"a" : [ 1.50 , { "b":"\\u00f1" } ] , "a\\"]}" : 1E3 }'
    start, end = member_spans(text)["a"]
    assert text[start:end] == '[ 1.50 , { "b":"\\u00f1" } ]'
    assert [text[begin:stop] for begin, stop in item_spans(text, start)] == ["1.50", '{ "b":"\\u00f1" }']
    assert text[slice(*member_spans(text)['a"]}'])] == "1E3"
    assert member_spans("{ }") == {}
    assert item_spans("[ ]", 0) == []
