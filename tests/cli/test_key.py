import getpass
import json
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from intaglio.custody.file import open_key
from intaglio.errors import SigningFailed
from intaglio.multikey import Algorithm
from tests.cli.conftest import Run


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_new_key_says_its_identifier_and_its_public_half_and_nothing_private(
    intaglio: Run, folder: Path, algorithm: Algorithm
) -> None:
    done = intaglio("key", "new", "--type", algorithm.value, "--out", "file:school.pem")
    assert (done.status, done.err) == (0, "")
    said = dict(re.split(" {2,}", line, maxsplit=1) for line in done.out.splitlines())
    key = open_key(folder / "school.pem")
    assert key.algorithm is algorithm
    assert said.pop("verification method") == key.verification_method
    assert said.pop("identifier") == key.verification_method.partition("#")[0]
    assert json.loads(said.pop("public key (JWK)")) == key.public_key.to_jwk()
    assert said == ({} if algorithm is Algorithm.RSA else {"public key": key.public_key.to_multikey()})
    assert stat.S_IMODE((folder / "school.pem").stat().st_mode) == 0o600


def test_an_existing_file_is_never_written_over(intaglio: Run, folder: Path) -> None:
    (folder / "school.pem").write_text("precious")
    done = intaglio("key", "new", "--type", "ed25519", "--out", "file:school.pem")
    assert (done.status, done.out) == (1, "")
    assert "There is a file of this name already" in done.err
    assert (folder / "school.pem").read_text() == "precious"


@pytest.mark.parametrize("uri", ["school.pem", "pkcs11:token=1", "file:", "file://keys/school.pem"])
def test_an_address_that_names_no_file_is_refused(intaglio: Run, uri: str) -> None:
    done = intaglio("key", "new", "--type", "ed25519", "--out", uri)
    assert done.status == 1
    assert "Name it as file:PATH." in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["new"],
        ["new", "--type", "ed25519"],
        ["new", "--out", "file:a.pem"],
        ["new", "--type", "secp256k1", "--out", "file:a.pem"],
        ["old", "--type", "ed25519", "--out", "file:a.pem"],
    ],
    ids=" ".join,
)
def test_an_incomplete_call_is_explained(intaglio: Run, folder: Path, arguments: list[str]) -> None:
    done = intaglio("key", *arguments)
    assert done.status == 2
    assert done.err.startswith("usage: intaglio key")
    assert list(folder.iterdir()) == []


def test_a_key_is_locked_with_the_passphrase_of_the_environment(
    make_key: Callable[..., str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTAGLIO_KEY_PASSPHRASE", "correct horse")
    monkeypatch.setattr(getpass, "getpass", lambda _: pytest.fail("nobody should be asked"))
    make_key("school", Algorithm.P256, "--encrypt")
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in (folder / "school.pem").read_bytes()
    assert open_key(folder / "school.pem", b"correct horse").algorithm is Algorithm.P256
    with pytest.raises(SigningFailed):
        open_key(folder / "school.pem", b"wrong horse")


def test_without_encrypt_the_passphrase_of_the_environment_does_not_matter(
    make_key: Callable[..., str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTAGLIO_KEY_PASSPHRASE", "correct horse")
    make_key()
    assert b"BEGIN PRIVATE KEY" in (folder / "school.pem").read_bytes()


def test_a_passphrase_is_asked_for_twice(
    make_key: Callable[..., str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts: list[str] = []
    monkeypatch.setattr(getpass, "getpass", lambda prompt: prompts.append(prompt) or "naïve")  # type: ignore[func-returns-value]
    make_key("school", Algorithm.ED25519, "--encrypt")
    assert prompts == ["Passphrase: ", "Again: "]
    assert open_key(folder / "school.pem", "naïve".encode())


@pytest.mark.parametrize("answers", [["one", "two"], ["", ""], ["one", ""]], ids=str)
def test_two_different_passphrases_or_none_make_no_key(
    intaglio: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    remaining = iter(answers)
    monkeypatch.setattr(getpass, "getpass", lambda _: next(remaining))
    done = intaglio("key", "new", "--type", "ed25519", "--out", "file:a.pem", "--encrypt")
    assert done.status == 1
    assert "The key was not made" in done.err
    assert list(folder.iterdir()) == []


def test_where_nobody_can_be_asked_for_a_passphrase_no_key_is_made(
    intaglio: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", nobody)
    done = intaglio("key", "new", "--type", "ed25519", "--out", "file:a.pem", "--encrypt")
    assert done.status == 1
    assert "give it by INTAGLIO_KEY_PASSPHRASE" in done.err
    assert list(folder.iterdir()) == []


def test_a_passphrase_of_bytes_that_are_no_text_will_do(
    make_key: Callable[..., str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTAGLIO_KEY_PASSPHRASE", "\udcff\udcfe")
    make_key("school", Algorithm.ED25519, "--encrypt")
    assert open_key(folder / "school.pem", b"\xff\xfe")
