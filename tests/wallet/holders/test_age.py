from datetime import date

import pytest

from wallet.holders.age import age_on, is_plausible, may_have_account, minor_until
from wallet.holders.forms import Birthday, RegistrationForm

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("born", "allowed"),
    [
        (date(2013, 11, 22), True),  # thirteen today
        (date(2013, 11, 23), False),  # tomorrow
        (date(2014, 1, 1), False),
        (date(1990, 1, 1), True),
        (date(1906, 1, 1), True),
        (date(1900, 1, 1), False),  # nobody is that old
        (date(2027, 1, 1), False),  # not born yet
    ],
)
def test_an_account_is_for_those_of_thirteen_and_older(born: date, *, allowed: bool) -> None:
    assert may_have_account(born, TODAY) is allowed


def test_who_was_born_on_a_leap_day_is_older_on_the_first_of_march() -> None:
    assert age_on(date(2012, 2, 29), date(2025, 2, 28)) == 12
    assert age_on(date(2012, 2, 29), date(2025, 3, 1)) == 13


@pytest.mark.parametrize(
    ("born", "until"),
    [
        (date(2010, 4, 17), date(2028, 5, 1)),
        (date(2010, 12, 31), date(2029, 1, 1)),
        (date(2008, 11, 22), None),
        (date(2008, 11, 23), date(2026, 12, 1)),
    ],
)
def test_of_a_birthday_only_the_month_after_eighteen_is_kept(born: date, until: date | None) -> None:
    assert minor_until(born, TODAY) == until


@pytest.mark.parametrize(
    "parts", [("", "", ""), ("2010", "13", "1"), ("2010", "2", "30"), ("x", "1", "1"), ("9" * 30, "1", "1")]
)
def test_what_is_no_day_is_none(parts: tuple[str, str, str]) -> None:
    assert Birthday(*parts).read() is None


def test_implausible_days_are_errors() -> None:
    assert not is_plausible(date(2030, 1, 1), TODAY)
    form = RegistrationForm("Ana", "ana", Birthday("2030", "1", "1"), TODAY)
    assert not form.check()
    assert set(form.errors) == {"born_day"}


def test_names_are_tidied_and_bounded() -> None:
    form = RegistrationForm("  Ana \u202e María\n", "a" * 200, Birthday("2010", "1", "1"), TODAY)
    assert not form.check()
    assert form.name == "Ana María"
    assert set(form.errors) == {"sign_in_name"}
    long = RegistrationForm("x" * 81, "an", Birthday("2010", "1", "1"), TODAY)
    assert not long.check()
    assert set(long.errors) == {"name", "sign_in_name"}
