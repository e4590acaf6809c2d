"""``python -m intaglio.openbadges.models FOLDER`` writes the generated JSON Schemas there."""

import sys
from pathlib import Path

from intaglio.openbadges.models.generate import texts


def main(arguments: list[str]) -> int:
    """Write each file of `texts`; return the exit status, 2 where the call is not understood."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m intaglio.openbadges.models FOLDER\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts().items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
