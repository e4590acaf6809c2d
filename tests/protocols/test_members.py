from typing import Any

import pytest

from intaglio.errors import MalformedInput
from intaglio.protocols.members import MAX_ITEMS, MAX_TEXT, Members, is_web_address, without_none

KIND = "issuer-metadata"


def problem(read: str, value: Any) -> tuple[str, str | None]:
    """Return the kind and the pointer of what reading the member ``a`` of this value ends with."""
    members = Members({"a": value}, KIND, ("x",))
    with pytest.raises(MalformedInput) as caught:
        getattr(members, read)("a")
    return caught.value.problem.kind, caught.value.problem.pointer


@pytest.mark.parametrize("value", [None, 1, "a", [], True])
def test_what_is_no_object_is_refused_at_its_place(value: Any) -> None:
    with pytest.raises(MalformedInput) as caught:
        Members(value, KIND, ("a", 0))
    assert (caught.value.problem.kind, caught.value.problem.pointer) == (KIND, "/a/0")


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("text", None),
        ("text", ""),
        ("text", 1),
        ("text", "x" * (MAX_TEXT + 1)),
        ("optional_text", ["a"]),
        ("url", None),
        ("url", "ftp://school.example/"),
        ("optional_url", "http://school.example/"),
        ("optional_url", "https://localhost.evil.example:bad/"),
        ("flag", 1),
        ("flag", "true"),
        ("number", True),
        ("number", 1.5),
        ("number", -1),
        ("number", "1"),
        ("texts", []),
        ("texts", "a"),
        ("texts", {"a": 1}),
        ("texts", [1]),
        ("texts", [""]),
        ("texts", ["a", "a"]),
        ("texts", ["a"] * (MAX_ITEMS + 1)),
        ("required_texts", None),
        ("array", {}),
    ],
)
def test_a_member_of_another_kind_is_refused_by_name(read: str, value: Any) -> None:
    assert problem(read, value) == (KIND, "/x/a")


@pytest.mark.parametrize(("value", "place"), [([1], "/x/a/0"), ([{}, None], "/x/a/1")])
def test_an_item_that_is_no_object_is_refused_by_its_number(value: Any, place: str) -> None:
    assert problem("inners", value) == (KIND, place)


def test_absent_members_and_nulls_are_the_same() -> None:
    for document in ({}, {"a": None}):
        members = Members(document, KIND)
        assert "a" not in members
        assert members.optional_text("a") is None
        assert members.optional_url("a") is None
        assert members.number("a") is None
        assert members.inner("a") is None
        assert members.texts("a") == members.inners("a") == members.array("a") == ()
        assert (members.flag("a"), members.flag("a", default=True)) == (False, True)


def test_what_is_there_is_returned() -> None:
    members = Members({"a": ["b", "c"], "d": {"e": 5}, "f": [{"g": True}], "h": "https://school.example:8443/x"}, KIND)
    assert members.required_texts("a") == ("b", "c")
    inner = members.inner("d")
    assert inner is not None
    assert inner.number("e", least=5) == 5
    assert [item.flag("g") for item in members.inners("f")] == [True]
    assert members.url("h") == members.optional_url("h") == "https://school.example:8443/x"
    assert [name for name, _ in Members({"a": {}, "b": {}}, KIND).named()] == ["a", "b"]


def test_a_map_with_thousands_of_members_is_refused() -> None:
    with pytest.raises(MalformedInput, match="more than 256 members"):
        list(Members({str(number): {} for number in range(MAX_ITEMS + 1)}, KIND).named())


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://school.example", True),
        ("https://school.example:8443/a?b=c", True),
        ("http://localhost", True),
        ("http://localhost:8001/north", True),
        ("http://127.0.0.1:8001", True),
        ("http://[::1]:8001/?a=b", True),
        ("HTTP://LOCALHOST:8001/", True),
        ("http://school.example/", False),
        ("http://localhost.evil.example/", False),
        ("http://localhost@evil.example/", False),
        ("http://localhost:8001@evil.example/", False),
        ("http://127.0.0.1.evil.example/", False),
        ("http://localhost\\@evil.example/", False),
        ("https://user:pass@school.example/", False),
        ("https://school.example:22/", False),
        ("javascript:alert(1)", False),
        ("https:///a", False),
        ("", False),
    ],
)
def test_services_live_at_https_or_on_this_very_machine(url: str, may: bool) -> None:
    assert is_web_address(url) is may


def test_what_has_no_value_is_left_out() -> None:
    assert without_none(a=None, b=(), c=("d",), e=False, f=0, g={}) == {"c": ["d"], "e": False, "f": 0, "g": {}}
