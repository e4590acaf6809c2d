"""The mail that brings a claim link: plain text and HTML, in every language that the service speaks, without any tracking."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from sqlmodel import Session, col, select

from intaglio.errors import MalformedInput
from intaglio.server.languages import gettext as _
from intaglio.server.languages import ngettext, speaking
from intaglio.server.pages import Pages
from issuer.achievements.models import AchievementVersion
from issuer.delivery.links import links_of
from issuer.delivery.models import ClaimCode, ClaimItem, ClaimState, Mail
from issuer.issuance.models import Award
from issuer.organizations.models import Organization
from issuer.roster.models import Learner
from issuer.settings import IssuerSettings

_PIXELS_PER_MODULE = 6


def write_mail(
    db: Session, settings: IssuerSettings, pages: Pages, mail: Mail, *, now: datetime
) -> tuple[EmailMessage, str]:
    """Return a mail, and the address that it goes to: the roster's of today.

    :raises MalformedInput: ``mail-refused`` where there is no address any more, or the link has ended meanwhile.
    """
    claim = db.get_one(ClaimCode, mail.claim_id)
    learner = db.get_one(Learner, claim.learner_id)
    if claim.state != ClaimState.OFFERED or claim.expires_at <= now:
        raise MalformedInput("mail-refused", "The link ended before the mail was sent.")
    if not learner.email:
        raise MalformedInput("mail-refused", "The roster has no address for this learner.")
    carried = select(Award).join(ClaimItem, col(ClaimItem.award_id) == col(Award.id))
    awards = db.exec(carried.where(ClaimItem.claim_id == claim.id).order_by(col(Award.awarded_at), col(Award.id))).all()
    facts = _facts(db, settings, claim, learner, awards)
    return _message(settings, pages, mail, facts, learner.email, now), learner.email


def _facts(
    db: Session, settings: IssuerSettings, claim: ClaimCode, learner: Learner, awards: Sequence[Award]
) -> dict[str, Any]:
    organization = db.get_one(Organization, claim.organization_id)
    return {
        "learner": learner.display_name,
        "school": organization.name,
        "contact": organization.email,
        "badges": badge_names(db, awards),
        "link": links_of(settings, claim).page,
        "until": claim.expires_at,
    }


def badge_names(db: Session, awards: Sequence[Award]) -> list[str]:
    """Return the names of awarded badges, in the same order."""
    versions = {award.version_id: db.get_one(AchievementVersion, award.version_id) for award in awards}
    return [str(versions[award.version_id].definition["name"]) for award in awards]


def _message(
    settings: IssuerSettings, pages: Pages, mail: Mail, facts: dict[str, Any], recipient: str, now: datetime
) -> EmailMessage:
    message, code = EmailMessage(), make_msgid(domain=_host(settings))
    texts, sheets = [], []
    for language in settings.languages:
        with speaking(language):
            texts.append(pages.part("delivery/mail.txt", facts))
            sheets.append(pages.part("delivery/mail_part.html", {**facts, "code": code.strip("<>")}))
    with speaking(settings.languages[0]):
        count = len(facts["badges"])
        message["Subject"] = ngettext(
            "A badge for you from %(school)s", "%(num)s badges for you from %(school)s", count
        ) % {"school": facts["school"], "num": count}
        sheet = pages.part("delivery/mail.html", {"parts": sheets, "subject": message["Subject"]})
        label = _("QR code of the link")
    try:
        message["From"], message["To"] = settings.mail_from, recipient
        message["From"].addresses[0].addr_spec  # noqa: B018 - an address that cannot be read shows here
    except (ValueError, IndexError):
        raise MalformedInput("mail-refused", "The address cannot be written to.") from None
    message["Date"] = format_datetime(now)
    # The same at every try: a mail server that got it twice could tell.
    message["Message-ID"] = f"<{mail.id}@{_host(settings)}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5: no machine answers it
    message.set_content("\n\n— — —\n\n".join(text.strip() for text in texts) + "\n")
    message.add_alternative(sheet, subtype="html")
    html = list(message.iter_parts())[-1]
    headers = [f"Content-Description: {label}"]
    html.add_related(_qr_png(facts["link"]), "image", "png", cid=code, filename="qr.png", headers=headers)
    return message


def _host(settings: IssuerSettings) -> str:
    return urlsplit(settings.origin).hostname or "localhost"


def _qr_png(text: str) -> bytes:
    """Return a QR code as PNG: programs for mail show no SVG."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4, box_size=_PIXELS_PER_MODULE)
    code.add_data(text)
    code.make(fit=True)
    content = BytesIO()
    code.make_image().save(content)
    return content.getvalue()
