import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519

from intaglio.custody import file
from intaglio.errors import IntaglioError, MalformedInput, SigningFailed, Unsupported
from intaglio.multikey import Algorithm

all_algorithms = pytest.mark.parametrize("algorithm", Algorithm)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "key.pem"


@pytest.fixture
def umask() -> Iterator[Any]:
    before = os.umask(0o077)
    yield os.umask
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _write(path: Path, pem: bytes, mode: int = 0o600) -> None:
    path.write_bytes(pem)
    path.chmod(mode)


def _pem(key: Any, form: serialization.PrivateFormat, passphrase: bytes | None = None) -> bytes:
    encryption = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return bytes(key.private_bytes(serialization.Encoding.PEM, form, encryption))


def _refusal(path: Path, passphrase: bytes | None = None) -> SigningFailed:
    with pytest.raises(SigningFailed) as caught:
        file.open_key(path, passphrase)
    return caught.value


@all_algorithms
@pytest.mark.parametrize("passphrase", [None, b"correct horse", "Schlüssel 🔑".encode()])
def test_a_key_is_opened_as_it_was_made(path: Path, algorithm: Algorithm, passphrase: bytes | None) -> None:
    made = file.create(path, algorithm, passphrase)
    opened = file.open_key(path, passphrase)
    assert opened.algorithm is made.algorithm is algorithm
    assert opened.public_key == made.public_key
    assert opened.verification_method == made.verification_method
    assert made.public_key.verify(opened.sign(b"message"), b"message")
    assert (b"ENCRYPTED" in path.read_bytes()) is (passphrase is not None)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o277, 0o777])
def test_a_new_key_is_readable_by_its_owner_whatever_the_umask(path: Path, umask: Any, mask: int) -> None:
    umask(mask)
    file.create(path, Algorithm.ED25519)
    assert _mode(path) == 0o600
    assert file.open_key(path).algorithm is Algorithm.ED25519


def test_an_existing_file_is_never_written_over(path: Path) -> None:
    path.write_text("the only copy")
    with pytest.raises(SigningFailed) as caught:
        file.create(path, Algorithm.ED25519)
    assert caught.value.problem.kind == "key-file-exists"
    assert path.read_text() == "the only copy"


def test_a_link_that_waits_under_the_name_is_not_followed(tmp_path: Path, path: Path) -> None:
    target = tmp_path / "elsewhere"
    path.symlink_to(target)
    with pytest.raises(SigningFailed) as caught:
        file.create(path, Algorithm.ED25519)
    assert caught.value.problem.kind == "key-file-exists"
    assert not target.exists()


def test_a_key_is_not_made_where_it_cannot_be_written(tmp_path: Path) -> None:
    for path in (tmp_path / "no" / "folder" / "key.pem", tmp_path / "a\0b", tmp_path / ("long" * 100)):
        with pytest.raises(SigningFailed) as caught:
            file.create(path, Algorithm.ED25519)
        assert caught.value.problem.kind == "key-file-unwritable"


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_as_what_it_is(path: Path) -> None:
    with _files_of_at_most(10), pytest.raises(SigningFailed) as caught:
        file.create(path, Algorithm.ED25519)
    assert caught.value.problem.kind == "key-file-unwritable"
    assert "File too large" in caught.value.problem.detail


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o602, 0o660, 0o666, 0o700, 0o610, 0o4640])
def test_a_key_file_that_others_may_open_is_refused(path: Path, mode: int) -> None:
    file.create(path, Algorithm.ED25519)
    path.chmod(mode)
    error = _refusal(path)
    assert error.problem.kind == "key-file-open-to-others"
    assert f"{mode:04o}" in error.problem.detail
    assert "chmod 600" in error.problem.detail


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_file_that_only_its_owner_may_open_is_read(path: Path, mode: int) -> None:
    file.create(path, Algorithm.ED25519)
    path.chmod(mode)
    assert file.open_key(path).algorithm is Algorithm.ED25519


def test_the_mode_that_counts_is_that_of_the_file_behind_a_link(tmp_path: Path, path: Path) -> None:
    file.create(path, Algorithm.ED25519)
    link = tmp_path / "link.pem"
    link.symlink_to(path)
    assert file.open_key(link).public_key == file.open_key(path).public_key
    path.chmod(0o644)
    assert _refusal(link).problem.kind == "key-file-open-to-others"


def test_what_cannot_be_opened_is_missing(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("none.pem", ".", "dangling", "a\0b"):
        assert _refusal(tmp_path / name).problem.kind == "key-file-missing"


def test_an_encrypted_key_needs_its_passphrase(path: Path) -> None:
    file.create(path, Algorithm.P256, b"right")
    assert file.open_key(path, b"right").algorithm is Algorithm.P256
    for passphrase in (None, b"", b"wrong", b"Right", b"right "):
        assert _refusal(path, passphrase).problem.kind == "key-passphrase"


def test_a_passphrase_for_a_key_that_needs_none_does_no_harm(path: Path) -> None:
    file.create(path, Algorithm.P384)
    assert file.open_key(path, b"needless").algorithm is Algorithm.P384


def test_a_passphrase_that_is_too_long_is_refused_before_anything_is_written(path: Path) -> None:
    with pytest.raises(SigningFailed) as caught:
        file.create(path, Algorithm.ED25519, b"x" * 1024)
    assert caught.value.problem.kind == "key-passphrase"
    assert not path.exists()
    file.create(path, Algorithm.ED25519, b"x" * 1023)
    assert file.open_key(path, b"x" * 1023)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        (ec.generate_private_key(ec.SECP256R1()), b"BEGIN EC PRIVATE KEY"),
        (rsa.generate_private_key(65537, 2048), b"BEGIN RSA PRIVATE KEY"),
    ],
)
@pytest.mark.parametrize("passphrase", [None, b"secret"])
def test_the_older_pem_forms_are_refused_with_what_to_do(
    path: Path, key: Any, label: bytes, passphrase: bytes | None
) -> None:
    pem = _pem(key, serialization.PrivateFormat.TraditionalOpenSSL, passphrase)
    assert label in pem
    _write(path, pem)
    error = _refusal(path, passphrase)
    assert error.problem.kind == "key-file-unreadable"
    assert "PKCS#8" in str(error)
    assert "openssl pkcs8" in error.problem.advice


def test_an_openssh_key_is_refused_with_what_to_do(path: Path) -> None:
    _write(path, _pem(ed25519.Ed25519PrivateKey.generate(), serialization.PrivateFormat.OpenSSH))
    assert "openssl pkcs8" in str(_refusal(path))


def test_a_public_key_or_anything_else_is_no_key_file(path: Path) -> None:
    public = ed25519.Ed25519PrivateKey.generate().public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    broken = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
    locked = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
    for content in (
        public.public_bytes(serialization.Encoding.PEM, form),
        b"",
        b"\0" * 100,
        broken,
        b"BEGIN PRIVATE KEY",
    ):
        _write(path, content)
        assert _refusal(path).problem.kind == "key-file-unreadable"
    _write(path, locked)
    assert _refusal(path, b"passphrase").problem.kind == "key-passphrase"


def test_a_file_of_a_gigabyte_is_not_read_into_memory(path: Path) -> None:
    with path.open("wb") as sparse:
        sparse.truncate(2**30)
    path.chmod(0o600)
    assert _refusal(path).problem.kind == "key-file-unreadable"


@pytest.mark.parametrize(
    ("key", "error", "kind"),
    [
        (ec.generate_private_key(ec.SECP256K1()), Unsupported, "unknown-key-type"),
        (ec.generate_private_key(ec.SECP521R1()), Unsupported, "unknown-key-type"),
        (x25519.X25519PrivateKey.generate(), Unsupported, "unknown-key-type"),
        (rsa.generate_private_key(65537, 1024), MalformedInput, "bad-public-key"),  # noqa: S505 - weak on purpose
        (rsa.generate_private_key(3, 2048), MalformedInput, "bad-public-key"),
    ],
)
def test_a_private_key_of_a_kind_that_nobody_could_verify_is_refused(
    path: Path, key: Any, error: type[IntaglioError], kind: str
) -> None:
    _write(path, _pem(key, serialization.PrivateFormat.PKCS8))
    with pytest.raises(error) as caught:
        file.open_key(path)
    assert caught.value.problem.kind == kind


def test_a_signer_goes_by_the_verification_method_that_it_is_given(path: Path) -> None:
    file.create(path, Algorithm.ED25519)
    signer = file.open_key(path, verification_method="did:web:school.example#key-1")
    assert signer.verification_method == "did:web:school.example#key-1"


def test_no_refusal_shows_what_the_file_holds(path: Path) -> None:
    file.create(path, Algorithm.ED25519)
    secret = path.read_text().splitlines()[1]
    path.chmod(0o644)
    assert secret not in str(_refusal(path))
    _write(path, path.read_bytes().replace(b"PRIVATE KEY", b"EC PRIVATE KEY"))
    assert secret not in str(_refusal(path))
