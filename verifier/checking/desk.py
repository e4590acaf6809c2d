"""From what a reader brings to reports: pasted text, files, links. Nothing of it is kept."""

import hashlib
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError, Unavailable
from intaglio.fetch.messages import Request
from intaglio.fetch.source import Source
from intaglio.server.outside import network_of, source_of
from intaglio.server.rates import Rate
from intaglio.verification.policy import Policy
from intaglio.verification.report import Report, Role, from_error
from intaglio.verification.verify import Verifier
from verifier.settings import VerifierSettings
from verifier.trust.registry import RegistryFile

CHECKS = Rate("check a badge", 600, timedelta(minutes=10))
"""How often one address may have something checked. Each check may ask other servers, and takes a thread while it does."""
MAX_ITEMS = 20
MAX_ITEM_BYTES = 10 * 1024 * 1024
_SECONDS = 30.0
_PRESENTATION_TYPES = "application/vp, application/vp+jwt, application/vc, application/json;q=0.9"


@dataclass(frozen=True)
class Item:
    """One thing to check. `name` is what the reader calls it; `link` is set where it is an address."""

    name: str
    data: bytes = b""
    link: str | None = None


@dataclass(frozen=True)
class Checked:
    """What was found about one item; `digest` is the SHA-256 of its bytes in lower-case hexadecimal."""

    name: str
    digest: str
    report: Report


@dataclass
class _Errand:
    """What one request may ask of others: documents from one bounded source, and links until its time is over."""

    source: Source
    end: float

    def set_out(self) -> None:
        """Go to another address.

        :raises Unavailable: ``lookup-limit`` where the time is over: whoever lists slow addresses gains no more of it.
        """
        if time.monotonic() > self.end:
            raise Unavailable("lookup-limit", "The addresses before it took all the time.")


class CheckingDesk:
    """Checks for one reader under the settings of this verifier."""

    def __init__(self, settings: VerifierSettings, registry: RegistryFile) -> None:
        self._settings, self._registry = settings, registry

    def check(self, items: Sequence[Item], *, now: datetime) -> list[Checked]:
        """Check what a reader brought, in its order. There is a report for each, whatever it is.

        :raises MalformedInput: ``bad-registry`` for a registry of ours that cannot be read.
        """
        errand = _Errand(source_of(self._settings), time.monotonic() + _SECONDS)
        return [self._check_item(item, now, errand) for item in items]

    def check_data(
        self,
        name: str,
        data: bytes,
        *,
        now: datetime,
        challenge: str | None = None,
        domain: str | None = None,
        checks: Sequence[str] | None = None,
        source: Source | None = None,
    ) -> Checked:
        """Check bytes. `checks` are those that decide, None for the default; without a `source` there is a fresh one.

        :raises Unsupported: ``unknown-check``
        """
        policy = Policy(
            at=now,
            registry=self._registry.current(),
            challenge=challenge,
            domain=domain,
            only=None if checks is None else frozenset(checks),
            shortest_status_list=self._settings.shortest_status_list,
        )
        report = Verifier(policy, source=source or source_of(self._settings)).verify(data)
        return Checked(name, hashlib.sha256(data).hexdigest(), report)

    def check_json(
        self,
        document: JsonObject,
        *,
        now: datetime,
        checks: Sequence[str] | None = None,
        challenge: str | None = None,
        domain: str | None = None,
    ) -> Report:
        """Check a document that came inside a request."""
        data = json.dumps(document, ensure_ascii=False).encode()
        return self.check_data("", data, now=now, challenge=challenge, domain=domain, checks=checks).report

    def _check_item(self, item: Item, now: datetime, errand: "_Errand") -> Checked:
        if item.link is None:
            return self.check_data(item.name, item.data, now=now, source=errand.source)
        try:
            return self._check_link(item, item.link, now, errand)
        except IntaglioError as error:
            report = Report(Role.CREDENTIAL, (from_error("format", error),), frozenset({"format"}))
            return Checked(item.name, "", report)

    def _check_link(self, item: Item, link: str, now: datetime, errand: "_Errand") -> Checked:
        """Ask a link for what it shares, with a challenge of ours: the wallet then signs for this very moment and reader.

        Hosts that know no challenges are asked for the document as it is.
        """
        challenge, domain = secrets.token_urlsafe(24), urlsplit(self._settings.origin).netloc
        errand.set_out()
        data = self._ask(link, {"challenge": challenge, "domain": domain})
        if data is not None:
            return self.check_data(item.name, data, now=now, challenge=challenge, domain=domain, source=errand.source)
        errand.set_out()
        data = self._ask(link, None)
        if data is None:
            raise Unavailable("nothing-shared", "The address answered, but with no badge.")
        return self.check_data(item.name, data, now=now, source=errand.source)

    def _ask(self, link: str, question: dict[str, str] | None) -> bytes | None:
        headers = {"accept": _PRESENTATION_TYPES}
        if question is not None:
            body = json.dumps(question).encode()
            request = Request("POST", link, {**headers, "content-type": "application/json"}, body)
        else:
            request = Request("GET", link, headers)
        answer = network_of(self._settings).send(request, max_bytes=MAX_ITEM_BYTES)
        return answer.body if answer.status == 200 and "html" not in answer.content_type else None


def items_of(pasted: str, files: Sequence[tuple[str, bytes]]) -> list[Item]:
    """Return what there is to check: the pasted text, which may be a link, a badge or several lines of either, and files."""
    text = pasted.strip()
    items = [Item(name, data) for name, data in files]
    if not text:
        return items
    if text.startswith(("{", "[", "<")):
        return [Item("", text.encode()), *items]
    return [Item("", link=line) if _is_link(line) else Item("", line.encode()) for line in text.split()] + items


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://"))
