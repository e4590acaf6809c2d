"""The three services as their administrators run them: each a process of its own, on a host and an https origin of its own.

    with three_services(postgres, folder) as services:
        school = services.visitor("issuer")        # a browser without a window: `demo.pages.Browser`, over https
        services.command("user", "add", …)         # a command on the issuer's machine
        services.office.received                   # the mails that went out

They have nothing in common but the network of this machine: each has its own database, data folder and settings, and trusts the
authority that signed the others' certificates (``INTAGLIO_CA_FILE``).
"""

import json
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import trustme

from demo.pages import Browser
from intaglio.server.migrate import upgrade
from tests.database import Cluster
from tests.issuer.post_office import PostOffice, post_office
from tests.served import ROOT, command, environment, free_port

NAMES = ("issuer", "wallet", "verifier")
_NAMES_OF_THIS_MACHINE = ROOT / "tests" / "names"


class ToThisMachine(httpx.HTTPTransport):
    """Sends everything to this machine, whatever the resolver says of names under ``localhost``; TLS still proves the name."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        request.extensions = {**request.extensions, "sni_hostname": request.url.host}
        request.url = request.url.copy_with(host="127.0.0.1")
        return super().handle_request(request)


@dataclass
class ThreeServices:
    """The services while they run, and what surrounds them."""

    folder: Path
    office: PostOffice
    origins: dict[str, str] = field(default_factory=dict)
    environments: dict[str, dict[str, str]] = field(default_factory=dict)
    _visitors: list[Browser] = field(default_factory=list)

    @property
    def authority(self) -> Path:
        """The certificate of the authority, as PEM."""
        return self.folder / "authority.pem"

    @property
    def chain(self) -> Path:
        """The certificate for all hosts of these services, as PEM."""
        return self.folder / "chain.pem"

    @property
    def key(self) -> Path:
        """The private key of that certificate, as PEM."""
        return self.folder / "key.pem"

    def did(self, slug: str) -> str:
        """Return the identifier of an organization at the issuer."""
        host = urlsplit(self.origins["issuer"]).netloc.replace(":", "%3A")
        return f"did:web:{host}:organizations:{slug}"

    def recognize(self, names: Mapping[str, str]) -> None:
        """Write the file of the issuers that the wallet and the verifier know: slug → name."""
        issuers = {self.did(slug): {"name": name} for slug, name in names.items()}
        (self.folder / "registry.json").write_text(json.dumps({"issuers": issuers}), encoding="utf-8")

    def command(self, *arguments: str) -> str:
        """Run a command on the issuer's machine, and return what it prints."""
        done = subprocess.run(  # noqa: S603 - our own command
            command(*arguments), env=self.environments["issuer"], capture_output=True, check=False, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def client(self, **headers: str) -> httpx.Client:
        """Return a client that trusts the authority; whoever asks for it closes it."""
        trust = ssl.create_default_context(cafile=self.authority)
        return httpx.Client(transport=ToThisMachine(verify=trust), timeout=60, headers=headers)

    def visitor(self, name: str, language: str = "en") -> "Visitor":
        """Return a browser at one of the services."""
        made = Visitor(self, name, language)
        self._visitors.append(made)
        return made

    def close(self) -> None:
        """Close the browsers."""
        for visitor in self._visitors:
            visitor.close()


class Visitor(Browser):
    """A browser that comes by https."""

    def __init__(self, services: ThreeServices, name: str, language: str) -> None:
        super().__init__(services.origins[name])
        self._client.close()
        self._client = services.client(accept="text/html", **{"accept-language": language})

    def download(self, path: str) -> bytes:
        """Return a file."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        answer = self._client.get(self.origin + path, headers={"cookie": cookies})
        assert answer.status_code == 200, answer.text
        return answer.content


@contextmanager
def three_services(postgres: Cluster, folder: Path, known: Mapping[str, str]) -> Iterator[ThreeServices]:
    """Run all three; `known` are the schools that the wallet and the verifier recognize, slug → name."""
    with ExitStack() as stack:
        services = ThreeServices(folder, stack.enter_context(post_office()))
        stack.callback(services.close)
        _certify(services)
        ports = {name: free_port() for name in NAMES}
        services.origins.update({name: f"https://{name}.localhost:{port}" for name, port in ports.items()})
        services.recognize(known)
        for name in NAMES:
            url = stack.enter_context(postgres.fresh_database(name, lambda url, of=name: upgrade(url, of)))  # type: ignore[misc]
            services.environments[name] = _environment(services, name, url, ports[name])
        processes = [stack.enter_context(_started(services, name)) for name in NAMES]
        for name, process in zip(NAMES, processes, strict=True):
            _wait(process, folder / f"{name}.log")
        yield services


def _certify(services: ThreeServices) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", *(f"{name}.localhost" for name in NAMES))
    services.authority.write_bytes(authority.cert_pem.bytes())
    services.chain.write_bytes(b"".join(pem.bytes() for pem in certificate.cert_chain_pems))
    services.key.write_bytes(certificate.private_key_pem.bytes())


def _environment(services: ThreeServices, name: str, url: str, port: int) -> dict[str, str]:
    own = {"public_url": services.origins[name], "host": "127.0.0.1", "port": str(port), "log_format": "text"}
    peers = {"wallet_url": services.origins["wallet"], "verifier_url": services.origins["verifier"]}
    means = {"ca_file": str(services.authority), "allow_http_loopback": "true", "smtp_url": services.office.url}
    known = {"registry_file": str(services.folder / "registry.json")}
    settings = environment(services.folder / name, url, **own, **peers, **means, **known)
    return {**settings, "PYTHONPATH": f"{_NAMES_OF_THIS_MACHINE}:{settings['PYTHONPATH']}"}


@contextmanager
def _started(services: ThreeServices, name: str) -> Iterator[subprocess.Popen[str]]:
    more = ("--with-worker", "--certificate", str(services.chain), "--key", str(services.key))
    with (
        (services.folder / f"{name}.log").open("w") as log,
        subprocess.Popen(  # noqa: S603 - our own command
            command("serve", name, *more),
            env=services.environments[name],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def _wait(process: "subprocess.Popen[str]", log: Path) -> None:
    """Wait for the line by which a service says that it is ready."""
    assert process.stdout is not None
    assert process.stdout.readline().strip(), log.read_text()
