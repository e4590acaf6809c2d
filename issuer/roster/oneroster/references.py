"""Which records a file has, so that duplicates and references that lead nowhere are noticed."""

from collections.abc import Iterator
from enum import IntEnum


class State(IntEnum):
    """What became of a row."""

    GOOD = 0
    BROKEN = 1
    """It has an error, or refers to a row that has."""
    DELETED = 2
    """The school's system marks it as to be deleted, or it refers to a row that is."""


class Index:
    """The ``sourcedId``s of one file, each with its line and what became of it, in one number: a state has millions of rows.

    `complete` is false for a file that is not there or could not be read to its end: then nothing is said about references
    into it, because one mistake is not reported a thousand times.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.complete = False
        self._rows: dict[str, int] = {}

    def add(self, sourced_id: str, line: int, state: State) -> None:
        """Enter a row."""
        self._rows[sourced_id] = line * 4 + state

    def find(self, sourced_id: str) -> tuple[int, State] | None:
        """Return a row's line and state."""
        found = self._rows.get(sourced_id)
        return None if found is None else (found // 4, State(found % 4))

    def broken(self) -> Iterator[str]:
        """Yield the numbers of the rows with errors."""
        return (sourced_id for sourced_id, row in self._rows.items() if row % 4 == State.BROKEN)
