"""The tool that takes fonts and the QR decoder out of their packages, on packages made here."""

import hashlib
import importlib.util
import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
FONT = b"wOF2 pretended"
ENTRY = """
[[package]]
name = "@scope/fonts"
version = "1.0"
licence = "OFL-1.1"

[[package.files]]
path = "{path}"
file = "fonts/font.woff2"
sha256 = "{digest}"
"""


@pytest.fixture
def collect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that runs the tool on a package with one font; it gives the folder that is written to."""
    tool = _tool()
    with tarfile.open(tmp_path / "scope-fonts-1.0.tgz", "w:gz") as archive:
        font = tarfile.TarInfo("package/files/font.woff2")
        font.size = len(FONT)
        archive.addfile(font, io.BytesIO(FONT))
        folder = tarfile.TarInfo("package/folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)

    def run(path: str = "files/font.woff2", digest: str = hashlib.sha256(FONT).hexdigest()) -> Path:
        static = tmp_path / "static"
        static.mkdir()
        (static / "sources.toml").write_text(ENTRY.format(path=path, digest=digest), encoding="utf-8")
        monkeypatch.setattr(tool, "STATIC", static)
        tool.main(tmp_path)
        return static

    return run


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("collect_static", ROOT / "tools" / "collect_static.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_files_are_collected_from_packages(collect: Callable[..., Path]) -> None:
    assert (collect() / "fonts" / "font.woff2").read_bytes() == FONT


def test_nothing_is_written_when_a_package_holds_another_file_than_the_pinned_one(
    collect: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit, match="not the pinned one"):
        collect(digest="0" * 64)
    assert [path.name for path in (tmp_path / "static").iterdir()] == ["sources.toml"]


def test_a_member_that_is_no_file_is_named(collect: Callable[..., Path]) -> None:
    with pytest.raises(SystemExit, match="folder is no file"):
        collect(path="folder")
