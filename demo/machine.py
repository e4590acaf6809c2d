"""Another system at the machines' door of the organization on trial: it seals a badge that soon ends, and one is changed."""

import json
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx

from demo.pages import Browser
from intaglio.times import format_time

_BADGE = Path(__file__).parent / "badge.json"
_GOOD_FOR = timedelta(seconds=5)


def seal_samples(administrator: Browser, trial: str, folder: Path) -> None:
    """Write three files to try the verifier with: ``trial.json``, ``changed.json`` and, after some seconds, ``expired.json``."""
    page = administrator.get(f"{trial}/machines")
    token = administrator.submit(page, page.form(""), name="Learning platform").after('<p class="code">', "<")
    page = administrator.get(f"{trial}/instances")
    choices = {"form": "eddsa-rdfc-2022", "identifier": "organization", "purpose": ""}
    opened = administrator.submit(page, page.form(""), **choices)
    address, issuer = (unescape(part.partition("<")[0]) for part in opened.text.split('<span class="code">')[1:3])
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    sealed = _seal(address, token, issuer, now, None)
    (folder / "trial.json").write_bytes(sealed)
    (folder / "changed.json").write_bytes(sealed.replace(b"level 3", b"level 4"))
    (folder / "expired.json").write_bytes(_seal(address, token, issuer, now, now + _GOOD_FOR))


def _seal(address: str, token: str, issuer: str, begin: datetime, end: datetime | None) -> bytes:
    badge = json.loads(_BADGE.read_text(encoding="utf-8").replace("ISSUER", issuer))
    badge["validFrom"] = format_time(begin - timedelta(minutes=5))
    if end is not None:
        badge |= {"id": f"{badge['id'][:-4]}0e4d", "validUntil": format_time(end)}
    door = f"{address}/credentials/issue"
    answer = httpx.post(door, json={"credential": badge}, headers={"authorization": f"Bearer {token}"}, timeout=60)
    if answer.status_code != 201:
        raise RuntimeError(f"{door} answered {answer.status_code}: {answer.text[:300]}")
    return json.dumps(answer.json()["verifiableCredential"], ensure_ascii=False, indent=2).encode()
