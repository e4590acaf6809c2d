"""``intaglio key``: makes keys."""

import argparse
import getpass
import json
import os

from intaglio.cli.inputs import passphrase
from intaglio.cli.output import say
from intaglio.errors import SigningFailed

_TYPES = ("ed25519", "p256", "p384", "rsa")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("key", help="make a key", description="Make keys to seal with.")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    new = actions.add_parser(
        "new", help="make a new key", description="Make a new key in a file that only you can read."
    )
    new.add_argument("--type", required=True, choices=_TYPES, help="kind of key; ed25519 is what wallets open today")
    new.add_argument("--out", required=True, metavar="URI", help="where to keep it, as file:PATH")
    new.add_argument(
        "--encrypt",
        action="store_true",
        help="lock it with a passphrase: that of INTAGLIO_KEY_PASSPHRASE, or one that you are asked for",
    )
    new.set_defaults(run=_new)


def _new(options: argparse.Namespace) -> int:
    from intaglio.custody.uri import create_key
    from intaglio.multikey import Algorithm

    secret = (passphrase() or _ask_twice()) if options.encrypt else None
    signer = create_key(options.out, Algorithm(options.type), secret)
    public_key = signer.public_key
    say(f"identifier           {signer.verification_method.partition('#')[0]}")
    say(f"verification method  {signer.verification_method}")
    if public_key.algorithm is not Algorithm.RSA:
        say(f"public key           {public_key.to_multikey()}")
    say(f"public key (JWK)     {json.dumps(public_key.to_jwk())}")
    return 0


def _ask_twice() -> bytes:
    try:
        first = getpass.getpass("Passphrase: ")
        same = bool(first) and getpass.getpass("Again: ") == first
    except EOFError:
        raise SigningFailed("no-passphrase", "There is nobody to ask for it.") from None
    if not same:
        raise SigningFailed("no-passphrase", "The two were not the same, or empty.")
    return os.fsencode(first)
