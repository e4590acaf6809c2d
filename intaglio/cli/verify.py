"""``intaglio verify``: checks credentials and presentations."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intaglio.cli.inputs import add_contexts, add_documents, contexts_of, moment, now, read_input, source_of
from intaglio.cli.output import say
from intaglio.cli.text import paragraph, printable
from intaglio.errors import MalformedInput

if TYPE_CHECKING:
    from intaglio.verification.policy import Policy
    from intaglio.verification.report import Check, Report
    from intaglio.verification.verify import Verifier

_CHECKS = ("format", "proof", "controller", "validity", "status", "schema", "issuer", "holder")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "verify",
        help="check credentials and presentations",
        description="Check credentials and presentations: JSON-LD, tokens, baked PNG and SVG images.",
        epilog="Exit status: 0 all verified; 1 at least one not; 3 none failed but something could not be checked; "
        "2 the call or an input cannot be read.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="what to check; - for standard input")
    parser.add_argument("--json", action="store_true", help="print one line of JSON for each input, in order")
    parser.add_argument("--at", metavar="TIME", type=moment, help="check as of this time, such as 2026-06-30T12:00:00Z")
    parser.add_argument("--offline", action="store_true", help="ask no network; what is missing is then unknown")
    add_documents(parser)
    parser.add_argument("--challenge", metavar="C", help="the challenge that a presentation must answer")
    parser.add_argument("--domain", metavar="D", help="the domain that a presentation must be made for")
    parser.add_argument("--require", metavar="CHECK", action="append", choices=_CHECKS, help="also require this check")
    parser.add_argument(
        "--only", metavar="CHECK", action="append", choices=_CHECKS, help="let just these checks decide"
    )
    parser.add_argument("--registry", metavar="FILE", type=Path, help="the issuers that you recognize")
    parser.add_argument(
        "--shortest-status-list",
        metavar="N",
        type=int,
        help="accept status lists from N entries on (default: 131072, as the standard asks; some issuers use 100000)",
    )
    add_contexts(parser)
    parser.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    from intaglio.verification.report import Outcome
    from intaglio.verification.verify import Verifier

    verifier = Verifier(
        _policy(options),
        source=source_of(options, offline=options.offline),
        contexts=contexts_of(options),
    )
    unreadable = False
    outcomes = set()
    for name in options.files:
        report, opened = _report(verifier, name)
        unreadable = unreadable or not opened
        outcomes.add(report.outcome)
        say(json.dumps({"file": name, **to_json(report)}) if options.json else _for_a_person(name, report))
    if unreadable:
        return 2
    return 1 if Outcome.NOT_VERIFIED in outcomes else 3 if Outcome.UNKNOWN in outcomes else 0


def to_json(report: "Report") -> dict[str, Any]:
    """Return a report as ``--json`` prints it, without the name of the file."""
    from intaglio.verification.report import Role
    from intaglio.verification.summary import summary

    return {
        "verified": report.verified,
        "outcome": report.outcome.value,
        "summary": summary(report),
        "checks": [check.to_json() for check in report.checks],
        "credentials": [
            {"pointer": inner.pointer, "endorsement": inner.role is Role.ENDORSEMENT, **to_json(inner)}
            for inner in report.credentials
        ],
    }


def _policy(options: argparse.Namespace) -> "Policy":
    from intaglio.documents import parse_object
    from intaglio.verification.policy import Policy, Registry

    registry = Registry.from_json(parse_object(read_input(str(options.registry)))) if options.registry else None
    return Policy(
        at=options.at or now(),
        require=frozenset(options.require or ()),
        only=frozenset(options.only) if options.only else None,
        challenge=options.challenge,
        domain=options.domain,
        registry=registry,
        **({} if options.shortest_status_list is None else {"shortest_status_list": options.shortest_status_list}),
    )


def _report(verifier: "Verifier", name: str) -> tuple["Report", bool]:
    from intaglio.verification.verify import unreadable_input

    try:
        data = read_input(name)
    except MalformedInput as error:
        return unreadable_input(error.problem), False
    return verifier.verify(data), True


def _for_a_person(name: str, report: "Report") -> str:
    from intaglio.verification.summary import summary

    lines = [f"{printable(name)}", paragraph(summary(report), "  "), *_lines(report, "    ")]
    return "\n".join(lines) + "\n"


def _lines(report: "Report", indent: str) -> list[str]:
    from intaglio.verification.report import Role
    from intaglio.verification.summary import summary

    lines = [
        line for check in report.checks for line in _check_lines(check, indent, decides=check.name in report.required)
    ]
    for inner in report.credentials:
        what = "endorsement" if inner.role is Role.ENDORSEMENT else "inside"
        lines.append(paragraph(f"{what} {inner.pointer}: {summary(inner)}", indent))
        lines += _lines(inner, indent + "    ")
    return lines


def _check_lines(check: "Check", indent: str, *, decides: bool) -> list[str]:
    lines = [f"{indent}{check.name:<11} {check.outcome.value}"]
    deeper = indent + " " * 12
    for problem in ((check.problem,) if check.problem else ()) + check.further:
        where = f" (at {problem.pointer})" if problem.pointer else ""
        # What nobody asked for needs no more than a word.
        lines.append(
            paragraph(f"{problem.title} {problem.detail}{where}" if decides or where else problem.title, deeper)
        )
    if check.note:
        lines.append(paragraph(check.note, deeper))
    return lines
