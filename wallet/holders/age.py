"""Who may have an account, and how little is kept to know it.

The Children's Online Privacy Protection Act asks for a parent's consent under 13; until there is such a consent here, learners
under 13, and those who do not say, get no account: their school keeps their badges. Of a date of birth nothing is kept but, for
those under 18, the month from which they are of age.
"""

from datetime import date

ACCOUNT_AGE = 13
ADULT_AGE = 18
OLDEST = 120


def age_on(born: date, today: date) -> int:
    """Return somebody's age in whole years. Who was born on 29 February is a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def is_plausible(born: date, today: date) -> bool:
    """Tell whether somebody may have been born on that day."""
    return born <= today and age_on(born, today) <= OLDEST


def may_have_account(born: date, today: date) -> bool:
    """Tell whether somebody is old enough for an account of their own."""
    return is_plausible(born, today) and age_on(born, today) >= ACCOUNT_AGE


def minor_until(born: date, today: date) -> date | None:
    """Return the first day of the month after the eighteenth birthday, or None for those who are of age.

    Rounded up to the month: nobody is treated as of age too early, and the birthday itself is not kept.
    """
    if age_on(born, today) >= ADULT_AGE:
        return None
    year, month = born.year + ADULT_AGE, born.month
    return date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
