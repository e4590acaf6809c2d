"""``intaglio show``: says what a credential says."""

import argparse
from itertools import islice
from typing import TYPE_CHECKING, Any

from intaglio.cli.inputs import read_input
from intaglio.cli.output import say
from intaglio.cli.text import paragraph
from intaglio.errors import IntaglioError

if TYPE_CHECKING:
    from intaglio.documents import JsonObject
    from intaglio.openbadges.description import Line

_LABEL_WIDTH = 18
_MAX_LINES = 1000


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

    lines = list(islice(describe(read(read_input(options.file)).document, _opened), _MAX_LINES + 1))
    say("It says, in its own words (nothing of this was checked; “intaglio verify” does that):\n")
    say("\n".join(map(_for_a_person, lines[:_MAX_LINES])) or "  nothing that we know how to show")
    if len(lines) > _MAX_LINES:
        say(f"\nThere is more; the first {_MAX_LINES:,} lines are shown.")
    return 0


def _opened(value: Any) -> "JsonObject | None":
    """Return the credential in a token or envelope, or None for what is none."""
    from intaglio.verification.reading import read_object, read_token

    try:
        return (read_token(value) if isinstance(value, str) else read_object(value)).document
    except IntaglioError:
        return None


def _for_a_person(line: "Line") -> str:
    indent = "  " * (line.depth + 1)
    text = paragraph(line.text, indent + " " * _LABEL_WIDTH)
    return f"{indent}{line.label:<{_LABEL_WIDTH}}{text.lstrip()}"
