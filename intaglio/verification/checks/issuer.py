"""Does the reader know who issued it?"""

from intaglio.errors import Problem
from intaglio.fetch.rules import show
from intaglio.vcdm import issuer_of
from intaglio.verification.examination import Examination
from intaglio.verification.report import Check, passed, unknown

NAME = "issuer"


def check(examination: Examination) -> Check:
    """Look the issuer up in the registry that the reader chose. An issuer that is not in it is unknown, not bad."""
    registry, issuer = examination.policy.registry, issuer_of(examination.document)
    if registry is None:
        return unknown(NAME, Problem("no-registry", "No registry of issuers was named."))
    if issuer is None or issuer not in registry.names:
        detail = "It names no issuer." if issuer is None else f"{show(issuer)} is not in the registry."
        return unknown(NAME, Problem("unknown-issuer", detail, "/issuer"))
    return passed(NAME, f"The registry knows it as “{registry.names[issuer]}”.")
