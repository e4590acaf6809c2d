"""Every published case of high or medium confidence, through the command line.

What each expects: *valid* is verified, *invalid* is not; *proof-only* is not verified, and is where only the proof counts;
*unknown* is unknown; *policy* is reported, whatever comes of it. What does not agree is listed in `DIFFERENCES`, with the
reason. The list is exact: a case in it that would agree fails.
"""

import contextlib
import io
import json
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from intaglio.cli import main
from intaglio.documents import JsonObject
from intaglio.status.bitstring import SHORTEST_IN_USE
from tests.conftest import STANDARDS, VECTORS

_AT = "2026-11-22T00:00:00Z"
_INDEX = VECTORS / "index.json"


class _Case(NamedTuple):
    id: str
    file: str
    expect: str
    reason: list[str]


class Difference(NamedTuple):
    """What comes of a case by default, and where only the proof counts; and why that is not what is expected."""

    default: str
    only_proof: str
    reason: str


_SHORT = Difference(
    "not_verified",
    "verified",
    "its status list has 100,000 entries; Bitstring Status List 1.0, section 3.2, step 9, wants 131,072",
)
_SELECTIVE = Difference("unknown", "unknown", "proofs that disclose selectively are not checked yet")
_SELECTIVE_VOCAB = Difference(
    "not_verified", "unknown", f"{_SELECTIVE.reason}; and its @vocab makes every word mean something"
)
_SELECTIVE_BINDING = Difference("not_verified", "unknown", f"{_SELECTIVE.reason}; and it has no issuanceDate")
_CHAIN = Difference(
    "unknown", "verified", "its issuer is not the controller of its keys, and its context is not bundled"
)
_SD_JWT = Difference("unknown", "unknown", "SD-JWTs are not checked yet")
_SD_JWT_CUT = Difference(
    "not_verified", "not_verified", "it lacks the tilde that an SD-JWT ends with (RFC 9901, section 4)"
)

DIFFERENCES = {
    **dict.fromkeys(("case-0092", "case-0094", "case-0103", "case-0105", "case-0106", "case-0114"), _SHORT),
    **dict.fromkeys(("case-0148", "case-0170"), _SELECTIVE),
    **dict.fromkeys(("case-0161", "case-0162"), _CHAIN),
    **dict.fromkeys(("case-0173", "case-0174"), _SELECTIVE_VOCAB),
    **dict.fromkeys(("case-0177", "case-0178"), _SELECTIVE_BINDING),
    **dict.fromkeys((f"case-{number:04}" for number in range(447, 453)), _SD_JWT),
    **dict.fromkeys(("case-0453", "case-0454"), _SD_JWT_CUT),
}


def _cases() -> list[_Case]:
    if not _INDEX.is_file():
        return []
    return [
        _Case(entry["id"], entry["file"], entry["expect"].partition(" ")[0], entry["reason"])
        for entry in json.loads(_INDEX.read_text(encoding="utf-8"))
        if entry["confidence"] in ("high", "medium")
    ]


CASES = _cases()
_LISTED_AT_THE_DCC = [
    case
    for case in CASES
    if (case.file.startswith("dcc-verifier-core/") and "Status" in case.file) or "Revoked" in case.file
]


@pytest.fixture(scope="module")
def stored(vectors: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of the documents that the cases refer to, as ``--documents`` takes it."""
    folder = tmp_path_factory.mktemp("documents")
    files: dict[str, str] = json.loads((vectors / "documents.json").read_text(encoding="utf-8"))
    for number, (url, name) in enumerate(sorted(files.items())):
        shutil.copy(vectors / name, folder / str(number))
        files[url] = str(number)
    (folder / "index.json").write_text(json.dumps(files), encoding="utf-8")
    return folder


def _verify(cases: list[_Case], documents: Path, *options: str) -> dict[str, JsonObject]:
    """Return, by case, the line of JSON that the command prints."""
    names = [str(VECTORS / case.file) for case in cases]
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        main(["verify", *names, "--json", "--offline", "--at", _AT, "--documents", str(documents), *options])
    lines = [json.loads(line) for line in output.getvalue().splitlines()]
    assert [line["file"] for line in lines] == names
    return {case.id: line for case, line in zip(cases, lines, strict=True)}


@pytest.fixture(scope="module")
def by_default(stored: Path) -> dict[str, JsonObject]:
    return _verify(CASES, stored)


@pytest.fixture(scope="module")
def by_proof(stored: Path) -> dict[str, JsonObject]:
    return _verify(CASES, stored, "--only", "proof", "--contexts", str(STANDARDS / "contexts"))


def _agrees(case: _Case, default: JsonObject, only_proof: JsonObject) -> bool:
    match case.expect:
        case "valid":
            return default["verified"] is True
        case "invalid":
            return default["verified"] is False
        case "proof-only":
            return default["verified"] is False and only_proof["verified"] is True
        case "unknown":
            return default["outcome"] == "unknown"
    assert case.expect == "policy"
    return True


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_published_case(case: _Case, by_default: dict[str, JsonObject], by_proof: dict[str, JsonObject]) -> None:
    default, only_proof = by_default[case.id], by_proof[case.id]
    difference = DIFFERENCES.get(case.id)

    assert _agrees(case, default, only_proof) == (difference is None), default["summary"]
    if difference is not None:
        assert (default["outcome"], only_proof["outcome"]) == (difference.default, difference.only_proof), (
            difference.reason
        )


def test_every_case_is_there(vectors: Path) -> None:
    assert {case.id for case in CASES} >= DIFFERENCES.keys()
    assert len(CASES) == 102


@pytest.mark.parametrize("case", _LISTED_AT_THE_DCC, ids=lambda case: case.id)
def test_a_reader_of_the_dcc_lowers_the_bound_of_its_lists(case: _Case, stored: Path) -> None:
    answer = _verify([case], stored, "--shortest-status-list", str(SHORTEST_IN_USE))[case.id]
    status = next(check for check in answer["checks"] if check["name"] == "status")

    if "revoked" in case.reason:
        assert (answer["verified"], status["problem"]["type"]) == (False, "urn:intaglio:problem:revoked")
    elif case.expect == "valid":
        assert (answer["verified"], status["outcome"]) == (True, "passed")
    else:
        assert answer["verified"] is False


@pytest.mark.parametrize(
    "case", [case for case in CASES if DIFFERENCES.get(case.id) == _CHAIN], ids=lambda case: case.id
)
def test_the_chains_of_the_w3c_are_signed_by_others_than_their_issuer(case: _Case, stored: Path) -> None:
    answer = _verify([case], stored, "--contexts", str(STANDARDS / "contexts"))[case.id]
    failed = {check["name"]: check["problem"]["type"] for check in answer["checks"] if check["outcome"] == "failed"}

    assert failed == {"controller": "urn:intaglio:problem:not-the-controller"}
