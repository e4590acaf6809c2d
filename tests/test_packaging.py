import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.verification.builders import as_bytes, badge, signed

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel that a release would be, built without any network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own build
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel installed in it."""
    folder = tmp_path_factory.mktemp("installed")
    options = [
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-index",
        "--no-compile",
        "--target",
        str(folder),
    ]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(wheel)], check=True, capture_output=True)  # noqa: S603
    return folder


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def _run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=60)  # noqa: S603


def test_the_wheel_holds_the_library_and_the_services_and_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in _names(wheel)}
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    # `schemas` and `keys` would be import names that any other wheel can overwrite.
    assert tops == {"intaglio", "issuer", "wallet", "verifier", f"intaglio-{version}.dist-info"}


def test_the_wheel_holds_every_module_and_every_schema_as_they_are(wheel: Path) -> None:
    expected = {
        str(path.relative_to(ROOT)): path
        for path in (ROOT / "intaglio").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    for path in (ROOT / "schemas").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            expected[f"intaglio/_schemas/{path.relative_to(ROOT / 'schemas')}"] = path
    assert {name for name in _names(wheel) if name.startswith("intaglio/")} == expected.keys()
    with zipfile.ZipFile(wheel) as archive:
        assert [name for name, path in expected.items() if archive.read(name) != path.read_bytes()] == []
    assert "intaglio/py.typed" in expected


def test_the_wheel_brings_its_licence_and_those_of_the_contexts(wheel: Path) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in _names(wheel))
    assert "intaglio/_schemas/NOTICES.md" in _names(wheel)


def test_the_wheel_asks_for_the_dependencies_of_the_project(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode().splitlines()
    asked = [Requirement(line.partition(": ")[2]) for line in lines if line.startswith("Requires-Dist: ")]
    assert set(asked) == set(map(Requirement, project["dependencies"]))
    assert "Requires-Python: >=3.11" in lines
    assert "License-Expression: Apache-2.0" in lines


def test_what_is_installed_seals_and_verifies_with_the_contexts_that_it_brings(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_bytes(as_bytes(signed(badge())))
    done = _run(installed, tmp_path, "-m", "intaglio", "verify", "--offline", "--require", "schema", "good.json")
    assert (done.returncode, done.stderr) == (0, b"")
    made = _run(installed, tmp_path, "-m", "intaglio", "key", "new", "--type", "p256", "--out", "file:school.pem")
    (tmp_path / "badge.json").write_bytes(as_bytes(badge(issuer=made.stdout.split()[1].decode())))
    form = ("--key", "file:school.pem", "--suite", "ecdsa-rdfc-2019")
    assert _run(installed, tmp_path, "-m", "intaglio", "issue", "badge.json", *form).returncode == 0


def test_it_is_the_installed_package_that_was_tried(installed: Path, tmp_path: Path) -> None:
    code = "import intaglio, intaglio.schemas as s; print(intaglio.__file__, s._data_folder())"
    done = _run(installed, tmp_path, "-c", code)
    place, data = done.stdout.decode().split()
    assert (Path(place), Path(data)) == (installed / "intaglio" / "__init__.py", installed / "intaglio" / "_schemas")


def test_the_command_of_the_installed_package_is_ours(installed: Path) -> None:
    (entry_points,) = installed.glob("*.dist-info/entry_points.txt")
    assert entry_points.read_text(encoding="utf-8").split() == [
        "[console_scripts]",
        "intaglio",
        "=",
        "intaglio.cli:main",
    ]
