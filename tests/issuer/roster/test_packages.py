"""Uploads that are damaged, or were built to hurt."""

import io
import struct
import zipfile

import pytest

from intaglio.errors import MalformedInput
from issuer.roster.oneroster.findings import Findings
from issuer.roster.oneroster.package import Bounds, Package
from issuer.roster.oneroster.reader import Roster
from tests.issuer.roster.rosters import encoded, roster, zipped

END = b"PK\x05\x06"


def kind_of(content: bytes, name: str = "roster.zip", bounds: Bounds | None = None) -> str:
    with pytest.raises(MalformedInput) as caught:
        list(Roster(Package.from_upload(name, content, bounds), Findings()).records())
    return caught.value.problem.kind


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("prefix", ["", "export/", "Prairie Unified/2026-01-20/"])
def test_the_files_may_lie_in_a_folder(prefix: str) -> None:
    findings = Findings()
    records = list(Roster(Package.from_zip(zipped(roster(), prefix)), findings).records())
    assert findings.kept == []
    assert records


def test_what_operating_systems_leave_behind_is_passed_over() -> None:
    members = {name: encoded(rows) for name, rows in roster().items()}
    extra = {"x/": b"", "__MACOSX/x/._users.csv": b"\0", "x/.DS_Store": b"\0", "x/Thumbs.db": b"\0"}
    content = archive({**{f"x/{name}": data for name, data in members.items()}, **extra})
    findings = Findings()
    list(Roster(Package.from_zip(content), findings).records())
    assert findings.kept == []


def test_other_files_are_told_and_not_read() -> None:
    findings = Findings()
    content = archive({**{name: encoded(rows) for name, rows in roster().items()}, "Readme.pdf": b"%PDF"})
    list(Roster(Package.from_zip(content), findings).records())
    assert [finding.file for finding in findings.kept] == ["Readme.pdf"]


@pytest.mark.parametrize("content", [b"", b"PK", b"sourcedId,name\n1,2\n", b"\x1f\x8b" + b"\0" * 100, END + b"\0" * 10])
def test_what_is_no_archive_is_said_so(content: bytes) -> None:
    assert kind_of(content) == "roster-not-a-zip"


def test_an_archive_that_was_cut_off_is_noticed() -> None:
    assert kind_of(zipped(roster())[:-100]) == "roster-not-a-zip"


def test_an_archive_with_a_changed_byte_is_noticed() -> None:
    content = bytearray(zipped(roster(learners=200)))
    content[content.index(b"users.csv") + 400] ^= 0xFF
    assert kind_of(bytes(content)) == "roster-damaged"


def test_a_directory_that_leads_elsewhere_is_noticed() -> None:
    content = bytearray(zipped(roster()))
    at = content.rindex(END)
    struct.pack_into("<L", content, at + 12, 7)
    assert kind_of(bytes(content)) == "roster-damaged"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    content = archive({"users.csv": b"\0" * (8 << 20)})
    assert len(content) < 20_000
    assert kind_of(content, bounds=Bounds(unpacked=4 << 20)) == "roster-too-large"


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_declares() -> None:
    content = bytearray(archive({"users.csv": b"a,b\n" * (2 << 20)}))
    at = content.index(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 24, 1000)
    package = Package.from_zip(bytes(content), Bounds(unpacked=2000))
    read: list[int] = []
    with pytest.raises(MalformedInput, match="unpacked"), package.open("users.csv") as stream:
        read.extend(len(chunk) for chunk in iter(lambda: stream.read(100), b""))
    assert sum(read) <= 1000


def test_too_many_files_are_refused() -> None:
    content = archive({f"{number}.csv": b"a" for number in range(101)})
    assert kind_of(content) == "roster-too-large"


def test_a_directory_of_many_entries_is_refused_before_it_is_read() -> None:
    content = archive({f"{number}.csv": b"" for number in range(200)}, zipfile.ZIP_STORED)
    assert kind_of(content, bounds=Bounds(directory=1000)) == "roster-too-large"


def test_an_upload_that_is_too_large_is_refused() -> None:
    assert kind_of(zipped(roster()), bounds=Bounds(upload=100)) == "roster-too-large"
    assert kind_of(b"a,b\n" * 100, "users.csv", Bounds(upload=100)) == "roster-too-large"


def test_the_form_for_very_large_archives_is_refused() -> None:
    content = bytearray(zipped(roster()))
    at = content.rindex(END)
    content[at:at] = b"PK\x06\x07" + b"\0" * 16
    assert kind_of(bytes(content)) == "roster-not-a-zip"


@pytest.mark.parametrize(
    "name", ["../users.csv", "/etc/users.csv", "a/../../users.csv", "C:\\users.csv", "..\\users.csv"]
)
def test_names_that_climb_out_of_their_folder_are_refused(name: str) -> None:
    assert kind_of(archive({name: b"a"})) == "roster-unsafe-name"


def test_a_locked_archive_is_said_so() -> None:
    content = bytearray(archive({"users.csv": b"a"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    assert kind_of(bytes(content)) == "roster-damaged"


def test_an_unusual_way_of_packing_is_said_so() -> None:
    assert kind_of(archive({"users.csv": b"a"}, zipfile.ZIP_BZIP2)) == "roster-damaged"


def test_files_in_several_folders_or_of_one_name_are_refused() -> None:
    assert kind_of(archive({"a/users.csv": b"a", "b/orgs.csv": b"a"})) == "roster-two-folders"
    assert kind_of(archive({"users.csv": b"a", "Users.CSV": b"a"})) == "roster-two-folders"


def test_an_archive_without_csv_files_is_said_so() -> None:
    assert kind_of(archive({"roster.xlsx": b"a"})) == "roster-no-files"


def test_the_files_of_a_folder_are_a_package_too() -> None:
    findings = Findings()
    package = Package.from_files({name: encoded(rows) for name, rows in roster().items()})
    assert list(Roster(package, findings).records())
    assert findings.kept == []
    with pytest.raises(MalformedInput, match="100 files"):
        Package.from_files({f"{number}.csv": b"" for number in range(101)})
