"""Seals one badge and checks it, by the commands that a person would type. `make demo` runs this."""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Walk one badge from the key to the verdict, then show what a changed badge looks like."""
    with tempfile.TemporaryDirectory(prefix="intaglio-demo-") as folder:
        work = Path(folder)
        say("The school makes a key. Only its owner can read the file.")
        made = run(work, "key", "new", "--type", "ed25519", "--out", "file:school.pem")
        issuer = made.split()[1]

        say("It writes a badge, naming itself by that key, and seals it. What a reader would refuse is refused here.")
        (work / "badge.json").write_text((HERE / "badge.json").read_text().replace("ISSUER", issuer))
        sealed = ("--suite", "eddsa-rdfc-2022", "--out", "sealed.json")
        run(work, "issue", "badge.json", "--key", "file:school.pem", *sealed)

        say("What does it say?")
        run(work, "show", "sealed.json")

        say("Is it genuine, and is it good?")
        run(work, "verify", "--offline", "sealed.json")

        say("Somebody raises the level. The seal breaks.")
        changed = (work / "sealed.json").read_text().replace("level 3", "level 4")
        (work / "changed.json").write_text(changed)
        run(work, "verify", "--offline", "changed.json", expect=1)

        say("A badge can travel inside its picture.")
        (work / "picture.svg").write_bytes((HERE / "picture.svg").read_bytes())
        run(work, "bake", "picture.svg", "sealed.json", "--out", "badge.svg")
        run(work, "verify", "--offline", "badge.svg")


def say(sentence: str) -> None:
    """Print what happens next."""
    print(f"\n— {sentence}\n", flush=True)


def run(folder: Path, *arguments: str, expect: int = 0) -> str:
    """Print a command, run it as a person would, and stop where it does not end as it should."""
    print("$ intaglio", *arguments, flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "intaglio", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    print(done.stdout + done.stderr, flush=True)
    if done.returncode != expect:
        sys.exit(f"expected exit status {expect}, got {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    main()
