"""``intaglio user``: lets staff in."""

import argparse

from intaglio.cli.output import say
from intaglio.cli.services import call

_ROLES = ("administrator", "registrar", "teacher")
_KINDS = ("state", "district", "school")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("user", help="let staff in", description="Let staff into the issuer.")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add = actions.add_parser(
        "add",
        help="add somebody, or a role to somebody",
        description="Add a member of staff to an organization, and print a link to sign in by for the first time. "
        "Somebody who is there already gets the role and a new link.",
    )
    add.add_argument("email", metavar="EMAIL", help="address to sign in with")
    add.add_argument("--name", required=True, metavar="NAME", help="as colleagues know them")
    add.add_argument("--role", choices=_ROLES, default="administrator", help="what they are in the organization")
    add.add_argument("--organization", required=True, metavar="SLUG", help="the organization's short name")
    add.add_argument(
        "--organization-name",
        metavar="NAME",
        help="make the very first organization, of this name, if there is none yet",
    )
    add.add_argument("--organization-kind", choices=_KINDS, default="state", help="what that first organization is")
    add.set_defaults(run=_add)


def _add(options: argparse.Namespace) -> int:
    link = call(
        "issuer.organizations.commands:add_user",
        options.email,
        name=options.name,
        role=options.role,
        organization=options.organization,
        organization_name=options.organization_name,
        organization_kind=options.organization_kind,
    )
    say(f"{options.email} can sign in for the first time within 7 days at\n{link}")
    return 0
