"""For whom the school keeps a badge: children under 13, and learners of unknown age, get no account.

The Children's Online Privacy Protection Rule (16 CFR 312) asks for a parent's consent under 13. Until parents can give it here,
the school holds the badge and a letter tells the family.
"""

from datetime import date

from issuer.roster.models import Learner

OWN_ACCOUNT_FROM = 13


def age_on(day: date, born: date) -> int:
    """Return an age in whole years; who is born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def may_claim(learner: Learner, day: date) -> bool:
    """Tell whether a learner may collect badges herself on a day."""
    return learner.birth_date is not None and age_on(day, learner.birth_date) >= OWN_ACCOUNT_FROM
