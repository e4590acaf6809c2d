"""Documents that the reader keeps in a folder: these answer before the network, and without it."""

from pathlib import Path
from typing import Any

from intaglio.documents import JsonObject, parse_object, pointer
from intaglio.errors import MalformedInput, Unavailable
from intaglio.fetch.rules import show
from intaglio.fetch.source import DEFAULT_MAX_BYTES, Fetched
from intaglio.fetch.sources import bounded


class StoredDocuments:
    """A folder whose ``index.json`` maps a URL or a DID (any text) to a file beside it.

    :raises MalformedInput: ``broken-index`` where the index is missing, is not such a map, or names a file elsewhere. A file
        that is missing is found out when it is asked for.
    """

    def __init__(self, folder: Path, *, index: str = "index.json") -> None:
        self._index = folder / index
        members = _read_index(self._index)
        self._files = {key: _inside(self._index, key, name) for key, name in members.items()}

    @classmethod
    def from_index(cls, index: Path) -> "StoredDocuments":
        """Take an index of another name; its files lie beside it."""
        return cls(index.parent, index=index.name)

    def get(self, url: str, *, accept: tuple[str, ...], max_bytes: int = DEFAULT_MAX_BYTES) -> Fetched:
        """Return the stored file for `url`, which must be spelled as in the index; its type is not known.

        :raises Unavailable: ``not-stored``, ``answer-too-large``
        :raises MalformedInput: ``broken-index`` where the file is missing.
        """
        _ = accept
        file = self._files.get(url)
        if file is None:
            raise Unavailable("not-stored", f"{show(url)} is not in {self._index}.")
        return Fetched(url, bounded(url, _read_file(file, max_bytes + 1, self._index), max_bytes), "")


def _read_index(index: Path) -> JsonObject:
    try:
        return parse_object(_read_file(index, DEFAULT_MAX_BYTES + 1, index), max_bytes=DEFAULT_MAX_BYTES)
    except MalformedInput as error:
        raise MalformedInput("broken-index", f"{index}: {error.problem.detail}") from None


def _inside(index: Path, key: str, name: Any) -> Path:
    if not isinstance(name, str) or not name or "\0" in name:
        raise MalformedInput("broken-index", f"{show(key)} is not mapped to a file name.", pointer=pointer(key))
    try:
        folder = index.parent.resolve()
        # Resolved, since `..` and symbolic links both lead outside: an index from somewhere else must not open other files.
        file = (folder / name).resolve()
    except (OSError, RuntimeError):  # a loop of symbolic links
        raise MalformedInput("broken-index", f"{show(name)} cannot be found.", pointer=pointer(key)) from None
    if not file.is_relative_to(folder):
        raise MalformedInput("broken-index", f"{show(name)} lies outside the folder.", pointer=pointer(key))
    return file


def _read_file(file: Path, limit: int, index: Path) -> bytes:
    """Read at most `limit` bytes of a regular file; a device or a pipe might never end."""
    try:
        if file.is_file():
            with file.open("rb") as stream:
                return stream.read(limit)
    except OSError:
        pass
    raise MalformedInput("broken-index", f"{index}: the file {show(file.name)} cannot be read.")
