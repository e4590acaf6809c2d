"""``intaglio config``: shows a service's settings."""

import argparse

from intaglio.cli.output import say
from intaglio.cli.services import add_service, call


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "config",
        help="show a service's settings",
        description="Show every setting of a service, its value (of secrets, only whether they are set) and where it comes from.",
    )
    add_service(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    rows = call("intaglio.server.commands.config:describe", options.service)
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for name, value, source in rows:
        say(f"{name:<{widths[0]}}  {value:<{widths[1]}}  {source}")
    return 0
