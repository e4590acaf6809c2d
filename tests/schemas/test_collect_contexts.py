"""The tool that rebuilds `schemas/contexts`, on packages made here."""

import hashlib
import importlib.util
import io
import json
import shutil
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from intaglio.canonical import jcs

ROOT = Path(__file__).parents[2]
CONTEXT = {"@context": {"name": "https://a.example/näme"}}
ENTRY = """
[[context]]
url = "https://{registry}.example/"
file = "{registry}.json"
jcs_sha256 = "{digest}"
registry = "{registry}"
package = "{package}"
version = "1.0"
path = "{path}"
"""


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("collect_contexts", ROOT / "tools" / "collect_contexts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """Return a folder with one npm and one PyPI package, each with the context in a JSON file; npm's also as a module."""
    text = json.dumps(CONTEXT).encode()
    files = {"package/context.json": text, "package/context.js": b"module.exports = " + text + b";"}
    with tarfile.open(tmp_path / "scope-contexts-1.0.tgz", "w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        archive.addfile(_folder("package/folder"))
    with zipfile.ZipFile(tmp_path / "my_contexts-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("my/context.json", text)
    return tmp_path


@pytest.fixture
def schemas(tmp_path: Path, tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    def write(**changes: str) -> Path:
        folder = tmp_path / "schemas"
        (folder / "contexts").mkdir(parents=True)
        values = {"digest": hashlib.sha256(jcs.canonicalize(CONTEXT)).hexdigest(), "path": "context.json", **changes}
        npm = ENTRY.format(registry="npm", package="@scope/contexts", **values)
        pypi = ENTRY.format(registry="pypi", package="my-contexts", **{**values, "path": "my/context.json"})
        (folder / "sources.toml").write_text(npm + pypi, encoding="utf-8")
        monkeypatch.setattr(tool, "SCHEMAS", folder)
        return folder / "contexts"

    return write


def _folder(name: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = tarfile.DIRTYPE
    return member


@pytest.mark.parametrize("path", ["context.json", "context.js"])
def test_contexts_are_collected_from_packages(
    tool: ModuleType, packages: Path, schemas: Callable[..., Path], path: str
) -> None:
    if path.endswith(".js") and shutil.which("node") is None:
        pytest.skip("node is not installed")
    contexts = schemas(path=path)
    tool.main(packages)
    texts = {file.name: file.read_text(encoding="utf-8") for file in contexts.iterdir()}
    assert texts == dict.fromkeys(("npm.json", "pypi.json"), json.dumps(CONTEXT, indent=2, ensure_ascii=False) + "\n")


def test_nothing_is_written_when_a_package_holds_another_context_than_the_pinned_one(
    tool: ModuleType, packages: Path, schemas: Callable[..., Path]
) -> None:
    contexts = schemas(digest="0" * 64)
    with pytest.raises(SystemExit, match="not the pinned one"):
        tool.main(packages)
    assert list(contexts.iterdir()) == []


def test_a_member_that_is_no_file_is_named(tool: ModuleType, packages: Path, schemas: Callable[..., Path]) -> None:
    schemas(path="folder")
    with pytest.raises(SystemExit, match="no file folder in scope-contexts"):
        tool.main(packages)


def test_contexts_from_installed_packages_are_what_those_packages_hold() -> None:
    sources: list[dict[str, Any]] = tomllib.loads((ROOT / "schemas" / "sources.toml").read_text())["context"]
    for source in sources:
        if source["registry"] == "pypi":
            package = metadata.distribution(source["package"])
            assert package.version == source["version"]
            document = json.loads(Path(str(package.locate_file(source["path"]))).read_text(encoding="utf-8"))
            assert hashlib.sha256(jcs.canonicalize(document)).hexdigest() == source["jcs_sha256"]
