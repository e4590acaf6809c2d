"""``intaglio db``: brings databases to the present version."""

import argparse

from intaglio.cli.output import say
from intaglio.cli.services import add_service, call, services_of


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("db", help="prepare databases", description="Prepare the services' databases.")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    upgrade = actions.add_parser(
        "upgrade",
        help="bring a database to the present version",
        description="Bring a database to the present version, from nothing or from an older one. What is in it stays.",
    )
    add_service(upgrade, or_all=True)
    upgrade.set_defaults(run=_upgrade)
    current = actions.add_parser(
        "current",
        help="say which version a database has",
        description="Say which version a database has. The exit status is 1 where it is not the present one.",
    )
    add_service(current, or_all=True)
    current.set_defaults(run=_current)


def _upgrade(options: argparse.Namespace) -> int:
    for service, version in call("intaglio.server.commands.db:upgrade", services_of(options)):
        say(f"{service:<8}  {version}")
    return 0


def _current(options: argparse.Namespace) -> int:
    status = 0
    for service, version, is_present in call("intaglio.server.commands.db:current", services_of(options)):
        advice = "" if is_present else f"  not the present version; run: intaglio db upgrade {service}"
        say(f"{service:<8}  {version or 'empty'}{advice}")
        status = status if is_present else 1
    return status
