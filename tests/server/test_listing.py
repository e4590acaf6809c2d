from urllib.parse import parse_qs

import pytest

from intaglio.server.listing import Listing

SORTABLE = ("name", "class")


def _read(**parameters: str) -> Listing:
    return Listing.read(parameters, sortable=SORTABLE, filters=("school",))


def test_without_parameters_the_first_page_comes_in_the_default_order() -> None:
    listing = _read().counted(5000)
    assert (listing.query, listing.sort, listing.descending, listing.page) == ("", "name", False, 1)
    assert (listing.offset, listing.limit, listing.first, listing.last, listing.pages) == (0, 50, 1, 50, 100)


def test_what_was_asked_for_is_taken() -> None:
    listing = _read(q="  ana  b ", sort="-class", page="3", school="7").counted(140)
    assert (listing.query, listing.sort, listing.descending, listing.page) == ("ana b", "class", True, 3)
    assert (listing.offset, listing.first, listing.last) == (100, 101, 140)
    assert listing.filters == {"school": "7"}


@pytest.mark.parametrize("sort", ["password", "-password", "name; DROP TABLE", "", "-", "--name"])
def test_only_the_keys_of_the_route_sort(sort: str) -> None:
    assert _read(sort=sort).sort == "name"
    assert not _read(sort=sort).descending


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "", "٣", "9" * 4000, "1e9"])
def test_a_page_that_makes_no_sense_is_the_first(page: str) -> None:
    assert _read(page=page).page == 1


def test_a_page_behind_the_last_is_the_last() -> None:
    assert _read(page="999999").counted(120).page == 3
    assert _read(page="5").counted(0).page == 1


def test_an_empty_listing_has_no_first_row() -> None:
    listing = _read().counted(0)
    assert (listing.first, listing.last, listing.pages) == (0, 0, 1)
    assert list(listing.nearby()) == [1]


def test_a_search_is_a_line_of_words_and_has_an_end() -> None:
    assert _read(q="a\x00b\r\nc\u202ed").query == "a b c d"
    assert len(_read(q="x" * 10_000).query) == 200


def test_parameters_that_the_route_does_not_know_stay_in_no_link() -> None:
    listing = Listing.read({"utm": "x", "school": "7"}, sortable=SORTABLE, filters=("school",)).counted(200)
    assert parse_qs(listing.at_page(2)[1:]) == {"school": ["7"], "sort": ["name"], "page": ["2"]}


def test_links_keep_search_filters_and_order_and_leave_out_page_one() -> None:
    listing = _read(q="ana & co", sort="-class", page="2", school="7").counted(200)
    assert parse_qs(listing.at_page(1)[1:]) == {"school": ["7"], "q": ["ana & co"], "sort": ["-class"]}
    assert parse_qs(listing.everything()[1:]) == {"sort": ["-class"]}
    assert listing.kept() == (("sort", "-class"),)


def test_a_heading_turns_its_own_order_round_and_starts_others_upwards() -> None:
    listing = _read(sort="name", page="4").counted(500)
    assert parse_qs(listing.sorted_by("name")[1:]) == {"sort": ["-name"]}
    assert parse_qs(listing.sorted_by("class")[1:]) == {"sort": ["class"]}
    assert parse_qs(_read(sort="-name").counted(5).sorted_by("name")[1:]) == {"sort": ["name"]}


def test_a_default_may_begin_with_the_newest() -> None:
    assert Listing.read({}, sortable=("made",), descending=True).descending
    assert not Listing.read({"sort": "made"}, sortable=("made",), descending=True).descending


@pytest.mark.parametrize(
    ("page", "total", "expected"),
    [
        (1, 300, [1, 2, 3, 4, 5, 6]),
        (1, 5000, [1, 2, 3, None, 100]),
        (50, 5000, [1, None, 48, 49, 50, 51, 52, None, 100]),
        (4, 5000, [1, 2, 3, 4, 5, 6, None, 100]),
        (100, 5000, [1, None, 98, 99, 100]),
    ],
)
def test_the_pages_worth_a_link_are_few(page: int, total: int, expected: list[int | None]) -> None:
    assert list(_read(page=str(page)).counted(total).nearby()) == expected
