"""Outgoing mail by SMTP (RFC 5321), one message at a time, with a clear answer to the question whether it went out."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import unquote, urlsplit

from intaglio.errors import IntaglioError, MalformedInput, Unavailable
from intaglio.server.settings import Settings

_TIMEOUT = 30.0
_PORTS = {"smtp": 587, "smtps": 465}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_GOES_ON, _TEMPORARY, _PERMANENT = 354, 400, 500


class MailUncertain(IntaglioError):
    """The connection broke off after the text of the mail was handed over: it may have been sent or not."""


@dataclass(frozen=True)
class MailServer:
    """Where mail goes, from a URL as `Settings.smtp_url` describes it."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None

    @classmethod
    def of(cls, settings: Settings) -> "MailServer | None":
        """Return the mail server that the settings name, or None.

        :raises MalformedInput: ``bad-settings``
        """
        if settings.smtp_url is None:
            return None
        try:
            parts = urlsplit(settings.smtp_url.get_secret_value())
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port, parts = None, None, urlsplit("")
        if parts.scheme not in _PORTS or not host:
            raise MalformedInput("bad-settings", "The address of the mail server begins with smtp:// or smtps://.")
        user, password = parts.username and unquote(parts.username), parts.password and unquote(parts.password)
        return cls(parts.scheme, host, port or _PORTS[parts.scheme], user, password, settings.ca_file)

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Send a message to one recipient; when this returns, the mail server has taken it on.

        :raises Unavailable: ``mail-server``: it was not sent, and trying later may help.
        :raises MalformedInput: ``mail-refused``: it was not sent, and it will not be.
        :raises MailUncertain: ``mail-uncertain``
        """
        if not recipient.isascii() or any(char.isspace() or char in "<>," for char in recipient):
            raise MalformedInput("mail-refused", "The address cannot be written to.")
        try:
            content, sender = message.as_bytes(policy=SMTP), message["From"].addresses[0].addr_spec
        except (ValueError, LookupError, TypeError, AttributeError):
            raise MalformedInput("mail-refused", "It cannot be written as a mail.") from None
        with self._connection() as client:
            with _told_as_errors():
                _expect(client.mail(sender))
                _expect(client.rcpt(recipient))
                _expect(client.docmd("DATA"), _GOES_ON)
            _hand_over(client, content)
            # It was taken on: what goes wrong from here on changes nothing.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                client.quit()

    @contextlib.contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        with contextlib.ExitStack() as stack:
            with _told_as_errors():
                client = self._connect()
                stack.callback(client.close)
                client.ehlo_or_helo_if_needed()
                self._secure(client)
                if self.user:
                    client.login(self.user, self.password or "")
            yield client

    def _connect(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT, context=self._tls())
        return smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT)

    def _secure(self, client: smtplib.SMTP) -> None:
        if self.scheme == "smtps":
            return
        if client.has_extn("starttls"):
            client.starttls(context=self._tls())
            client.ehlo()
        elif self.user and self.host not in _LOOPBACK:
            # Whoever sits in between can hide the offer of STARTTLS, and would read the password.
            raise Unavailable("mail-server", "It offers no encryption, and the password is not sent without.")

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self.ca_file is not None:
            context.load_verify_locations(self.ca_file)
        return context


def _hand_over(client: smtplib.SMTP, content: bytes) -> None:
    """Send the text (RFC 5321, section 4.5.2: lines that begin with a period get another one) and wait for the answer."""
    escaped = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in content.split(b"\r\n"))
    try:
        client.send(escaped + (b"" if escaped.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        answer = client.getreply()
    except (smtplib.SMTPException, OSError):
        raise MailUncertain("mail-uncertain", "The mail server broke off before it answered.") from None
    _expect(answer)


def _expect(answer: tuple[int, bytes], code: int = 250) -> None:
    status, said = answer
    if status == code or (code == 250 and 200 <= status < 300):
        return
    detail = f"It answered {status}: {said.decode('utf-8', 'replace')[:200]}"
    if _TEMPORARY <= status < _PERMANENT:
        raise Unavailable("mail-server", detail)
    raise MalformedInput("mail-refused", detail)


@contextlib.contextmanager
def _told_as_errors() -> Iterator[None]:
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable("mail-server", f"{type(error).__name__}: {str(error)[:200]}") from None
    except ValueError:
        raise MalformedInput("mail-refused", "An address holds what no command of SMTP can hold.") from None
