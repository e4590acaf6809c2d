"""``intaglio show``: says what a credential says."""

import argparse

from intaglio.cli.inputs import read_input
from intaglio.cli.text import paragraph

_LABEL_WIDTH = 18


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "show",
        help="say what a credential says",
        description="Say what a credential or presentation says, for a person. Nothing is checked: use verify for that.",
    )
    parser.add_argument("file", metavar="FILE", help="what to show; - for standard input")
    parser.set_defaults(run=_show)


def _show(options: argparse.Namespace) -> int:
    from intaglio.openbadges.description import describe
    from intaglio.verification.reading import read

    print("It says, in its own words (nothing of this was checked; “intaglio verify” does that):\n")
    for line in describe(read(read_input(options.file)).document):
        indent = "  " * (line.depth + 1)
        text = paragraph(line.text, indent + " " * _LABEL_WIDTH)
        print(f"{indent}{line.label:<{_LABEL_WIDTH}}{text.lstrip()}")
    return 0
