"""The only reader of ``schemas/``; never the network.

A JSON-LD context decides what the members of a credential mean, so whoever can change a context can change what was signed.
The contexts of the field are therefore part of this package, each under the URL that credentials name it by, and pinned by
hash in ``schemas/sources.toml``. A reader may add others from a folder; nobody can replace one of ours.
"""

import functools
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from intaglio.documents import Json, JsonObject, as_list, parse, parse_object, pointer
from intaglio.errors import MalformedInput, Unavailable

_MAX_CONTEXT_BYTES = 1024 * 1024
"""The largest context that is read from a folder; schema.org's, the largest in use, has 172 kB."""


class _Source(NamedTuple):
    """Where a context lies; `sha256` is that of the file's bytes, None for files of the reader's own."""

    file: Path
    sha256: str | None


class Contexts:
    """An immutable map from URL to JSON-LD context document. A file is read when it is asked for, not before."""

    def __init__(self, sources: Mapping[str, _Source]) -> None:
        self._sources = dict(sources)

    @classmethod
    @functools.cache
    def bundled(cls) -> "Contexts":
        """Return the contexts that this package carries."""
        folder = _data_folder()
        entries = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8"))["context"]
        return cls(
            {entry["url"]: _Source(folder / "contexts" / entry["file"], entry["file_sha256"]) for entry in entries}
        )

    def with_folder(self, folder: Path) -> "Contexts":
        """Return these contexts and those of a folder, which a file ``index.json`` beside them lists.

        The index is an object ``{url: file}`` or an array of ``{"url": …, "file": …}``; each file stands in the folder itself.
        What an index says about a URL that is here already is not even looked at: a folder adds, and never replaces.

        :raises MalformedInput: ``broken-context-folder``; ``context-redefined`` where the index gives one URL two files that
            do not hold the same.
        """
        added: dict[str, _Source] = {}
        for url, name in _read_index(folder):
            source = _Source(folder / name, None)
            if url in self._sources:
                continue
            if url in added and _read(added[url]) != _read(source):
                raise MalformedInput("context-redefined", f"The index lists {url} twice, with different files.")
            added[url] = source
        return Contexts({**added, **self._sources})

    def get(self, url: str) -> JsonObject:
        """Return the document of a context, as an object of the caller's own.

        :raises Unavailable: ``unknown-context``; ``damaged-context`` where one of ours was changed on disk.
        :raises MalformedInput: ``broken-context-folder``
        """
        if url not in self._sources:
            raise Unavailable("unknown-context", f"There is no context for “{url[:200]}” here.")
        return _read(self._sources[url])

    def __contains__(self, url: object) -> bool:
        return url in self._sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


@functools.cache
def json_schema(name: str) -> JsonObject:
    """Return one of the JSON Schemas in ``schemas/jsonschema/``, by its name without ending. Not to be changed: it is shared."""
    document: JsonObject = json.loads((_data_folder() / "jsonschema" / f"{name}.json").read_bytes())
    return document


def _data_folder() -> Path:
    """Return ``schemas/``: inside the package where it was installed from a wheel, beside it in a working copy."""
    installed = Path(__file__).parent / "_schemas"
    return installed if installed.is_dir() else Path(__file__).parents[1] / "schemas"


def _read(source: _Source) -> JsonObject:
    try:
        data = source.file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        if source.sha256 is not None:
            raise Unavailable("damaged-context", f"{source.file.name}: {reason}.") from None
        raise MalformedInput("broken-context-folder", f"{source.file.name}: {reason}.") from None
    if source.sha256 is not None:
        if hashlib.sha256(data).hexdigest() != source.sha256:
            raise Unavailable("damaged-context", f"{source.file.name} is not what sources.toml pins.")
        document: JsonObject = json.loads(data)
        return document
    try:
        return parse_object(data, max_bytes=_MAX_CONTEXT_BYTES)
    except MalformedInput as error:
        raise MalformedInput("broken-context-folder", f"{source.file.name}: {error.problem.detail}") from None


def _read_index(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the pairs of URL and file name."""
    try:
        index = parse((folder / "index.json").read_bytes(), max_bytes=_MAX_CONTEXT_BYTES)
    except OSError as error:
        raise MalformedInput(
            "broken-context-folder", f"index.json: {error.strerror or type(error).__name__}."
        ) from None
    except MalformedInput as error:
        raise MalformedInput("broken-context-folder", f"index.json: {error.problem.detail}") from None
    pairs: list[tuple[str | int, Json, Json]]
    if isinstance(index, dict):
        pairs = [(url, url, name) for url, name in index.items()]
    else:
        entries = [entry if isinstance(entry, dict) else {} for entry in as_list(index)]
        pairs = [(place, entry.get("url"), entry.get("file")) for place, entry in enumerate(entries)]
    for place, url, name in pairs:
        if not isinstance(url, str) or not isinstance(name, str) or not _is_plain_name(name):
            detail = "An entry of index.json is not a URL with the name of a file beside it."
            raise MalformedInput("broken-context-folder", detail, pointer=pointer(place))
        yield url, name


def _is_plain_name(name: str) -> bool:
    """Tell whether a name keeps to its folder; with ``../../etc/passwd``, an index would read what it likes."""
    return name not in {"", ".", ".."} and not set(name) & {"/", "\\", "\0"}
