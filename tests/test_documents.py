import json
import re
import tracemalloc
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.documents import (
    MAX_DEPTH,
    MAX_SAFE_INTEGER,
    as_list,
    check_depth,
    parse,
    parse_object,
    pointer,
    walk,
)
from intaglio.errors import MalformedInput
from tests.guards import ends

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
_JSON = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)


def _refusal(data: bytes | str, **limits: int) -> MalformedInput:
    with pytest.raises(MalformedInput) as caught:
        parse(data, **limits)
    return caught.value


@settings(deadline=None)
@given(_JSON)
def test_what_json_wrote_is_read_as_it_was(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert parse(text) == value
        assert parse(text.encode()) == value


@settings(deadline=None)
@given(st.binary())
def test_arbitrary_bytes_are_read_or_refused_and_nothing_else_happens(data: bytes) -> None:
    with suppress(MalformedInput):
        parse(data)


@settings(deadline=None)
@given(st.text(alphabet='{}[]",:\\ud8Ef0123456789.-+truefalsn \t\n'))
def test_text_that_looks_like_json_is_read_as_json_reads_it_or_refused(text: str) -> None:
    try:
        value = parse(text)
    except MalformedInput:
        return
    assert value == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"a": 1, "a": 1}',
        '{"a": 1, "\\u0061": 2}',
        '{"\\u0061": 1, "b": 0, "a": 2}',
        '{"outer": [{"inner": {"a": 1, "b": 2, "a": 3}}]}',
        '{"": 1, "": 2}',
        '{"\\/": 1, "/": 2}',
    ],
)
def test_a_member_named_twice_shows_two_readers_two_documents(text: str) -> None:
    assert _refusal(text).problem.kind == "duplicate-member"


def test_the_same_name_in_two_objects_is_no_duplicate() -> None:
    assert parse('[{"a": 1}, {"a": {"a": 2}}]') == [{"a": 1}, {"a": {"a": 2}}]


def test_a_duplicate_name_of_a_megabyte_is_not_repeated_in_the_sentence() -> None:
    name = "n" * 1_000_000
    assert len(str(_refusal(f'{{"{name}":1,"{name}":2}}'))) < 300


def test_a_duplicate_name_that_is_half_a_character_can_still_be_reported() -> None:
    assert str(_refusal('{"\\ud800": 1, "\\ud800": 2}')).encode()


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1.7976931348623159e308", "123456789e999999", "NaN"])
@pytest.mark.parametrize("place", ["{}", "[{}]", '{{"a": {}}}'])
def test_a_number_that_no_double_holds_is_refused(number: str, place: str) -> None:
    assert _refusal(place.format(number)).problem.kind == "number-out-of-range"


@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN"])
def test_the_constants_that_python_adds_to_json_are_refused(number: str) -> None:
    assert _refusal(number).problem.kind == "number-out-of-range"


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**53 + 1, 10**19, 10**20, -(10**30)])
def test_an_integer_that_two_readers_read_as_two_is_refused(number: int) -> None:
    assert _refusal(str(number)).problem.kind == "number-out-of-range"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9007199254740991", 2**53 - 1),
        ("-9007199254740991", -(2**53) + 1),
        ("-0", 0),
        ("1.7976931348623157e308", 1.7976931348623157e308),
        ("5e-324", 5e-324),
        ("1E+2", 100.0),
    ],
)
def test_the_last_numbers_that_all_readers_agree_on_are_read(text: str, value: float) -> None:
    assert parse(text) == value


@pytest.mark.parametrize("literal", ["9" * 5_000_000, "-" + "1" * 5_000_000, "1e" + "1" * 5_000_000])
def test_a_number_of_five_megabytes_takes_no_quadratic_time(literal: str) -> None:
    with ends():
        error = _refusal(literal)
        assert error.problem.kind == "number-out-of-range"
    assert len(str(error)) < 300


@pytest.mark.parametrize("literal", ["0." + "3" * 5_000_000, "1" + "0" * 300 + "." + "0" * 5_000_000])
def test_a_fraction_of_five_megabytes_is_rounded_quickly(literal: str) -> None:
    with ends():
        assert parse(literal) == float(literal[:500])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('"\\ud800"', ""),
        ('"\\uDFFF"', ""),
        ('["\\udc00\\ud800"]', "/0"),
        ('{"a": [1, {"b/c": "x\\udbff"}]}', "/a/1/b~1c"),
        ('{"\\ud83d": 1}', ""),
        ('{"a": {"\\ude00\\ud83d": 1}}', "/a"),
        ('{"a\\ud800": 1}', ""),
        ('["\\ud83d\\ude00", "\\ud83d"]', "/1"),
    ],
)
def test_half_a_character_in_a_text_or_a_name_is_refused_with_its_place(text: str, place: str) -> None:
    problem = _refusal(text).problem
    assert (problem.kind, problem.pointer) == ("lone-surrogate", place)


def test_half_a_character_that_python_text_carries_itself_is_refused() -> None:
    assert _refusal('{"file": "\udc80"}').problem.kind == "lone-surrogate"


def test_half_a_character_below_a_broken_name_is_reported_in_text_that_can_be_written() -> None:
    assert str(_refusal('{"ok": {"\\ud800": "\\ud800"}}')).encode()


def test_a_whole_pair_of_escapes_is_one_character() -> None:
    assert parse('"\\ud83d\\uDE00"') == "😀"
    assert parse('"\\\\ud800"') == "\\ud800"


def test_control_characters_and_any_unicode_are_legal_in_text() -> None:
    assert parse('"\\u0000\\u001f\\u007f\\ufffe\\u2028"') == "\0\x1f\x7f\ufffe\u2028"


def test_a_long_name_above_many_values_costs_no_memory_for_their_places() -> None:
    # A place written out for each value would take 100,000 × 100 kB here.
    hostile = '{"\\ud83d\\ude00' + "n" * 100_000 + '": [' + "0," * 100_000 + "0]}"
    tracemalloc.start()
    try:
        parse(hostile)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_a_hundred_levels_are_read_and_one_more_is_refused(opening: str, closing: str) -> None:
    each = opening.count("[") + opening.count("{")
    levels = MAX_DEPTH // each
    deepest = opening * levels + "1" + closing * levels
    assert parse(deepest) is not None
    assert _refusal(f"[{deepest}]").problem.kind == "too-deep"
    assert _refusal(f'{{"a":{deepest}}}').problem.kind == "too-deep"


def test_an_empty_list_is_a_level_like_any_other() -> None:
    parse("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert _refusal("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).problem.kind == "too-deep"


@pytest.mark.parametrize("levels", [10_000, 5_000_000])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_thousands_of_levels_are_refused_quickly(opening: str, levels: int) -> None:
    count = min(levels, 9_000_000 // len(opening))
    with ends():
        assert _refusal(opening * count).problem.kind == "too-deep"


def test_depth_is_checked_of_documents_that_no_parser_bounded() -> None:
    document: Any = []
    for _ in range(100_000):
        document = [document]
    with pytest.raises(MalformedInput) as caught:
        check_depth(document)
    assert caught.value.problem.kind == "too-deep"
    check_depth({"a": [{}, [], "text", None]})
    check_depth("a text")
    while document:  # taken apart by hand: the interpreter would recurse
        document = document.pop()


def test_the_size_limit_is_the_last_size_that_is_read() -> None:
    assert parse(b'"1234"', max_bytes=6) == "1234"
    assert _refusal(b'"12345"', max_bytes=6).problem.kind == "too-large"
    assert _refusal('"12345"', max_bytes=6).problem.kind == "too-large"
    assert _refusal(b" " * (10 * 1024 * 1024 + 1)).problem.kind == "too-large"


def test_a_text_of_five_megabytes_is_no_reason_to_refuse() -> None:
    assert parse(json.dumps("x" * 5_000_000)) == "x" * 5_000_000


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xef\xbb\xbf{}", "not-json"),
        ("{}".encode("utf-16"), "not-utf8"),
        ("{}".encode("utf-16-le"), "not-json"),
        ("{}".encode("utf-16-be"), "not-json"),
        ("{}".encode("utf-32-le"), "not-json"),
        (b'"\xff"', "not-utf8"),
        (b'"\xc0\xaf"', "not-utf8"),  # an overlong slash
        (b'"\xed\xa0\x80"', "not-utf8"),  # half a surrogate pair as UTF-8
        (b'"\xf4\x90\x80\x80"', "not-utf8"),  # beyond Unicode
    ],
)
def test_what_is_not_plain_utf8_is_refused(data: bytes, kind: str) -> None:
    assert _refusal(data).problem.kind == kind


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b" ", b"{", b'{"a"', b'{"a":', b'{"a":1', b'{"a":1,', b'{"a":1,}', b"[1,]", b'"abc', b'"\\u12', b"tru"),
        *(b"{}{}", b"{} x", b"[1 2]", b"'a'", b"{a:1}", b"01", b"+1", b".5", b"1.", b"0x1", b"1e", b"//\n{}", b"\0"),
        *(b'"\x1f"', b'"a\nb"', b'"\\x41"', b"\xc2\xa0{}"),
    ],
)
def test_truncated_and_loose_json_is_refused(data: bytes) -> None:
    problem = _refusal(data).problem
    assert problem.kind == "not-json"
    assert re.search(r"line \d+, column \d+", problem.detail)


def test_only_an_object_is_taken_where_an_object_must_be() -> None:
    assert parse_object('{"a": {}}') == {"a": {}}
    for text in ("[]", "null", '"{}"', "1", "[{}]"):
        with pytest.raises(MalformedInput) as caught:
            parse_object(text)
        assert (caught.value.problem.kind, caught.value.problem.pointer) == ("not-an-object", "")


def test_a_pointer_escapes_what_rfc_6901_escapes() -> None:
    assert pointer() == ""
    assert pointer("a/b", 0, "m~n", "") == "/a~1b/0/m~0n/"
    assert pointer("~1") == "/~01"


def test_a_single_value_counts_as_a_list_of_one() -> None:
    assert as_list(None) == []
    assert as_list("a") == ["a"]
    assert as_list(["a", None]) == ["a", None]
    assert as_list({}) == [{}]
    assert as_list(0) == [0]


def test_walking_names_every_value_parents_first() -> None:
    document = {"a": [1, {"b/c": []}], "d": None}
    assert list(walk(document)) == [
        ("", document),
        ("/a", document["a"]),
        ("/a/0", 1),
        ("/a/1", {"b/c": []}),
        ("/a/1/b~1c", []),
        ("/d", None),
    ]
    assert list(walk("text")) == [("", "text")]


@settings(deadline=None)
@given(_JSON)
def test_every_pointer_of_a_walk_leads_to_its_value(document: Any) -> None:
    for place, value in walk(document):
        found = document
        for token in place.split("/")[1:]:
            name = token.replace("~1", "/").replace("~0", "~")
            found = found[int(name)] if isinstance(found, list) else found[name]
        assert found is value
