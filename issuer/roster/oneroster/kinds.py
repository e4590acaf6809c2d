"""What can be found in a roster, in words for the person who has to mend it.

Each sentence names the cause, each piece of advice the remedy. Both are keys of the message catalogue, and are filled with the
finding's own ``file``, ``column`` and ``value`` and with what the kind adds (`Kind.adds`).
"""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """The row, or with `Kind.blocks` the whole roster, cannot be imported."""
    WARNING = "warning"
    """It is imported; somebody should look."""


class Kind(NamedTuple):
    """One kind of finding."""

    severity: Severity
    sentence: str
    advice: str
    adds: tuple[str, ...] = ()
    blocks: bool = False
    """It is about a whole file, so leaving out single rows does not help."""


def _error(sentence: str, advice: str, *adds: str) -> Kind:
    return Kind(Severity.ERROR, sentence, advice, adds)


def _block(sentence: str, advice: str, *adds: str) -> Kind:
    return Kind(Severity.ERROR, sentence, advice, adds, blocks=True)


def _warning(sentence: str, advice: str, *adds: str) -> Kind:
    return Kind(Severity.WARNING, sentence, advice, adds)


_EXPORT_AGAIN = "Export the roster again from your student information system, without opening it in between."
_MEND = "Correct it in your student information system, and export again."
_NOTHING = "There is nothing you need to do."

KINDS: dict[str, Kind] = {
    # — the set of files —
    "manifest-missing": _warning(
        "There is no manifest.csv, so we take every file we know as complete.",
        "If your system can export OneRoster 1.1 or 1.2, choose that.",
    ),
    "manifest-version": _block(
        "manifest.csv says OneRoster version “%(value)s”; we read 1.1 and 1.2.",
        "Choose OneRoster 1.1 or 1.2 where you export.",
    ),
    "manifest-property": _warning("manifest.csv has a line we do not know: “%(value)s”.", _NOTHING),
    "manifest-mode": _block(
        "manifest.csv says “%(value)s” for %(about)s; it can say bulk, delta or absent.",
        "Choose a complete export (“bulk”) in your student information system.",
        "about",
    ),
    "delta": _block(
        "%(about)s holds only what changed (“delta”). We read complete rosters for now.",
        "Choose a complete export (“bulk”) in your student information system.",
        "about",
    ),
    "file-missing": _block(
        "manifest.csv lists %(about)s, but the file is not there.",
        "Put all exported files into the ZIP file, or export again.",
        "about",
    ),
    "file-unlisted": _warning("%(file)s is there, but manifest.csv does not list it. We read it.", _NOTHING),
    "file-required": _block(
        "There is no %(about)s, and no roster can do without it.", "Include %(about)s where you export.", "about"
    ),
    "file-needed": _block(
        "There is no %(about)s, and without it %(file)s cannot be read.",
        "Include %(about)s where you export.",
        "about",
    ),
    "no-courses": _warning("There is no courses.csv, so classes are imported without their courses.", _NOTHING),
    "no-births": _warning(
        "There is no demographics.csv, so birth dates stay as they are; new learners have none, and "
        "the school keeps their badges.",
        "Include demographics.csv where you export.",
    ),
    "no-roles": _block(
        "Nothing says who is a student and who is a teacher.",
        "Include roles.csv (OneRoster 1.2), or the columns role and orgSourcedIds in users.csv (OneRoster 1.1).",
    ),
    "file-unknown": _warning("%(file)s is not a file we read.", _NOTHING),
    # — one file as a whole —
    "not-utf8": _block(
        "The text is not in UTF-8 but seems to be in %(encoding)s: line %(at)s reads “%(value)s”.",
        "Save the file as “CSV UTF-8”, or set the encoding of the export to UTF-8. Otherwise names are misspelled on badges.",
        "encoding",
        "at",
    ),
    "no-header": _block("The file is empty: it has no line with column names.", _EXPORT_AGAIN),
    "no-rows": _warning("The file has column names and no rows.", "If it should have rows, export again."),
    "delimiter": _warning(
        "The columns are separated by “%(delimiter)s” where commas belong. We read it all the same.",
        "Set the separator of the export to a comma.",
        "delimiter",
    ),
    "column-missing": _block(
        "The column “%(column)s” is missing.",
        "Include the column where you export, or correct its name.",
    ),
    "column-misspelled": _block(
        "The column “%(column)s” is missing; there is one called “%(value)s”.",
        "Rename it to “%(column)s”.",
    ),
    "column-twice": _block("The column “%(column)s” is there twice.", "Remove one of the two."),
    "column-unknown": _warning("We do not know the column “%(column)s”, and do not read it.", _NOTHING),
    "broken-csv": _block(
        "From this line on the file cannot be read: a quotation mark is opened and never closed, or a cell is endless.",
        _EXPORT_AGAIN,
    ),
    "too-many-rows": _block(
        "The file has more than %(limit)s rows.", "Import one district at a time, or ask your administrator.", "limit"
    ),
    "column-alike": _warning(
        "We do not know the column “%(column)s”, and do not read it. Perhaps “%(meant)s” is meant.",
        "If so, rename it to “%(meant)s”.",
        "meant",
    ),
    # — one row —
    "cell-count": _error(
        "The row has %(count)s cells, and there are %(expected)s columns.",
        "Look for a comma too many or too few: text with a comma in it belongs in quotation marks.",
        "count",
        "expected",
    ),
    "line-break": _error(
        "The cell “%(column)s” runs over several lines.",
        "Remove the line break, or close the quotation mark that is left open.",
    ),
    "blank": _error("“%(column)s” is empty and must not be.", _MEND),
    "too-long": _error("“%(column)s” is longer than %(limit)s characters.", _MEND, "limit"),
    "control-character": _error("“%(column)s” holds a character that cannot be seen or printed.", _MEND),
    "lost-letter": _error(
        "“%(value)s” has a letter that was lost (�) when the file was saved.",
        _EXPORT_AGAIN,
    ),
    "garbled": _warning(
        "“%(value)s” looks garbled, as if the file had been saved in the wrong encoding.",
        "Check the name. If it is wrong, export again and do not save it with another program.",
    ),
    "rounded-number": _error(
        "“%(value)s” was shortened by a spreadsheet program, so the number is lost.",
        _EXPORT_AGAIN,
    ),
    "bad-date": _error(
        "“%(value)s” is not a date we can read in “%(column)s”.", "Write the year, month and day, such as 2026-08-15."
    ),
    "bad-birth-date": _warning(
        "“%(value)s” is not a birth date we can read, so the age counts as unknown.",
        "Write the year, month and day, such as 2012-08-15.",
    ),
    "dates-backwards": _error("The end, %(value)s, is before the beginning, %(begin)s.", _MEND, "begin"),
    "bad-email": _warning(
        "“%(value)s” is not an e-mail address, so we leave it out.", "Correct it, if badges should go there by mail."
    ),
    "bad-choice": _error(
        "“%(value)s” is not one of the words that “%(column)s” can have: %(choices)s.", _MEND, "choices"
    ),
    "choice-case": _warning("“%(value)s” is written with other capitals than the standard asks.", _NOTHING),
    "duplicate": _error(
        "“%(value)s” is already in line %(first)s; each sourcedId may stand in one line only.",
        "Remove one of the two lines, or give it a number of its own.",
        "first",
    ),
    # — what rows say about one another —
    "dangling": _error(
        "“%(value)s” is not in %(about)s.",
        "Include it there, or remove this row. If a spreadsheet program dropped zeros at the front, export again.",
        "about",
    ),
    "left-out": _warning(
        "The row is left out, because line %(first)s of %(about)s, which it refers to, has an error.",
        "Correct that line first.",
        "first",
        "about",
    ),
    "refers-to-deleted": _warning(
        "The row is left out, because %(about)s marks “%(value)s” as deleted.", _NOTHING, "about"
    ),
    "not-a-school": _error(
        "“%(value)s” is in orgs.csv, but its type is not “school”.", "Name the school here, or correct the type."
    ),
    "no-school": _error(
        "The learner belongs to no school.", "Name a school of orgs.csv; an organization of another type is not enough."
    ),
    "no-role": _warning(
        "roles.csv says nothing about “%(value)s”, so we cannot tell student from teacher and leave the row out.",
        "Include the role in roles.csv.",
    ),
    "not-a-student": _error(
        "The row makes “%(value)s” a student of a class, but the roster does not list a student of that number.", _MEND
    ),
    "not-a-teacher": _warning(
        "The row makes “%(value)s” a teacher of a class, but the roster does not list a teacher of that number. "
        "We leave the row out.",
        "If the class should be open to that person, give them the role teacher.",
    ),
    "no-course": _warning("The class belongs to no course.", _NOTHING),
    "no-term": _warning("The class is in no term, so access to it never ends by itself.", "Fill in “%(column)s”."),
    "teacher-elsewhere": _warning(
        "The account of the teacher of number “%(value)s” was made by another organization, so the teacher gets no role and no "
        "class here.",
        "Ask whoever runs the service to add the role: intaglio user add. Then import again.",
    ),
    "teacher-without-email": _warning(
        "The teacher has no e-mail address, and so cannot be given an account here.", "Fill in the e-mail address."
    ),
}
