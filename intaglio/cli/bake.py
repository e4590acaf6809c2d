"""``intaglio bake`` and ``intaglio unbake``: credentials in pictures."""

import argparse

from intaglio.cli.inputs import read_input
from intaglio.cli.output import write_output


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands."""
    bake = commands.add_parser(
        "bake", help="put a credential into a picture", description="Put a sealed credential into a PNG or SVG picture."
    )
    bake.add_argument("image", metavar="IMAGE", help="the picture; one that is in it already is replaced")
    bake.add_argument("credential", metavar="CREDENTIAL", help="the sealed credential; - for standard input")
    bake.add_argument("--out", required=True, metavar="FILE", help="the picture to write")
    bake.set_defaults(run=_bake)
    unbake = commands.add_parser(
        "unbake", help="take a credential out of a picture", description="Take the credential out of a baked picture."
    )
    unbake.add_argument("image", metavar="IMAGE", help="the baked picture; - for standard input")
    unbake.add_argument("--out", metavar="FILE", help="where to write the credential (default: standard output)")
    unbake.set_defaults(run=_unbake)


def _bake(options: argparse.Namespace) -> int:
    from intaglio.openbadges import baking

    write_output(options.out, baking.bake(read_input(options.image), read_input(options.credential).strip()))
    return 0


def _unbake(options: argparse.Namespace) -> int:
    from intaglio.openbadges import baking

    write_output(options.out, baking.unbake(read_input(options.image)) + b"\n")
    return 0
