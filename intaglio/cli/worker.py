"""``intaglio worker``: does a service's jobs."""

import argparse

from intaglio.cli.output import say
from intaglio.cli.services import add_service, call


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "worker",
        help="do a service's jobs",
        description="Do a service's jobs (mails, sealing, imports) until told to stop. As many as you like may run at once.",
    )
    add_service(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    status: int = call("intaglio.server.commands.worker:work", options.service, announce=say)
    return status
