from typing import Literal
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from intaglio.server.signing_in import passwords
from intaglio.server.signing_in.password_policy import LONGEST, password_problem
from intaglio.server.signing_in.passwords import check_password, has_password, set_password
from intaglio.server.tables import Password
from tests.services import UnderTest

GOOD = "kettle window marble thursday"


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "mi perro come tortillas",
        "Xk9#mPq2vLw8",
        "ключ окно мрамор четверг",
        "鍵窓大理石木曜日朝昼夜春冬",
        " leading and trailing ",
        "coffee window purple school",
    ],
)
def test_long_passwords_of_any_kind_are_taken(password: str) -> None:
    assert password_problem(password, shortest=12) is None


@pytest.mark.parametrize("password", ["", "short", "elevenchars"])
def test_short_ones_are_refused_with_the_number_that_is_asked(password: str) -> None:
    assert "12" in (password_problem(password, shortest=12) or "")


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password2026!!",
        "P4ssw0rd!P4ssw0rd!",
        "schoolteacher7",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "123456789012345",
        "qwertyuiopasdf",
        "1qaz2wsx3edc",
        "zyxwvutsrqponml",
        "summerwinterspring",
        "intaglio-issuer-1",
        "contrasena2026",
        "maestra primavera",
        "            ",
        "letmein letmein letmein",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert "guess" in (password_problem(password, shortest=12) or "")


@pytest.mark.parametrize("password", ["adabyron-2026", "byron.ada.byron", "ada@school.example", "4d4byr0n!!!!"])
def test_what_others_know_of_the_account_does_not_count(password: str) -> None:
    assert password_problem(password, shortest=12, about=("Ada Byron", "ada@school.example")) is not None


def test_a_password_has_an_end() -> None:
    assert password_problem((GOOD * 20)[:LONGEST], shortest=12) is None
    assert str(LONGEST) in (password_problem((GOOD * 20)[: LONGEST + 1], shortest=12) or "")


def test_a_password_is_checked_and_nothing_else_is_it(issuer: UnderTest) -> None:
    account = uuid4()
    with issuer.db() as db:
        set_password(db, account, GOOD, now=issuer.clock())
        db.commit()
        assert has_password(db, account)
        assert check_password(db, account, GOOD)
        for wrong in ("", GOOD + " ", GOOD.upper(), GOOD[:-1], "x" * 10_000, "\0"):
            assert not check_password(db, account, wrong)
        row = db.get(Password, account)
        assert row is not None
        assert row.hash.startswith("$argon2id$")
        assert GOOD not in row.hash


def test_the_same_letters_written_in_another_way_are_the_same_password(issuer: UnderTest) -> None:
    account = uuid4()
    with issuer.db() as db:
        set_password(db, account, "caf\u00e9 window marble", now=issuer.clock())
        assert check_password(db, account, "cafe\u0301 window marble")


def test_a_new_password_takes_the_place_of_the_old_one(issuer: UnderTest) -> None:
    account = uuid4()
    with issuer.db() as db:
        set_password(db, account, GOOD, now=issuer.clock())
        set_password(db, account, "bridge lantern copper monday", now=issuer.clock())
        assert not check_password(db, account, GOOD)
        assert check_password(db, account, "bridge lantern copper monday")


def test_a_hash_of_older_parameters_is_made_anew_when_it_is_used(issuer: UnderTest) -> None:
    account, weak = uuid4(), PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(GOOD)
    with issuer.db() as db:
        db.add(Password(account_id=account, hash=weak, changed_at=issuer.clock()))
        db.flush()
        assert not check_password(db, account, "not this one")
        row = db.get(Password, account)
        assert row is not None
        assert row.hash == weak
        assert check_password(db, account, GOOD)
        assert row.hash != weak
        assert check_password(db, account, GOOD)


def test_a_hash_that_cannot_be_read_opens_nothing(issuer: UnderTest) -> None:
    account = uuid4()
    with issuer.db() as db:
        db.add(Password(account_id=account, hash="", changed_at=issuer.clock()))
        db.flush()
        assert not check_password(db, account, "")


def test_as_much_is_computed_for_nobody_as_for_somebody(issuer: UnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    account, checked = uuid4(), []
    with issuer.db() as db:
        set_password(db, account, GOOD, now=issuer.clock())

        class Spy(PasswordHasher):
            def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's name
                parameters = str(hash).rsplit("$", 2)[0]
                checked.append(parameters)
                return super().verify(hash, password)

        passwords._nobodys_hash()
        monkeypatch.setattr(passwords, "_HASHER", Spy(time_cost=3, memory_cost=32 * 1024, parallelism=1))
        for whose in (account, uuid4(), None):
            assert not check_password(db, whose, "not this one")
    assert len(checked) == 3
    assert len(set(checked)) == 1, "the same work for each"
