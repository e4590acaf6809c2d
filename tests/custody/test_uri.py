from pathlib import Path

import pytest

from intaglio.custody.uri import create_key, open_signer
from intaglio.errors import SigningFailed, Unsupported
from intaglio.multikey import Algorithm


def test_an_absolute_path_with_and_without_slashes_names_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "school.pem"
    made = create_key(f"file:{path}", Algorithm.ED25519)
    for uri in (f"file:{path}", f"file://{path}"):
        assert open_signer(uri).public_key == made.public_key


def test_a_relative_path_starts_in_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keys").mkdir()
    monkeypatch.chdir(tmp_path)
    made = create_key("file:keys/school.pem", Algorithm.P256, b"passphrase")
    assert (tmp_path / "keys" / "school.pem").is_file()
    signer = open_signer("file:keys/school.pem", b"passphrase", "did:web:a.example#k")
    assert signer.public_key == made.public_key
    assert signer.verification_method == "did:web:a.example#k"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("my%20school.pem", "my school.pem"),
        ("%C3%A9cole.pem", "école.pem"),
        ("100%25.pem", "100%.pem"),
        ("a#b?c.pem", "a#b?c.pem"),
        ("plus+sign.pem", "plus+sign.pem"),
    ],
)
def test_a_percent_encoded_name_is_decoded_once(tmp_path: Path, written: str, name: str) -> None:
    made = create_key(f"file:{tmp_path}/{written}", Algorithm.ED25519)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert open_signer(f"file:{tmp_path}/{written}").public_key == made.public_key


@pytest.mark.parametrize(
    "uri",
    [
        *("", "keys/school.pem", "/etc/key.pem", "file", "file:", "file://", ":", ":x"),
        *("pkcs11:token=school", "FILE:key.pem", "https://a.example/key.pem", "data:,x", "env:KEY", " file:key.pem"),
        *("file://keys/school.pem", "file://localhost/etc/key.pem"),
    ],
)
def test_an_address_of_another_kind_names_no_key(uri: str) -> None:
    for attempt in (lambda: create_key(uri, Algorithm.ED25519), lambda: open_signer(uri)):
        with pytest.raises(Unsupported) as caught:
            attempt()
        assert caught.value.problem.kind == "unknown-key-uri"
        assert "file:PATH" in str(caught.value)


def test_a_name_that_no_file_can_have_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    with pytest.raises(SigningFailed) as caught:
        open_signer(f"file:{tmp_path}/a%00b")
    assert caught.value.problem.kind == "key-file-missing"
    with pytest.raises(SigningFailed) as caught:
        create_key(f"file:{tmp_path}/a%00b", Algorithm.ED25519)
    assert caught.value.problem.kind == "key-file-unwritable"
