from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import GOOD, Done, Run
from tests.verification.builders import (
    LIST_URL,
    SCHOOL,
    STRANGER,
    WEB,
    badge,
    entry,
    presentation,
    signed,
    status_list,
    token,
    web_badge,
    web_document,
    with_status,
)

Write = Callable[..., str]


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        ("2026-05-31T23:59:59Z", "not_verified"),
        ("2026-06-01T00:00:00Z", "verified"),
        ("2026-06-01T02:00:00+02:00", "verified"),
        ("2026-06-01T01:59:59+02:00", "not_verified"),
        ("2027-01-01T00:00:00Z", "verified"),
        ("2027-01-01T00:00:01Z", "not_verified"),
    ],
)
def test_the_reference_time_decides_about_dates(intaglio: Run, write: Write, at: str, outcome: str) -> None:
    document = write("dated.json", signed(badge(validUntil="2027-01-01T00:00:00Z")))
    assert intaglio("verify", "--offline", "--json", "--at", at, document).report["outcome"] == outcome


@pytest.mark.parametrize("at", ["yesterday", "2026-06-01", "2026-06-01T00:00:00", "2026-13-01T00:00:00Z", ""])
def test_a_reference_time_that_is_none_is_explained(intaglio: Run, at: str) -> None:
    done = intaglio("verify", "--at", at, "good.json")
    assert (done.status, done.out) == (2, "")
    assert "argument --at" in done.err


def test_without_a_reference_time_it_is_now(intaglio: Run, write: Write) -> None:
    far = {"validFrom": "1990-01-01T00:00:00Z", "validUntil": "9999-01-01T00:00:00Z"}
    assert intaglio("verify", "--offline", write("far.json", signed(badge(**far)))).status == 0
    past = {"validFrom": "1990-01-01T00:00:00Z", "validUntil": "1991-01-01T00:00:00Z"}
    assert intaglio("verify", "--offline", write("past.json", signed(badge(**past)))).status == 1


def test_stored_documents_answer_for_lists_and_identifiers(verify: Callable[..., Done], write: Write) -> None:
    write("at-hand/list.json", signed(status_list(set_at=[8])))
    write("at-hand/did.json", web_document("school"))
    write("at-hand/index.json", {LIST_URL: "list.json", WEB: "did.json"})
    good = write("web.json", web_badge())
    revoked = write("revoked.json", signed(with_status(entry(8))))
    assert verify("unknown.json").status == 3
    assert verify("--documents", "at-hand", "unknown.json").status == 0
    assert verify(good).status == 3
    assert verify("--documents", "at-hand", good).status == 0
    done = verify("--documents", "at-hand", "--json", revoked)
    assert done.status == 1
    assert done.report["summary"].startswith("Not confirmed: the issuer has withdrawn this credential.")


@pytest.mark.parametrize("option", ["--documents", "--contexts", "--registry"])
@pytest.mark.parametrize("name", ["nowhere", "good.json"])
def test_a_folder_or_registry_that_is_none_is_an_input_that_cannot_be_read(
    verify: Callable[..., Done], option: str, name: str
) -> None:
    done = verify(option, name, "good.json")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("intaglio: ")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 0),
        (["--challenge", "c1"], 0),
        (["--challenge", "c2"], 1),
        (["--domain", "https://reader.example"], 0),
        (["--domain", "https://other.example"], 1),
        (["--challenge", "c1", "--domain", "https://reader.example"], 0),
        (["--challenge", "c2", "--domain", "https://reader.example"], 1),
    ],
    ids=str,
)
@pytest.mark.parametrize("form", ["embedded", "token"])
def test_a_presentation_answers_a_challenge_and_a_domain(
    verify: Callable[..., Done], write: Write, form: str, arguments: list[str], status: int
) -> None:
    challenge, domain = "c1", "https://reader.example"
    made: Any = (
        signed(presentation(GOOD), "learner", challenge=challenge, domain=domain)
        if form == "embedded"
        else token({**presentation(GOOD), "nonce": challenge, "aud": domain}, "learner")
    )
    assert verify(*arguments, write("vp", made)).status == status


def test_a_presentation_without_a_challenge_does_not_answer_one(verify: Callable[..., Done], write: Write) -> None:
    assert verify("--challenge", "c1", write("vp", signed(presentation(GOOD), "learner"))).status == 1
    assert verify("--challenge", "c1", write("vp", token(presentation(GOOD), "learner"))).status == 1


@pytest.mark.parametrize(
    ("arguments", "name", "outcome"),
    [
        (["--require", "issuer"], "good.json", "unknown"),
        (["--require", "issuer", "--registry", "ours.json"], "good.json", "verified"),
        (["--require", "issuer", "--registry", "theirs.json"], "good.json", "unknown"),
        (["--registry", "theirs.json"], "good.json", "verified"),
        (["--require", "schema"], "sloppy.json", "not_verified"),
        ([], "sloppy.json", "verified"),
        (["--only", "validity"], "bad.json", "verified"),
        (["--only", "validity", "--only", "proof"], "bad.json", "not_verified"),
        (["--only", "validity", "--require", "proof"], "bad.json", "not_verified"),
        (["--only", "proof"], "unknown.json", "verified"),
        (["--only", "holder"], "good.json", "not_verified"),
    ],
    ids=str,
)
def test_the_reader_chooses_which_checks_decide(
    verify: Callable[..., Done], write: Write, arguments: list[str], name: str, outcome: str
) -> None:
    nameless = {key: value for key, value in badge()["credentialSubject"].items() if key != "id"}
    write("sloppy.json", signed(badge(credentialSubject=nameless)))
    write("ours.json", {"issuers": {SCHOOL: {"name": "Riverside"}}})
    write("theirs.json", {"issuers": {STRANGER: {"name": "A museum"}}})
    assert verify("--json", *arguments, name).report["outcome"] == outcome


@pytest.mark.parametrize("option", ["--require", "--only"])
def test_a_check_that_does_not_exist_is_explained(verify: Callable[..., Done], option: str) -> None:
    done = verify(option, "signature", "good.json")
    assert done.status == 2
    assert "invalid choice: 'signature'" in done.err


def test_a_recognized_issuer_is_called_as_the_registry_calls_it(verify: Callable[..., Done], write: Write) -> None:
    registry = write("registry.json", {"issuers": {SCHOOL: {"name": "Riverside, as we know it"}}})
    checks = verify("--json", "--registry", registry, "good.json").report["checks"]
    assert "Riverside, as we know it" in checks[-1]["note"]
    assert checks[-1]["outcome"] == "passed"


@pytest.mark.parametrize("registry", [{}, {"issuers": []}, {"issuers": None}, [], b"{"], ids=str)
def test_a_registry_that_is_none_is_explained(verify: Callable[..., Done], write: Write, registry: Any) -> None:
    done = verify("--registry", write("registry.json", registry), "good.json")
    assert (done.status, done.out) == (2, "")


def test_shorter_status_lists_are_read_by_those_who_want_to(verify: Callable[..., Done], write: Write) -> None:
    # 16 kB of zeros are 131,072 entries: the shortest list that the standard allows.
    write("at-hand/list.json", signed(status_list())), write("at-hand/index.json", {LIST_URL: "list.json"})
    call = ("--documents", "at-hand", "unknown.json", "--shortest-status-list")
    assert verify(*call, "131072").status == 0
    assert verify(*call, "131073").status == 1
    assert verify(*call, "many").status == 2
