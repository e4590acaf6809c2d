import json
from collections.abc import Callable
from typing import Any

import pytest

from intaglio.openbadges import baking
from tests.cli.conftest import BAD, GOOD, Done, Run
from tests.openbadges.baking.images import png, svg
from tests.verification.builders import (
    LEARNER,
    SCHOOL,
    as_bytes,
    badge,
    badge_token,
    endorsement,
    envelope,
    learner_record,
    presentation,
    signed,
    token,
)

Write = Callable[..., str]


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (["good.json"], 0),
        (["good.json", "good.json"], 0),
        (["bad.json"], 1),
        (["unknown.json"], 3),
        (["nowhere.json"], 2),
        (["."], 2),
        (["no\0where"], 2),
        (["good.json", "unknown.json"], 3),
        (["unknown.json", "bad.json", "good.json"], 1),
        (["bad.json", "unknown.json", "nowhere.json", "good.json"], 2),
    ],
    ids=str,
)
@pytest.mark.parametrize("more", [[], ["--json"]], ids=["for a person", "json"])
def test_the_worst_of_all_inputs_is_the_exit_status(
    verify: Callable[..., Done], names: list[str], status: int, more: list[str]
) -> None:
    done = verify(*more, *names)
    assert (done.status, done.err) == (status, "")


def test_json_is_one_line_for_each_input_in_order(verify: Callable[..., Done]) -> None:
    names = ["bad.json", "nowhere.json", "good.json", "-", "good.json"]
    reports = verify("--json", *names, stdin=b"garbage").reports
    assert [report["file"] for report in reports] == names
    assert [report["outcome"] for report in reports] == [
        "not_verified",
        "not_verified",
        "verified",
        "not_verified",
        "verified",
    ]


def test_json_has_the_shape_that_the_documentation_gives(verify: Callable[..., Done]) -> None:
    report = verify("--json", "good.json").report
    assert list(report) == ["file", "verified", "outcome", "summary", "checks", "credentials"]
    assert (report["verified"], report["outcome"], report["credentials"]) == (True, "verified", [])
    assert report["summary"] == f"Confirmed: “Critical thinking”, issued by {SCHOOL}."
    assert [check["name"] for check in report["checks"]] == [
        "format",
        "proof",
        "controller",
        "validity",
        "status",
        "schema",
        "issuer",
    ]
    assert report["checks"][0] == {"name": "format", "outcome": "passed", "problem": None}
    assert report["checks"][-1]["outcome"] == "unknown"
    problem = report["checks"][-1]["problem"]
    assert list(problem) == ["type", "title", "detail", "advice"]
    assert problem["type"] == "urn:intaglio:problem:no-registry"


def test_json_points_at_what_is_wrong(verify: Callable[..., Done], write: Write) -> None:
    checks = verify("--json", write("odd.json", signed(badge(nickname="x"), suite="eddsa-jcs-2022"))).report["checks"]
    assert checks[0]["outcome"] == "failed"
    assert checks[0]["problem"]["type"] == "urn:intaglio:problem:undefined-term"
    assert checks[0]["problem"]["pointer"] == "/nickname"


def test_json_nests_the_credentials_inside_each_with_its_place(verify: Callable[..., Done], write: Write) -> None:
    record = signed(learner_record(signed(badge(endorsement=[signed(endorsement(), "stranger")])), BAD))
    report = verify("--json", write("vp.json", signed(presentation(record), "learner"))).report
    assert (report["verified"], report["outcome"]) == (False, "not_verified")
    assert [check["name"] for check in report["checks"]] == ["format", "proof", "controller", "validity", "holder"]
    (inner,) = report["credentials"]
    assert list(inner) == ["pointer", "endorsement", "verified", "outcome", "summary", "checks", "credentials"]
    assert (inner["pointer"], inner["endorsement"]) == ("/verifiableCredential/0", False)
    good, bad = inner["credentials"]
    assert (good["pointer"], good["outcome"]) == ("/credentialSubject/verifiableCredential/0", "verified")
    assert (bad["pointer"], bad["outcome"]) == ("/credentialSubject/verifiableCredential/1", "not_verified")
    assert [(each["endorsement"], each["verified"]) for each in good["credentials"]] == [(True, True)]


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        b"\n " + as_bytes(GOOD) + b"\n\n",
        token(badge()),
        token(badge()).encode() + b"\n",
        badge_token(),
        envelope(token(badge())),
        baking.bake(png(), as_bytes(GOOD)),
        baking.bake(svg("", attributes=""), as_bytes(GOOD)),
        baking.bake(svg("", attributes=""), token(badge())),
        signed(presentation(GOOD), "learner"),
        token(presentation(GOOD), "learner"),
        signed(learner_record(GOOD)),
        signed(endorsement(), "stranger"),
    ],
    ids=[
        "json",
        "json and blank lines",
        "token",
        "token and a line break",
        "token of open badges",
        "envelope",
        "png",
        "svg",
        "svg with a token",
        "presentation",
        "presentation in a token",
        "learner record",
        "endorsement",
    ],
)
def test_an_input_is_recognised_by_itself(verify: Callable[..., Done], write: Write, data: Any) -> None:
    assert verify("--json", write("file", data)).report["outcome"] == "verified"
    assert verify("--json", "-", stdin=as_bytes(data)).report["outcome"] == "verified"


def test_a_call_without_a_file_is_explained(intaglio: Run) -> None:
    done = intaglio("verify", "--json")
    assert (done.status, done.out) == (2, "")
    assert "FILE" in done.err


def test_twenty_one_megabytes_are_more_than_is_read(verify: Callable[..., Done], write: Write) -> None:
    large = b" " * (20 * 1024 * 1024 + 1)
    done = verify("--json", write("large", large), "-", stdin=large)
    assert done.status == 2
    assert {check["problem"]["type"] for report in done.reports for check in report["checks"]} == {
        "urn:intaglio:problem:too-large"
    }


def test_what_a_person_reads_is_a_sentence_and_then_the_checks(verify: Callable[..., Done]) -> None:
    lines = verify("good.json", "bad.json").out.splitlines()
    assert lines[0] == "good.json"
    assert lines[1] == "  Confirmed: “Critical thinking”, issued by"
    assert lines[2] == f"  {SCHOOL}."
    assert "    format      passed" in lines
    assert "    issuer      unknown" in lines
    assert "bad.json" in lines
    assert any(line.startswith("  Not confirmed: the signature does not match") for line in lines)
    assert "    proof       failed" in lines
    assert all(len(line) <= 100 for line in lines)


def test_what_a_person_reads_tells_what_is_inside(verify: Callable[..., Done], write: Write) -> None:
    record = signed(learner_record(BAD, signed(badge(endorsement=[signed(endorsement(), "stranger")]))))
    out = verify(write("record.json", record)).out
    assert "    inside /credentialSubject/verifiableCredential/0: Not confirmed" in out
    assert "        proof       failed" in out
    assert "endorsement /endorsement/0: Confirmed: “An endorsement”" in out


def test_what_a_person_reads_names_places_and_notes(verify: Callable[..., Done], write: Write) -> None:
    subject = {"id": LEARNER, "type": ["AchievementSubject"], "achievement": {"type": ["Achievement"]}}
    odd = signed(badge(nickname="x", credentialSubject=subject), suite="eddsa-jcs-2022")
    out = " ".join(verify(write("odd.json", odd)).out.split())
    assert "(at /nickname)" in out
    assert "It names no list of withdrawn credentials, so it cannot be withdrawn." in out
    # Nobody required the schema, so what it asks is told in short, but each finding with its place.
    assert "(at /credentialSubject/achievement)" in out


def test_a_summary_is_one_line(verify: Callable[..., Done], write: Write) -> None:
    name = write("lines.json", signed(badge(name="One\nTwo\r\nThree\u2028Four")))
    assert "\n" not in json.loads(verify("--json", name).out)["summary"]
