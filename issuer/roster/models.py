"""What the school's roster says: learners, classes, who is in which class, and the imports that brought it.

The names are OneRoster's (1EdTech OneRoster 1.2, CSV binding, section 4), except that a *user* in the role of student is a
`Learner` here and a class is a `SchoolClass`. `sourced_id` is the number that the school's own system gives a record; it is
unique in a district and never leaves the issuer. An import never deletes a record: what the school no longer lists becomes
inactive, because badges may stand on it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import AutoString, Field

from intaglio.server.tables import moment
from issuer.tables import Table


class EnrollmentRole(StrEnum):
    """In what role somebody is in a class; the other roles of OneRoster give no access here and are not kept."""

    STUDENT = "student"
    TEACHER = "teacher"


class ImportState(StrEnum):
    """What became of an uploaded roster."""

    CHECKED = "checked"
    """Read and reported; the file is still here, so that it can be imported."""
    APPLIED = "applied"
    """Imported; the file is gone."""
    EXPIRED = "expired"
    """Never imported, or another import came first; the file is gone."""


class Learner(Table, table=True):
    """Somebody who learns at a school of the district."""

    __tablename__ = "learners"
    __table_args__ = (
        UniqueConstraint("district_id", "sourced_id"),
        Index("ix_learners_names", "district_id", "family_name", "given_name"),
        Index("ix_learners_lower_email", "district_id", text("lower(email)")),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    district_id: UUID = Field(foreign_key="organizations.id")
    """The organization whose roster this is."""
    sourced_id: str
    school_id: UUID = Field(foreign_key="organizations.id", index=True)
    """The school where the learner is at home; classes may be at others."""
    given_name: str
    family_name: str
    preferred_name: str | None = None
    """What the learner is called instead of `given_name`, where the school knows it."""
    preferred_family_name: str | None = None
    middle_name: str | None = None
    grade: str | None = None
    """As the school writes it, mostly a code of CEDS such as ``09`` or ``KG``."""
    email: str | None = None
    username: str | None = None
    """The name by which the school's sign-in knows the learner."""
    birth_date: date | None = None
    active: bool = True

    @property
    def display_name(self) -> str:
        """The name as the school writes it: this is what a badge names and what pages show."""
        given = self.preferred_name or self.given_name
        return f"{given} {self.preferred_family_name or self.family_name}".strip()


class Course(Table, table=True):
    """What is taught, apart from when and to whom."""

    __tablename__ = "courses"
    __table_args__ = (UniqueConstraint("district_id", "sourced_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    district_id: UUID = Field(foreign_key="organizations.id")
    sourced_id: str
    title: str
    code: str | None = None
    active: bool = True


class AcademicSession(Table, table=True):
    """A school year, term or grading period. `ends_on` is the day *after* the last one, as OneRoster writes it."""

    __tablename__ = "academic_sessions"
    __table_args__ = (UniqueConstraint("district_id", "sourced_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    district_id: UUID = Field(foreign_key="organizations.id")
    sourced_id: str
    title: str
    kind: str
    """``schoolYear``, ``semester``, ``term`` or ``gradingPeriod``."""
    begins_on: date
    ends_on: date
    active: bool = True


class SchoolClass(Table, table=True):
    """A class: a course, taught at a school, in one or more sessions."""

    __tablename__ = "school_classes"
    __table_args__ = (UniqueConstraint("district_id", "sourced_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    district_id: UUID = Field(foreign_key="organizations.id")
    sourced_id: str
    school_id: UUID = Field(foreign_key="organizations.id", index=True)
    course_id: UUID | None = Field(default=None, foreign_key="courses.id", index=True)
    title: str
    code: str | None = None
    terms: str = ""
    """The titles of its sessions, for people: ``Fall 2026, Spring 2027``."""
    begins_on: date | None = None
    """The first day of its first session."""
    ends_on: date | None = None
    """The day after the last day of its last session."""
    active: bool = True


class Enrollment(Table, table=True):
    """Somebody in a class: a learner as student, or a member of staff as teacher; it gives the teacher access to the class.

    It holds on a day `d` when it is `active` and ``begins_on <= d < ends_on``, where a missing date is no bound.
    """

    __tablename__ = "enrollments"
    __table_args__ = (
        UniqueConstraint("district_id", "sourced_id"),
        CheckConstraint("(role = 'student') = (learner_id IS NOT NULL)", name="student_is_learner"),
        CheckConstraint("(role = 'teacher') = (staff_id IS NOT NULL)", name="teacher_is_staff"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    district_id: UUID = Field(foreign_key="organizations.id")
    sourced_id: str
    class_id: UUID = Field(foreign_key="school_classes.id", index=True)
    role: EnrollmentRole = Field(sa_type=AutoString)
    learner_id: UUID | None = Field(default=None, foreign_key="learners.id", index=True)
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id", index=True)
    begins_on: date | None = None
    ends_on: date | None = None
    active: bool = True


class RosterTeacher(Table, table=True):
    """A teacher's place at a school that exists because the roster says so, and ends when it says so no longer.

    Roles that an administrator gave by hand are not listed here, and no import ends them.
    """

    __tablename__ = "roster_teachers"
    district_id: UUID = Field(foreign_key="organizations.id", primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id", primary_key=True)
    school_id: UUID = Field(foreign_key="organizations.id", primary_key=True)


class RosterImport(Table, table=True):
    """One uploaded roster: what it held, what was found in it, and what its import changed."""

    __tablename__ = "roster_imports"
    __table_args__ = (
        CheckConstraint("(state = 'checked') = (content IS NOT NULL)", name="content_until_decided"),
        Index("ix_roster_imports_district", "district_id", "created_at"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    district_id: UUID = Field(foreign_key="organizations.id")
    uploaded_by: UUID | None = Field(default=None, foreign_key="staff.id")
    file_name: str
    state: ImportState = Field(default=ImportState.CHECKED, sa_type=AutoString)
    version: str | None = None
    """``1.1`` or ``1.2``, or None where the file did not say."""
    content: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    """The file as it was uploaded; kept until the import or `expires_at`, whichever comes first."""
    rows: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    """File name → data rows read."""
    blocked: bool = False
    """Something is wrong with a whole file, so that nothing of the roster can be imported."""
    errors: int = 0
    warnings: int = 0
    findings_left_out: int = 0
    """How many findings beyond the bound were counted and not kept."""
    skipped_rows: int = 0
    """How many rows have errors, or refer to one that has: an import leaves them out."""
    changes: dict[str, dict[str, int]] | None = Field(
        default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True)
    )
    """What → ``new``, ``changed``, ``unchanged``, ``deactivated`` → how many: what an import would do, then what it did."""
    created_at: datetime = moment()
    expires_at: datetime = moment(index=True)
    applied_at: datetime | None = moment(nullable=True)


class RosterFinding(Table, table=True):
    """Something found in an uploaded roster; removed at the import's `expires_at`, because `value` may be about a child."""

    __tablename__ = "roster_findings"
    import_id: UUID = Field(foreign_key="roster_imports.id", primary_key=True, ondelete="CASCADE")
    number: int = Field(primary_key=True)
    """In the order of reading, from 1."""
    severity: str
    kind: str
    file: str
    line: int | None = None
    column_name: str | None = None
    value: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    """What the sentence of this `kind` says about this occurrence."""
