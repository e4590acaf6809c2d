import getpass
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from intaglio.cli import issue
from intaglio.multikey import Algorithm
from tests.cli.conftest import AT, Run
from tests.sealing.desks import header_of, payload_of
from tests.verification.builders import V2, WEB, badge

MakeKey = Callable[..., str]
BadgeOf = Callable[..., str]
FORMS = [
    (Algorithm.ED25519, "--suite", "eddsa-rdfc-2022"),
    (Algorithm.ED25519, "--suite", "eddsa-jcs-2022"),
    (Algorithm.P256, "--suite", "ecdsa-rdfc-2019"),
    (Algorithm.P384, "--suite", "ecdsa-rdfc-2019"),
    (Algorithm.P256, "--suite", "ecdsa-jcs-2019"),
    (Algorithm.P384, "--suite", "ecdsa-jcs-2019"),
    (Algorithm.ED25519, "--jwt", "EdDSA"),
    (Algorithm.P256, "--jwt", "ES256"),
    (Algorithm.P384, "--jwt", "ES384"),
    (Algorithm.RSA, "--jwt", "RS256"),
]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_badge_sealed_in_any_form_verifies(
    intaglio: Run, make_key: MakeKey, badge_of: BadgeOf, form: tuple[Algorithm, str, str]
) -> None:
    algorithm, option, name = form
    document = badge_of(make_key("school", algorithm))
    done = intaglio("issue", document, "--key", "file:school.pem", option, name, "--out", "sealed")
    assert (done.status, done.out, done.err) == (0, "", "")
    checked = intaglio("verify", "--offline", "--json", "--at", AT, "--require", "schema", "sealed")
    assert (checked.status, checked.report["verified"]) == (0, True)


def test_a_sealed_badge_goes_to_the_standard_output_and_comes_from_the_standard_input(
    intaglio: Run, make_key: MakeKey, badge_of: BadgeOf, folder: Path
) -> None:
    document = (folder / badge_of(make_key())).read_bytes()
    form = ("--key", "file:school.pem", "--suite", "eddsa-rdfc-2022")
    sealed = intaglio("issue", "-", *form, stdin=document)
    assert json.loads(sealed.out)["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    also = intaglio("issue", "-", *form, "--out", "-", stdin=document)
    assert json.loads(also.out)["name"] == "Critical thinking"
    assert intaglio("verify", "--offline", "--at", AT, "-", stdin=sealed.out.encode()).status == 0


def test_the_proof_states_the_present_time_and_the_same_moment_gives_the_same_bytes(
    intaglio: Run, make_key: MakeKey, badge_of: BadgeOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issue, "now", lambda: datetime(2026, 9, 1, 8, 30, 15, 999999, UTC))
    call = ("issue", badge_of(make_key()), "--key", "file:school.pem", "--suite", "eddsa-rdfc-2022")
    sealed = intaglio(*call).out
    assert json.loads(sealed)["proof"]["created"] == "2026-09-01T08:30:15Z"
    assert intaglio(*call).out == sealed


def test_two_keys_make_a_proof_set_each_with_the_suite_after_it(
    intaglio: Run, make_key: MakeKey, badge_of: BadgeOf
) -> None:
    make_key("one"), make_key("two", Algorithm.P256)
    one = ("--key", "file:one.pem", "--verification-method", f"{WEB}#one", "--suite", "eddsa-jcs-2022")
    two = ("--key", "file:two.pem", "--suite", "ecdsa-rdfc-2019", "--verification-method", f"{WEB}#two")
    proofs = json.loads(intaglio("issue", *one, badge_of(WEB), *two).out)["proof"]
    assert [(proof["verificationMethod"], proof["cryptosuite"]) for proof in proofs] == [
        (f"{WEB}#one", "eddsa-jcs-2022"),
        (f"{WEB}#two", "ecdsa-rdfc-2019"),
    ]


def test_a_second_key_may_sign_beside_the_issuer(intaglio: Run, make_key: MakeKey, badge_of: BadgeOf) -> None:
    document, witness = badge_of(make_key()), make_key("witness", Algorithm.P256)
    one, two = (
        ("--key", "file:school.pem", "--suite", "eddsa-rdfc-2022"),
        ("--key", "file:witness.pem", "--suite", "ecdsa-rdfc-2019"),
    )
    sealed = intaglio("issue", document, *one, *two)
    assert len(json.loads(sealed.out)["proof"]) == 2
    checked = intaglio("verify", "--json", "--offline", "--at", AT, "-", stdin=sealed.out.encode())
    note = next(check["note"] for check in checked.report["checks"] if check["name"] == "controller")
    assert witness[:30] in note


def test_the_same_key_may_make_a_suite_and_the_token_around_it(
    intaglio: Run, make_key: MakeKey, badge_of: BadgeOf
) -> None:
    key = ("--key", "file:school.pem")
    sealed = intaglio("issue", badge_of(make_key()), *key, "--suite", "eddsa-rdfc-2022", *key, "--jwt", "EdDSA")
    assert payload_of(sealed.out.encode())["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert intaglio("verify", "--offline", "--at", AT, "-", stdin=sealed.out.encode()).status == 0


def test_a_web_address_can_stand_for_the_key(intaglio: Run, make_key: MakeKey, badge_of: BadgeOf) -> None:
    make_key("school", Algorithm.RSA)
    form = ("--key", "file:school.pem", "--verification-method", f"{WEB}#key-1", "--jwt", "RS256")
    sealed = intaglio("issue", badge_of(WEB), *form)
    assert header_of(sealed.out.encode()) == {"alg": "RS256", "typ": "JWT", "kid": f"{WEB}#key-1"}
    assert payload_of(sealed.out.encode())["iss"] == WEB


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--suite", "eddsa-rdfc-2022", "--key", "K"], "--suite goes after the --key that it belongs to"),
        (["--jwt", "EdDSA", "--key", "K"], "--jwt goes after the --key that it belongs to"),
        (["--verification-method", "did:web:a", "--key", "K"], "--verification-method goes after the --key"),
        (["--key", "K"], "--key K needs either --suite or --jwt after it"),
        (["--key", "K", "--key", "L", "--suite", "eddsa-rdfc-2022"], "--key K needs either --suite or --jwt"),
        (["--key", "K", "--suite", "eddsa-rdfc-2022", "--jwt", "EdDSA"], "--key K needs either --suite or --jwt"),
        (["--key", "K", "--suite", "eddsa-rdfc-2022", "--suite", "eddsa-jcs-2022"], "--suite stands twice"),
        (["--key", "K", "--suite", "eddsa-rdfc-2022", "--key", "L"], "--key L needs either --suite or --jwt"),
        ([], "the following arguments are required: --key"),
        (["--key", "K", "--suite", "Ed25519Signature2020"], "invalid choice"),
        (["--key", "K", "--jwt", "none"], "invalid choice"),
        (["--key", "K", "--jwt", "HS256"], "invalid choice"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_order_or_combination_is_explained_before_anything_is_read(
    intaglio: Run, arguments: list[str], sentence: str
) -> None:
    done = intaglio("issue", "nowhere.json", *arguments)
    assert (done.status, done.out) == (2, "")
    assert sentence in done.err


def test_a_token_before_another_proof_is_refused(intaglio: Run, make_key: MakeKey, badge_of: BadgeOf) -> None:
    key = ("--key", "file:school.pem")
    done = intaglio("issue", badge_of(make_key()), *key, "--jwt", "EdDSA", *key, "--suite", "eddsa-rdfc-2022")
    assert (done.status, done.out) == (1, "")
    assert "at most one token, last" in done.err


def test_a_locked_key_is_opened_by_the_passphrase_of_the_environment_and_nobody_is_asked(
    intaglio: Run, make_key: MakeKey, badge_of: BadgeOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTAGLIO_KEY_PASSPHRASE", "correct horse")
    monkeypatch.setattr(getpass, "getpass", lambda _: pytest.fail("nobody should be asked"))
    call = (
        "issue",
        badge_of(make_key("school", Algorithm.ED25519, "--encrypt")),
        *("--key", "file:school.pem", "--suite", "eddsa-rdfc-2022"),
    )
    assert intaglio(*call).status == 0
    for wrong in ("wrong horse", ""):
        monkeypatch.setenv("INTAGLIO_KEY_PASSPHRASE", wrong)
        done = intaglio(*call)
        assert (done.status, done.out) == (1, "")
        assert "The key is locked" in done.err
        assert "INTAGLIO_KEY_PASSPHRASE" in done.err


def test_a_key_file_that_others_can_read_is_refused(
    intaglio: Run, make_key: MakeKey, badge_of: BadgeOf, folder: Path
) -> None:
    document = badge_of(make_key())
    for mode, status in ((0o600, 0), (0o400, 0), (0o640, 1), (0o604, 1)):
        (folder / "school.pem").chmod(mode)
        done = intaglio("issue", document, "--key", "file:school.pem", "--suite", "eddsa-rdfc-2022")
        assert done.status == status
        assert ("Others on this machine can read the key file" in done.err) == bool(status)


def test_words_of_ones_own_come_from_a_folder_of_contexts(
    intaglio: Run, make_key: MakeKey, badge_of: BadgeOf, write: Callable[..., str]
) -> None:
    url = "https://words.example/v1"
    document = badge_of(make_key(), **{"@context": [*badge()["@context"], url], "nickname": "CT"})
    call = ("issue", document, "--key", "file:school.pem", "--suite", "eddsa-rdfc-2022")
    refused = intaglio(*call)
    assert refused.status == 1
    assert "(at /@context/2)" in refused.err
    assert "--contexts" in refused.err
    words: dict[str, Any] = {"@context": {"nickname": "https://words.example/nickname"}}
    write("words/v1.json", words), write("words/index.json", {url: "v1.json"})
    sealed = intaglio(*call, "--contexts", "words")
    assert sealed.status == 0
    check = ("verify", "--offline", "--json", "--at", AT, "-")
    assert intaglio(*check, stdin=sealed.out.encode()).report["outcome"] == "unknown"
    assert intaglio(*check, "--contexts", "words", stdin=sealed.out.encode()).report["outcome"] == "verified"


def test_the_output_may_not_be_writable(intaglio: Run, make_key: MakeKey, badge_of: BadgeOf) -> None:
    call = ("issue", badge_of(make_key()), "--key", "file:school.pem", "--suite", "eddsa-rdfc-2022")
    done = intaglio(*call, "--out", "no/such/folder.json")
    assert (done.status, done.out) == (2, "")
    assert "no/such/folder.json: No such file or directory." in done.err


def test_the_contexts_are_those_of_the_standard() -> None:
    assert badge()["@context"][0] == V2
