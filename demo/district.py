"""The people of the demonstration. All of it is made up; any likeness is chance."""

from dataclasses import dataclass
from datetime import UTC, datetime

YEAR = datetime.now(UTC).year
STATE = ("Juniper State Board", "juniper-state-board")
DISTRICT = ("Juniper Flats District", "juniper-flats-district")
SCHOOLS = (
    ("Juniper Flats High School", "juniper-flats-high-school"),
    ("Red Mesa Academy", "red-mesa-academy"),
)
TRIAL = ("Juniper Sandbox", "juniper-sandbox")
PASSWORD = "paper-and-ink-2026"  # noqa: S105 - printed on the screen: nothing real is behind it
ADMINISTRATOR = ("Marisol Quintero", "marisol@juniper.example")
REGISTRAR = ("Harlan Tso", "harlan@juniper.example")


@dataclass(frozen=True)
class Teacher:
    """A teacher, a class of hers, and what she awards."""

    number: str
    given: str
    family: str
    school: int
    class_title: str
    achievement: str

    @property
    def name(self) -> str:
        """The name as colleagues know it."""
        return f"{self.given} {self.family}"

    @property
    def email(self) -> str:
        """What the teacher signs in with."""
        return f"{self.given.lower()}@juniper.example"


PAUSABLE = "Creativity and innovation"
"""The achievement whose badges can be paused."""
TEACHERS = (
    Teacher("T1", "Odette", "Lindqvist", 0, "Senior seminar", "Communication"),
    Teacher("T2", "Bram", "Okafor", 0, "Design studio", PAUSABLE),
    Teacher("T3", "Yuki", "Salazar", 1, "Field science", "Critical thinking and problem solving"),
)
LEARNERS_PER_CLASS = 20
_GIVEN = (  # noqa: SIM905 - a list of names reads best as one
    "Ana Lucía, Benoît, Calla, Dashiell, Esperanza, Finn, Graciela, Hana, Ignacio, Juno, "
    "Kaya, Leopold, Marisela, Niko, Ottilie, Paloma, Quentin, Rosalía, Soren, Tallulah"
).split(", ")
_FAMILY = ("Whitlock", "Begay-Moreno", "Castellanos")


@dataclass(frozen=True)
class Learner:
    """A learner: number, names, and the teacher in whose class she is."""

    number: str
    given: str
    family: str
    teacher: Teacher
    born: str
    grade: str

    @property
    def name(self) -> str:
        """The name as the school writes it."""
        return f"{self.given} {self.family}"

    @property
    def email(self) -> str:
        """Where mails would go."""
        return f"{self.number.lower()}@learners.juniper.example"


def learners() -> list[Learner]:
    """Return the sixty learners. The last of each class is twelve: for her the school keeps the badges."""
    found = []
    for place, teacher in enumerate(TEACHERS):
        for number, given in enumerate(_GIVEN):
            young = number == LEARNERS_PER_CLASS - 1
            born = f"{YEAR - 12 if young else YEAR - 18 + number % 3}-0{1 + number % 9}-1{number % 10}"
            grade = "07" if young else f"{11 - number % 3:02}"
            found.append(Learner(f"L{place}{number:02}", given, _FAMILY[place], teacher, born, grade))
    return found
