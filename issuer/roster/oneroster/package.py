"""What was uploaded: a ZIP archive of CSV files, or the files themselves.

The archive comes from a stranger until it is read. Nothing is ever unpacked to disk. Sizes are bounded before the first byte is
inflated: `zipfile` gives out no more of a member than its directory entry declares, so the sum of those is the whole; and the
directory itself is bounded before `zipfile` reads it, because a million entries cost half a gigabyte.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from intaglio.errors import MalformedInput

_MEBI = 1 << 20
_END_OF_DIRECTORY = b"PK\x05\x06"  # APPNOTE.TXT 6.3.10, section 4.3.16
_ZIP64_LOCATOR = b"PK\x06\x07"  # the same, section 4.3.15
_END_LENGTH = 22
_LOCATOR_LENGTH = 20
_LONGEST_COMMENT = 0xFFFF
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class Bounds:
    """How much a roster may ask of us. Sizes are in bytes; `unpacked` is that of all files together, `rows` is per file."""

    upload: int = 64 * _MEBI
    unpacked: int = 512 * _MEBI
    directory: int = _MEBI
    files: int = 100
    rows: int = 1_000_000


class Package:
    """The CSV files of one upload, by their names in small letters without a folder."""

    def __init__(self, openers: Mapping[str, Callable[[], IO[bytes]]], others: tuple[str, ...] = ()) -> None:
        self._openers = openers
        self.names = frozenset(openers)
        self.others = others
        """Files that are no CSV files."""

    @classmethod
    def from_upload(cls, name: str, content: bytes, bounds: Bounds | None = None) -> "Package":
        """Open an upload of one file: an archive, or one CSV file.

        :raises MalformedInput: ``roster-too-large``, ``roster-not-a-zip``, ``roster-damaged``, ``roster-unsafe-name``,
            ``roster-two-folders``, ``roster-no-files``
        """
        if name.lower().endswith(".csv"):
            return cls.from_files({name: content}, bounds)
        return cls.from_zip(content, bounds)

    @classmethod
    def from_zip(cls, content: bytes, bounds: Bounds | None = None) -> "Package":
        """Open an archive. All CSV files must be in one folder, be it the outermost or another.

        :raises MalformedInput: as `from_upload` does
        """
        bounds = bounds or Bounds()
        _require(len(content) <= bounds.upload, "roster-too-large", f"The file has more than {bounds.upload} bytes.")
        _require(_directory_length(content) <= bounds.directory, "roster-too-large", "It lists too many files.")
        try:
            archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            raise MalformedInput("roster-damaged", "Its list of files cannot be read.") from error
        members = [member for member in archive.infolist() if _counts(member.filename)]
        _check_members(members, bounds)
        return cls._of({member.filename: _member_opener(archive, member) for member in members})

    @classmethod
    def from_files(cls, files: Mapping[str, bytes], bounds: Bounds | None = None) -> "Package":
        """Take the files of a folder, by their names.

        :raises MalformedInput: ``roster-too-large``, ``roster-no-files``, ``roster-two-folders``
        """
        bounds = bounds or Bounds()
        _require(len(files) <= bounds.files, "roster-too-large", f"There are more than {bounds.files} files.")
        size = sum(len(content) for content in files.values())
        _require(size <= bounds.upload, "roster-too-large", f"The files have more than {bounds.upload} bytes.")
        return cls._of({name: _bytes_opener(content) for name, content in files.items()})

    @classmethod
    def _of(cls, openers: Mapping[str, Callable[[], IO[bytes]]]) -> "Package":
        found = {name: opener for name, opener in openers.items() if name.lower().endswith(".csv")}
        _require(bool(found), "roster-no-files", "No file in it ends in .csv.")
        by_name = {name.replace("\\", "/").rpartition("/")[2].lower(): opener for name, opener in found.items()}
        folders = {name.replace("\\", "/").rpartition("/")[0] for name in found}
        _require(
            len(folders) == 1 and len(by_name) == len(found),
            "roster-two-folders",
            "The CSV files are not side by side.",
        )
        return cls(by_name, tuple(name for name in openers if name not in found))

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open one of `names`.

        :raises MalformedInput: ``roster-damaged``, at opening or while it is read inside the context
        """
        try:
            with self._openers[name]() as stream:
                yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise MalformedInput("roster-damaged", f"{name} cannot be unpacked.") from error


def _directory_length(content: bytes) -> int:
    """Return the length that the end record declares for the archive's directory, in bytes.

    :raises MalformedInput: ``roster-not-a-zip``, also for ZIP64, which only archives beyond our bounds need: its end record can
        declare another directory than the one we looked at
    """
    start = content.rfind(_END_OF_DIRECTORY, max(0, len(content) - _END_LENGTH - _LONGEST_COMMENT))
    _require(0 <= start <= len(content) - _END_LENGTH, "roster-not-a-zip", "It is of another kind, or was cut off.")
    locator = content[max(0, start - _LOCATOR_LENGTH) : start]
    _require(
        not locator.startswith(_ZIP64_LOCATOR), "roster-not-a-zip", "It is in the ZIP64 form, for very large files."
    )
    (length,) = struct.unpack_from("<L", content, start + 12)
    return int(length)


def _check_members(members: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    _require(len(members) <= bounds.files, "roster-too-large", f"It holds more than {bounds.files} files.")
    size = sum(member.file_size for member in members)
    _require(size <= bounds.unpacked, "roster-too-large", f"Unpacked, it has more than {bounds.unpacked} bytes.")
    for member in members:
        _require(_is_safe(member.filename), "roster-unsafe-name", f"It is called “{member.filename[:80]}”.")
        _require(not member.flag_bits & _ENCRYPTED, "roster-damaged", "It is locked with a password.")
        _require(member.compress_type in _METHODS, "roster-damaged", "It is packed in an unusual way.")


def _counts(name: str) -> bool:
    """Tell files from folders and from what operating systems leave in archives."""
    parts = name.replace("\\", "/").split("/")
    return bool(parts[-1]) and "__MACOSX" not in parts and parts[-1].lower() not in {".ds_store", "thumbs.db"}


def _is_safe(name: str) -> bool:
    # We never use a name as a path, but the next program that opens this archive may; and nobody's export makes such names.
    parts = name.replace("\\", "/").split("/")
    return parts[0] != "" and ":" not in name and "\0" not in name and ".." not in parts


def _member_opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        return archive.open(member)

    return opened


def _bytes_opener(content: bytes) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        return io.BytesIO(content)

    return opened


def _require(holds: bool, kind: str, detail: str) -> None:  # noqa: FBT001 - reads as what is required
    if not holds:
        raise MalformedInput(kind, detail)
