"""The outbox: no mail goes out twice for one claim link, whatever is killed in between.

``waiting`` → ``sending``, committed before the mail server hears of it → ``sent``, ``refused`` or ``uncertain``. A process that
is killed while sending leaves ``sending`` behind; whoever comes next cannot know whether the mail went out, so it becomes
``uncertain``, and a person decides: sending again makes a new link, and the old one ends.
"""

import logging
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

from sqlalchemy import Update
from sqlmodel import Session, col, select, update

from intaglio.errors import IntaglioError, MalformedInput, Unavailable
from intaglio.server.database import is_trouble_of_the_database
from intaglio.server.jobs import Jobs
from intaglio.server.mail import MailServer, MailUncertain
from intaglio.server.pages import Pages
from issuer.delivery.models import ClaimCode, Mail, MailState
from issuer.delivery.writing import write_mail
from issuer.roster.models import Learner
from issuer.settings import IssuerSettings

SEND = "delivery.send"
"""The job that sends one mail; its argument is ``mail_id``."""
LONGEST_WAITING = timedelta(days=2)
LONGEST_SENDING = timedelta(minutes=5)
"""After this time nobody is sending any more: the mail server's answer is waited for much shorter."""

_LONG = timedelta(minutes=30)
_log = logging.getLogger(__name__)
_CUT_OFF = "The sending was cut off."


def queue_mail(
    db: Session, settings: IssuerSettings, jobs: Jobs, claim: ClaimCode, learner: Learner, *, now: datetime
) -> Mail | None:
    """Queue the mail for a claim link, where there is a mail server and an address. The caller commits."""
    if settings.smtp_url is None or not learner.email:
        return None
    mail = Mail(claim_id=claim.id, queued_at=now)
    db.add(mail)
    db.flush()
    jobs.defer(db, SEND, mail_id=str(mail.id))
    return mail


def send(db: Session, settings: IssuerSettings, pages: Pages, mail_id: UUID, *, now: datetime) -> MailState | None:
    """Send a waiting mail, and say what became of it; None where somebody else has it, or it is done already.

    :raises Unavailable: ``mail-server``: it waits again, and the job is to be tried later.
    """
    server = MailServer.of(settings)
    if server is None:
        raise Unavailable("mail-server", "The settings name none any more.")
    if not _begin(db, mail_id, now):
        settle_abandoned(db, now=now)
        return None
    mail = db.get_one(Mail, mail_id)
    try:
        message, recipient = _written(db, settings, pages, mail, now)
        server.send(message, recipient)
    except Unavailable:
        _finish(db, mail_id, MailState.WAITING)
        raise
    except MailUncertain as error:
        return _finish(db, mail_id, MailState.UNCERTAIN, error=error.problem.detail)
    except MalformedInput as error:
        return _finish(db, mail_id, MailState.REFUSED, error=error.problem.detail)
    return _finish(db, mail_id, MailState.SENT, sent_at=now)


def _written(
    db: Session, settings: IssuerSettings, pages: Pages, mail: Mail, now: datetime
) -> tuple[EmailMessage, str]:
    """Write a mail. What goes wrong here has sent nothing: there is no doubt to leave to a person."""
    try:
        return write_mail(db, settings, pages, mail, now=now)
    except IntaglioError:
        raise
    except Exception as error:
        if is_trouble_of_the_database(error):
            raise
        _log.exception("mail not written", extra={"mail_id": str(mail.id)})
        raise MalformedInput("mail-refused", f"{type(error).__name__} while writing it.") from None


def settle_abandoned(db: Session, *, now: datetime) -> int:
    """Mark what a killed process left behind as uncertain, and commit; return how many mails that were."""
    left = update(Mail).where(col(Mail.state) == MailState.SENDING, col(Mail.began_at) < now - LONGEST_SENDING)
    count = _update(db, left.values(state=MailState.UNCERTAIN, error=_CUT_OFF))
    db.commit()
    return count


def resume_forgotten(db: Session, jobs: Jobs, *, now: datetime) -> int:
    """Put mails off anew that have waited for long, and commit; return how many. After two days they are given up."""
    old = update(Mail).where(col(Mail.state) == MailState.WAITING, col(Mail.queued_at) < now - LONGEST_WAITING)
    _update(db, old.values(state=MailState.REFUSED, error="The mail server could not be reached for two days."))
    waiting = select(Mail.id).where(Mail.state == MailState.WAITING, col(Mail.queued_at) < now - _LONG)
    mail_ids = db.exec(waiting).all()
    for mail_id in mail_ids:
        jobs.defer(db, SEND, queueing_lock=f"send {mail_id}", mail_id=str(mail_id))
    db.commit()
    return len(mail_ids)


def _begin(db: Session, mail_id: UUID, now: datetime) -> bool:
    mine = update(Mail).where(col(Mail.id) == mail_id, col(Mail.state) == MailState.WAITING)
    begun = _update(db, mine.values(state=MailState.SENDING, began_at=now, error=None))
    db.commit()
    return begun == 1


def _finish(
    db: Session, mail_id: UUID, state: MailState, *, error: str | None = None, sent_at: datetime | None = None
) -> MailState:
    done = update(Mail).where(col(Mail.id) == mail_id, col(Mail.state) == MailState.SENDING)
    db.execute(done.values(state=state, error=error, sent_at=sent_at))
    db.commit()
    return state


def _update(db: Session, statement: Update) -> int:
    return len(db.execute(statement.returning(col(Mail.id))).all())
