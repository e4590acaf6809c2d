"""Which passwords are taken: long ones that are hard to guess, and nothing about capitals and signs (NIST SP 800-63B-4, 3.1.1.2).

What is easy to guess is taken away first: common words, what the account's own name holds, rows of the keyboard and the
alphabet, years, repetitions. Each leaves one or two points; every other character is worth one. What has too few is refused.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from intaglio.server.languages import gettext as _

LONGEST = 256
_ENOUGH = 8
_WORD_POINTS = 2
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
)
_SHORTEST_RUN = 3
_DISGUISES = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i"}
)
_YEARS = re.compile(r"(19|20)\d\d")
_REPEATED = re.compile(r"(.+?)\1+")


def password_problem(password: str, *, shortest: int, about: Iterable[str] = ()) -> str | None:
    """Return what is wrong with a password, as a sentence in the reader's language, or None.

    `about` is what others know of the account: its name and what is typed to sign in.
    """
    length = len(unicodedata.normalize("NFKC", password))
    if length < shortest:
        return _(
            "Use at least %(number)s characters. Three or four words that do not belong together are easy to remember."
        ) % {"number": shortest}
    if length > LONGEST:
        return _("This is longer than we can take. %(number)s characters are the most.") % {"number": LONGEST}
    if _points(password, about) < _ENOUGH:
        return _("This would be easy to guess. Use three or four words that do not belong together.")
    return None


def _points(password: str, about: Iterable[str]) -> int:
    left = unicodedata.normalize("NFKC", password).casefold()
    known = {part for text in about for part in re.split(r"[\W_]+", text.casefold()) if len(part) >= 3}
    points, left = _take_words(left, known | {part.translate(_DISGUISES) for part in known}, worth=0)
    more, left = _take_words(left, _common_words(), worth=_WORD_POINTS)
    left, runs = _without_runs(_YEARS.sub(" ", left))
    return points + more + runs + _different(left)


def _take_words(left: str, words: Iterable[str], *, worth: int) -> tuple[int, str]:
    """Take words out of a password, also disguised as in ``p4ssw0rd``, and return their worth and what is left."""
    points, plain = 0, left.translate(_DISGUISES)
    for word in sorted(words, key=len, reverse=True):
        points += worth * (_found(word, left, plain) >= 0)
        while (at := _found(word, left, plain)) >= 0:
            left = left[:at] + " " * len(word) + left[at + len(word) :]
            plain = plain[:at] + " " * len(word) + plain[at + len(word) :]
    return points, left


def _found(word: str, *texts: str) -> int:
    return max(text.find(word) for text in texts)


def _without_runs(left: str) -> tuple[str, int]:
    """Take out neighbours on the keyboard and in the alphabet, in either direction; each run is worth one point."""
    runs = 0
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for length in range(len(row), _SHORTEST_RUN - 1, -1):
            for start in range(len(row) - length + 1):
                if (run := row[start : start + length]) in left:
                    runs, left = runs + 1, left.replace(run, " ")
    return left, runs


def _different(left: str) -> int:
    """Count what is left: a repetition counts once, and so does a character that comes again and again."""
    once = _REPEATED.sub(r"\1", re.sub(r"\s+", "", left))
    return min(len(once), 2 * len(set(once)))


@cache
def _common_words() -> tuple[str, ...]:
    text = (Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8")
    return tuple(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
