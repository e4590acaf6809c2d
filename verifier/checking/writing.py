"""Writes verdicts: one sentence first, then each check with its reason, then the badge, all in the reader's language."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum

from intaglio.documents import JsonObject
from intaglio.openbadges.contents import Contents, contents_of
from intaglio.server.languages import _
from intaglio.server.pages import Pages
from intaglio.vcdm import is_presentation
from intaglio.verification.policy import Registry
from intaglio.verification.report import Check, CheckOutcome, Outcome, Report, Role
from verifier.checking import words
from verifier.checking.verdict import ORDER, CheckLine, Kind, Verdict, colour_of, is_sealed, kind_of, reason_of
from verifier.trust.registry import host_of, is_trial


class Sender(Enum):
    """What is known of whoever sent a badge. A signature shows a wallet, and never the person who passed it on."""

    NOT_SAID = "not said"
    NOT_PROVED = "not proved"
    WALLET_ONCE = "the wallet signed, for nobody knows whom"
    WALLET_NOW = "the wallet answered a question of ours"

    @classmethod
    def of(cls, holder: Check | None) -> "Sender":
        """Read the check of a presentation's holder; its note says that nobody asked."""
        if not _passed(holder):
            return cls.NOT_PROVED
        return cls.WALLET_ONCE if holder is not None and holder.note else cls.WALLET_NOW


class VerdictWriter:
    """Writes verdicts for one reader at one time."""

    def __init__(self, pages: Pages, registry: Registry | None, now: datetime) -> None:
        self._pages, self._registry, self._now = pages, registry, now

    def write(self, report: Report, *, sender: Sender = Sender.NOT_SAID) -> Verdict:
        """Return what to say about a report. `sender` is known for badges inside a presentation."""
        document = report.document
        several = document is not None and is_presentation(document)
        sender = Sender.of(report.check("holder")) if several else sender
        counted = [part for part in report.credentials if part.role is not Role.ENDORSEMENT]
        parts = tuple(self.write(part, sender=sender) for part in counted)
        if several and len(parts) == 1 and report.own_outcome is Outcome.VERIFIED:
            return self._alone(report, parts[0])
        kind = kind_of(report, parts)
        badge = None if document is None or several else contents_of(document)
        sealed = is_sealed(report)
        issuer, known = self._issuer(badge, sealed=sealed)
        return Verdict(
            kind=kind,
            outcome=colour_of(kind),
            title=(words.TITLES_OF_SEVERAL if self._tells_of_parts(report, parts) else words.TITLES)[kind](),
            sentence=self._sentence(kind, report, badge, issuer, parts),
            notes=tuple(self._notes(report, badge, sender)) if sealed else (),
            checks=tuple(self._lines(report, badge)),
            badge=badge,
            issuer_name=issuer,
            issuer_known=known,
            is_sealed=sealed,
            is_trial=badge is not None and is_trial(badge.issuer_id),
            inside=parts,
            facts=tuple(self._facts(badge, issuer)) if badge else (),
            problems=tuple(
                problem for check in report.checks for problem in (check.problem, *check.further) if problem
            ),
        )

    def _tells_of_parts(self, report: Report, parts: Sequence[Verdict]) -> bool:
        """Tell whether the whole is fine in itself, so that what there is to say is about the badges inside."""
        return len(parts) > 1 and report.own_outcome is Outcome.VERIFIED

    def _alone(self, presentation: Report, badge: Verdict) -> Verdict:
        """Return what to say about the only badge of a presentation: who sent it is one more check of that badge."""
        lines = [line for line in self._lines(presentation, None) if line.name == "holder"]
        return replace(badge, checks=(*badge.checks, *lines))

    def _sentence(
        self, kind: Kind, report: Report, badge: Contents | None, issuer: str, parts: Sequence[Verdict]
    ) -> str:
        problem = reason_of(report)
        if self._tells_of_parts(report, parts) or (badge is None and parts):
            return words.of_several(parts, problem)
        if badge is None or (kind not in words.SENTENCES and kind is not Kind.NOT_CERTAIN):
            return words.reason(problem)
        facts = words.Facts(
            issuer=issuer,
            learner=", ".join(badge.learner_names),
            date=self._issued(badge),
            now=self._pages.datetime(self._now),
            ends=self._pages.date(badge.valid_until) if badge.valid_until else "",
            begins=self._pages.date(badge.valid_from) if badge.valid_from else "",
            has_status=_has_status(report.document),
        )
        if kind is Kind.NOT_CERTAIN:
            return words.uncertain(facts if is_sealed(report) else None, problem)
        return words.SENTENCES[kind](facts)

    def _notes(self, report: Report, badge: Contents | None, sender: Sender) -> Iterator[str]:
        if badge is None:
            return
        if badge.subject_id is None:
            yield _("It names its learner in words. We cannot tell whether the person who sent it is that learner.")
        elif sender is Sender.WALLET_NOW:
            yield _(
                "The wallet that it was issued to answered for it just now. Whoever has the link could have sent it."
            )
        elif sender is Sender.WALLET_ONCE:
            yield _("The wallet that it was issued to signed this, perhaps for somebody else and some time ago.")
        elif sender is Sender.NOT_SAID:
            yield _("It belongs to a wallet. For one that answers for it, ask for a link shared from that wallet.")
        if not _has_status(report.document):
            yield _("The issuer keeps no list by which it could be withdrawn.")

    def _issued(self, badge: Contents) -> str:
        when = badge.awarded_at or badge.valid_from
        return self._pages.date(when) if when else ""

    def _facts(self, badge: Contents, issuer: str) -> Iterator[tuple[str, str]]:
        yield _("Issued by"), issuer
        if badge.learner_names:
            yield _("Learner"), ", ".join(badge.learner_names)
        if issued := self._issued(badge):
            yield _("Issued"), issued
        if badge.valid_until:
            yield _("Good until"), self._pages.date(badge.valid_until)
        if badge.judged_by:
            yield _("Judged by"), badge.judged_by

    def _issuer(self, badge: Contents | None, *, sealed: bool) -> tuple[str, bool]:
        """Return the name for a badge's issuer, and whether the reader's registry has it.

        The registry's name wins, but only where the issuer's key was found behind the seal: anybody can write a known identifier.
        A badge's own is what its issuer calls itself, and never stands without the web site, or a word that there is none.
        """
        if badge is None:
            return "", False
        known = self._registry.names.get(badge.issuer_id) if self._registry and sealed else None
        if known is not None:
            return known, True
        return words.self_named(badge.issuer_name, host_of(badge.issuer_id)), False

    def _lines(self, report: Report, badge: Contents | None) -> Iterator[CheckLine]:
        for check in sorted(report.checks, key=lambda check: ORDER.index(check.name)):
            # Who chose no registry is not told about it in every badge; and without a seal there is no issuer to know.
            if check.name == "issuer" and (self._registry is None or not is_sealed(report)):
                continue
            yield self._line(check, badge, has_status=_has_status(report.document))

    def _line(self, check: Check, badge: Contents | None, *, has_status: bool) -> CheckLine:
        outcome = check.outcome.value
        if check.outcome is CheckOutcome.PASSED:
            detail = self._period(badge) if check.name == "validity" and badge else ""
            if check.name == "holder" and check.note:
                detail = _("Perhaps for somebody else, and some time ago: nobody asked it just now.")
            title = words.without_list if check.name == "status" and not has_status else words.PASSED[check.name]
            return CheckLine(check.name, outcome, title(), detail)
        problem = check.problem
        if problem is None:
            return CheckLine(check.name, outcome, words.unchecked())
        if problem.kind == "unknown-issuer":
            return CheckLine(check.name, outcome, _("We don’t know this school yet"), advice=words.how_to_compare())
        return CheckLine(check.name, outcome, _(problem.title), "", _(problem.advice))

    def _period(self, badge: Contents) -> str:
        if badge.valid_from and badge.valid_until:
            return _("From %(begin)s to %(end)s.") % {
                "begin": self._pages.date(badge.valid_from),
                "end": self._pages.date(badge.valid_until),
            }
        return (
            _("Since %(begin)s, without an end.") % {"begin": self._pages.date(badge.valid_from)}
            if badge.valid_from
            else ""
        )


def _passed(check: Check | None) -> bool:
    return check is not None and check.outcome is CheckOutcome.PASSED


def _has_status(document: JsonObject | None) -> bool:
    return bool(document and document.get("credentialStatus"))
