import hashlib
import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from intaglio.canonical import jcs
from intaglio.errors import MalformedInput, Unavailable
from intaglio.schemas import Contexts
from tests.conftest import STANDARDS

SCHEMAS = Path(__file__).parents[2] / "schemas"
SOURCES: list[dict[str, str]] = tomllib.loads((SCHEMAS / "sources.toml").read_text(encoding="utf-8"))["context"]
V2 = "https://www.w3.org/ns/credentials/v2"
OB_3_0_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


def standard_contexts() -> list[dict[str, Any]]:
    if not STANDARDS.is_dir():
        pytest.skip(f"no standards at {STANDARDS}")
    index: list[dict[str, Any]] = json.loads((STANDARDS / "contexts" / "index.json").read_text(encoding="utf-8"))
    return index


def write_folder(folder: Path, index: object, **files: object) -> Path:
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    for name, document in files.items():
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


@pytest.mark.parametrize("source", SOURCES, ids=[source["url"] for source in SOURCES])
def test_each_bundled_context_has_the_hashes_that_sources_toml_pins(source: dict[str, str]) -> None:
    data = (SCHEMAS / "contexts" / source["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == source["file_sha256"]
    assert hashlib.sha256(jcs.canonicalize(json.loads(data))).hexdigest() == source["jcs_sha256"]
    assert Contexts.bundled().get(source["url"]) == json.loads(data)


@pytest.mark.parametrize("source", SOURCES, ids=[source["url"] for source in SOURCES])
def test_each_bundled_context_says_what_is_published_at_its_url(source: dict[str, str]) -> None:
    entries = {entry["url"]: entry for entry in standard_contexts() if "VARIANT" not in entry["file"]}
    published = entries[source["url"]]
    document = json.loads((STANDARDS / "contexts" / published["file"]).read_text(encoding="utf-8"))
    assert Contexts.bundled().get(source["url"]) == document
    assert source.get("published_sha256") in {published["sha256"], None}


def test_every_file_of_contexts_is_named_in_sources_toml_and_no_url_twice() -> None:
    assert {path.name for path in (SCHEMAS / "contexts").iterdir()} == {source["file"] for source in SOURCES}
    assert len({source["url"] for source in SOURCES}) == len(SOURCES) == len(Contexts.bundled())


def test_no_bundled_context_gives_every_word_a_meaning() -> None:
    for url in Contexts.bundled():
        assert '"@vocab":' not in json.dumps(Contexts.bundled().get(url))


def test_context_3_0_3_is_the_specification_s_and_not_the_variant_with_terms_of_its_own() -> None:
    text = json.dumps(Contexts.bundled().get(OB_3_0_3))
    assert "endorsementJwt" not in text
    assert "jti" not in text


def test_an_unknown_context_is_unavailable() -> None:
    with pytest.raises(Unavailable) as refused:
        Contexts.bundled().get("https://example.org/context")
    assert refused.value.problem.kind == "unknown-context"
    assert "https://example.org/context" not in Contexts.bundled()


def test_what_get_returns_is_the_caller_s_own() -> None:
    Contexts.bundled().get(V2)["@context"] = {"@vocab": "https://evil.example/"}
    assert "@vocab" not in Contexts.bundled().get(V2)["@context"]


@pytest.mark.parametrize(
    "index", [{"https://a.example/": "a.json"}, [{"url": "https://a.example/", "file": "a.json", "note": "more"}]]
)
def test_a_folder_adds_its_contexts(tmp_path: Path, index: object) -> None:
    context = {"@context": {"name": "https://a.example/name"}}
    contexts = Contexts.bundled().with_folder(write_folder(tmp_path, index, a=context))
    assert contexts.get("https://a.example/") == context
    assert contexts.get(V2) == Contexts.bundled().get(V2)
    assert "https://a.example/" not in Contexts.bundled()


def test_a_folder_cannot_replace_a_bundled_context(tmp_path: Path) -> None:
    evil = {"@context": {"@vocab": "https://evil.example/"}}
    contexts = Contexts.bundled().with_folder(write_folder(tmp_path, {V2: "evil.json"}, evil=evil))
    assert contexts.get(V2) == Contexts.bundled().get(V2)


def test_the_folder_of_standards_loads_with_its_variant_of_3_0_3() -> None:
    urls = {entry["url"] for entry in standard_contexts()}
    contexts = Contexts.bundled().with_folder(STANDARDS / "contexts")
    assert urls <= set(contexts)
    assert contexts.get(OB_3_0_3) == Contexts.bundled().get(OB_3_0_3)


def test_a_folder_may_list_a_url_twice_with_the_same_meaning_only(tmp_path: Path) -> None:
    index = [{"url": "https://a.example/", "file": name} for name in ("a.json", "b.json")]
    folder = write_folder(tmp_path, index, a={"@context": {}}, b={"@context": {}})
    assert Contexts.bundled().with_folder(folder).get("https://a.example/") == {"@context": {}}
    write_folder(folder, index, b={"@context": {"name": "https://b.example/"}})
    with pytest.raises(MalformedInput) as refused:
        Contexts.bundled().with_folder(folder)
    assert refused.value.problem.kind == "context-redefined"


@pytest.mark.parametrize("name", ["../secret.json", "/etc/passwd", "..", ".", "", "a/b.json", "a\\b.json", "a\0b"])
def test_an_index_cannot_read_outside_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.json").write_text("{}", encoding="utf-8")
    folder = tmp_path / "contexts"
    folder.mkdir()
    with pytest.raises(MalformedInput) as refused:
        Contexts.bundled().with_folder(write_folder(folder, {"https://a.example/~b": name}))
    assert refused.value.problem.kind == "broken-context-folder"
    assert refused.value.problem.pointer == "/https:~1~1a.example~1~0b"


@pytest.mark.parametrize("index", ["text", 5, [1], [{"url": "https://a.example/"}], {"https://a.example/": None}])
def test_an_index_of_another_shape_is_refused(tmp_path: Path, index: object) -> None:
    with pytest.raises(MalformedInput) as refused:
        Contexts.bundled().with_folder(write_folder(tmp_path, index))
    assert refused.value.problem.kind == "broken-context-folder"


def test_an_index_that_is_not_there_or_not_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput, match=r"index\.json: No such file"):
        Contexts.bundled().with_folder(tmp_path)
    (tmp_path / "index.json").write_text('{"a": "a", "a": "b"}', encoding="utf-8")
    with pytest.raises(MalformedInput, match="twice"):
        Contexts.bundled().with_folder(tmp_path)


@pytest.mark.parametrize("text", [None, "[]", "not JSON", '{"@context": "' + "x" * 1024 * 1024 + '"}'])
def test_a_context_of_a_folder_that_is_missing_broken_or_huge_is_refused(tmp_path: Path, text: str | None) -> None:
    write_folder(tmp_path, {"https://a.example/": "a.json"})
    if text is not None:
        (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedInput) as refused:
        Contexts.bundled().with_folder(tmp_path).get("https://a.example/")
    assert refused.value.problem.kind == "broken-context-folder"


def test_a_bundled_context_that_was_changed_on_disk_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "intaglio"
    shutil.copytree(SCHEMAS, package / "_schemas")
    monkeypatch.setattr("intaglio.schemas.__file__", str(package / "schemas.py"))
    contexts = Contexts.bundled.__wrapped__(Contexts)  # past the cache
    assert contexts.get(V2) == Contexts.bundled().get(V2)
    file = package / "_schemas" / "contexts" / "credentials-v2.json"
    file.write_text(file.read_text(encoding="utf-8").replace("schema.org/name", "evil.example/name"), encoding="utf-8")
    with pytest.raises(Unavailable, match=r"not what sources\.toml pins") as changed:
        contexts.get(V2)
    file.unlink()
    with pytest.raises(Unavailable, match="No such file") as gone:
        contexts.get(V2)
    assert {changed.value.problem.kind, gone.value.problem.kind} == {"damaged-context"}
