"""A small district to test with: two schools, an administrator, a registrar and a teacher.

``make_district(issuer)`` makes it through the issuer's own services. `World.as_administrator()` and the like give a signed-in
browser; `world.base` is the path of the first school's pages.
"""

from dataclasses import dataclass
from uuid import UUID

from issuer.organizations import profiles, staffing
from issuer.organizations.models import Kind, Organization, Role, Staff
from issuer.organizations.profiles import ProfileForm
from tests.services import Browser, UnderTest


@dataclass(frozen=True)
class World:
    """The district, as ids and rows that are loaded."""

    issuer: UnderTest
    state: Organization
    district: Organization
    school: Organization
    other_school: Organization
    administrator: Staff
    registrar: Staff
    teacher: Staff
    stranger: Staff
    """A teacher of the other school."""

    @property
    def base(self) -> str:
        """The path of the school's pages."""
        return f"/o/{self.school.id}"

    def browser(self, staff: Staff) -> Browser:
        """Return a browser in which somebody is signed in."""
        return self.issuer.visitor().sign_in_as(staff.id)

    def as_administrator(self) -> Browser:
        """Return the browser of the district's administrator."""
        return self.browser(self.administrator)

    def as_registrar(self) -> Browser:
        """Return the browser of the school's registrar."""
        return self.browser(self.registrar)

    def as_teacher(self) -> Browser:
        """Return the browser of a teacher of the school."""
        return self.browser(self.teacher)

    def organization(self, organization_id: UUID) -> Organization:
        """Return an organization as it is now."""
        with self.issuer.db() as db:
            found = db.get(Organization, organization_id)
        assert found is not None
        return found


def make_district(issuer: UnderTest, *, seals_tokens: bool = False) -> World:
    """Make the district."""
    now, settings = issuer.clock(), issuer.settings
    with issuer.db() as db:

        def add(name: str, kind: Kind, parent: Organization | None, *, tokens: bool = False) -> Organization:
            form = ProfileForm(name, "https://school.example", "office@school.example", seals_tokens=tokens)
            return profiles.create_organization(db, settings, form, kind=kind, parent=parent, staff_id=None, now=now)

        def employ(email: str, name: str, where: Organization, role: Role) -> Staff:
            staff, _ = staffing.find_or_add_staff(db, email=email, name=name, now=now)
            staffing.give_role(db, where, staff, role, by=None, now=now)
            return staff

        state = add("State of Example", Kind.STATE, None)
        district = add("Prairie View District", Kind.DISTRICT, state)
        school = add("Prairie View High School", Kind.SCHOOL, district, tokens=seals_tokens)
        other = add("Cedar Ridge Academy", Kind.SCHOOL, district)
        world = World(
            issuer,
            state,
            district,
            school,
            other,
            employ("ada@prairie.example", "Ada Admin", district, Role.ADMINISTRATOR),
            employ("rex@prairie.example", "Rex Registrar", school, Role.REGISTRAR),
            employ("tess@prairie.example", "Tess Teacher", school, Role.TEACHER),
            employ("olaf@cedar.example", "Olaf Other", other, Role.TEACHER),
        )
        db.commit()
    return world
