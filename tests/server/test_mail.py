import ssl
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult
from pydantic import SecretStr

from intaglio.errors import MalformedInput, Unavailable
from intaglio.server.mail import MailServer, MailUncertain
from issuer.settings import IssuerSettings
from tests.issuer.post_office import PostOffice, post_office


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(authority.cert_pem.bytes())
    return path


@pytest.fixture
def encryption(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as made:
        yield made


def _server(url: str, ca_file: Path | None = None) -> MailServer:
    made = MailServer.of(IssuerSettings(smtp_url=SecretStr(url), ca_file=ca_file))
    assert made is not None
    return made


def _message(text: str = "Hello.\n") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "School <s@school.example>", "l@home.example", "Ünïcode"
    message.set_content(text)
    return message


def _knows(user: bytes, password: bytes) -> Callable[..., AuthResult]:
    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (user, password))

    return authenticate


def test_a_mail_arrives_as_it_was_written(office: PostOffice) -> None:
    text = "One.\n.\n..two dots\n" + "long " * 400 + "\n"
    _server(office.url).send(_message(text), "l@home.example")
    ((recipient, message),) = office.received
    assert recipient == "l@home.example"
    assert message["Subject"] == "Ünïcode"
    assert message.get_content().replace("\r\n", "\n") == text


def test_encryption_is_used_where_it_is_offered(encryption: ssl.SSLContext, ca_file: Path) -> None:
    with post_office(tls_context=encryption, require_starttls=True) as office:
        _server(f"smtp://localhost:{office.port}", ca_file).send(_message(), "l@home.example")
        assert len(office.received) == 1


def test_encryption_from_the_start(encryption: ssl.SSLContext, ca_file: Path) -> None:
    with post_office(ssl=encryption) as office:
        _server(f"smtps://localhost:{office.port}", ca_file).send(_message(), "l@home.example")
        assert len(office.received) == 1


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_mail_server_that_cannot_prove_who_it_is_gets_nothing(encryption: ssl.SSLContext) -> None:
    with post_office(ssl=encryption) as office:
        with pytest.raises(Unavailable, match="SSL"):
            _server(f"smtps://localhost:{office.port}").send(_message(), "l@home.example")
        assert office.received == []


def test_the_password_of_the_settings_is_used(encryption: ssl.SSLContext, ca_file: Path) -> None:
    knows = _knows(b"us@er", b"pass:word/")
    with post_office(tls_context=encryption, authenticator=knows, auth_required=True) as office:
        _server(f"smtp://us%40er:pass%3Aword%2F@localhost:{office.port}", ca_file).send(_message(), "l@home.example")
        assert len(office.received) == 1
        with pytest.raises(Unavailable):
            _server(f"smtp://us%40er:wrong@localhost:{office.port}", ca_file).send(_message(), "l@home.example")


def test_a_password_is_not_sent_in_the_clear_to_another_machine(office: PostOffice) -> None:
    server = _server(f"smtp://user:secret@127.0.0.1:{office.port}")
    elsewhere = MailServer("smtp", "mail.example", office.port, "user", "secret")
    assert "secret" not in repr(server)
    client = server._connect()
    client.ehlo()
    with pytest.raises(Unavailable, match="no encryption"):
        elsewhere._secure(client)
    client.quit()


@pytest.mark.parametrize(("answer", "error"), [("451 Later", Unavailable), ("550 Never", MalformedInput)])
@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_no_is_told_apart_from_not_now(office: PostOffice, step: str, answer: str, error: type[Exception]) -> None:
    office.answers[step] = answer
    with pytest.raises(error, match=answer.partition(" ")[2]):
        _server(office.url).send(_message(), "l@home.example")
    assert office.received == []


def test_hanging_up_before_the_answer_leaves_it_uncertain(office: PostOffice) -> None:
    office.answers["DATA"] = "hang up"
    with pytest.raises(MailUncertain):
        _server(office.url).send(_message(), "l@home.example")


def test_nobody_at_the_address_is_told_so() -> None:
    with pytest.raises(Unavailable):
        _server("smtp://127.0.0.1:1").send(_message(), "l@home.example")


def test_without_a_setting_there_is_no_mail_server() -> None:
    assert MailServer.of(IssuerSettings()) is None


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example", "smtp://[::1", "smtp://x:y@h:port"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        _server(url)
    assert caught.value.problem.kind == "bad-settings"


@pytest.mark.parametrize(("url", "port"), [("smtp://mail.example", 587), ("smtps://mail.example", 465)])
def test_the_usual_ports_are_known(url: str, port: int) -> None:
    assert _server(url).port == port


@pytest.mark.parametrize("recipient", ["ü@x.example", "a b@x.example", "<a@x.example>", "a@x.example\r\nRCPT TO:b"])
def test_recipients_that_would_say_more_to_the_server_are_refused(office: PostOffice, recipient: str) -> None:
    with pytest.raises(MalformedInput):
        _server(office.url).send(_message(), recipient)
    assert office.received == []
