"""The published samples of others, through the command line, against the verdicts that their makers gave them."""

import json
from pathlib import Path
from typing import Any

import pytest

from intaglio.cli import main
from tests.conftest import STANDARDS, VECTORS

_AT = "2026-11-22T00:00:00Z"
_SELECTIVE = "a selective suite, which is not supported yet"
_SHORT_LIST = "its status list has 100,000 entries: Bitstring Status List 1.0, section 3.2, step 9, asks for 131,072"
_NOT_THE_ISSUER = "a chain of proofs that all hold, by keys that are not the issuer's: valid only for the proof alone"
DIFFERENT = {
    "case-0092": _SHORT_LIST,
    "case-0094": _SHORT_LIST,
    "case-0103": _SHORT_LIST,
    "case-0105": _SHORT_LIST,
    "case-0106": _SHORT_LIST,
    "case-0114": _SHORT_LIST,
    "case-0148": _SELECTIVE,
    "case-0161": _NOT_THE_ISSUER,
    "case-0162": _NOT_THE_ISSUER,
    "case-0170": _SELECTIVE,
    "case-0173": _SELECTIVE,
    "case-0174": _SELECTIVE,
    "case-0177": _SELECTIVE,
    "case-0178": _SELECTIVE,
}
"""Cases whose verdict is not ours, and why. Each must really differ: one that agrees has no place here."""


def _cases() -> list[dict[str, Any]]:
    index = VECTORS / "index.json"
    entries = json.loads(index.read_bytes()) if index.is_file() else []
    return [entry for entry in entries if entry["confidence"] in ("high", "medium") and "SD-JWT" not in entry["format"]]


@pytest.fixture(scope="module")
def documents(vectors: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of stored documents made of the published ones."""
    folder = tmp_path_factory.mktemp("documents")
    stored = json.loads((vectors / "documents.json").read_bytes())
    for number, name in enumerate(stored.values()):
        (folder / f"{number}.json").write_bytes((vectors / name).read_bytes())
    (folder / "index.json").write_text(json.dumps({url: f"{number}.json" for number, url in enumerate(stored)}))
    return folder


def _verify(capsys: pytest.CaptureFixture[str], documents: Path, file: str, *options: str) -> dict[str, Any]:
    common = ("--json", "--offline", "--at", _AT, "--documents", str(documents))
    main(["verify", *common, *options, str(VECTORS / file)])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def _agrees(capsys: pytest.CaptureFixture[str], documents: Path, entry: dict[str, Any]) -> bool:
    answer = _verify(capsys, documents, entry["file"])
    match entry["expect"].split()[0].rstrip(":"):
        case "valid":
            return bool(answer["verified"])
        case "invalid":
            return not answer["verified"]
        case "unknown":
            return answer["outcome"] == "unknown"
        case "proof-only":
            contexts = str(STANDARDS / "contexts")
            alone = _verify(capsys, documents, entry["file"], "--only", "proof", "--contexts", contexts)
            return not answer["verified"] and bool(alone["verified"])
        case "policy":
            return True
    pytest.fail(f"a verdict that this test does not know: {entry['expect']}")


@pytest.mark.parametrize("entry", _cases(), ids=lambda entry: f"{entry['id']}-{entry['file'].rpartition('/')[2]}")
def test_the_verdict_is_that_of_the_publisher(
    entry: dict[str, Any], documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _agrees(capsys, documents, entry) is (entry["id"] not in DIFFERENT), DIFFERENT.get(entry["id"])


def test_every_listed_difference_is_one_of_the_cases(vectors: Path) -> None:
    assert DIFFERENT.keys() <= {entry["id"] for entry in _cases()}


@pytest.mark.parametrize(
    ("case", "kind"),
    [
        ("case-0092", None),
        ("case-0094", None),
        ("case-0103", None),
        ("case-0114", None),
        ("case-0100", "revoked"),
        ("case-0111", "revoked"),
    ],
)
def test_a_reader_who_accepts_shorter_lists_gets_the_published_verdict(
    case: str, kind: str | None, documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = next(entry["file"] for entry in _cases() if entry["id"] == case)
    answer = _verify(capsys, documents, file, "--shortest-status-list", "100000")
    status = next(check for check in answer["checks"] if check["name"] == "status")
    assert answer["verified"] is (kind is None)
    assert (status["problem"] or {}).get("type") == (kind and f"urn:intaglio:problem:{kind}")


@pytest.mark.parametrize("case", ["case-0161", "case-0162"])
def test_the_chains_of_proofs_hold(case: str, documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = next(entry["file"] for entry in _cases() if entry["id"] == case)
    alone = _verify(capsys, documents, file, "--only", "proof", "--contexts", str(STANDARDS / "contexts"))
    assert alone["verified"] is True
