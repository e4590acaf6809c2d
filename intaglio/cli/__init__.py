"""The command line, one file per command.

Exit status of every command: 0 done; 1 not verified, or refused; 2 the call or an input cannot be read; 3 not certain.
"""

import argparse
import sys
from collections.abc import Sequence

from intaglio.cli import bake, issue, key, show, verify
from intaglio.errors import IntaglioError, MalformedInput, NotSealable

COMMANDS = (key, issue, verify, show, bake)


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; the documentation is compared with it."""
    top = argparse.ArgumentParser(
        prog="intaglio", description="Seal and check Open Badges 3.0 and W3C verifiable credentials."
    )
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
            print(f"intaglio: {problem}", file=sys.stderr)
        return 1
    except IntaglioError as error:
        print(f"intaglio: {error.problem}", file=sys.stderr)
        return 2 if isinstance(error, MalformedInput) else 1
    except BrokenPipeError:
        # Whoever read our output has read enough; Python would complain again at exit.
        sys.stderr.close()
        return 1
    return status
