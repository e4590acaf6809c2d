"""A long table, page by page: what the reader asked for in the address, and the addresses of everything around it.

A route reads a `Listing` from the query, the service asks the database for `limit` rows from `offset` on, and the `table`
component writes the links. Nothing here touches a database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

PAGE_SIZE = 50
_MAX_PAGE = 100_000  # no address makes the database count its way through more rows than any table has
_MAX_QUERY = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of rows: which search, sorted how, and which of how many pages.

    `sort` is always one of the keys that the route allows, so that it may choose a column. `filters` are the further query
    parameters that the route knows; they stay in every link. `total` is the number of rows that match, on all pages.
    """

    query: str
    sort: str
    descending: bool
    page: int
    filters: Mapping[str, str] = field(default_factory=dict)
    total: int = 0
    limit: int = PAGE_SIZE

    @classmethod
    def read(
        cls,
        parameters: Mapping[str, str],
        *,
        sortable: tuple[str, ...],
        filters: tuple[str, ...] = (),
        descending: bool = False,
        limit: int = PAGE_SIZE,
    ) -> "Listing":
        """Read ``q``, ``sort``, ``page`` and the named filters from the query of a request.

        `sortable` names the keys to sort by, the default first; `descending` is the default's direction. What makes no sense is
        taken for the default: an address that somebody typed is not worth an error page.
        """
        asked = parameters.get("sort", "")
        key = asked.removeprefix("-")
        known = key in sortable
        return cls(
            query=_one_line(parameters.get("q", "")),
            sort=key if known else sortable[0],
            descending=asked.startswith("-") if known else descending,
            page=_page_number(parameters.get("page", "")),
            filters={name: _one_line(parameters[name]) for name in filters if parameters.get(name)},
            limit=limit,
        )

    def counted(self, total: int) -> "Listing":
        """Return this listing with the number of matching rows; a page behind the last becomes the last."""
        pages = max(1, -(-total // self.limit))
        return replace(self, total=total, page=min(self.page, pages))

    @property
    def offset(self) -> int:
        """The number of rows before this page."""
        return (self.page - 1) * self.limit

    @property
    def pages(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-self.total // self.limit))

    @property
    def first(self) -> int:
        """The number of the first row on this page, from 1; 0 where there is none."""
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        """The number of the last row on this page."""
        return min(self.offset + self.limit, self.total)

    def at_page(self, page: int) -> str:
        """Return the address of another page."""
        return self._address(page=page)

    def sorted_by(self, key: str) -> str:
        """Return the address of the first page sorted by `key`; what is sorted by it already turns round."""
        descending = key == self.sort and not self.descending
        return self._address(sort=f"-{key}" if descending else key)

    def everything(self) -> str:
        """Return the address without search and filters."""
        return "?" + urlencode({"sort": self._sort_parameter()})

    def kept(self) -> tuple[tuple[str, str], ...]:
        """Return what a new search keeps, as hidden fields: the order, but not the page; filters are fields of their own."""
        return (("sort", self._sort_parameter()),)

    def nearby(self) -> Iterator[int | None]:
        """Give the page numbers worth a link: the first, the last, and two on each side; None stands for a gap."""
        before = 0
        for number in range(1, self.pages + 1) if self.pages <= 7 else self._some_pages():
            if number > before + 1:
                yield None
            yield number
            before = number

    def _some_pages(self) -> list[int]:
        around = range(max(1, self.page - 2), min(self.pages, self.page + 2) + 1)
        return sorted({1, *around, self.pages})

    def _sort_parameter(self) -> str:
        return f"-{self.sort}" if self.descending else self.sort

    def _address(self, *, sort: str | None = None, page: int = 1) -> str:
        asked = {**self.filters, "q": self.query, "sort": sort or self._sort_parameter(), "page": str(page)}
        return "?" + urlencode(
            {name: value for name, value in asked.items() if value and (name, value) != ("page", "1")}
        )


def _one_line(text: str) -> str:
    """Return a search as words: no control characters (PostgreSQL refuses NUL), and not without end."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[:_MAX_QUERY]).split())


def _page_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        return 1
    return min(max(int(text), 1), _MAX_PAGE)
