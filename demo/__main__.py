"""`make demo`: the three services, with a fictional district in them, until Ctrl-C."""

import json
import shutil
import signal
import sys
from pathlib import Path

from demo.district import ADMINISTRATOR, PASSWORD, REGISTRAR, TEACHERS
from demo.services import Services
from demo.story import Claim, Story
from intaglio.server.postgres.embedded import Embedded
from intaglio.server.qr import qr_terminal

FOLDER = Path(__file__).parents[1] / ".demo"
_TOLD = FOLDER / "told.json"


def main(arguments: list[str]) -> None:
    """Run the demonstration, or with ``reset`` take everything away that it made."""
    if arguments == ["reset"]:
        reset()
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if FOLDER.exists() and not _TOLD.exists():
        say("The last demonstration was stopped before its district was complete; it begins anew.")
        reset()
    try:
        with Services(FOLDER) as services:
            if not _TOLD.exists():
                remember(Story(services, say).run())
            invite(services, json.loads(_TOLD.read_text(encoding="utf-8")))
            services.watch()
    except KeyboardInterrupt:
        say("Stopped. `make demo` goes on with the same data; `make demo-reset` takes them away.")


def remember(claim: Claim) -> None:
    """Note that the district is complete, with the claim that is left for whoever looks on."""
    told = {"learner": claim.learner.name, "born": claim.learner.born, "link": claim.link, "code": claim.code}
    _TOLD.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def invite(services: Services, claim: dict[str, str]) -> None:
    """Say where everything is, who can sign in, and which badge waits."""
    issuer, wallet, verifier = (services.origins[name] for name in ("issuer", "wallet", "verifier"))
    print(f"\n  Schools award at    {issuer}")
    print(f"  Learners hold at    {wallet}")
    print(f"  Readers check at    {verifier}\n")
    print(f"  Everybody's password is {PASSWORD}\n")
    for (name, email), role in ((ADMINISTRATOR, "administrator"), (REGISTRAR, "registrar of the district")):
        print(f"  {email:28} {name}, {role}")
    for teacher in TEACHERS:
        print(f"  {teacher.email:28} {teacher.name}, teacher of the {teacher.class_title.lower()}")
    print("  l000@learners.juniper.example  a learner with a wallet (also l100, l101, l200)\n")
    print(f"  Files to try the verifier with are in {services.folder / 'badges'}: trial, changed, expired.\n")
    print(
        f"  A badge waits for {claim['learner']}, born {claim['born']}. Open or scan it; the code is {claim['code']}."
    )
    print(f"  {claim['link']}\n")
    print(qr_terminal(claim["link"], colours=sys.stdout.isatty()))
    print("  Ctrl-C stops everything.\n", flush=True)


def reset() -> None:
    """Take away everything that the demonstration made."""
    if FOLDER.exists():
        Embedded(FOLDER / "data" / "postgres").remove()
        shutil.rmtree(FOLDER)


def say(sentence: str) -> None:
    """Tell what happens."""
    print(f"— {sentence}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
