import base64
import gzip
import io
import json
import shutil
import subprocess
import tracemalloc
import zlib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from intaglio.errors import MalformedInput, Unsupported
from intaglio.status.bitstring import MAX_LIST_BYTES, MINIMUM_ENTRIES, StatusList, expand, value_at

SPECIFICATION_EXAMPLE = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
"""Bitstring Status List 1.0, example 3: 16 KB of nothing."""

_NODE = shutil.which("node")
needs_node = pytest.mark.skipif(_NODE is None, reason="Node is not on this machine")


def encode(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def kind_of(raised: pytest.ExceptionInfo[MalformedInput]) -> str:
    return raised.value.problem.kind


def test_a_new_list_has_131072_unset_entries() -> None:
    fresh = StatusList()

    assert len(fresh) == MINIMUM_ENTRIES == 131_072
    assert fresh.size == 1
    assert expand(fresh.encode()) == bytes(16 * 1024)


def test_the_example_of_the_specification_is_read() -> None:
    assert expand(SPECIFICATION_EXAMPLE) == bytes(16 * 1024)


def test_entry_0_is_the_leftmost_bit_and_the_last_entry_the_rightmost() -> None:
    bits = StatusList()
    bits.set(0)
    bits.set(131_071)

    raw = expand(bits.encode())

    assert raw[0] == 0b1000_0000
    assert raw[-1] == 0b0000_0001
    assert not any(raw[1:-1])


def test_a_wider_entry_is_a_big_endian_number() -> None:
    bits = StatusList(size=4)
    bits.set(0, 0xA)
    bits.set(1, 0x5)
    bits.set(2, 0xF)

    assert expand(bits.encode())[:2] == b"\xa5\xf0"


def test_an_entry_may_straddle_two_bytes() -> None:
    bits = StatusList(size=3)
    bits.set(2, 0b101)  # bits 6 to 8

    assert expand(bits.encode())[:2] == bytes([0b0000_0010, 0b1000_0000])
    assert [bits.get(index) for index in range(4)] == [0, 0, 0b101, 0]


def test_setting_an_entry_again_replaces_its_value_and_no_neighbour() -> None:
    bits = StatusList(size=5)
    for index in range(16):
        bits.set(index, 0b11111)
    bits.set(7, 0b00100)

    assert [bits.get(index) for index in range(16)] == [31] * 7 + [4] + [31] * 8


def test_many_entries_are_set_and_cleared_at_once() -> None:
    bits = StatusList()
    bits.set_many([5, 4, 3, 131_071])
    bits.set_many([4], 0)
    bits.set_many([])

    assert [index for index in range(len(bits)) if bits.get(index)] == [3, 5, 131_071]


def test_many_wide_entries_are_set_at_once() -> None:
    bits = StatusList(size=2)
    bits.set_many(iter([0, 9]), 3)

    assert [bits.get(index) for index in range(10)] == [3, 0, 0, 0, 0, 0, 0, 0, 0, 3]


@pytest.mark.parametrize("wrong", [-1, 131_072, 10**30])
def test_when_one_of_many_indexes_is_out_of_range_none_is_set(wrong: int) -> None:
    bits = StatusList()
    with pytest.raises(MalformedInput) as raised:
        bits.set_many([1, 2, wrong])

    assert kind_of(raised) == "status-index-out-of-range"
    assert bits.encode() == StatusList().encode()


@pytest.mark.parametrize("wrong", [-1, 131_072, 10**30])
def test_an_index_outside_the_list_is_refused_not_wrapped_around(wrong: int) -> None:
    bits = StatusList()
    for call in (bits.get, bits.set):
        with pytest.raises(MalformedInput) as raised:
            call(wrong)
        assert kind_of(raised) == "status-index-out-of-range"


def test_an_entry_that_the_last_byte_cuts_in_two_is_out_of_range() -> None:
    with pytest.raises(MalformedInput) as raised:
        value_at(b"\xff\xff", 5, 3)  # bits 15 to 17 of 16

    assert kind_of(raised) == "status-index-out-of-range"


@pytest.mark.parametrize("value", [-1, 4])
def test_a_value_that_does_not_fit_is_refused(value: int) -> None:
    bits = StatusList(size=2)
    for call in (lambda: bits.set(0, value), lambda: bits.set_many([0], value)):
        with pytest.raises(MalformedInput) as raised:
            call()
        assert kind_of(raised) == "status-value-out-of-range"


def test_a_list_that_would_give_its_learners_away_is_not_made() -> None:
    for length in (131_064, 0, -8):
        with pytest.raises(MalformedInput) as raised:
            StatusList(length)
        assert kind_of(raised) == "status-list-too-short"


def test_a_list_that_no_reader_takes_is_not_made() -> None:
    with pytest.raises(MalformedInput) as raised:
        StatusList(MAX_LIST_BYTES * 8 + 1)

    assert kind_of(raised) == "status-list-too-large"


@pytest.mark.parametrize("size", [0, -1, 17, 10**12])
def test_an_entry_width_that_nobody_reads_is_not_made(size: int) -> None:
    for call in (lambda: StatusList(size=size), lambda: StatusList.decode(SPECIFICATION_EXAMPLE, size)):
        with pytest.raises(Unsupported) as raised:
            call()
        assert raised.value.problem.kind == "status-size"


def test_equal_lists_encode_equally_whatever_the_order_of_setting() -> None:
    one, other = StatusList(), StatusList()
    one.set_many([1, 100, 10_000])
    other.set_many([10_000, 1, 100])

    assert one.encode() == other.encode()


def test_the_encoding_holds_no_time() -> None:
    stream = base64.urlsafe_b64decode(StatusList().encode()[1:] + "==")

    assert stream[:2] == b"\x1f\x8b"
    assert stream[4:8] == bytes(4)


def test_a_short_list_is_refused() -> None:
    short = encode(gzip.compress(bytes(16_383)))
    with pytest.raises(MalformedInput) as raised:
        StatusList.decode(short)

    assert kind_of(raised) == "status-list-too-short"
    assert len(StatusList.decode(short, minimum=131_064)) == 131_064


def test_the_least_length_counts_entries_not_bits() -> None:
    sixteen_kilobytes = encode(gzip.compress(bytes(16_384)))
    with pytest.raises(MalformedInput) as raised:
        StatusList.decode(sixteen_kilobytes, size=2)

    assert kind_of(raised) == "status-list-too-short"
    assert len(StatusList.decode(encode(gzip.compress(bytes(32_768))), size=2)) == 131_072


def test_a_list_that_unpacks_to_a_gigabyte_is_refused_in_little_memory() -> None:
    packer = zlib.compressobj(1, wbits=31)
    zeros = bytes(1024 * 1024)
    bomb = encode(b"".join([*(packer.compress(zeros) for _ in range(1024)), packer.flush()]))
    assert len(bomb) < 7_000_000

    tracemalloc.start()
    try:
        with pytest.raises(MalformedInput) as raised:
            expand(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kind_of(raised) == "status-list-too-large"
    assert peak < 4 * MAX_LIST_BYTES


def test_the_largest_list_is_read_and_one_byte_more_is_not() -> None:
    assert len(expand(encode(gzip.compress(bytes(MAX_LIST_BYTES), 1)))) == MAX_LIST_BYTES
    with pytest.raises(MalformedInput):
        expand(encode(gzip.compress(bytes(MAX_LIST_BYTES + 1), 1)))


def test_a_list_hidden_behind_a_second_gzip_member_is_refused() -> None:
    revoked = StatusList()
    revoked.set(0)
    two = gzip.compress(expand(revoked.encode())) + gzip.compress(bytes(16_384))
    assert gzip.decompress(two)[:1] == b"\x80"  # other readers do go on

    with pytest.raises(MalformedInput) as raised:
        expand(encode(two))

    assert kind_of(raised) == "status-list-malformed"


@pytest.mark.parametrize(
    "damage", ["garbage after it", "cut off", "wrong checksum", "not gzip", "zlib, not gzip", "empty"]
)
def test_a_damaged_gzip_stream_is_refused(damage: str) -> None:
    whole = gzip.compress(bytes(16_384))
    streams = {
        "garbage after it": whole + b"\0",
        "cut off": whole[:-1],
        "wrong checksum": whole[:-8] + b"\0\0\0\1" + whole[-4:],
        "not gzip": bytes(64),
        "zlib, not gzip": zlib.compress(bytes(16_384)),
        "empty": b"",
    }
    with pytest.raises(MalformedInput) as raised:
        expand(encode(streams[damage]), pointer="/credentialSubject/encodedList")

    assert kind_of(raised) == "status-list-malformed"
    assert raised.value.problem.pointer == "/credentialSubject/encodedList"


@pytest.mark.parametrize(
    "encoded", [None, 5, "", "u", ["u"], "z6Mk", SPECIFICATION_EXAMPLE[1:], "uH4s=", "uH4s IA", "uH"]
)
def test_what_is_not_multibase_base64url_is_refused(encoded: object) -> None:
    with pytest.raises(MalformedInput) as raised:
        expand(encoded)

    assert kind_of(raised) == "status-list-malformed"


def test_the_older_specification_asked_for_base64_of_no_certain_kind() -> None:
    bits = StatusList()
    bits.set_many(index * index % 131_072 for index in range(2000))
    modern = bits.encode()
    stream = base64.urlsafe_b64decode(modern[1:] + "=" * (-len(modern[1:]) % 4))
    standard = base64.b64encode(stream).decode()
    assert "+" in standard
    assert "/" in standard

    for text in (modern, modern[1:], standard, standard.rstrip("=")):
        assert expand(text, legacy=True) == expand(modern)
    for text in ("", "u", "=", "==", "H4s?"):
        with pytest.raises(MalformedInput):
            expand(text, legacy=True)


@needs_node
def test_node_reads_what_we_write_and_we_read_what_node_writes() -> None:
    indexes = [0, 1, 7, 8, 94_567, 131_071]
    bits = StatusList()
    bits.set_many(indexes)
    program = """
        const zlib = require('zlib');
        const bits = zlib.gunzipSync(Buffer.from(process.argv[1].slice(1), 'base64url'));
        const set = [];
        for (let i = 0; i < bits.length * 8; i++) if (bits[i >> 3] & (0x80 >> (i & 7))) set.push(i);
        console.log(JSON.stringify([set, 'u' + zlib.gzipSync(bits).toString('base64url')]));
    """
    ran = subprocess.run([_NODE, "-e", program, bits.encode()], capture_output=True, check=True, text=True)  # noqa: S603
    seen, written = json.loads(ran.stdout)

    assert seen == indexes
    assert expand(written) == expand(bits.encode())


@given(
    size=st.integers(1, 16),
    values=st.dictionaries(st.integers(0, 131_071), st.integers(0, 2**16 - 1), max_size=40),
)
@settings(deadline=None, max_examples=50)
def test_what_is_set_is_got_after_a_round_trip_and_everything_else_is_0(size: int, values: dict[int, int]) -> None:
    wanted = {index: value % (1 << size) for index, value in values.items()}
    bits = StatusList(size=size)
    for index, value in wanted.items():
        bits.set(index, value)

    read = StatusList.decode(bits.encode(), size)

    assert {index: read.get(index) for index in wanted} == wanted
    everything = int.from_bytes(expand(bits.encode()))
    assert everything.bit_count() == sum(value.bit_count() for value in wanted.values())


@given(st.sets(st.integers(0, 131_071), max_size=200), st.sets(st.integers(0, 131_071), max_size=50))
@settings(deadline=None, max_examples=50)
def test_setting_many_is_setting_each(indexes: set[int], cleared: set[int]) -> None:
    together, singly = StatusList(), StatusList()
    together.set_many(indexes)
    together.set_many(cleared, 0)
    for index in indexes:
        singly.set(index)
    for index in cleared:
        singly.set(index, 0)

    assert together.encode() == singly.encode()


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_no_bytes_in_place_of_a_gzip_stream_do_worse_than_be_refused(data: bytes) -> None:
    assume(not data.startswith(b"\x1f\x8b"))
    with pytest.raises(MalformedInput) as raised:
        expand(encode(data))

    assert kind_of(raised) == "status-list-malformed"


@given(position=st.integers(0, 10**6), flip=st.integers(1, 255))
@settings(deadline=None)
def test_no_changed_byte_of_the_compressed_list_changes_an_entry(position: int, flip: int) -> None:
    bits = StatusList()
    bits.set_many(range(0, 4000, 13))
    text = bits.encode()
    stream = bytearray(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))
    stream[position % len(stream)] ^= flip

    # A few bits mean nothing (the time, the system, padding); a change of any other must be noticed.
    try:
        unpacked = expand(encode(bytes(stream)))
    except MalformedInput:
        return
    assert unpacked == expand(text)


def test_gzip_of_python_reads_what_we_write() -> None:
    bits = StatusList()
    bits.set_many(range(0, 131_072, 3))
    text = bits.encode()
    stream = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))

    assert gzip.GzipFile(fileobj=io.BytesIO(stream)).read() == expand(text)
