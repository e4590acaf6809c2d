import ast
import functools
import inspect
import json
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from intaglio import errors
from intaglio.errors import IntaglioError, MalformedInput, NotSealable, Problem
from intaglio.problems import CATALOGUE, markdown

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("intaglio", "issuer", "wallet", "verifier")
_SOURCES = [path for name in _PACKAGES for path in (_ROOT / name).rglob("*.py") if path.name != "problems.py"]
_RAISED = {"MalformedInput", "InvalidProof", "Unsupported", "Unavailable", "SigningFailed", "Problem", "IntaglioError"}
_RAISED |= {"NotFound", "SignInNeeded", "Refused", "Conflict", "TooMany", "TooLarge"}
_KIND = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+\Z")


@functools.cache
def _trees() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in _SOURCES]


def _texts(node: ast.AST) -> set[str]:
    """Return the constant texts that an expression can have as its value."""
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def _kinds_named_when_raising() -> Iterator[tuple[str, str]]:
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _RAISED and node.args:
                for kind in _texts(node.args[0]):
                    yield kind, f"{path.relative_to(_ROOT)}:{node.lineno}"


def _constant_texts_of_the_code() -> set[str]:
    return {
        node.value
        for _, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_kind_that_is_raised_stands_in_the_catalogue() -> None:
    unknown = {f"{kind} ({place})" for kind, place in _kinds_named_when_raising() if kind not in CATALOGUE}
    assert not unknown


def test_every_kind_of_the_catalogue_is_raised_somewhere() -> None:
    never = CATALOGUE.keys() - _constant_texts_of_the_code()
    assert not never


def test_the_scan_sees_what_is_raised() -> None:
    # Should the way of raising change, the two tests above would pass for having nothing to look at.
    assert {"duplicate-member", "bad-signature", "vc-subject", "key-passphrase"} <= {
        kind for kind, _ in _kinds_named_when_raising()
    }


def test_the_kinds_that_docstrings_promise_are_in_the_catalogue() -> None:
    promised = set()
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (text := ast.get_docstring(node)):
                for clause in re.findall(r":raises (?:%s):(.*?)(?=:raises|\Z)" % "|".join(_RAISED), text, re.DOTALL):  # noqa: UP031
                    promised |= {(kind, path.name) for kind in re.findall(r"``([^`]+)``", clause) if _KIND.match(kind)}
    unknown = {(kind, name) for kind, name in promised if kind not in CATALOGUE}
    assert not unknown


def test_the_page_of_problems_is_the_catalogue() -> None:
    page = _ROOT / "docs" / "problems.md"
    assert page.read_text(encoding="utf-8") == markdown(), "write it anew: make docs"


def test_run_as_a_program_the_catalogue_prints_its_page(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "intaglio.problems")
    runpy.run_module("intaglio.problems", run_name="__main__")
    assert capsys.readouterr().out == markdown()


def test_titles_and_advice_are_whole_sentences_without_jargon_of_ours() -> None:
    for kind, entry in CATALOGUE.items():
        assert _KIND.match(kind) or kind.isalpha(), kind
        assert entry.title.endswith("."), kind
        assert entry.advice.endswith("."), kind
        assert entry.title[0].isupper(), kind
        assert "|" not in entry.title + entry.advice, kind


def test_a_problem_speaks_as_rfc_9457_asks() -> None:
    problem = Problem("too-deep", "Level 101.", "/a/0")
    assert problem.type == "urn:intaglio:problem:too-deep"
    assert problem.to_json() == {
        "type": "urn:intaglio:problem:too-deep",
        "title": CATALOGUE["too-deep"].title,
        "detail": "Level 101.",
        "advice": CATALOGUE["too-deep"].advice,
        "pointer": "/a/0",
    }
    assert json.dumps(problem.to_json())
    assert "pointer" not in Problem("too-deep", "").to_json()


def test_an_error_says_what_where_and_what_to_do() -> None:
    error = MalformedInput("too-deep", "Level 101.", pointer="/a")
    title, advice = CATALOGUE["too-deep"]
    assert str(error) == str(error.problem) == f"{title} Level 101. (at /a) {advice}"
    assert "(at /)" in str(MalformedInput("too-deep", "", pointer=""))
    assert "(at" not in str(MalformedInput("too-deep", ""))
    assert error.args == ("Level 101.",)


def test_what_cannot_be_sealed_keeps_every_reason() -> None:
    problems = (Problem("too-deep", "One.", "/a"), Problem("vc-type", "Two."))
    error = NotSealable(*problems)
    assert error.problems == problems
    assert error.problem == problems[0]


def test_the_tree_of_errors_is_as_its_docstring_draws_it() -> None:
    drawn = re.findall(r"(\w+) {2,}(?=\S)", (errors.__doc__ or "").split("::", 1)[1])
    classes = [cls.__name__ for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, IntaglioError)]
    assert sorted(drawn) == sorted(classes)
