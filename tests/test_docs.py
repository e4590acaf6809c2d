import argparse
import functools
import importlib
import os
import pkgutil
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import intaglio
from intaglio import cli

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
COMMAND_LINE = (DOCS / "command-line.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TELLING = [DOCS / "architecture.md", DOCS / "one-credentials-path.md", *sorted(DOCS.glob("how-*.md"))]
IN_THE_WHEEL_ALONE = {"intaglio/_schemas"}
EXAMPLES = {
    "KIND": "ed25519",
    "NAME": "eddsa-rdfc-2022",
    "ALG": "EdDSA",
    "TIME": "2026-06-30T12:00:00Z",
    "CHECK": "proof",
    "N": "100000",
    "ROLE": "teacher",
    "SLUG": "prairie-view",
    "LEVEL": "district",
}


def _commands(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    nested = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not nested:
        yield " ".join(path), parser
    for action in nested:
        for name, inner in action.choices.items():
            yield from _commands(inner, (*path, name))


COMMANDS = dict(_commands(cli.parser()))


def _options(parser: argparse.ArgumentParser) -> set[str]:
    return {name for action in parser._actions for name in action.option_strings} - {"-h", "--help"}


def _synopses() -> dict[str, str]:
    """Return the calls in the headings of the page, by their commands."""
    found: dict[str, str] = {}
    for heading in re.findall(r"^## (.+)$", COMMAND_LINE, re.MULTILINE):
        for call in re.findall(r"`intaglio ([^`]+)`", heading):
            found[next(name for name in COMMANDS if call.startswith(name + " "))] = call
    return found


def _section(command: str) -> str:
    """Return the heading and the text of the page's section about a command."""
    sections = re.split(r"^(?=## )", COMMAND_LINE, flags=re.MULTILINE)
    return next(section for section in sections if f"`intaglio {command} " in section.partition("\n")[0])


def test_the_page_has_a_heading_for_every_command_and_for_no_other() -> None:
    assert _synopses().keys() == COMMANDS.keys()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_synopsis_names_every_option_of_its_command_and_no_other(command: str) -> None:
    assert set(re.findall(r"--[a-z][a-z-]*", _synopses()[command])) == _options(COMMANDS[command])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_synopsis_is_a_call_that_the_parser_takes(command: str) -> None:
    first_choice = re.sub(r"\(([^()|]*) \| [^()]*\)", r"\1", _synopses()[command])
    words = shlex.split(re.sub(r"[\[\]()…]", " ", first_choice))
    cli.parser().parse_args([EXAMPLES.get(word, word) for word in words])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_section_explains_every_option_and_every_choice(command: str) -> None:
    heading, _, text = _section(command).partition("\n")
    for action in COMMANDS[command]._actions:
        for choice in action.choices or ():
            assert f"`{choice}`" in text, f"{action.option_strings}: {choice}"
        # What needs no explanation beside its synopsis is where things go.
        if action.option_strings and not {"--out", "--type", "--key", "--help"} & set(action.option_strings):
            assert action.option_strings[0] in text, action.option_strings
    assert heading


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))], ids=lambda page: page.name)
def test_a_page_speaks_of_no_option_that_is_not_there(page: Path) -> None:
    known = set().union(*map(_options, COMMANDS.values())) | {"--help"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", page.read_text(encoding="utf-8"))) <= known


def test_the_calls_that_the_readme_shows_are_calls_that_the_parser_takes() -> None:
    calls = re.findall(r"^\$ intaglio (.+)$", README, re.MULTILINE)
    assert len(calls) >= 3
    for call in calls:
        cli.parser().parse_args(shlex.split(call))


@pytest.mark.parametrize("page", TELLING, ids=lambda page: page.name)
def test_the_calls_that_a_page_tells_of_are_calls_that_the_parser_takes(page: Path) -> None:
    for call in re.findall(r"`intaglio ([a-z]+ [^`]+)`", page.read_text(encoding="utf-8")):
        cli.parser().parse_args(shlex.split(call))


def test_the_help_of_every_command_can_be_printed() -> None:
    for command in COMMANDS.values():
        assert command.format_help().startswith("usage: intaglio")
        assert command.description
        assert all(action.help for action in command._actions)


@functools.cache
def _modules() -> dict[str, ModuleType]:
    """Return every module of the library, by its dotted name."""
    found = pkgutil.walk_packages(intaglio.__path__, "intaglio.")
    return {each.name: importlib.import_module(each.name) for each in found if not each.name.endswith("__main__")}


def _defined(parts: list[str]) -> bool:
    """Tell whether names mean something: a module and what is in it, or a name in any module and what is in that."""
    for cut in range(len(parts)):
        module = ".".join(parts[:cut])
        places = [found for name, found in _modules().items() if not module or f".{name}".endswith(f".{module}")]
        if any(_has(place, parts[cut:]) for place in places):
            return True
    return False


def _has(place: Any, names: list[str]) -> bool:
    for name in names:
        if not hasattr(place, name) and name not in getattr(place, "__annotations__", {}):
            return False
        place = getattr(place, name, None)
    return True


@functools.cache
def _paths() -> tuple[str, ...]:
    """Return the paths of all files and folders that could be meant, with a slash before each."""
    found: list[str] = []
    for folder, folders, files in os.walk(
        ROOT
    ):  # not rglob: other tests make and remove folders of their own meanwhile
        folders[:] = [name for name in folders if not name.startswith((".", "__")) and name != "node_modules"]
        found += ["/" + str(Path(folder, name).relative_to(ROOT)) for name in [*folders, *files]]
    return tuple(found)


def _spans(page: Path) -> list[str]:
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\s]+)`", prose)


@pytest.mark.parametrize("page", TELLING, ids=lambda page: page.name)
def test_every_file_and_folder_that_a_page_names_is_there(page: Path) -> None:
    named = [
        span for span in _spans(page) if re.fullmatch(r"[\w/-]+(/|\.py|\.toml|\.md|\.json)|[\w-]+(/[\w-]+)+", span)
    ]
    assert named
    for span in set(named) - IN_THE_WHEEL_ALONE:
        wanted = "/" + span.rstrip("/")
        assert any(path.endswith(wanted) or f"{wanted}-" in path for path in _paths()), span


@pytest.mark.parametrize("page", TELLING, ids=lambda page: page.name)
def test_every_function_and_class_that_a_page_names_is_there(page: Path) -> None:
    dotted = r"[\w/]+(\.\w+)+"
    files = r"[\w/-]+\.(py|toml|md|json)"
    named = [
        span
        for span in _spans(page)
        if (re.fullmatch(dotted, span) or re.fullmatch(r"[A-Z][a-z]+\w+", span)) and not re.fullmatch(files, span)
    ]
    assert named
    for span in set(named):
        assert _defined(re.split(r"[./]", span)), span


def test_the_search_for_names_does_not_find_what_is_not_there() -> None:
    assert _defined(["proofs", "jose", "decode"])
    assert _defined(["SealingDesk", "prepare"])
    assert not _defined(["proofs", "jose", "encode"])
    assert not _defined(["SealingDesk", "redeem"])
    assert not _defined(["NoSuchClass"])


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~ ]", requirement)[0].lower() for requirement in requirements}


def test_the_page_of_dependencies_lists_those_of_the_project_and_no_other() -> None:
    page = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1].strip() for row in page.splitlines() if row.startswith("|")][2:]
    assert set(rows) == _names(PROJECT["project"]["dependencies"])
    assert len(rows) == len(set(rows))
    _, _, for_tests = page.partition("For tests alone:")
    for name in _names(PROJECT["dependency-groups"]["dev"]):
        assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", for_tests), name


def test_every_decision_is_numbered_and_dated_and_none_is_left_out() -> None:
    pages = sorted((DOCS / "adr").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        lines = page.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith(f"# {int(page.name[:4])}. "), page.name
        assert re.fullmatch(r"\*20\d\d-[01]\d-[0-3]\d, (accepted|replaced by \d{4})\*", lines[2]), page.name


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))], ids=lambda page: page.name)
def test_every_page_that_a_page_points_to_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"`((?:docs/[\w./-]*|[A-Z]+)\.md)`", text) + re.findall(r"\]\(([\w./-]+)\)", text):
        assert (ROOT / target).exists() or (page.parent / target).exists(), target


def _need_git() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no working copy of a git repository, or git is not here")


@functools.cache
def _tracked() -> list[Path]:
    """Return the files that are under version control, or skip the test."""
    _need_git()
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)  # noqa: S607
    return [path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_machine_or_a_registry() -> None:
    # Written in pieces, or this file would name them.
    folders = "|".join(["wo" + "rk", "ho" + "me", "ro" + "ot", "Us" + "ers"])
    registries = "|".join(["py" + "pi.org", "python" + "hosted", "npm" + "js.org", "registry.ya" + "rnpkg"])
    forbidden = re.compile(rf"(?<![\w./-])/({folders})/|{registries}".encode())
    named = [
        f"{path.relative_to(ROOT)}: {match[0]!r}"
        for path in _tracked()
        if (match := forbidden.search(path.read_bytes()))
    ]
    assert named == []


def test_no_private_key_is_under_version_control() -> None:
    assert [path for path in _tracked() if path.suffix in {".pem", ".key", ".p12", ".pfx"}] == []
    pem = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{40}")
    assert [path for path in _tracked() if pem.search(path.read_bytes())] == []


def test_private_keys_are_ignored_by_git() -> None:
    _need_git()
    for name, ignored in (
        ("keys/school.pem", True),
        ("keys/school.json", True),
        ("school.pem", True),
        ("keys/README.md", False),
    ):
        done = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False)  # noqa: S603, S607
        assert (done.returncode == 0) is ignored, name
