"""``intaglio issue``: seals a credential."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from intaglio.cli.inputs import add_contexts, add_documents, contexts_of, now, passphrase, read_input, source_of
from intaglio.cli.output import write_output

_SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019")
_JWT = ("EdDSA", "ES256", "ES384", "RS256")


@dataclass
class _Seal:
    """One ``--key`` with what follows it."""

    key: str
    verification_method: str | None = None
    suite: str | None = None
    jwt: str | None = None


class _BeginSeal(argparse.Action):
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        del parser, option_string
        namespace.seals = [*(namespace.seals or []), _Seal(str(values))]


class _CompleteSeal(argparse.Action):
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        seals: list[_Seal] = namespace.seals or []
        if not seals:
            parser.error(f"{option_string} goes after the --key that it belongs to")
        if getattr(seals[-1], self.dest) is not None:
            parser.error(f"{option_string} stands twice after the same --key")
        setattr(seals[-1], self.dest, values)


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "issue",
        help="seal a credential",
        description="Seal a credential. It is rehearsed first: what a verifier would not accept is refused.",
        epilog="Each --key goes with the --suite or --jwt after it. Several make a proof set; a token comes last.",
    )
    parser.add_argument(
        "credential", metavar="CREDENTIAL.json", help="the credential, without a proof; - for standard input"
    )
    parser.set_defaults(seals=None, verification_method=None, suite=None, jwt=None)
    parser.add_argument(
        "--key", required=True, dest="seals", action=_BeginSeal, metavar="URI", help="the key, as file:PATH"
    )
    parser.add_argument(
        "--verification-method",
        action=_CompleteSeal,
        metavar="ID",
        help="where its public half is published (default: its own did:key, for RSA its did:jwk)",
    )
    parser.add_argument("--suite", action=_CompleteSeal, choices=_SUITES, help="seal by a Data Integrity proof")
    parser.add_argument(
        "--jwt",
        action=_CompleteSeal,
        choices=_JWT,
        help="seal as a token: RS256 as Open Badges do, the others as vc+jwt",
    )
    add_documents(parser)
    add_contexts(parser)
    parser.add_argument("--out", metavar="FILE", help="where to write it (default: standard output)")
    parser.set_defaults(run=lambda options: _issue(parser, options), is_issuer=True)


def _issue(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    from intaglio.custody.uri import open_signer
    from intaglio.documents import parse_object
    from intaglio.sealing.plan import SealPlan
    from intaglio.sealing.prepare import SealingDesk

    seals: list[_Seal] = options.seals
    for seal in seals:
        if (seal.suite is None) == (seal.jwt is None):
            parser.error(f"--key {seal.key} needs either --suite or --jwt after it")
    credential = parse_object(read_input(options.credential))
    signers = [open_signer(seal.key, passphrase(), seal.verification_method) for seal in seals]
    plans = [SealPlan.of(signer, suite=seal.suite, jwt=seal.jwt) for seal, signer in zip(seals, signers, strict=True)]
    desk = SealingDesk(contexts=contexts_of(options), source=source_of(options, offline=True))
    sealed = desk.prepare(credential, plans, created=now()).seal(signers)
    write_output(options.out, sealed)
    return 0
