"""Encryption at rest: data keys, the wrapping key, learners' keys, and changing the wrapping key."""

import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import select

from intaglio.errors import SigningFailed, Unavailable, Unsupported
from intaglio.multikey import Algorithm
from tests.services import UnderTest
from tests.wallet.conftest import Person
from wallet.holders.accounts import find_holder, is_minor, profile_of, vault_of
from wallet.holders.commands import rewrap
from wallet.holders.envelope import Vault, decrypt, encrypt, new_key
from wallet.holders.keys import dids_of, lent_signer
from wallet.holders.models import Holder, HolderKey, ServiceKey
from wallet.holders.rotation import rewrap_all
from wallet.holders.wrapping import Keyring
from wallet.settings import WalletSettings

ROW = uuid4()


def test_what_was_sealed_opens_at_its_place_alone() -> None:
    vault = Vault(new_key())
    sealed = vault.seal("holdings.sealed_card", ROW, b"a secret")
    assert vault.open("holdings.sealed_card", ROW, sealed) == b"a secret"
    for column, row in (("holdings.sealed_document", ROW), ("holdings.sealed_card", uuid4())):
        with pytest.raises(Unavailable, match="cannot be opened"):
            vault.open(column, row, sealed)


def test_one_learners_key_opens_nothing_of_another() -> None:
    sealed = Vault(new_key()).seal("a.b", ROW, b"a secret")
    with pytest.raises(Unavailable):
        Vault(new_key()).open("a.b", ROW, sealed)


@pytest.mark.parametrize("place", [0, 1, 12, 13, -1])
def test_any_changed_byte_is_noticed(place: int) -> None:
    key = new_key()
    sealed = bytearray(encrypt(key, "here", b"a secret"))
    sealed[place] ^= 1
    with pytest.raises(Unavailable):
        decrypt(key, "here", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + bytes(12), b"\x01" + bytes(20)])
def test_too_little_to_be_sealed_is_noticed(sealed: bytes) -> None:
    with pytest.raises(Unavailable):
        decrypt(new_key(), "here", sealed)


def test_the_same_text_is_never_sealed_alike() -> None:
    vault = Vault(new_key())
    assert vault.seal("a.b", ROW, b"x") != vault.seal("a.b", ROW, b"x")


def test_digests_are_alike_for_one_learner_and_label_only() -> None:
    key = new_key()
    vault, other = Vault(key), Vault(new_key())
    assert vault.digest("a", b"x") == Vault(key).digest("a", b"x")
    assert (
        len({vault.digest("a", b"x"), vault.digest("b", b"x"), vault.digest("a", b"y"), other.digest("a", b"x")}) == 4
    )


def test_the_wrapping_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    settings = WalletSettings(data_folder=tmp_path)
    wrapped = Keyring.of(settings).wrap("here", b"k" * 32)
    assert Keyring.of(settings).unwrap("here", wrapped) == b"k" * 32
    assert (tmp_path / "wallet.wrapping-key").stat().st_mode & 0o777 == 0o600


def key_file(path: Path, data: bytes | None = None, mode: int = 0o600) -> str:
    path.write_bytes(secrets.token_bytes(32) if data is None else data)
    path.chmod(mode)
    return f"file:{path}"


def test_a_wrapping_key_that_is_named_is_used(tmp_path: Path) -> None:
    uri = key_file(tmp_path / "k")
    wrapped = Keyring.of(WalletSettings(wrapping_key_uri=uri)).wrap("here", b"k" * 32)
    assert Keyring.of(WalletSettings(wrapping_key_uri=f"file://{tmp_path}/k")).unwrap("here", wrapped) == b"k" * 32
    assert not (tmp_path / "wallet.wrapping-key").exists()


def test_a_wrapping_key_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(SigningFailed, match="chmod 600"):
        Keyring.of(WalletSettings(wrapping_key_uri=key_file(tmp_path / "a", mode=0o644)))
    with pytest.raises(SigningFailed, match="32 bytes"):
        Keyring.of(WalletSettings(wrapping_key_uri=key_file(tmp_path / "b", b"short")))
    with pytest.raises(SigningFailed, match="No such file"):
        Keyring.of(WalletSettings(wrapping_key_uri=f"file:{tmp_path}/nothing"))
    with pytest.raises(Unsupported):
        Keyring.of(WalletSettings(wrapping_key_uri="pkcs11:token=1"))


def test_without_the_right_wrapping_key_nothing_opens() -> None:
    wrapped = Keyring(new_key()).wrap("here", new_key())
    with pytest.raises(Unavailable, match="settings do not name"):
        Keyring(new_key()).unwrap("here", wrapped)


def test_the_database_does_not_say_who_a_learner_is(ana: Person, wallet: UnderTest) -> None:
    with wallet.db() as db:
        row = db.get(Holder, ana.holder.id)
        assert row is not None
        stored = b"".join(bytes(value) for value in row.model_dump().values() if isinstance(value, bytes))
        assert b"Ana" not in stored
        assert profile_of(ana.vault, row).name == "Ana"


def test_learners_are_found_by_their_sign_in_names(ana: Person, wallet: UnderTest) -> None:
    keyring = wallet.app.state.keyring
    with wallet.db() as db:
        for typed in ("Ana@example.com", " ANA@EXAMPLE.COM "):
            found = find_holder(db, keyring, typed)
            assert found is not None
            assert found.id == ana.holder.id
        assert find_holder(db, keyring, "ben@example.com") is None


def test_a_new_wrapping_key_takes_over_without_touching_what_is_stored(ana: Person, wallet: UnderTest) -> None:
    old, new = wallet.app.state.keyring._present, new_key()
    both, only_new = Keyring(new, [old]), Keyring(new)
    with wallet.db() as db:
        before = db.exec(select(Holder.sealed_profile)).one()
        assert rewrap_all(db, both) == 2  # the learner's, and the one that sign-in names are found by
        assert rewrap_all(db, both) == 0
        holder = db.exec(select(Holder)).one()
        assert holder.sealed_profile == before
        assert profile_of(vault_of(only_new, holder), holder).name == "Ana"
        assert only_new.is_present(db.exec(select(ServiceKey)).one().wrapped_key)
        found = find_holder(db, only_new, "ana@example.com")
        assert found is not None


def test_a_signer_is_lent_and_taken_back(ana: Person, wallet: UnderTest) -> None:
    with wallet.db() as db:
        with lent_signer(db, ana.vault, ana.holder.id, now=wallet.clock.now) as signer:
            signature = signer.sign(b"message")
            assert signer.public_key.verify(signature, b"message")
        with pytest.raises(SigningFailed, match="is over"):
            signer.sign(b"message")
        with lent_signer(db, ana.vault, ana.holder.id, now=wallet.clock.now) as again:
            assert again.verification_method == signer.verification_method
        assert dids_of(db, ana.holder.id) == {signer.verification_method.partition("#")[0]}


def test_keys_of_each_kind_are_made_once_and_lie_encrypted(ana: Person, wallet: UnderTest) -> None:
    with wallet.db() as db:
        for _ in range(2):
            with lent_signer(db, ana.vault, ana.holder.id, now=wallet.clock.now, algorithm=Algorithm.P256) as signer:
                assert signer.public_key.verify(signer.sign(b"m"), b"m")
                assert signer.algorithm is Algorithm.P256
        row = db.exec(select(HolderKey)).one()
        assert len(ana.vault.open("holder_keys.sealed_private_key", row.id, row.sealed_private_key)) == 32
        with (
            pytest.raises(Unsupported),
            lent_signer(db, ana.vault, ana.holder.id, now=wallet.clock.now, algorithm=Algorithm.P384),
        ):
            pass


def test_who_is_a_minor_is_known_by_the_month_alone(person: Callable[..., Person]) -> None:
    ana = person()
    assert ana.holder.minor_until == date(2027, 5, 1)
    assert is_minor(ana.holder, date(2027, 4, 30))
    assert not is_minor(ana.holder, date(2027, 5, 1))
    grown = person("Ben", date(1990, 1, 1))
    assert grown.holder.minor_until is None
    assert not is_minor(grown.holder, date(2026, 1, 1))
    assert is_minor(person("Cy", None).holder, date(2026, 1, 1))


def test_an_administrator_changes_the_wrapping_key_by_settings(ana: Person, wallet: UnderTest, tmp_path: Path) -> None:
    old = f"file:{wallet.settings.data_folder}/wallet.wrapping-key"
    new = key_file(tmp_path / "new")
    settings = WalletSettings(
        database_url=wallet.database_url, wrapping_key_uri=new, previous_wrapping_key_uris=(old,), data_folder=tmp_path
    )
    assert rewrap(settings) == 2
    assert rewrap(settings) == 0
    with wallet.db() as db:
        holder = db.exec(select(Holder)).one()
        keyring = Keyring.of(WalletSettings(wrapping_key_uri=new))
        assert profile_of(vault_of(keyring, holder), holder).name == "Ana"
