import io
import json
import resource
import runpy
import sys
from typing import Any

import pytest

from intaglio.openbadges import schema_sandbox


def _ask(schema: Any, document: Any, draft: str = "2020-12") -> list[str]:
    answers = io.StringIO()
    schema_sandbox.main(io.StringIO(json.dumps({"draft": draft, "schema": schema, "document": document})), answers)
    return answers.getvalue().splitlines()


def test_a_document_that_keeps_to_the_schema_is_valid() -> None:
    assert _ask({"type": "object"}, {}) == ["valid"]


def test_a_document_that_breaks_the_schema_is_invalid_for_a_reason() -> None:
    verdict, reason = _ask({"properties": {"a": {"items": {"type": "string"}}}}, {"a": ["", 5]})

    assert verdict == "invalid"
    assert json.loads(reason) == {"keyword": "type", "path": ["a", 1]}


@pytest.mark.parametrize("schema", [{"type": "x"}, {"$ref": "https://x.example/"}, {"$ref": "#/nowhere"}, 5])
def test_what_is_no_schema_is_unusable(schema: Any) -> None:
    assert _ask(schema, {}) == ["unusable"]


@pytest.mark.parametrize("draft", ["2020-12", "2019-09", "7", "6", "4"])
def test_each_draft_is_known(draft: str) -> None:
    assert _ask({"type": "string"}, "x", draft) == ["valid"]


def test_hostile_an_address_in_a_schema_is_refused_and_not_asked() -> None:
    with pytest.raises(ValueError, match=r"https://x\.example/"):
        schema_sandbox._refuse("https://x.example/")


def test_the_process_gives_up_time_memory_and_core_dumps_before_it_reads(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    question = {"draft": "2020-12", "schema": True, "document": {}}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(question)))

    runpy.run_path(str(schema_sandbox.__file__), run_name="__main__")

    assert capsys.readouterr().out == "valid\n"
    assert limits == {
        resource.RLIMIT_CPU: (1, 2),
        resource.RLIMIT_AS: (384 * 2**20, 384 * 2**20),
        resource.RLIMIT_CORE: (0, 0),
    }
