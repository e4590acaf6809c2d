"""Who may do what in the issuer.

Roles are held in organizations. An administrator's and a registrar's reach the organizations below; a teacher's does not, and
within a school it reaches the classes that the teacher is enrolled in at this time (`issuer.roster` decides that).
Whoever has nothing to do with an organization gets the answer of one that does not exist: guessing ids tells nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from intaglio.server.access import Access, require_sign_in
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.errors import NotFound, Refused
from intaglio.server.rates import Rate, count_try
from issuer.organizations import machines
from issuer.organizations.models import Organization, Role
from issuer.organizations.people import Actor, actor_of, navigation, roles_in

_BEARER = HTTPBearer(
    auto_error=False, description="A key of the organization, made by an administrator under “Machines”."
)
_MACHINES = Rate("machine", 1500, timedelta(minutes=1))


@dataclass(frozen=True)
class Scope:
    """Somebody at work in one organization, and what they are there."""

    actor: Actor
    organization: Organization
    roles: frozenset[Role]
    time_zone: str = "UTC"
    """Of the service: it says which day it is where enrollments begin and end."""

    def has(self, *roles: Role) -> bool:
        """Tell whether the actor has one of these roles here."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_office(self) -> bool:
        """Tell whether the actor sees the whole organization, rather than some of its classes."""
        return self.has(Role.ADMINISTRATOR, Role.REGISTRAR)


class SignedInStaff(Access):
    """Any member of staff, on pages that belong to no organization."""

    name = "staff"

    def __call__(self, request: Request, db: Db, now: Now) -> Actor:
        """Return who is signed in.

        :raises SignInNeeded: ``sign-in-needed``
        """
        return actor_of(request, db, require_sign_in(request, db, now))


class StaffOf(Access):
    """Staff of the organization whose id is in the path (``/o/{organization_id}/…``), in one of some roles."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles or tuple(Role)
        self.name = " or ".join(self.roles)

    def __call__(self, request: Request, db: Db, now: Now, organization_id: UUID) -> Scope:
        """Return the scope that the request works in.

        :raises SignInNeeded: ``sign-in-needed``
        :raises NotFound: ``no-such-page`` for an organization that is not there, or not the actor's.
        :raises Refused: ``not-allowed`` where the actor has only other roles there.
        """
        actor = actor_of(request, db, require_sign_in(request, db, now))
        organization = db.get(Organization, organization_id)
        roles = roles_in(db, actor, organization) if organization else frozenset()
        if organization is None or not roles:
            raise NotFound("no-such-page", "There is no such organization.")
        scope = Scope(actor, organization, roles, request.app.state.settings.time_zone)
        if not scope.has(*self.roles):
            raise Refused("not-allowed", "It is for other roles in this organization.")
        request.state.navigation = navigation(organization)
        return scope


@dataclass(frozen=True)
class Machine:
    """A machine at work with a key of one organization."""

    key_id: UUID
    organization: Organization
    time_zone: str = "UTC"

    @property
    def scope(self) -> Scope:
        """What it may do with the organization's learners: what the office may."""
        memberships = ((self.organization.id, Role.REGISTRAR),)
        roles = frozenset({Role.REGISTRAR})
        return Scope(Actor(None, "", memberships), self.organization, roles, self.time_zone)


class MachineOf(Access):
    """A machine with a key (``Authorization: Bearer …``); of the organization in the path, where the path names one."""

    name = "machine"

    def __call__(
        self,
        request: Request,
        db: Db,
        now: Now,
        _described: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    ) -> Machine:
        """Return the machine, and count its request.

        :raises SignInNeeded: ``no-machine-key``
        :raises NotFound: ``no-such-page`` for another organization's path.
        :raises TooMany: ``too-many-tries``
        """
        key = machines.key_of(db, request.headers.get("authorization", ""), now)
        asked = request.path_params.get("organization_id")
        if asked is not None and asked.lower() != str(key.organization_id):
            raise NotFound("no-such-page", "There is no such organization.")
        count_try(request, db, _MACHINES, str(key.id), now)
        organization = db.get_one(Organization, key.organization_id)
        return Machine(key.id, organization, request.app.state.settings.time_zone)


def _dependency(*roles: Role) -> Callable[..., Scope]:
    return StaffOf(*roles)


AnyStaff = Annotated[Actor, Depends(SignedInStaff())]
AnyRole = Annotated[Scope, Depends(_dependency())]
Office = Annotated[Scope, Depends(_dependency(Role.ADMINISTRATOR, Role.REGISTRAR))]
Administrator = Annotated[Scope, Depends(_dependency(Role.ADMINISTRATOR))]
AnyMachine = Annotated[Machine, Depends(MachineOf())]
