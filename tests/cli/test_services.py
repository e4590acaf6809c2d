"""The commands that prepare and run services."""

import json
import logging
import os
import re
import signal
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest
import trustme
from sqlmodel import Session, select

from intaglio.cli import serve as serve_command
from intaglio.cli import worker as worker_command
from intaglio.server.commands import db as db_commands
from intaglio.server.commands.config import settings_class
from intaglio.server.commands.stopping import stopped_by_sigterm
from intaglio.server.database import Database
from intaglio.server.migrate import upgrade
from intaglio.server.postgres.embedded import Embedded
from intaglio.server.tables import Invitation
from issuer.organizations.models import AuditEntry, Membership, Organization, OrganizationKey, Staff
from tests.cli.conftest import Run
from tests.database import Cluster
from tests.served import command, environment, free_port, running, served

SERVICES = ("issuer", "wallet", "verifier")


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Set a data folder of this test's own, and no other setting; afterwards no log goes to what this test captured."""
    for name in [name for name in os.environ if name.startswith("INTAGLIO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("INTAGLIO_DATA_FOLDER", str(tmp_path / "data"))
    yield
    for library in ("uvicorn", "procrastinate"):
        logging.getLogger(library).handlers.clear()


@pytest.fixture
def empty(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the URL of an empty database, which the settings name."""
    monkeypatch.setenv("INTAGLIO_DATABASE_URL", empty_database)
    return empty_database


@pytest.fixture
def issuer_url(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the URL of an issuer's database, which the settings name."""
    with postgres.fresh_database("issuer", lambda url: upgrade(url, "issuer")) as url:
        monkeypatch.setenv("INTAGLIO_DATABASE_URL", url)
        yield url


@contextmanager
def session(url: str) -> Iterator[Session]:
    """Give a session of a database."""
    database = Database(url)
    with database.session() as db:
        yield db
    database.close()


# — db —


def test_a_database_is_upgraded_from_nothing_and_again(intaglio: Run, empty: str) -> None:
    before = intaglio("db", "current", "issuer")
    assert before.status == 1
    assert "empty" in before.out
    assert "run: intaglio db upgrade issuer" in before.out
    for _ in range(2):
        done = intaglio("db", "upgrade", "issuer")
        assert (done.status, done.err) == (0, "")
        assert "issuer_" in done.out
        assert "server_" in done.out
    after = intaglio("db", "current", "issuer")
    assert after.status == 0
    assert "run:" not in after.out


def test_what_is_in_a_database_stays(intaglio: Run, issuer_url: str) -> None:
    intaglio(
        "user", "add", "ada@school.example", "--name", "Ada", "--organization", "utah", "--organization-name", "Utah"
    )
    assert intaglio("db", "upgrade", "issuer").status == 0
    with session(issuer_url) as db:
        assert db.exec(select(Staff.name)).all() == ["Ada"]


def test_one_database_is_not_for_all_services(intaglio: Run, empty: str) -> None:
    for action in ("upgrade", "current"):
        done = intaglio("db", action, "all")
        assert done.status == 2
        assert "one database" in done.err


@pytest.mark.parametrize(
    "arguments", [["db", "upgrade", "issuer"], ["db", "current", "issuer"], ["serve", "issuer"], ["worker", "issuer"]]
)
def test_a_database_that_does_not_answer_is_told_in_a_sentence(
    intaglio: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("INTAGLIO_DATABASE_URL", f"postgresql://u:a-secret@127.0.0.1:{free_port()}/none")
    done = intaglio(*arguments)
    assert done.status == 1
    assert "The database cannot be reached." in done.err
    assert "a-secret" not in done.err


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Path]:
    """Return a data folder without a database; the one that comes to be in it is removed, wherever root's account keeps it."""
    yield tmp_path / "data"
    Embedded(tmp_path / "data" / "postgres").remove()


def test_without_a_database_of_ones_own_there_is_an_embedded_one_for_each_service(embedded: Path) -> None:
    settings = environment(embedded)
    for action in ("upgrade", "current"):
        done = subprocess.run(  # noqa: S603 - our own command
            command("db", action, "all"), env=settings, capture_output=True, check=False, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        assert [line.split()[0] for line in done.stdout.splitlines()] == list(SERVICES)


def test_versions_of_several_services_are_told_in_order(
    intaglio: Run, monkeypatch: pytest.MonkeyPatch, postgres: Cluster
) -> None:
    """`all` goes through the services one by one; each has a database of its own."""
    with postgres.empty_database() as one, postgres.empty_database() as two, postgres.empty_database() as three:
        urls = dict(zip(SERVICES, (one, two, three), strict=True))

        class Opened:
            def __init__(self, settings: Any) -> None:
                self.url = urls[settings.service]

            def __enter__(self) -> str:
                return self.url

            def __exit__(self, *_: object) -> None: ...

        monkeypatch.setattr(db_commands, "open_database", Opened)
        assert intaglio("db", "current", "all").status == 1
        done = intaglio("db", "upgrade", "all")
        assert [line.split()[0] for line in done.out.splitlines()] == list(SERVICES)
        assert intaglio("db", "current", "all").status == 0


# — config —


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_is_shown_with_its_source(intaglio: Run, service: str) -> None:
    done = intaglio("config", service)
    assert done.status == 0
    shown = {line.split()[0]: line for line in done.out.splitlines()}
    assert shown.keys() == {f"INTAGLIO_{name.upper()}" for name in settings_class(service).model_fields}
    assert shown["INTAGLIO_DATA_FOLDER"].endswith("environment")
    assert shown["INTAGLIO_SESSION_HOURS"].endswith("default")


def test_secrets_are_never_shown(intaglio: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "hush-hush-hush-hush-hush-hush-hush-hush"
    for name in ("SECRET", "OIDC_CLIENT_SECRET", "KEY_PASSPHRASE"):
        monkeypatch.setenv(f"INTAGLIO_{name}", secret)
    monkeypatch.setenv("INTAGLIO_DATABASE_URL", f"postgresql://u:{secret}@db/x")
    monkeypatch.setenv("INTAGLIO_SMTP_URL", f"smtp://u:{secret}@mail:587")
    done = intaglio("config", "issuer")
    assert secret not in done.out + done.err
    assert len(re.findall(r"\(set\) +environment", done.out)) == 5


def test_the_environment_wins_over_the_file(intaglio: Run, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "intaglio.toml").write_text('port = 9001\ntime_zone = "America/Denver"\nlanguages = ["es", "en"]\n')
    monkeypatch.setenv("INTAGLIO_CONFIG", "intaglio.toml")
    monkeypatch.setenv("INTAGLIO_PORT", "9002")
    shown = {line.split()[0]: line.split()[1:] for line in intaglio("config", "issuer").out.splitlines()}
    assert shown["INTAGLIO_PORT"] == ["9002", "environment"]
    assert shown["INTAGLIO_TIME_ZONE"] == ["America/Denver", "intaglio.toml"]
    assert shown["INTAGLIO_LANGUAGES"] == ["es,", "en", "intaglio.toml"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "70000", "port"),
        ("PORT", "secret-port", "port"),
        ("SESSION_HOURS", "0", "session_hours"),
        ("SECRET", "too short", "secret"),
        ("LANGUAGES", "english", "JSON"),
        ("LOG_FORMAT", "xml", "log_format"),
        ("CONFIG", "nowhere.toml", "nowhere.toml"),
    ],
)
def test_settings_that_cannot_be_used_are_named_without_their_values(
    intaglio: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"INTAGLIO_{name}", value)
    for arguments in (["config", "issuer"], ["serve", "issuer"], ["db", "current", "issuer"]):
        done = intaglio(*arguments)
        assert done.status == 2
        assert "The settings cannot be used." in done.err
        assert said in done.err
        assert name == "CONFIG" or value not in done.err


def test_a_file_that_is_no_toml_is_named(intaglio: Run, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "broken.toml").write_text("port: 5\n")
    monkeypatch.setenv("INTAGLIO_CONFIG", "broken.toml")
    done = intaglio("config", "issuer")
    assert done.status == 2
    assert "broken.toml" in done.err


# — user —


def add_user(intaglio: Run, *more: str, email: str = "Ada@School.example", name: str = "Ada Byron") -> Any:
    return intaglio("user", "add", email, "--name", name, "--organization", "utah", *more)


def test_the_first_administrator_makes_the_first_organization_and_gets_a_link(intaglio: Run, issuer_url: str) -> None:
    done = add_user(intaglio, "--organization-name", "Utah State Board of Education")
    assert (done.status, done.err) == (0, "")
    assert re.search(r"^http://localhost:8001/welcome/[\w-]{43}$", done.out, re.MULTILINE)
    with session(issuer_url) as db:
        organization, staff = db.exec(select(Organization)).one(), db.exec(select(Staff)).one()
        assert (organization.kind, organization.slug) == ("state", "utah")
        assert organization.name == "Utah State Board of Education"
        assert db.exec(select(OrganizationKey)).first() is not None, "it can seal at once"
        assert (staff.email, staff.name) == ("ada@school.example", "Ada Byron")
        membership = db.exec(select(Membership)).one()
        assert (membership.role, membership.organization_id) == ("administrator", organization.id)
        actions = {(entry.action, entry.staff_id) for entry in db.exec(select(AuditEntry))}
        assert actions == {("organization.created", None), ("role.given", None)}


def test_doing_it_again_adds_nothing_but_a_new_link(intaglio: Run, issuer_url: str) -> None:
    first = add_user(intaglio, "--organization-name", "Utah").out
    second = add_user(intaglio, "--organization-name", "Utah").out
    assert first != second
    assert add_user(intaglio, "--role", "teacher").status == 0
    with session(issuer_url) as db:
        assert len(db.exec(select(Staff)).all()) == len(db.exec(select(Organization)).all()) == 1
        assert len(db.exec(select(Invitation)).all()) == 1, "the older links ended"
        assert sorted(role for role in db.exec(select(Membership.role))) == ["administrator", "teacher"]


def test_who_left_is_let_in_again(intaglio: Run, issuer_url: str) -> None:
    add_user(intaglio, "--organization-name", "Utah")
    with session(issuer_url) as db:
        staff = db.exec(select(Staff)).one()
        staff.active = False
        db.add(staff)
        db.commit()
    add_user(intaglio)
    with session(issuer_url) as db:
        assert db.exec(select(Staff)).one().active


@pytest.mark.parametrize(
    ("arguments", "more", "said"),
    [
        ({}, [], "There is no such organization."),
        ({"email": "no address"}, ["--organization-name", "Utah"], "This member of staff cannot be added."),
        ({"email": "a@b" * 100}, ["--organization-name", "Utah"], "This member of staff cannot be added."),
        ({"name": " "}, ["--organization-name", "Utah"], "This member of staff cannot be added."),
        ({}, ["--organization-name", " "], "This organization cannot be made."),
        ({}, ["--organization-name", "x" * 500], "This organization cannot be made."),
        ({}, ["--organization", "Not A Slug", "--organization-name", "Utah"], "This organization cannot be made."),
        ({}, ["--organization", "../etc", "--organization-name", "Utah"], "This organization cannot be made."),
    ],
)
def test_nothing_is_added_where_something_is_wrong(
    intaglio: Run, issuer_url: str, arguments: dict[str, str], more: list[str], said: str
) -> None:
    done = add_user(intaglio, *more, **arguments)
    assert done.status in (1, 2)
    assert said in done.err
    with session(issuer_url) as db:
        assert db.exec(select(Staff)).all() == []
        assert db.exec(select(Organization)).all() == []


def test_further_organizations_are_not_made_by_the_command(intaglio: Run, issuer_url: str) -> None:
    add_user(intaglio, "--organization-name", "Utah")
    done = add_user(intaglio, "--organization", "nevada", "--organization-name", "Nevada")
    assert done.status == 1
    assert "nevada" in done.err


def test_an_old_database_takes_no_users(intaglio: Run, empty: str) -> None:
    done = add_user(intaglio, "--organization-name", "Utah")
    assert done.status == 1
    assert "intaglio db upgrade" in done.err


# — serve and worker —


@pytest.mark.parametrize("what", ["serve", "worker"])
@pytest.mark.parametrize("service", SERVICES)
def test_an_old_database_is_refused_with_the_command_that_upgrades_it(
    intaglio: Run, empty: str, what: str, service: str
) -> None:
    done = intaglio(what, service)
    assert done.status == 1
    assert f"The database of the {service} is not at its present version." in done.err
    assert "intaglio db upgrade" in done.err


def test_a_database_from_the_future_is_refused_too(intaglio: Run, issuer_url: str) -> None:
    with psycopg.connect(issuer_url.replace("+psycopg", "")) as connection:
        connection.execute("INSERT INTO alembic_version VALUES ('issuer_9999')")
    done = intaglio("serve", "issuer")
    assert done.status == 1
    assert "not at its present version" in done.err


@pytest.mark.parametrize(
    "more", [["--certificate", "a.pem"], ["--key", "a.pem"], ["--certificate", "a.pem", "--key", "b.pem"]]
)
def test_a_certificate_that_cannot_be_used_is_told(intaglio: Run, issuer_url: str, more: list[str]) -> None:
    done = intaglio("serve", "issuer", *more)
    assert done.status == 2
    assert "The settings cannot be used." in done.err


def get(url: str, *, context: ssl.SSLContext | None = None, **headers: str) -> Any:
    request = Request(url, headers={name.replace("_", "-"): text for name, text in headers.items()})  # noqa: S310
    return urlopen(request, context=context, timeout=60)  # noqa: S310 - loopback


def stop(process: "subprocess.Popen[str]", number: signal.Signals) -> int:
    process.send_signal(number)
    return process.wait(120)


# A shell starts what it runs behind itself with SIGINT ignored, and so do the processes that these start.
INTERRUPTED = 0 if signal.getsignal(signal.SIGINT) is signal.SIG_IGN else 130


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, INTERRUPTED)])
def test_a_service_runs_until_it_is_stopped_and_leaves_no_database_behind(
    embedded: Path, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    settings, port = environment(embedded), free_port()
    subprocess.run(command("db", "upgrade", "verifier"), env=settings, check=True, capture_output=True)  # noqa: S603
    arguments = ["serve", "verifier", "--port", str(port), "--host", "127.0.0.1", "--with-worker"]
    with running(arguments, settings, tmp_path / "log") as (process, line):
        assert line.endswith(f": http://localhost:{port}")
        answer = get(f"http://127.0.0.1:{port}/readyz")
        assert json.load(answer) == {"status": "ok"}
        assert "server" not in answer.headers
        data = embedded / "postgres" / "cluster" / "data"
        assert (data / "postmaster.pid").exists()
        assert stop(process, number) == status
    assert not (data / "postmaster.pid").exists()
    for entry in (tmp_path / "log").read_text().splitlines():
        json.loads(entry)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_works_until_it_is_stopped(issuer_url: str, tmp_path: Path, number: signal.Signals) -> None:
    with running(["worker", "issuer"], environment(tmp_path, issuer_url), tmp_path / "log") as (process, line):
        assert "worker" in line
        assert stop(process, number) == 0


def test_over_https_with_a_certificate_of_ones_own(issuer_url: str, tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    for name, blobs in (("chain.pem", certificate.cert_chain_pems), ("key.pem", [certificate.private_key_pem])):
        (tmp_path / name).write_bytes(b"".join(blob.bytes() for blob in blobs))
    context = ssl.create_default_context()
    authority.configure_trust(context)
    port = free_port()
    more = ["--certificate", str(tmp_path / "chain.pem"), "--key", str(tmp_path / "key.pem")]
    settings = environment(tmp_path, issuer_url)
    with running(["serve", "issuer", "--port", str(port), *more], settings, tmp_path / "log") as (_, line):
        origin = f"https://localhost:{port}"
        assert line.endswith(origin)
        answer = get(f"{origin}/sign-in", context=context)
        assert "max-age=" in answer.headers["strict-transport-security"]


def addresses_counted(url: str) -> int:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT count(*) FROM server_rate_windows").fetchone()
        assert row is not None
        return int(row[0])


def begin_ceremonies(origin: str, forwarded: list[str]) -> None:
    """Ask from several addresses, as a proxy would tell of them."""
    for address in forwarded:
        opener: Callable[..., Any] = get
        page = opener(f"{origin}/sign-in")
        cookie = page.headers["set-cookie"].partition(";")[0]
        token = re.search(r'data-csrf="([^"]+)"', page.read().decode())
        assert token
        request = Request(  # noqa: S310 - loopback
            f"{origin}/sign-in/passkey/options",
            data=b"{}",
            headers={"Cookie": cookie, "X-CSRF-Token": token[1], "X-Forwarded-For": address},
        )
        assert urlopen(request, timeout=60).status == 200  # noqa: S310


@pytest.mark.parametrize(("trusted", "counted"), [([], 1), (["127.0.0.1", "::1"], 3), (["10.1.2.3"], 1)])
def test_a_forwarded_address_counts_from_a_proxy_of_ours_alone(
    issuer_url: str, tmp_path: Path, trusted: list[str], counted: int
) -> None:
    settings = environment(tmp_path, issuer_url, trusted_proxies=json.dumps(trusted))
    with served("issuer", settings, tmp_path / "log") as origin:
        begin_ceremonies(origin, ["203.0.113.1", "203.0.113.2", "203.0.113.3"])
    assert addresses_counted(issuer_url) == counted


def test_no_token_of_an_address_stands_in_the_log(issuer_url: str, tmp_path: Path) -> None:
    port, settings = free_port(), environment(tmp_path, issuer_url)
    with running(["serve", "issuer", "--port", str(port)], settings, tmp_path / "log") as (process, _):
        with pytest.raises(HTTPError, match="404"):
            get(f"http://localhost:{port}/welcome/a-token-of-somebody?next=/hidden")
        assert stop(process, signal.SIGTERM) == 0
    log = (tmp_path / "log").read_text()
    assert "/welcome/{token}" in log
    assert "a-token-of-somebody" not in log
    assert "hidden" not in log


# — the same inside this process, which is told to stop as soon as it is ready —


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the lines by which services say that they are ready; each is stopped as soon as it has said so."""
    lines: list[str] = []

    def note_and_stop(line: str) -> None:
        lines.append(line)
        signal.raise_signal(signal.SIGTERM)

    for module in (serve_command, worker_command):
        monkeypatch.setattr(module, "say", note_and_stop)
    return lines


def test_a_service_and_a_worker_end_well(intaglio: Run, issuer_url: str, ready: list[str]) -> None:
    port = free_port()
    before = signal.getsignal(signal.SIGTERM)
    assert intaglio("serve", "issuer", "--port", port).status == 0
    assert intaglio("worker", "issuer").status == 0
    assert [line.partition(":")[0] for line in ready] == ["Intaglio for schools", "Intaglio for schools"]
    assert ready[0].endswith(f"http://localhost:{port}")
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_address_is_https_where_there_is_a_certificate(
    intaglio: Run, issuer_url: str, ready: list[str], folder: Path
) -> None:
    certificate = trustme.CA().issue_cert("localhost")
    certificate.private_key_and_cert_chain_pem.write_to_path("both.pem")
    port = free_port()
    assert intaglio("serve", "issuer", "--port", port, "--certificate", "both.pem", "--key", "both.pem").status == 0
    assert ready == [f"Intaglio for schools: https://localhost:{port}"]


def test_a_port_that_is_taken_is_told(intaglio: Run, issuer_url: str, ready: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = intaglio("serve", "issuer", "--host", "127.0.0.1", "--port", taken.getsockname()[1])
    assert done.status == 1
    assert "address already in use" in done.err
    assert ready == []


def test_sigterm_ends_a_block_in_good_order() -> None:
    seen = []
    with stopped_by_sigterm():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            seen.append("closed")
        seen.append("went on")
    assert seen == ["closed"]
