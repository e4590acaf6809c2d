"""Reading what somebody typed to make a wallet. Errors are by field, in the reader's language."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from intaglio.server.languages import gettext as _
from wallet.holders.accounts import MAX_NAME, MAX_SIGN_IN_NAME, MIN_SIGN_IN_NAME
from wallet.holders.age import is_plausible


class Birthday(NamedTuple):
    """The three fields of a date of birth, as they were typed."""

    year: str = ""
    month: str = ""
    day: str = ""

    def read(self) -> date | None:
        """Return the day, or None where it is none."""
        try:
            return date(*(int(part) for part in self))
        except (ValueError, OverflowError):
            return None


@dataclass
class RegistrationForm:
    """What was typed, and what is wrong with it. `born` is there where the date is a possible one."""

    name: str = ""
    sign_in_name: str = ""
    birthday: Birthday = field(default_factory=Birthday)
    today: date = date.min
    errors: dict[str, str] = field(default_factory=dict)
    born: date | None = None

    def check(self) -> bool:
        """Tell whether everything is in order, and note what is not."""
        self.name, self.sign_in_name = _tidy(self.name), _tidy(self.sign_in_name)
        if not self.name:
            self.errors["name"] = _("Type your name, or what you are called.")
        elif len(self.name) > MAX_NAME:
            self.errors["name"] = _("Type a shorter name: up to %(count)s letters.") % {"count": MAX_NAME}
        if not MIN_SIGN_IN_NAME <= len(self.sign_in_name) <= MAX_SIGN_IN_NAME:
            self.errors["sign_in_name"] = _("Choose a name of %(least)s letters or more.") % {"least": MIN_SIGN_IN_NAME}
        self.born = checked_birthday(self.birthday, self.today, self.errors)
        return not self.errors


def checked_birthday(birthday: Birthday, today: date, errors: dict[str, str]) -> date | None:
    """Return the day of birth, or None with the reason among the errors."""
    born = birthday.read()
    if born is None or not is_plausible(born, today):
        errors["born_day"] = _("Type the day you were born: month, day and year, such as 4 / 17 / 2010.")
        return None
    return born


def _tidy(text: str) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
