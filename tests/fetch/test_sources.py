from collections.abc import Iterator

import pytest

from intaglio.errors import MalformedInput, Unavailable
from intaglio.fetch.source import DEFAULT_MAX_BYTES, Fetched, Source
from intaglio.fetch.sources import Budget, Cached, FirstOf, Memory, Offline

JSON = ("application/json",)
URL = "https://school.example/did.json"


class Counting:
    """A source that counts how often it is asked, and how much it was allowed to answer."""

    def __init__(self, outcome: bytes | Exception) -> None:
        self.outcome = outcome
        self.asked: list[tuple[str, int]] = []

    def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
        """Count, and do what was set."""
        self.asked.append((url, max_bytes))
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return Fetched(url, self.outcome, accept[0])


def kind_of(source: Source, url: str = URL) -> str:
    with pytest.raises(Unavailable) as caught:
        source.get(url, accept=JSON)
    return caught.value.problem.kind


def test_off_line_nothing_is_to_be_had() -> None:
    assert kind_of(Offline()) == "offline"


def test_memory_answers_with_what_it_holds_and_no_type() -> None:
    assert Memory({URL: b"{}"}).get(URL, accept=JSON) == Fetched(URL, b"{}", "")


def test_memory_does_not_hold_everything() -> None:
    assert kind_of(Memory({})) == "not-stored"


def test_memory_keeps_to_the_limit() -> None:
    with pytest.raises(Unavailable) as caught:
        Memory({URL: b"12345"}).get(URL, accept=JSON, max_bytes=4)
    assert caught.value.problem.kind == "answer-too-large"


def test_the_first_source_that_has_it_answers() -> None:
    last = Counting(b"3")
    source = FirstOf(Memory({}), Memory({URL: b"2"}), last)
    assert source.get(URL, accept=JSON).body == b"2"
    assert last.asked == []


def test_where_no_source_has_it_the_last_one_says_why() -> None:
    assert kind_of(FirstOf(Memory({}), Offline())) == "offline"


def test_no_sources_at_all_are_off_line() -> None:
    assert kind_of(FirstOf()) == "offline"


def test_a_broken_store_does_not_send_the_question_to_the_network() -> None:
    network = Counting(b"{}")
    with pytest.raises(MalformedInput):
        FirstOf(Counting(MalformedInput("broken-index", "It is broken.")), network).get(URL, accept=JSON)
    assert network.asked == []


def test_each_question_is_asked_once() -> None:
    counting = Counting(b"{}")
    cached = Cached(counting)
    assert cached.get(URL, accept=JSON) == cached.get(URL, accept=JSON)
    assert len(counting.asked) == 1


def test_what_came_as_one_type_is_not_served_as_another() -> None:
    counting = Counting(b"{}")
    cached = Cached(counting)
    cached.get(URL, accept=JSON)
    cached.get(URL, accept=("text/html",))
    assert len(counting.asked) == 2


@pytest.mark.parametrize(
    "failure", [Unavailable("unreachable", "It is down."), MalformedInput("bad-address", "It is no URL.")]
)
def test_a_failure_is_remembered_too(failure: Unavailable | MalformedInput) -> None:
    counting = Counting(failure)
    cached = Cached(counting)
    for _ in range(3):
        with pytest.raises(type(failure)):
            cached.get(URL, accept=JSON)
    assert len(counting.asked) == 1


def test_a_thousand_addresses_are_not_all_asked() -> None:
    counting = Counting(b"{}")
    budget = Budget(counting, requests=3)
    outcomes = [_asked(budget, f"{URL}?{number}") for number in range(1000)]
    assert outcomes.count(True) == len(counting.asked) == 3
    assert kind_of(budget) == "lookup-limit"


def test_slow_servers_share_one_time_limit_whether_they_answer_or_not() -> None:
    ticks: Iterator[float] = iter(range(0, 1000, 7))
    counting = Counting(Unavailable("timed-out", "It took too long."))
    budget = Budget(counting, seconds=20, clock=lambda: next(ticks))
    kinds = [kind_of(budget) for _ in range(5)]
    assert kinds == ["timed-out"] * 3 + ["lookup-limit"] * 2


def test_large_answers_share_one_limit() -> None:
    counting = Counting(b"1234")
    budget = Budget(counting, total_bytes=6)
    budget.get(URL, accept=JSON)
    budget.get(URL, accept=JSON)
    assert [max_bytes for _, max_bytes in counting.asked] == [6, 2]
    assert kind_of(budget) == "lookup-limit"


def _asked(source: Source, url: str) -> bool:
    try:
        source.get(url, accept=JSON)
    except Unavailable:
        return False
    return True
