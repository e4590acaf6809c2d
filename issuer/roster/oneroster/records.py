"""What a roster says, in types: each record comes from a row without errors, and what it refers to has come before it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias


class Role(StrEnum):
    """The roles that matter here; people in no role but others (guardians, aides …) are left out of what we keep."""

    STUDENT = "student"
    TEACHER = "teacher"


@dataclass(frozen=True, slots=True)
class Org:
    """An organization. `kind` is ``school``, ``district``, …; `identifier` is one for people, such as the NCES number."""

    sourced_id: str
    name: str
    kind: str
    identifier: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """A school year or a part of one; `ends_on` is the day after its last."""

    sourced_id: str
    title: str
    kind: str
    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Course:
    """What is taught."""

    sourced_id: str
    title: str
    code: str | None


@dataclass(frozen=True, slots=True)
class Class:
    """A course taught at a school, in the `sessions` it names."""

    sourced_id: str
    title: str
    code: str | None
    course: str | None
    school: str
    sessions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class User:
    """A student, a teacher, or both.

    `schools` are all that they belong to, the main one first; a student has one at least. `enabled` is false for somebody who is
    on the roster and must not sign in.
    """

    sourced_id: str
    roles: frozenset[Role]
    schools: tuple[str, ...]
    given_name: str
    family_name: str
    middle_name: str | None
    preferred_given_name: str | None
    preferred_family_name: str | None
    grade: str | None
    email: str | None
    username: str | None
    birth_date: date | None
    enabled: bool


@dataclass(frozen=True, slots=True)
class Enrollment:
    """Somebody in a class, from `begins_on` until the day before `ends_on`; None is no bound."""

    sourced_id: str
    school_class: str
    user: str
    role: Role
    begins_on: date | None
    ends_on: date | None


Record: TypeAlias = Org | Session | Course | Class | User | Enrollment
