"""The npm package oidc-provider as the school's sign-in, and a browser that passes through its pages."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx2 as httpx

NODE = Path(__file__).parents[2] / "interop" / "node"
CLIENT_ID = "intaglio"
CLIENT_SECRET = "a secret: with + and %"
REDIRECT_URI = "https://issuer.localhost/sign-in/oidc/callback"
PEOPLE = {
    "ada": {"name": "Ada Byron", "email": "Ada@School.example", "email_verified": True},
    "eve": {"name": "Eve", "email": "ada@school.example", "email_verified": False},
    "new-ada": {"name": "Ada Newman", "email": "ada@school.example", "email_verified": True},
    "stranger": {"name": "Stranger", "email": "stranger@school.example", "email_verified": True},
    "nameless": {},
}
_STEPS = 12


def why_not() -> str | None:
    """Return why there is no such provider on this machine, or None where there is one."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not (NODE / "node_modules" / "oidc-provider").is_dir():
        return "the npm package oidc-provider is not installed: run `make peers`"
    return None


@contextmanager
def school_provider() -> Iterator[str]:
    """Run the provider, and yield its issuer."""
    facts = {"redirectUri": REDIRECT_URI, "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET, "people": PEOPLE}
    command = [str(shutil.which("node")), "oidc_provider.mjs", json.dumps(facts)]
    with subprocess.Popen(  # noqa: S603 - our own script
        command, cwd=NODE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["issuer"]
        finally:
            process.kill()


def log_in(address: str, login: str) -> str:
    """Pass through the provider's pages as somebody, and return the address that it sends the browser back to."""
    with httpx.Client(follow_redirects=False, timeout=30) as browser:
        answer = browser.get(address)
        for _ in range(_STEPS):
            if answer.is_redirect:
                address = urljoin(str(answer.request.url), answer.headers["location"])
                if urlsplit(address).netloc != answer.request.url.netloc.decode():
                    return address
                answer = browser.get(address)
                continue
            action, fields = _form(answer, login)
            answer = browser.post(action, data=fields)
    raise AssertionError(f"the provider does not come to an end: {answer.status_code} {answer.text[:500]}")


def _form(answer: httpx.Response, login: str) -> tuple[str, dict[str, str]]:
    """Return where the page's form goes, and its fields: the log-in at first, the consent after it."""
    assert answer.status_code == 200, answer.text[:500]
    action = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
    prompt = re.search(r'name="prompt" value="([^"]+)"', answer.text)
    assert action, answer.text[:500]
    assert prompt, answer.text[:500]
    fields = {"prompt": prompt[1]}
    if prompt[1] == "login":
        fields |= {"login": login, "password": "any"}
    return urljoin(str(answer.request.url), unescape(action[1])), fields
