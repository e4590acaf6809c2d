import json
import math
import random
import shutil
import struct
import subprocess
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intaglio.canonical import jcs
from intaglio.documents import MAX_DEPTH
from intaglio.errors import MalformedInput

# RFC 8785, appendix B, except NaN and infinity.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def double(bits: str) -> float:
    number: float = struct.unpack(">d", bytes.fromhex(bits))[0]
    return number


def in_node(program: str, text: str) -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    command = [node, "-e", f"const input = require('fs').readFileSync(0, 'utf-8'); {program}"]
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, check=True, encoding="utf-8")  # noqa: S603
    return done.stdout


@pytest.mark.parametrize(("bits", "text"), NUMBERS.items())
def test_numbers_are_written_as_appendix_b_of_rfc_8785_says(bits: str, text: str) -> None:
    assert jcs.canonicalize(double(bits)) == text.encode()


def test_the_sample_of_section_3_2_2() -> None:
    sample = r"""{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }"""
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        r'"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
    )
    assert jcs.canonicalize(json.loads(sample)) == expected.encode()


def test_members_are_in_the_order_of_utf_16_as_in_section_3_2_3() -> None:
    # U+1F600 is D83D DE00 in UTF-16 and so stands before U+FB33, which it would follow by code point.
    sorted_names = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    shuffled = dict.fromkeys(sorted(sorted_names, reverse=True), 0)
    assert list(json.loads(jcs.canonicalize(shuffled))) == sorted_names


def test_control_characters_are_escaped_in_their_short_forms() -> None:
    text = '\b\t\n\f\r\x00\x1f\x7f"\\/\u2028'
    expected = r'"\b\t\n\f\r\u0000\u001f' + "\x7f" + r"\"\\/" + '\u2028"'
    assert jcs.canonicalize(text).decode() == expected


@pytest.mark.parametrize(
    ("value", "kind", "pointer"),
    [
        ({"a": [1, math.nan]}, "number-out-of-range", "/a/1"),
        ({"a": math.inf}, "number-out-of-range", "/a"),
        ({"a": -math.inf}, "number-out-of-range", "/a"),
        ({"a": {"b~/": 2**53}}, "number-out-of-range", "/a/b~0~1"),
        ({"a": -(2**53)}, "number-out-of-range", "/a"),
        ({"a": 10**400}, "number-out-of-range", "/a"),
        ({"ok": None, "a": "\ud83d"}, "lone-surrogate", "/a"),
        ({"a": {"\ude00": 1}}, "lone-surrogate", "/a"),
        ({"\ude00": "\ud83d"}, "lone-surrogate", ""),
        ([{"\ude00": math.nan}], "lone-surrogate", "/0"),
        ({"a": {1: "text"}}, "not-json", "/a"),
        ({"a": date(2026, 1, 1)}, "not-json", "/a"),
    ],
)
def test_what_i_json_forbids_is_refused_at_its_place(value: Any, kind: str, pointer: str) -> None:
    with pytest.raises(MalformedInput) as refused:
        jcs.canonicalize(value)
    assert (refused.value.problem.kind, refused.value.problem.pointer) == (kind, pointer)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 10_000, 100_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    with pytest.raises(MalformedInput) as refused:
        jcs.canonicalize(value)
    assert refused.value.problem.kind == "too-deep"


@given(JSON_VALUES)
def test_the_canonical_form_is_json_of_the_same_value_and_its_own_canonical_form(value: Any) -> None:
    canonical = jcs.canonicalize(value)
    # As ECMAScript does, read every number as a double: 1e20 is written without its exponent.
    assert json.loads(canonical, parse_int=float) == value
    assert jcs.canonicalize(json.loads(canonical, parse_int=float)) == canonical


@given(st.dictionaries(st.text(), st.integers(0, 9)))
def test_the_order_in_which_members_were_written_does_not_matter(value: dict[str, int]) -> None:
    assert jcs.canonicalize(dict(reversed(value.items()))) == jcs.canonicalize(value)


def test_numbers_are_written_as_ecmascript_itself_writes_them() -> None:
    generator = random.Random(8785)  # noqa: S311 - a sample, not a secret
    exact = [double(bits) for bits in NUMBERS] + [10.0**power for power in range(-30, 30)]
    doubles = [double(f"{generator.getrandbits(64):016x}") for _ in range(4_000)]
    small = [generator.uniform(-1e22, 1e22) * 10 ** generator.randrange(-30, 1) for _ in range(4_000)]
    numbers = [number for number in [*exact, *doubles, *small] if math.isfinite(number)]
    written = in_node("process.stdout.write(JSON.stringify(JSON.parse(input)))", json.dumps(numbers))
    assert jcs.canonicalize(numbers).decode() == written


def test_names_are_sorted_as_ecmascript_itself_sorts_them() -> None:
    generator = random.Random(3629)  # noqa: S311 - a sample, not a secret
    ranges = [(0x20, 0x7F), (0xD000, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF)]
    names = ["".join(chr(generator.randint(*generator.choice(ranges))) for _ in range(3)) for _ in range(2_000)]
    written = in_node("process.stdout.write(JSON.stringify(JSON.parse(input).sort()))", json.dumps(names))
    assert list(json.loads(jcs.canonicalize(dict.fromkeys(names)))) == json.loads(written)
