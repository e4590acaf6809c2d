"""A reader of badges who asks the issuer under test for keys and status lists, as a verifier elsewhere would."""

from urllib.parse import urlsplit

from intaglio.errors import Unavailable
from intaglio.fetch.source import DEFAULT_MAX_BYTES, Fetched
from intaglio.verification.policy import Policy
from intaglio.verification.report import Report
from intaglio.verification.verify import Verifier
from tests.services import UnderTest


class FromIssuer:
    """A source of documents: whatever the issuer publishes."""

    def __init__(self, issuer: UnderTest) -> None:
        self._issuer = issuer

    def get(
        self,
        url: str,
        *,
        accept: tuple[str, ...],
        max_bytes: int = DEFAULT_MAX_BYTES,  # noqa: ARG002 - the name is the source's
    ) -> Fetched:
        """Return what the issuer answers."""
        if not url.startswith(self._issuer.settings.origin):
            raise Unavailable("fetch-status", "Only the issuer is there.")
        answer = self._issuer.client.get(urlsplit(url).path, headers={"accept": ", ".join(accept)})
        kind = answer.headers["content-type"].partition(";")[0]
        if answer.status_code != 200 or kind not in accept:
            raise Unavailable("fetch-status", f"It answered {answer.status_code} with {kind}.")
        return Fetched(url, answer.content, kind)


def read(issuer: UnderTest, document: bytes) -> Report:
    """Verify a badge as of the time of the tests."""
    return Verifier(Policy(at=issuer.clock.now), source=FromIssuer(issuer)).verify(document)


def problems(report: Report) -> set[str]:
    """Return the kinds of what stands against a badge."""
    return {check.problem.kind for check in report.checks if check.problem and check.name in report.required}
