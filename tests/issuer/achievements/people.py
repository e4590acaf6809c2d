"""Who acts in the tests of this feature."""

from issuer.access import Scope
from issuer.organizations.models import Organization, Role, Staff
from issuer.organizations.people import Actor


def scope_of(staff: Staff, organization: Organization, role: Role = Role.REGISTRAR) -> Scope:
    """Return the scope of somebody at work in an organization."""
    return Scope(Actor(staff.id, staff.name, ((organization.id, role),)), organization, frozenset({role}))
