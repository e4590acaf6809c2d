"""``intaglio serve``: runs a service."""

import argparse

from intaglio.cli.output import say
from intaglio.cli.services import add_service, call
from intaglio.errors import MalformedInput


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "serve", help="run a service", description="Run a service until it is told to stop, by Ctrl-C or SIGTERM."
    )
    add_service(parser)
    parser.add_argument("--host", metavar="HOST", help="address to listen on, in the place of INTAGLIO_HOST")
    parser.add_argument("--port", metavar="N", type=int, help="port to listen on, in the place of INTAGLIO_PORT")
    parser.add_argument(
        "--with-worker",
        action="store_true",
        help="run a worker for jobs inside this process, as INTAGLIO_WITH_WORKER does",
    )
    parser.add_argument("--certificate", metavar="FILE", help="PEM file of the certificate chain, to serve https")
    parser.add_argument("--key", metavar="FILE", help="PEM file of the certificate's private key")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    if (options.certificate is None) is not (options.key is None):
        raise MalformedInput("bad-settings", "A certificate and its key go together.")
    given = {"host": options.host, "port": options.port, "with_worker": options.with_worker or None}
    status: int = call(
        "intaglio.server.commands.serve:serve",
        options.service,
        {name: value for name, value in given.items() if value is not None},
        certificate=options.certificate,
        key=options.key,
        announce=say,
    )
    return status
