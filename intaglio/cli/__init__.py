"""The command line, one file per command.

Exit status of every command: 0 done; 1 not verified, or refused; 2 the call or an input cannot be read, or the
output cannot be written; 3 not certain.
"""

import argparse
from collections.abc import Sequence

from intaglio.cli import bake, config, db, issue, key, serve, show, user, verify, worker
from intaglio.cli.output import abandon_output, complain
from intaglio.errors import IntaglioError, MalformedInput, NotSealable

COMMANDS = (key, issue, verify, show, bake, serve, worker, db, config, user)
_INTERRUPTED = 130  # what shells report of a command that Ctrl-C ended


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; the documentation is compared with it."""
    top = argparse.ArgumentParser(
        prog="intaglio",
        description="Seal and check Open Badges 3.0 and W3C verifiable credentials, and run the services for them.",
    )
    top.set_defaults(is_issuer=False)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except NotSealable as error:
        for problem in error.problems:
            complain(problem, to_issuer=options.is_issuer)
        return 1
    except IntaglioError as error:
        complain(error.problem, to_issuer=options.is_issuer)
        return 2 if isinstance(error, MalformedInput) else 1
    except BrokenPipeError:
        # Whoever read our output has read enough.
        abandon_output()
        return 2
    except KeyboardInterrupt:
        return _INTERRUPTED
    return status
